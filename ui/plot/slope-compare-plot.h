/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-plot.h"

#include <slope/train.h>

G_BEGIN_DECLS

/**
 * SlopeComparePlot:
 *
 * One figure of several runs over their epochs, a colour a run.
 */
#define SLOPE_TYPE_COMPARE_PLOT (slope_compare_plot_get_type ())
G_DECLARE_FINAL_TYPE (SlopeComparePlot, slope_compare_plot, SLOPE, COMPARE_PLOT, SlopePlot)

GtkWidget *slope_compare_plot_new (void);
/* Takes all runs away.  @task, @metric: what is drawn of the next ones; -1: the validation loss. */
void slope_compare_plot_reset (SlopeComparePlot *self, const SlTask *task, int metric);
/* @color: index of slope_class_color(). */
void slope_compare_plot_add (SlopeComparePlot *self, const char *name, guint color,
                             const SlEpochRecord *epochs, gsize n);

G_END_DECLS
