/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-plot.h"
#include "slope-run-stages.h"

G_BEGIN_DECLS

/**
 * SlopeLossPlot:
 *
 * The losses of a run over its epochs: each batch faint, smoothed, validation as dots, the stages
 * shaded and named, other runs' validation faint.
 */
#define SLOPE_TYPE_LOSS_PLOT (slope_loss_plot_get_type ())
G_DECLARE_FINAL_TYPE (SlopeLossPlot, slope_loss_plot, SLOPE, LOSS_PLOT, SlopePlot)

GtkWidget *slope_loss_plot_new (void);
/* Another run: everything goes.  @stages: of the run; NULL: no run. */
void slope_loss_plot_reset (SlopeLossPlot *self, const SlopeRunStages *stages);
/* All that was recorded so far; only what is new is taken over. */
void slope_loss_plot_set_data (SlopeLossPlot *self, const SlopeRunStages *stages,
                               const SlBatchRecord *batches, gsize n_batches,
                               const SlEpochRecord *epochs, gsize n_epochs);
/* The validation loss of another run, or its training loss where it has none. */
void slope_loss_plot_add_other (SlopeLossPlot *self, const char *name, const SlEpochRecord *epochs,
                                gsize n_epochs);

G_END_DECLS
