/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Winograd weight gradient: dW = Gᵀ [ Σ over tiles (Bᵀ X B) ⊗ (A dY Aᵀ) ] G.
 *
 * Tiles go through in batches that the last-level cache holds; in each, the tiles are transformed
 * first, then each of the P² sums, which belongs to one worker, takes in the whole batch.  So the
 * order of every sum is the order of the tiles. */
#include "kernels/tuned/gemm.h"
#include "kernels/tuned/winograd.h"

#define BATCH_BYTES ((gsize)6 << 20)

static gsize
batch_tiles (const SlTiling *t, gsize c, gsize k)
{
  gsize tiles = BATCH_BYTES / (t->p * t->p * (c + k) * sizeof (float));

  return MIN (MAX (tiles, 64), t->tiles);
}

/* ---- The tiles of dy: A d Aᵀ */

static inline __attribute__ ((always_inline)) void
spread_lanes (guint m, const float *const *pixel, gsize c, gsize lanes, float *to, gsize stride)
{
  const gsize p = m + 2;
  SlVec half[SL_MAX_P][SL_MAX_P];

#pragma GCC unroll 6
  for (gsize j = 0; j < m; j++)
    {
      SlVec s[SL_MAX_P], d[SL_MAX_P];

#pragma GCC unroll 6
      for (gsize i = 0; i < m; i++)
        s[i] = sl_vec_load (pixel[i * m + j] + c, lanes);
      sl_winograd_spread (m, s, d);
#pragma GCC unroll 6
      for (gsize i = 0; i < p; i++)
        half[i][j] = d[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < p; i++)
    {
      SlVec d[SL_MAX_P];

      sl_winograd_spread (m, half[i], d);
#pragma GCC unroll 6
      for (gsize j = 0; j < p; j++)
        sl_vec_store (to + (i * p + j) * stride + c, d[j], lanes);
    }
}

static inline __attribute__ ((always_inline)) void
tile_spread_m (guint m, const SlTiling *t, gsize at, const float *dy, gsize k, const float *zeros,
               float *to, gsize stride)
{
  const float *pixel[SL_MAX_P * SL_MAX_P];
  gsize n = at / (t->tiles_h * t->tiles_w), h = at / t->tiles_w % t->tiles_h * m;
  gsize w = at % t->tiles_w * m, c = 0;

  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < m; j++)
      pixel[i * m + j] = h + i < t->oh && w + j < t->ow
                             ? dy + ((n * t->oh + h + i) * t->ow + w + j) * k
                             : zeros;
  for (; c + SL_LANES <= k; c += SL_LANES)
    spread_lanes (m, pixel, c, SL_LANES, to, stride);
  if (c < k)
    spread_lanes (m, pixel, c, k - c, to, stride);
}

static void
tile_spread (const SlTiling *t, gsize at, const float *dy, gsize k, const float *zeros, float *to,
             gsize stride)
{
  if (t->m == 4)
    tile_spread_m (4, t, at, dy, k, zeros, to, stride);
  else
    tile_spread_m (2, t, at, dy, k, zeros, to, stride);
}

/* ---- The sums back to weights: dw += Gᵀ u G */

static inline __attribute__ ((always_inline)) void
gather_lanes (guint m, const float *u, gsize stride, gsize lanes, float *dw, gsize tap_stride)
{
  const gsize p = m + 2;
  SlVec half[3][SL_MAX_P];

#pragma GCC unroll 6
  for (gsize j = 0; j < p; j++)
    {
      SlVec s[SL_MAX_P], d[3];

#pragma GCC unroll 6
      for (gsize i = 0; i < p; i++)
        s[i] = sl_vec_load (u + (i * p + j) * stride, lanes);
      sl_winograd_gather (m, s, d);
#pragma GCC unroll 6
      for (gsize i = 0; i < 3; i++)
        half[i][j] = d[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < 3; i++)
    {
      SlVec d[3];

      sl_winograd_gather (m, half[i], d);
#pragma GCC unroll 6
      for (gsize j = 0; j < 3; j++)
        {
          float *at = dw + (i * 3 + j) * tap_stride;

          sl_vec_store (at, sl_vec_load (at, lanes) + d[j], lanes);
        }
    }
}

static inline __attribute__ ((always_inline)) void
gather_row (guint m, gsize k, const float *u, gsize stride, float *dw, gsize tap_stride)
{
  gsize at = 0;

  for (; at + SL_LANES <= k; at += SL_LANES)
    gather_lanes (m, u + at, stride, SL_LANES, dw + at, tap_stride);
  if (at < k)
    gather_lanes (m, u + at, stride, k - at, dw + at, tap_stride);
}

static void
gather_weights (guint m, gsize c, gsize k, const float *u, gsize stride, float *dw)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(c *k * 9))
  for (gsize i = 0; i < c; i++)
    if (m == 4)
      gather_row (4, k, u + i * k, stride, dw + i * k, c * k);
    else
      gather_row (2, k, u + i * k, stride, dw + i * k, c * k);
}

/* ---- The pass */

void
SL_TUNED (winograd_grad_weights) (const SlConvShape *s, guint m, const float *x, const float *dy,
                                  float *dw, void *scratch)
{
  SlTiling t = sl_tiling (s->n, s->h, s->w, s->oh, s->ow, s->pad, m);
  gsize points = t.p * t.p, batch = batch_tiles (&t, s->c, s->k), c = s->c, k = s->k;
  gsize v_stride = sl_point_stride (batch, c), d_stride = sl_point_stride (batch, k);
  gsize u_stride = sl_point_stride (c, k);
  float *zeros = scratch, *u = zeros + sl_padded (MAX (c, k)), *v = u + points * u_stride;
  float *d = v + points * v_stride;

  memset (zeros, 0, MAX (c, k) * sizeof (float));
#pragma omp parallel num_threads(sl_parallel_get_threads())
  for (gsize first = 0; first < t.tiles; first += batch)
    {
      gsize count = MIN (batch, t.tiles - first);

#pragma omp for schedule(dynamic, 8)
      for (gsize i = 0; i < count; i++)
        {
          sl_tile_input (&t, first + i, x, c, zeros, v + i * c, v_stride);
          tile_spread (&t, first + i, dy, k, zeros, d + i * k, d_stride);
        }
#pragma omp for schedule(dynamic)
      for (gsize p = 0; p < points; p++)
        sl_gemm_tn (c, k, count, v + p * v_stride, c, d + p * d_stride, k, first > 0 ? 1 : 0,
                    u + p * u_stride, k);
    }
  gather_weights (m, c, k, u, u_stride, dw);
}

gsize
SL_TUNED (winograd_weights_scratch) (const SlConvShape *s, guint m)
{
  SlTiling t = sl_tiling (s->n, s->h, s->w, s->oh, s->ow, s->pad, m);
  gsize batch = batch_tiles (&t, s->c, s->k);

  return sizeof (float)
         * (sl_padded (MAX (s->c, s->k))
            + t.p * t.p
                  * (sl_point_stride (s->c, s->k) + sl_point_stride (batch, s->c)
                     + sl_point_stride (batch, s->k)));
}
