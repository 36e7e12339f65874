/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <slope/random.h>

G_BEGIN_DECLS

/* What the drawn samples share.  Everything is drawn in a square from (-1, -1) to (1, 1), y down,
 * and every number comes out of @random, so that a key is a picture. */

typedef struct
{
  double r, g, b; /* 0 … 1 */
} Colour;

Colour   _sl_draw_mix    (Colour a, Colour b, double t);      /* t of b */
Colour   _sl_draw_shade  (Colour c, double factor);           /* < 1 darker, > 1 lighter */
Colour   _sl_draw_tint   (Colour c, Colour light);            /* c as this light shows it */
Colour   _sl_draw_jitter (Colour c, double amount, SlRandom *random);
Colour   _sl_draw_pick   (const Colour *colours, gsize n, double amount, SlRandom *random); /* one of n, jittered */
double   _sl_draw_range  (SlRandom *random, double low, double high);
gboolean _sl_draw_chance (SlRandom *random, double p);

void _sl_draw_source  (cairo_t *cr, Colour c, double alpha);
void _sl_draw_ellipse (cairo_t *cr, double x, double y, double rx, double ry); /* a path */
void _sl_draw_line    (cairo_t *cr, double x0, double y0, double x1, double y1); /* a path */
/* From one colour at @top to another at @bottom, over the whole width. */
void _sl_draw_fade    (cairo_t *cr, double top, double bottom, Colour from, Colour to);
/* Fills the current path likewise. */
void _sl_draw_fill_fade (cairo_t *cr, double top, double bottom, Colour from, Colour to);
void _sl_draw_spot    (cairo_t *cr, double x, double y, double rx, double ry, Colour c, double alpha);
/* Without an edge: from @alpha in the middle to nothing. */
void _sl_draw_glow    (cairo_t *cr, double x, double y, double rx, double ry, Colour c, double alpha);
/* Round, lit from @side: -1 left, 1 right. */
void _sl_draw_ball    (cairo_t *cr, double x, double y, double rx, double ry, Colour c, double side);
/* Evening, morning, shade: a wash of colour and a darker edge; @strength 0 … 1. */
void _sl_draw_light   (cairo_t *cr, double strength, SlRandom *random);
/* Grain of the film; @strength 0 … 1. */
void _sl_draw_grain   (cairo_surface_t *surface, double strength, SlRandom *random);

G_END_DECLS
