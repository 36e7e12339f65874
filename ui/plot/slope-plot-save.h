/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-figure.h"

G_BEGIN_DECLS

typedef enum
{
  SLOPE_PLOT_PNG,
  SLOPE_PLOT_SVG,
  SLOPE_PLOT_CSV
} SlopePlotFormat;

/**
 * slope_figure_export:
 * @width, @height: pixels; a PNG has twice as many
 *
 * The figure as a file: with the card's colour behind it and @title above it, or as a table.
 *
 * Returns: (transfer full): the file's bytes
 */
GBytes *slope_figure_export (const SlopeFigure *self, SlopePlotFormat format,
                             const SlopePlotStyle *style, const char *title, int width, int height);

/* Asks where to, and writes it.  A failure is shown as a toast on @widget's window. */
void slope_plot_save_ask (GtkWidget *widget, const SlopeFigure *figure, const char *title,
                          SlopePlotFormat format);

G_END_DECLS
