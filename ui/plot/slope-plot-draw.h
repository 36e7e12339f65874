/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-plot-style.h"

G_BEGIN_DECLS

/* Drawing functions that all plots share.  They leave the path empty and keep no state of @cr. */

typedef struct
{
  double x, y, width, height;
} SlopeRect;

gboolean slope_rect_near (const SlopeRect *a, const SlopeRect *b, double distance);

typedef enum
{
  SLOPE_TEXT_PLAIN = 0,
  SLOPE_TEXT_HALO = 1 << 0, /* 4 px of the card's colour around */
  SLOPE_TEXT_BOLD = 1 << 1
} SlopeTextFlags;

void slope_draw_set_color (cairo_t *cr, const GdkRGBA *color, double alpha);
/* Where text would stand: @anchor 0 begins at @x, 0.5 is centred, 1 ends there; @y is its middle. */
SlopeRect slope_draw_measure (cairo_t *cr, const SlopePlotStyle *style, const char *text,
                              SlopeTextFlags flags, double x, double y, double anchor);
void slope_draw_text (cairo_t *cr, const SlopePlotStyle *style, const char *text,
                      SlopeTextFlags flags, const GdkRGBA *color, double alpha, double x, double y,
                      double anchor);
/* A dot with a halo of the card's colour; a ring when @hollow. */
void slope_draw_dot (cairo_t *cr, const SlopePlotStyle *style, const GdkRGBA *color, double x,
                     double y, double radius, gboolean hollow);
/* A filled rounded box of @height with bold text, in the middle at @x, kept between @min and @max. */
SlopeRect slope_draw_flag_place (cairo_t *cr, const SlopePlotStyle *style, const char *text,
                                 double x, double y, double min, double max);
void slope_draw_flag (cairo_t *cr, const SlopePlotStyle *style, const char *text,
                      const SlopeRect *place, const GdkRGBA *bg, const GdkRGBA *fg);
/* The values under the cross-hair: right of (@x, @y), or left where @max would be passed. */
void slope_draw_bubble (cairo_t *cr, const SlopePlotStyle *style, const char *text, double x,
                        double y, const SlopeRect *area);
void slope_draw_rounded (cairo_t *cr, double x, double y, double width, double height,
                         double radius);

G_END_DECLS
