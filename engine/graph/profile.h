/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backends/backend.h"
#include "graph/planner.h"

/* Seconds that each node takes.  %NULL unless the plan's flags or SLOPE_PROFILE=1 ask for it. */
typedef struct _SlProfile SlProfile;

SlProfile *sl_profile_new_if_wanted (const SlPlan *plan);
void sl_profile_add (SlProfile *self, SlPass pass, guint node, gint64 begin_us);
/* With SLOPE_PROFILE=1, prints a table on stderr first. */
void sl_profile_free (SlProfile *self, const SlPlan *plan);
