/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/sample-nature.h"

G_BEGIN_DECLS

/* ---- sample-scene-parts.c: what a landscape is put together from */

typedef struct
{
  cairo_t  *cr;
  SlRandom *random;
  Light     light;
  double    horizon; /* y */
  Colour    ground;
  gboolean  snow;
} Landscape;

void _sl_scene_sun       (const Landscape *self);
void _sl_scene_moon      (const Landscape *self);
void _sl_scene_clouds    (const Landscape *self);
void _sl_scene_rainbow   (const Landscape *self);
void _sl_scene_mountains (const Landscape *self);
void _sl_scene_hills     (const Landscape *self);
void _sl_scene_meadow    (const Landscape *self);
void _sl_scene_river     (const Landscape *self);
void _sl_scene_house     (const Landscape *self, double x, double base, double size);
void _sl_scene_flowers   (const Landscape *self);
void _sl_scene_snowfall  (const Landscape *self);

G_END_DECLS
