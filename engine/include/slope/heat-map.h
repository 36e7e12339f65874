/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/picture.h>

G_BEGIN_DECLS

/* Fewer cells say too little (SPEC 1.8). */
#define SL_HEAT_MAP_LEAST_CELLS 16
#define SL_HEAT_MAP_ALPHA       0.6

/**
 * SlHeatMap:
 *
 * Where a picture speaks for a class (Grad-CAM): one value for each cell of the network's last map.
 * Plain data; any thread.
 */
typedef struct
{
  int    width, height; /* cells */
  float *values;        /* height rows of width, 0 … 1; the largest is 1, unless nothing speaks for it; owned */
  /* The part of the picture that the network saw, in shares of its sides. */
  double left, top, right, bottom;
} SlHeatMap;

SlHeatMap *sl_heat_map_copy (const SlHeatMap *self);
void       sl_heat_map_free (SlHeatMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlHeatMap, sl_heat_map_free)

/* (transfer full): the map itself in the colours of magma, smooth between the cells' middles. */
SlPicture *sl_heat_map_render  (const SlHeatMap *self, int width, int height);
/* (transfer full): laid over the picture it was made of; @alpha 0 … 1, usually %SL_HEAT_MAP_ALPHA. */
SlPicture *sl_heat_map_overlay (const SlHeatMap *self, const SlPicture *picture, double alpha);

G_END_DECLS
