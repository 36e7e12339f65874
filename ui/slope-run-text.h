/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/* How a run is named and summed up in lists.  (transfer full) where char *. */
char       *slope_run_title        (SlRun *run);                     /* "Run 4" */
char       *slope_run_title_state  (SlRun *run);                     /* "Run 4, Training" */
const char *slope_run_state_label  (SlRunState state);
char       *slope_run_figure       (SlRun *run, const SlTask *task); /* "4.0 %"; "–" before the first epoch */
/* Why @run cannot be trained again from @stage with @recipe, a line; %NULL: it can.  (transfer full) */
char       *slope_run_why_not_again (SlRun *run, const SlRecipe *recipe, guint stage);
/* Of a run that is to keep its body's outputs: whether its stage does, a sentence; %NULL: nothing to
 * say, or not known any more.  (transfer full) */
char       *slope_run_describe_kept (SlRun *run);
/* The metric that the window shows of a task: its error if it has one, else the first; -1: none. */
int         slope_task_shown_metric (const SlTask *task);

G_END_DECLS
