/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Winograd weight gradient: dW = Gᵀ [ Σ over tiles (Bᵀ X B) ⊗ (A dY Aᵀ) ] G.
 *
 * Two orders of work.  With many tiles and few weights, the tiles are cut into groups; a worker
 * takes a group through in chunks that its second-level cache holds, into sums of the group's own,
 * and the groups are added in order.  Otherwise the sums are the traffic: tiles go through in
 * batches, all workers transforming first, and then each of the P² sums, which belongs to one
 * worker, takes in the whole batch.
 *
 * Tried (as in winograd.c): OpenBLAS in batches of 6 MiB 11.5, 9.4, 9.1, 13.9 ms; of 2 MiB 9.6, 8.2,
 * 8.2, 13.1, but with a barrier for every hundred tiles; own micro-kernel, groups for the first and
 * batches of 12 MiB for the others 10.9, 9.2, 8.1, 12.7.  Groups for 128 channels too: 11.2, as each
 * chunk of 28 tiles moves 2.3 MiB of sums.  F(2×2) with pairs of bfloat16, two cores: chunks of 1 MiB
 * 4.9, of 512 KiB 4.4. */
#include <omp.h>

#include "kernels/tuned/panel.h"
#include "kernels/tuned/winograd.h"

#define CHUNK_BYTES (((gsize)1 << 20) / SL_PAIR)
#define BATCH_BYTES ((gsize)12 << 20)
#define SUMS_BYTES ((gsize)1 << 20)
#define MAX_GROUPS ((gsize)16)

typedef struct
{
  SlTiling t;
  gsize c, k, points;
  gsize width;  /* k in whole panels */
  gsize groups; /* 1: batches */
  gsize rows;   /* tiles of a chunk or batch */
  gsize v_row;  /* words of a row of v: a line more than c, or columns would share cache sets */
  gsize v_stride, d_stride, u_stride;
} Pass;

static Pass
weights_pass (const SlConvShape *s, guint m)
{
  Pass a = { .t = sl_tiling (s->n, s->h, s->w, s->oh, s->ow, s->pad, m), .c = s->c, .k = s->k };
  gsize tile_bytes;

  a.points = a.t.p * a.t.p;
  a.width = sl_panel_width (a.k);
  a.u_stride = sl_point_stride (a.c, a.width);
  a.groups = CLAMP (a.t.tiles / 64, 1, MAX_GROUPS);
  if (a.points * a.u_stride * sizeof (float) > SUMS_BYTES || a.groups < 4)
    a.groups = 1;
  tile_bytes = a.points * (a.c + a.k) * sizeof (float) / SL_PAIR;
  a.rows = MAX ((a.groups > 1 ? CHUNK_BYTES : BATCH_BYTES) / tile_bytes, 32);
  a.rows = MIN (a.rows, sl_ceil_div (a.t.tiles, a.groups));
  a.v_row = a.c + 16;
  a.v_stride = sl_point_stride (sl_steps (a.rows), a.v_row);
  a.d_stride = sl_point_stride (sl_steps (a.rows), a.width);
  return a;
}

/* ---- The tiles of dy: A d Aᵀ */

static inline __attribute__ ((always_inline)) void
spread_lanes (guint m, const float *const *pixel, gsize c, gsize lanes, SlWord *to, gsize stride,
              SlPlace place)
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
        sl_operand_put (to + (i * p + j) * stride, 0, d[j], lanes, place);
    }
}

static inline __attribute__ ((always_inline)) void
tile_spread_m (guint m, const SlTiling *t, gsize at, const float *dy, gsize k, const float *zeros,
               SlWord *to, gsize steps, gsize stride, SlPlace place)
{
  const float *pixel[SL_MAX_P * SL_MAX_P];
  gsize n = at / (t->tiles_h * t->tiles_w), h = at / t->tiles_w % t->tiles_h * m;
  gsize w = at % t->tiles_w * m;

  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < m; j++)
      pixel[i * m + j] = h + i < t->oh && w + j < t->ow
                             ? dy + ((n * t->oh + h + i) * t->ow + w + j) * k
                             : zeros;
  for (gsize c = 0; c < k; c += SL_LANES)
    {
      SlWord *panel = to + c / SL_PANEL * steps * SL_PANEL + c % SL_PANEL;

      if (c + SL_LANES <= k)
        spread_lanes (m, pixel, c, SL_LANES, panel, stride, place);
      else
        spread_lanes (m, pixel, c, k - c, panel, stride, place);
    }
}

/* Transforms tile @at of dy to row @to of @steps, in panels, of each point. */
static inline __attribute__ ((always_inline)) void
tile_spread (const SlTiling *t, gsize at, const float *dy, gsize k, const float *zeros, SlWord *to,
             gsize steps, gsize stride, SlPlace place)
{
  if (t->m == 4)
    tile_spread_m (4, t, at, dy, k, zeros, to, steps, stride, place);
  else
    tile_spread_m (2, t, at, dy, k, zeros, to, steps, stride, place);
}

/* ---- The sums back to weights: dw += Gᵀ u G */

static inline __attribute__ ((always_inline)) SlVec
sum_of_groups (const Pass *a, const float *u, gsize lanes)
{
  SlVec sum = sl_vec_load (u, lanes);

  for (gsize g = 1; g < a->groups; g++)
    sum += sl_vec_load (u + g * a->points * a->u_stride, lanes);
  return sum;
}

static inline __attribute__ ((always_inline)) void
gather_lanes (guint m, const Pass *a, const float *u, gsize lanes, float *dw)
{
  const gsize p = m + 2;
  SlVec half[3][SL_MAX_P];

#pragma GCC unroll 6
  for (gsize j = 0; j < p; j++)
    {
      SlVec s[SL_MAX_P], d[3];

#pragma GCC unroll 6
      for (gsize i = 0; i < p; i++)
        s[i] = sum_of_groups (a, u + (i * p + j) * a->u_stride, lanes);
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
          float *at = dw + (i * 3 + j) * a->c * a->k;

          sl_vec_store (at, sl_vec_load (at, lanes) + d[j], lanes);
        }
    }
}

static inline __attribute__ ((always_inline)) void
gather_row (guint m, const Pass *a, const float *u, float *dw)
{
  gsize at = 0;

  for (; at + SL_LANES <= a->k; at += SL_LANES)
    gather_lanes (m, a, u + at, SL_LANES, dw + at);
  if (at < a->k)
    gather_lanes (m, a, u + at, a->k - at, dw + at);
}

static void
gather_weights (const Pass *a, const float *u, float *dw)
{
  int team = sl_team (a->c * a->k * 9);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize i = 0; i < a->c; i++)
    if (a->t.m == 4)
      gather_row (4, a, u + i * a->width, dw + i * a->k);
    else
      gather_row (2, a, u + i * a->width, dw + i * a->k);
}

/* ---- The two orders */

/* A chunk or batch: tiles @first … @first + @count - 1. */
typedef struct
{
  const float *x, *dy, *zeros;
  gsize first, count;
  SlWord *v, *d;
} Tiles;

static inline __attribute__ ((always_inline)) void
transform_tile (const Pass *a, const Tiles *t, gsize i, SlPlace place)
{
  sl_tile_input (&a->t, t->first + i, t->x, a->c, t->zeros, t->v + i / SL_PAIR * a->v_row,
                 a->v_stride, place);
  tile_spread (&a->t, t->first + i, t->dy, a->k, t->zeros, t->d + i / SL_PAIR * SL_PANEL,
               sl_steps (t->count), a->d_stride, place);
}

/* Both transforms of the tiles of a step. */
static void
transform_step (const Pass *a, const Tiles *t, gsize i)
{
  transform_tile (a, t, i, SL_FIRST);
  if (SL_PAIR == 2 && i + 1 < t->count)
    transform_tile (a, t, i + 1, SL_SECOND);
}

/* u = or += vᵀ · d at one point. */
static inline void
sum_point (const Pass *a, gsize point, const Tiles *t, gboolean adds, float *u)
{
  sl_panel_multiply_tn (a->c, a->width, sl_steps (t->count), t->v + point * a->v_stride, a->v_row,
                        t->d + point * a->d_stride, adds, u + point * a->u_stride);
}

static void
run_groups (const Pass *a, const Tiles *all, float *u)
{
  gsize per_group = sl_ceil_div (a->t.tiles, a->groups);

#pragma omp parallel for schedule(dynamic) num_threads(sl_parallel_get_threads())
  for (gsize group = 0; group < a->groups; group++)
    {
      gsize begin = group * per_group, end = MIN (begin + per_group, a->t.tiles);
      gsize own = omp_get_thread_num () * a->points * (a->v_stride + a->d_stride);
      float *sums = u + group * a->points * a->u_stride;
      Tiles t = *all;

      t.v += own;
      t.d += own;
      if (begin >= end)
        memset (sums, 0, a->points * a->u_stride * sizeof (float));
      for (t.first = begin; t.first < end; t.first += a->rows)
        {
          t.count = MIN (a->rows, end - t.first);
          for (gsize i = 0; i < t.count; i += SL_PAIR)
            transform_step (a, &t, i);
          for (gsize p = 0; p < a->points; p++)
            sum_point (a, p, &t, t.first > begin, sums);
        }
    }
}

static void
run_batches (const Pass *a, const Tiles *all, float *u)
{
#pragma omp parallel num_threads(sl_parallel_get_threads())
  for (gsize first = 0; first < a->t.tiles; first += a->rows)
    {
      Tiles t = *all;

      t.first = first;
      t.count = MIN (a->rows, a->t.tiles - first);
#pragma omp for schedule(dynamic, 4)
      for (gsize i = 0; i < t.count; i += SL_PAIR)
        transform_step (a, &t, i);
#pragma omp for schedule(dynamic)
      for (gsize p = 0; p < a->points; p++)
        sum_point (a, p, &t, first > 0, u);
    }
}

void
SL_TUNED (winograd_grad_weights) (const SlConvShape *s, guint m, const float *x, const float *dy,
                                  float *dw, void *scratch)
{
  Pass a = weights_pass (s, m);
  float *zeros = scratch, *u = zeros + sl_padded (MAX (a.c, a.k));
  SlWord *v = (SlWord *)(u + a.groups * a.points * a.u_stride);
  Tiles tiles = { .x = x, .dy = dy, .zeros = zeros, .v = v, .d = v + a.points * a.v_stride };

  memset (zeros, 0, MAX (a.c, a.k) * sizeof (float));
  if (a.groups > 1)
    run_groups (&a, &tiles, u);
  else
    run_batches (&a, &tiles, u);
  gather_weights (&a, u, dw);
}

gsize
SL_TUNED (winograd_weights_scratch) (const SlConvShape *s, guint m)
{
  Pass a = weights_pass (s, m);
  gsize buffers = a.groups > 1 ? sl_parallel_get_threads () : 1;

  return sizeof (float)
         * (sl_padded (MAX (a.c, a.k))
            + a.points * (a.groups * a.u_stride + buffers * (a.v_stride + a.d_stride)));
}
