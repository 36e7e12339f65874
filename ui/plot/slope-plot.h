/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-figure.h"

G_BEGIN_DECLS

/**
 * SlopePlot:
 *
 * A figure in the window: cross-hair that snaps to the nearest point, wheel (or + - 0) zooms along
 * x, double click shows all again, context menu.  CSS node "plot"; accessible role img with the
 * title as label and what can be read off as description.
 *
 * Signals: "changed": the figure is another (legends follow it).
 * Actions: plot.save-png, plot.save-svg, plot.save-csv, plot.reset-zoom, plot.menu.
 */
#define SLOPE_TYPE_PLOT (slope_plot_get_type ())
G_DECLARE_DERIVABLE_TYPE (SlopePlot, slope_plot, SLOPE, PLOT, GtkWidget)

struct _SlopePlotClass
{
  GtkWidgetClass parent_class;

  /* Text of the bubble at a point. (transfer full) */
  char *(*describe_point) (SlopePlot *self, const SlopeSeries *series, gsize index);
  /* Left and Right (@steps -1, 1), with Shift (@extend). */
  void (*move) (SlopePlot *self, int steps, gboolean extend);
  /* Home (-1) and End (1). */
  void (*move_to_end) (SlopePlot *self, int direction);
  /* Escape; FALSE when there was nothing to take back. */
  gboolean (*cancel) (SlopePlot *self);
  /* Double click, before the zoom is reset. */
  void (*double_clicked) (SlopePlot *self);
};

/* The figure to fill; call slope_plot_changed() afterwards. (transfer none) */
SlopeFigure *slope_plot_get_figure (SlopePlot *self);
void slope_plot_changed (SlopePlot *self);
/* Accessible name and name of saved files. */
void slope_plot_set_title (SlopePlot *self, const char *title);
const char *slope_plot_get_title (SlopePlot *self);
/* What a screen reader says the plot shows. */
void slope_plot_set_description (SlopePlot *self, const char *description);
const char *slope_plot_get_description (SlopePlot *self);
/* Place of the data in the widget, pixels. */
SlopeRect slope_plot_get_area (SlopePlot *self);
void slope_plot_zoom (SlopePlot *self, double fraction, double factor);
void slope_plot_reset_zoom (SlopePlot *self);
/* As the pointer does: the cross-hair goes to the point nearest to (@x, @y). */
void slope_plot_hover (SlopePlot *self, double x, double y);
/* Text in the bubble; NULL while there is no cross-hair. */
const char *slope_plot_get_bubble (SlopePlot *self);

G_END_DECLS
