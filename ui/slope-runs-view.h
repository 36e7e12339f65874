/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeRunsView:
 *
 * All runs of the project, newest first: state, figure, recipe; what can be done with each.
 * Signals: "run-selected" (gint64): show it; "compare-changed": other runs are to be drawn.
 * Uses the actions train.resume, train.continue-from, train.use-recipe, train.delete-run (x: run).
 */
#define SLOPE_TYPE_RUNS_VIEW (slope_runs_view_get_type ())
G_DECLARE_FINAL_TYPE (SlopeRunsView, slope_runs_view, SLOPE, RUNS_VIEW, AdwBin)

GtkWidget    *slope_runs_view_new          (void);
void          slope_runs_view_set_project  (SlopeRunsView *self, SlProject *project); /* nullable */
/* Ids of the runs that are ticked for comparison.  (transfer none) */
const gint64 *slope_runs_view_get_compared (SlopeRunsView *self, gsize *n);
void          slope_runs_view_set_compared (SlopeRunsView *self, gint64 id, gboolean compared);

G_END_DECLS
