/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backends/backend.h"
#include "graph/graph-private.h"

/* Seconds that each node takes, when SLOPE_PROFILE=1 asks for it; a table on stderr at the end. */
typedef struct _SlProfile SlProfile;

SlProfile *sl_profile_new_if_wanted (const SlGraph *graph, const char *title);
void sl_profile_free_and_print (SlProfile *self, const SlGraph *graph);
void sl_profile_add (SlProfile *self, SlPass pass, guint node, gint64 begin_us);
