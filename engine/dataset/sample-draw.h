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

/* ---- sample-scenes.c */

typedef enum
{
  SCENE_MEADOW,
  SCENE_FOREST,
  SCENE_MOUNTAINS,
  SCENE_RIVER,
  SCENE_ROOM,
  SCENE_SHELF,
  SCENE_STUDIO,
  SCENE_LIGHTS,
  N_SCENES
} Scene;

Colour _sl_draw_mix (Colour a, Colour b, double t); /* t of b */
Colour _sl_draw_shade (Colour c, double factor);    /* < 1 darker, > 1 lighter */
Colour _sl_draw_jitter (Colour c, double amount, SlRandom *random);
double _sl_draw_range (SlRandom *random, double low, double high);
gboolean _sl_draw_chance (SlRandom *random, double p);
void _sl_draw_source (cairo_t *cr, Colour c, double alpha);
void _sl_draw_ellipse (cairo_t *cr, double x, double y, double rx, double ry); /* a path */

void _sl_scene_behind (cairo_t *cr, Scene scene, SlRandom *random);
/* Grass or stones that hide a part of what stands in the scene. */
void _sl_scene_before (cairo_t *cr, Scene scene, SlRandom *random);

/* ---- sample-bear-figures.c */

typedef enum
{
  BEAR_BLACK,
  BEAR_GRIZZLY,
  BEAR_TEDDY,
  N_BEARS
} Bear;

void _sl_bear_figure (cairo_t *cr, Bear bear, SlRandom *random);

/* ---- sample-bears.c: one whole picture of @size pixels; (transfer full) RGB24 surface */
cairo_surface_t *_sl_bear_picture (Bear bear, guint64 key, int size);

G_END_DECLS
