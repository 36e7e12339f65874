/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the Winograd passes share: the cutting into tiles and the transforms of a tile. */

#include "kernels/tuned/conv.h"
#include "kernels/tuned/operand.h"
#include "kernels/tuned/winograd-transforms.h"

#define SL_MAX_P 6

/* A result (n,oh,ow) cut into tiles of m × m, which overlapping tiles of P × P = m + 2 pixels of
 * the source (n,h,w) produce. */
typedef struct
{
  gsize n, h, w, oh, ow;
  gsize pad, m, p;
  gsize tiles_h, tiles_w, tiles;
} SlTiling;

static inline SlTiling
sl_tiling (gsize n, gsize h, gsize w, gsize oh, gsize ow, gsize pad, gsize m)
{
  SlTiling t = { n, h, w, oh, ow, pad, m, m + 2, sl_ceil_div (oh, m), sl_ceil_div (ow, m), 0 };

  t.tiles = n * t.tiles_h * t.tiles_w;
  return t;
}

/* Distance between points of @rows rows of @c words: a cache line more than whole pages, as the
 * points of one tile would otherwise compete for the same few cache sets. */
static inline gsize
sl_point_stride (gsize rows, gsize c)
{
  return sl_padded (rows * c) + 16;
}

/* Pointers to the P × P source pixels of tile @at; @zeros where they lie outside. */
static inline void
sl_tile_pixels (const SlTiling *t, gsize at, const float *x, gsize c, const float *zeros,
                const float **pixel)
{
  gsize n = at / (t->tiles_h * t->tiles_w), th = at / t->tiles_w % t->tiles_h;
  gsize tw = at % t->tiles_w, h0 = th * t->m, w0 = tw * t->m;

  for (gsize i = 0; i < t->p; i++)
    for (gsize j = 0; j < t->p; j++)
      {
        gsize h = h0 + i, w = w0 + j;
        gboolean inside = h >= t->pad && h < t->h + t->pad && w >= t->pad && w < t->w + t->pad;

        pixel[i * t->p + j] = inside ? x + ((n * t->h + h - t->pad) * t->w + w - t->pad) * c
                                     : zeros;
      }
}

/* @lanes channels of a tile: d = Bᵀ · pixels · B, point (i,j) to the row at (i·P + j)·stride. */
static inline __attribute__ ((always_inline)) void
sl_tile_input_lanes (guint m, const float *const *pixel, gsize c, gsize lanes, SlWord *to,
                     gsize stride, SlPlace place)
{
  const gsize p = m + 2;
  SlVec half[SL_MAX_P][SL_MAX_P];

#pragma GCC unroll 6
  for (gsize j = 0; j < p; j++)
    {
      SlVec s[SL_MAX_P], d[SL_MAX_P];

#pragma GCC unroll 6
      for (gsize i = 0; i < p; i++)
        s[i] = sl_vec_load (pixel[i * p + j] + c, lanes);
      sl_winograd_input (m, s, d);
#pragma GCC unroll 6
      for (gsize i = 0; i < p; i++)
        half[i][j] = d[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < p; i++)
    {
      SlVec d[SL_MAX_P];

      sl_winograd_input (m, half[i], d);
#pragma GCC unroll 6
      for (gsize j = 0; j < p; j++)
        sl_operand_put (to + (i * p + j) * stride, c, d[j], lanes, place);
    }
}

static inline __attribute__ ((always_inline)) void
sl_tile_input_m (guint m, const float *const *pixel, gsize c, SlWord *to, gsize stride,
                 SlPlace place)
{
  gsize at = 0;

  for (; at + SL_LANES <= c; at += SL_LANES)
    sl_tile_input_lanes (m, pixel, at, SL_LANES, to, stride, place);
  if (at < c)
    sl_tile_input_lanes (m, pixel, at, c - at, to, stride, place);
}

/* Transforms tile @at of the source (…,c) to the row @to of each point.  @place is a constant. */
static inline __attribute__ ((always_inline)) void
sl_tile_input (const SlTiling *t, gsize at, const float *x, gsize c, const float *zeros, SlWord *to,
               gsize stride, SlPlace place)
{
  const float *pixel[SL_MAX_P * SL_MAX_P];

  sl_tile_pixels (t, at, x, c, zeros, pixel);
  if (t->m == 4)
    sl_tile_input_m (4, pixel, c, to, stride, place);
  else
    sl_tile_input_m (2, pixel, c, to, stride, place);
}
