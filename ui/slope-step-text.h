/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/* (transfer full): what a step of the journal did, as a noun phrase: "removing 3 pictures", or texts. */
char *slope_step_to_text (const SlJournalStep *step, gboolean texts);

G_END_DECLS
