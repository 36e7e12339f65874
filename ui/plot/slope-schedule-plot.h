/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-plot.h"

#include <slope/train.h>

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
/* @n_groups: layer groups of the network; @steps_per_epoch 0: not known yet.  @recipe NULL: no run.
 * @more: still running, so the rest is drawn dotted. */
void slope_schedule_plot_set_data (SlopeSchedulePlot *self, const SlRecipe *recipe, guint n_groups,
                                   guint steps_per_epoch, const SlBatchRecord *batches,
                                   gsize n_batches, gboolean more);

G_END_DECLS
