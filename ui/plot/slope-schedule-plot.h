/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-plot.h"
#include "slope-run-stages.h"

G_BEGIN_DECLS

/**
 * SlopeSchedulePlot:
 *
 * Learning rate (one line a layer group) and momentum over the epochs: what was, and dotted what is
 * still to come.
 */
#define SLOPE_TYPE_SCHEDULE_PLOT (slope_schedule_plot_get_type ())
G_DECLARE_FINAL_TYPE (SlopeSchedulePlot, slope_schedule_plot, SLOPE, SCHEDULE_PLOT, SlopePlot)

GtkWidget *slope_schedule_plot_new (void);
/* @n_groups: layer groups of the network.  @recipe NULL: no run.  @stages: of the run, see
 * slope_run_stages_read().  @more: still running, so the rest is drawn dotted. */
void slope_schedule_plot_set_data (SlopeSchedulePlot *self, const SlRecipe *recipe, guint n_groups,
                                   const SlopeRunStages *stages, const SlBatchRecord *batches,
                                   gsize n_batches, gboolean more);

G_END_DECLS
