/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/sample-draw.h"

G_BEGIN_DECLS

/* ---- sample-backdrops.c: where bears and faces are seen */

typedef enum
{
  BACKDROP_MEADOW,
  BACKDROP_FOREST,
  BACKDROP_MOUNTAINS,
  BACKDROP_RIVER,
  BACKDROP_ROOM,
  BACKDROP_SHELF,
  BACKDROP_STUDIO,
  BACKDROP_LIGHTS,
  N_BACKDROPS
} Backdrop;

void _sl_backdrop_behind (cairo_t *cr, Backdrop backdrop, SlRandom *random);
/* Grass or stones that hide a part of what stands there. */
void _sl_backdrop_before (cairo_t *cr, Backdrop backdrop, SlRandom *random);

/* ---- sample-bear-figures.c */

typedef enum
{
  BEAR_BLACK,
  BEAR_GRIZZLY,
  BEAR_TEDDY,
  N_BEARS
} Bear;

void _sl_bear_figure (cairo_t *cr, Bear bear, SlRandom *random);

G_END_DECLS
