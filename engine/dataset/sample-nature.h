/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/sample-draw.h"

G_BEGIN_DECLS

/* What landscapes and streets are seen in: an hour of the day, and trees. */
typedef struct
{
  Colour   top, low; /* of the sky, above and at the horizon */
  Colour   tint;     /* of all that the light falls on */
  double   side;     /* where the light comes from: -1 left, 1 right */
  gboolean night;
} Light;

Light  _sl_nature_day   (gboolean sunny, SlRandom *random); /* sunny: no dull one */
Light  _sl_nature_night (SlRandom *random);
/* @c in this light, @far 0 … 1 away: the air takes colour from what is far. */
Colour _sl_nature_lit   (const Light *light, Colour c, double far);

void _sl_nature_sky     (cairo_t *cr, const Light *light, double horizon, SlRandom *random);
void _sl_nature_cloud   (cairo_t *cr, const Light *light, double x, double y, double size, SlRandom *random);
void _sl_nature_shadow  (cairo_t *cr, const Light *light, double x, double y, double width);

typedef enum
{
  TREE_ROUND,
  TREE_FIR,
  TREE_POPLAR,
  N_TREES
} Tree;

/* A tree of height @size that stands at (@x, @base). */
void _sl_nature_tree (cairo_t *cr, const Light *light, Tree tree, double x, double base,
                      double size, double far, Colour leaf, gboolean snow, SlRandom *random);

G_END_DECLS
