/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-plot.h"
#include "slope-rate-marks.h"

#include <slope/train.h>

G_BEGIN_DECLS

/**
 * SlopeRatePlot:
 *
 * The curve of the learning-rate finder, on which a person picks: a click picks one rate, a drag
 * a slice, the slice's edges can be dragged; Left and Right move the pick by a twentieth of a
 * decade, Shift+Left and Shift+Right widen and narrow the slice at its low end, Home and End go to
 * the steepest point and to a tenth of the minimum, Escape takes the pick back.
 *
 * Signals: "picked" (double low, double high): by the person; equal for one rate.
 */
#define SLOPE_TYPE_RATE_PLOT (slope_rate_plot_get_type ())
G_DECLARE_FINAL_TYPE (SlopeRatePlot, slope_rate_plot, SLOPE, RATE_PLOT, SlopePlot)

GtkWidget *slope_rate_plot_new (void);
/* Takes all curves away. */
void slope_rate_plot_clear (SlopeRatePlot *self);
/* The current sweep; grows while it is measured.  Indices of the guides, -1: unknown. */
void slope_rate_plot_set_sweep (SlopeRatePlot *self, const char *name, const SlSweepPoint *points,
                                gsize n, gint steepest, gint minimum);
/* Another one; returns the series that picks were made on.  @kind: SLOPE_SERIES_OLDER, _REPEAT (@name NULL:
 * not in the legend) or _COUNTERPART.  (transfer none) */
const SlopeSeries *slope_rate_plot_add_sweep (SlopeRatePlot *self, SlopeSeriesKind kind,
                                              const char *name, const SlSweepPoint *points,
                                              gsize n);
void slope_rate_plot_set_stage (SlopeRatePlot *self, const char *name, guint n_groups,
                                guint first_group);
void slope_rate_plot_clear_others (SlopeRatePlot *self);
void slope_rate_plot_add_other (SlopeRatePlot *self, const char *name, double low, double high,
                                const SlopeSeries *curve);
/* What the recipe says; no "picked", and nothing to take back any more unless it is the same. */
void slope_rate_plot_set_pick (SlopeRatePlot *self, double low, double high);
void slope_rate_plot_get_pick (SlopeRatePlot *self, double *low, double *high);
/* As a person does; emits "picked". */
void slope_rate_plot_pick (SlopeRatePlot *self, double low, double high);
gboolean slope_rate_plot_take_back (SlopeRatePlot *self);
gboolean slope_rate_plot_can_take_back (SlopeRatePlot *self);
void slope_rate_plot_set_compact (SlopeRatePlot *self, gboolean compact);

/* The pointer's press, motion and release, in the widget's pixels. */
void slope_rate_plot_press (SlopeRatePlot *self, double x, double y);
void slope_rate_plot_drag (SlopeRatePlot *self, double x, double y);
void slope_rate_plot_release (SlopeRatePlot *self, double x, double y);

/* Rates of the guides, two figures; 0 where there is none. */
double slope_rate_plot_get_steepest (SlopeRatePlot *self);
double slope_rate_plot_get_tenth (SlopeRatePlot *self);

G_END_DECLS
