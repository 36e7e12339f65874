/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* As many as there are colours. */
#define SLOPE_MAX_COMPARED 10

/**
 * SlopeRunsCompare:
 *
 * Several runs side by side: one figure of each on one plot, a colour a run, and a table of what came
 * out of them and of what differs between their recipes.
 * Signals: "closed": by the person.  Uses the action train.use-recipe (x: run).
 */
#define SLOPE_TYPE_RUNS_COMPARE (slope_runs_compare_get_type ())
G_DECLARE_FINAL_TYPE (SlopeRunsCompare, slope_runs_compare, SLOPE, RUNS_COMPARE, AdwBin)

GtkWidget *slope_runs_compare_new (void);
/* Up to %SLOPE_MAX_COMPARED runs of @project; both (nullable) with @n 0: nothing. */
void       slope_runs_compare_set (SlopeRunsCompare *self, SlProject *project, SlRun *const *runs,
                                   guint n);

G_END_DECLS
