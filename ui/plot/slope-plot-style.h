/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-series.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopePlotStyle:
 *
 * The colours and the letters of a plot; a plain value, so that a plot can be drawn without a
 * window.
 */
typedef struct
{
  gboolean dark;
  GdkRGBA fg;        /* opaque; text and grid are shares of it */
  GdkRGBA card;      /* opaque; what the plot stands on */
  GdkRGBA accent;    /* lines */
  GdkRGBA accent_bg; /* flags, grips, selection */
  GdkRGBA accent_fg; /* on accent_bg */
  GdkRGBA validation;
  GdkRGBA momentum;
  char family[64]; /* of the font */
  double text_px;  /* height of the caption size, pixels */
} SlopePlotStyle;

/* libadwaita's default colours, light or dark, with a sans font of 12 px. */
void slope_plot_style_init (SlopePlotStyle *self, gboolean dark);
/* The same from the theme of @widget: its colours, its font. */
void slope_plot_style_init_from_widget (SlopePlotStyle *self, GtkWidget *widget);

/* How a kind of series is drawn. */
typedef struct
{
  GdkRGBA color;
  double width; /* pixels */
  gboolean dotted, dots;
} SlopeStroke;

void slope_plot_style_get_stroke (const SlopePlotStyle *self, SlopeSeriesKind kind,
                                  SlopeStroke *stroke);
/* The same with the colour of a series that has its own. */
void slope_plot_style_get_series_stroke (const SlopePlotStyle *self, const SlopeSeries *series,
                                         SlopeStroke *stroke);

G_END_DECLS
