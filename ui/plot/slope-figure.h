/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-plot-draw.h"
#include "slope-run-stages.h"

G_BEGIN_DECLS

/* Drawn in this order; the series take their place among them by kind. */
typedef enum
{
  SLOPE_LAYER_SHADING,
  SLOPE_LAYER_SELECTION,
  SLOPE_LAYER_GRID,
  SLOPE_LAYER_OLDER,
  SLOPE_LAYER_BATCHES,
  SLOPE_LAYER_GUIDES,
  SLOPE_LAYER_MAIN,
  SLOPE_LAYER_PICKS,
  SLOPE_LAYER_LABELS,
  SLOPE_N_LAYERS
} SlopeLayer;

/* A part of the x axis with a name above it: a stage of training. */
typedef struct
{
  double from, to;
  char *name;  /* owned */
  char *brief; /* owned; where the name has no room; NULL: nothing */
  gboolean shaded;
} SlopeSpan;

typedef struct _SlopeFigure SlopeFigure;

/**
 * SlopeLayerFunc:
 * @area: where the data are drawn; the function may draw beside it
 *
 * Draws one more layer of a figure.
 */
typedef void (*SlopeLayerFunc) (const SlopeFigure *figure, cairo_t *cr, const SlopePlotStyle *style,
                                const SlopeRect *area, gpointer data);

/**
 * SlopeFigure:
 *
 * What a plot shows: axes, series, spans, further layers.  Knows nothing of widgets and draws on
 * any cairo_t, so that it can be saved and tested.
 */
struct _SlopeFigure
{
  SlopeAxis x, y, y2;
  SlopeAxis x_limits;                 /* of zooming */
  gboolean has_y2;                    /* momentum's axis at the right */
  char *x_title, *y_title, *y2_title; /* owned, nullable */
  double margin_left, margin_right, margin_top;
  GPtrArray *series; /* of SlopeSeries */
  GArray *spans;     /* of SlopeSpan */
  SlopeLayerFunc layer[SLOPE_N_LAYERS];
  gpointer layer_data;
};

SlopeFigure *slope_figure_new (void);
void slope_figure_free (SlopeFigure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlopeFigure, slope_figure_free)

void slope_figure_set_titles (SlopeFigure *self, const char *x, const char *y, const char *y2);
SlopeSeries *slope_figure_add (SlopeFigure *self, SlopeSeriesKind kind, const char *name);
void slope_figure_clear (SlopeFigure *self); /* series and spans */
void slope_figure_add_span (SlopeFigure *self, double from, double to, const char *name,
                            gboolean shaded);
/* A named span for each stage, from its first epoch to its last; nothing for a single one. */
void slope_figure_add_stages (SlopeFigure *self, const SlopeRunStages *stages);
/* x takes these ends and may not be zoomed beyond; a view that was zoomed in stays where it is. */
void slope_figure_set_x_limits (SlopeFigure *self, double min, double max);
gboolean slope_figure_is_zoomed (const SlopeFigure *self);

SlopeRect slope_figure_area (const SlopeFigure *self, double width, double height);
double slope_figure_x_px (const SlopeFigure *self, const SlopeRect *area, double x);
double slope_figure_y_px (const SlopeFigure *self, const SlopeRect *area, double y);
/* Axis against which @series is drawn. */
const SlopeAxis *slope_figure_y_axis (const SlopeFigure *self, const SlopeSeries *series);
/* Point that the cross-hair rests on for the pointer at (@x, @y); FALSE: none. */
gboolean slope_figure_snap (const SlopeFigure *self, const SlopeRect *area, double x, double y,
                            const SlopeSeries **series, gsize *index);
void slope_figure_draw (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style,
                        double width, double height);
/* Cross-hair through point @index of @series, with @text in a bubble. */
void slope_figure_draw_crosshair (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style,
                                  double width, double height, const SlopeSeries *series,
                                  gsize index, const char *text);
/* "series,x,y" rows of all named series; figures with a point, whatever the locale. */
char *slope_figure_to_csv (const SlopeFigure *self); /* (transfer full) */

G_END_DECLS
