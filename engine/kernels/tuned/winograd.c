/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Winograd convolution, forward and data gradient: Y = Aᵀ [ (G W Gᵀ) ⊙ (Bᵀ X B) ] A.  The data
 * gradient is the same with the kernel turned round and its two channel axes exchanged.
 *
 * Two orders of work.  With many tiles, each worker takes a chunk of them through all three steps,
 * so that the transformed tiles stay in its second-level cache.  With few tiles and many weights
 * (the deep layers) the weights are the traffic: all tiles are transformed first, and each of the
 * P² products reads its weights once.
 *
 * Tried (ms on one core of a Zen 4, batch 32, layers 32²·64, 16²·128, 8²·256, 4²·512; direct
 * convolution at peak would take 20.8 for each):
 *   products by OpenBLAS                                     forward 8.3, 7.0, 9.2, 14.0
 *   data gradient as a product with transposed weights       10.6, 9.7, 9.8, 14.0
 *   data gradient with the weights transposed first           8.3, 7.0, 9.8, 16.0
 *   own micro-kernel, weights as panels from the transform    8.3, 7.3, 8.7, 13.0
 *   chunks of 24 tiles in place of 36 or more                 -, 7.7, -, -
 */
#include <omp.h>

#include "kernels/activation.h"
#include "kernels/tuned/panel.h"
#include "kernels/tuned/transpose.h"
#include "kernels/tuned/winograd.h"

/* The convolution that a pass is: source (…,c) → result (…,k). */
typedef struct
{
  SlTiling t;
  gsize c, k;
  gboolean turned; /* data gradient: the layer's weights are (3,3,k,c), and turned round */
} Pass;

static Pass
forward_pass (const SlConvShape *s, guint m)
{
  return (Pass){ sl_tiling (s->n, s->h, s->w, s->oh, s->ow, s->pad, m), s->c, s->k, FALSE };
}

static Pass
data_pass (const SlConvShape *s, guint m)
{
  return (Pass){ sl_tiling (s->n, s->oh, s->ow, s->h, s->w, 2 - s->pad, m), s->k, s->c, TRUE };
}

static gsize
points (const Pass *a)
{
  return a->t.p * a->t.p;
}

#define CHUNK_BYTES ((gsize)1 << 20)
#define STAGED_BYTES ((gsize)16 << 20)

/* Whether all tiles go through one step at a time. */
static gboolean
is_staged (const Pass *a)
{
  gsize tiles = points (a) * a->t.tiles * (sl_steps (a->c) + a->k) * sizeof (float);
  gsize weights = points (a) * sl_steps (a->c) * a->k * sizeof (float);

  return tiles <= STAGED_BYTES && weights * 4 > tiles;
}

/* Tiles of a chunk: whole rows of the micro-kernel, 36 to 96, whose transforms fill CHUNK_BYTES. */
static gsize
chunk_tiles (const Pass *a)
{
  gsize tiles = CHUNK_BYTES / (points (a) * (sl_steps (a->c) + a->k) * sizeof (float));

  return MIN (CLAMP (tiles / 12 * 12, 36, 96), a->t.tiles);
}

/* ---- Weights */

/* Channels of the result that are turned at a time. */
#define TURN_COLUMNS ((gsize)16)

/* (3,3,k,c) → (3,3,c,k) with the taps in reverse order.  So that both directions have one
 * layout; a product with a transposed matrix would cost more. */
static void
turn_weights (const Pass *a, const float *w, float *turned)
{
  gsize size = a->c * a->k;
  int team = sl_team (9 * size);

#pragma omp parallel for collapse(2) schedule(static) num_threads(team)
  for (gsize tap = 0; tap < 9; tap++)
    for (gsize k = 0; k < a->k; k += TURN_COLUMNS)
      sl_transpose (MIN (TURN_COLUMNS, a->k - k), a->c, w + (8 - tap) * size + k * a->c, a->c,
                    turned + tap * size + k, a->k);
}

static inline __attribute__ ((always_inline)) void
weights_lanes (guint m, const float *w, gsize tap_stride, gsize lanes, SlWord *to, gsize stride,
               SlPlace place)
{
  const gsize p = m + 2;
  SlVec half[SL_MAX_P][3];

#pragma GCC unroll 6
  for (gsize j = 0; j < 3; j++)
    {
      SlVec s[3], d[SL_MAX_P];

#pragma GCC unroll 6
      for (gsize i = 0; i < 3; i++)
        s[i] = sl_vec_load (w + (i * 3 + j) * tap_stride, lanes);
      sl_winograd_weights (m, s, d);
#pragma GCC unroll 6
      for (gsize i = 0; i < p; i++)
        half[i][j] = d[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < p; i++)
    {
      SlVec d[SL_MAX_P];

      sl_winograd_weights (m, half[i], d);
#pragma GCC unroll 6
      for (gsize j = 0; j < p; j++)
        sl_operand_put (to + (i * p + j) * stride, 0, d[j], SL_LANES, place);
    }
}

/* One input channel's row, to its place in the panels of each point. */
static inline __attribute__ ((always_inline)) void
weights_row (guint m, const Pass *a, gsize row, const float *w, SlWord *u, gsize stride,
             SlPlace place)
{
  gsize taps = a->c * a->k;

  w += row * a->k;
  u += row / SL_PAIR * SL_PANEL;
  for (gsize at = 0; at < sl_panel_width (a->k); at += SL_LANES)
    {
      SlWord *to = u + at / SL_PANEL * sl_steps (a->c) * SL_PANEL + at % SL_PANEL;

      if (at + SL_LANES <= a->k)
        weights_lanes (m, w + at, taps, SL_LANES, to, stride, place);
      else
        weights_lanes (m, w + at, taps, at < a->k ? a->k - at : 0, to, stride, place);
    }
}

static inline __attribute__ ((always_inline)) void
weights_step (guint m, const Pass *a, gsize row, const float *w, SlWord *u, gsize stride)
{
  weights_row (m, a, row, w, u, stride, SL_FIRST);
  if (SL_PAIR == 2 && row + 1 < a->c)
    weights_row (m, a, row + 1, w, u, stride, SL_SECOND);
}

/* G w Gᵀ: (3,3,c,k) → P² matrices (c,k) as panels, @stride words apart. */
static void
transform_weights (const Pass *a, const float *w, SlWord *u, gsize stride)
{
  int team = sl_team (a->c * a->k * 9);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < a->c; row += SL_PAIR)
    if (a->t.m == 4)
      weights_step (4, a, row, w, u, stride);
    else
      weights_step (2, a, row, w, u, stride);
}

/* ---- Output */

/* Where the result goes, and what becomes of it on the way. */
typedef struct
{
  const float *bias; /* (k) or NULL */
  float *y;
  gboolean adds;
  SlActivation activation;
} Target;

typedef gint32 Mask __attribute__ ((vector_size (SL_VECTOR_BYTES)));

/* @a where the mask has its bits set, @b elsewhere. */
static inline __attribute__ ((always_inline)) SlVec
choose (Mask mask, SlVec a, SlVec b)
{
  return (SlVec)((mask & (Mask)a) | (~mask & (Mask)b));
}

static inline __attribute__ ((always_inline)) SlVec
spread (float value)
{
  return value - (SlVec){ 0 };
}

static inline __attribute__ ((always_inline)) void
output_lanes (guint m, const float *from, gsize stride, gsize c, gsize lanes, const Target *to,
              float *corner, gsize row_stride, gsize pixel_stride, gsize rows, gsize columns)
{
  const gsize p = m + 2;
  SlVec half[SL_MAX_P][SL_MAX_P];
  SlVec bias = { 0 };
  SlVec floor = spread (sl_activation_floor (to->activation));
  SlVec ceiling = spread (sl_activation_ceiling (to->activation));

  if (to->bias != NULL)
    bias = sl_vec_load (to->bias + c, lanes);
#pragma GCC unroll 6
  for (gsize j = 0; j < p; j++)
    {
      SlVec s[SL_MAX_P], d[SL_MAX_P];

#pragma GCC unroll 6
      for (gsize i = 0; i < p; i++)
        s[i] = sl_vec_load (from + (i * p + j) * stride + c, lanes);
      sl_winograd_output (m, s, d);
#pragma GCC unroll 6
      for (gsize i = 0; i < m; i++)
        half[i][j] = d[i];
    }
  for (gsize i = 0; i < rows; i++)
    {
      SlVec d[SL_MAX_P];

      sl_winograd_output (m, half[i], d);
#pragma GCC unroll 6
      for (gsize j = 0; j < m; j++)
        if (j < columns)
          {
            float *at = corner + i * row_stride + j * pixel_stride + c;

            d[j] += bias;
            if (to->adds)
              d[j] += sl_vec_load (at, lanes);
            if (to->activation != SL_ACTIVATION_NONE)
              {
                d[j] = choose (d[j] < floor, floor, d[j]);
                d[j] = choose (d[j] > ceiling, ceiling, d[j]);
              }
            sl_vec_store (at, d[j], lanes);
          }
    }
}

static inline __attribute__ ((always_inline)) void
tile_output_m (guint m, const Pass *a, gsize at, const float *from, gsize stride, const Target *to)
{
  const SlTiling *t = &a->t;
  gsize n = at / (t->tiles_h * t->tiles_w), h = at / t->tiles_w % t->tiles_h * m;
  gsize w = at % t->tiles_w * m, rows = MIN (m, t->oh - h), columns = MIN (m, t->ow - w), c = 0;
  float *corner = to->y + ((n * t->oh + h) * t->ow + w) * a->k;

  for (; c + SL_LANES <= a->k; c += SL_LANES)
    output_lanes (m, from, stride, c, SL_LANES, to, corner, t->ow * a->k, a->k, rows, columns);
  if (c < a->k)
    output_lanes (m, from, stride, c, a->k - c, to, corner, t->ow * a->k, a->k, rows, columns);
}

static void
tile_output (const Pass *a, gsize at, const float *from, gsize stride, const Target *to)
{
  if (a->t.m == 4)
    tile_output_m (4, a, at, from, stride, to);
  else
    tile_output_m (2, a, at, from, stride, to);
}

/* ---- The two orders */

static void
run_chunks (const Pass *a, const float *x, const SlWord *u, gsize u_stride, const float *zeros,
            const Target *to, void *buffers)
{
  gsize chunk = chunk_tiles (a), width = sl_panel_width (a->k), steps = sl_steps (a->c);
  gsize v_stride = sl_point_stride (chunk, steps), out_stride = sl_point_stride (chunk, width);

#pragma omp parallel for schedule(dynamic) num_threads(sl_parallel_get_threads())
  for (gsize first = 0; first < a->t.tiles; first += chunk)
    {
      SlWord *v = (SlWord *)buffers + omp_get_thread_num () * points (a) * (v_stride + out_stride);
      float *out = (float *)(v + points (a) * v_stride);
      gsize count = MIN (chunk, a->t.tiles - first);

      for (gsize i = 0; i < count; i++)
        sl_tile_input (&a->t, first + i, x, a->c, zeros, v + i * steps, v_stride, SL_ALONG);
      for (gsize p = 0; p < points (a); p++)
        sl_panel_multiply (count, width, steps, v + p * v_stride, u + p * u_stride,
                           out + p * out_stride);
      for (gsize i = 0; i < count; i++)
        tile_output (a, first + i, out + i * width, out_stride, to);
    }
}

static void
run_staged (const Pass *a, const float *x, const SlWord *u, gsize u_stride, const float *zeros,
            const Target *to, void *buffers)
{
  gsize width = sl_panel_width (a->k), steps = sl_steps (a->c);
  gsize v_stride = sl_point_stride (a->t.tiles, steps);
  gsize out_stride = sl_point_stride (a->t.tiles, width);
  SlWord *v = buffers;
  float *out = (float *)(v + points (a) * v_stride);

#pragma omp parallel num_threads(sl_parallel_get_threads())
  {
#pragma omp for schedule(static)
    for (gsize i = 0; i < a->t.tiles; i++)
      sl_tile_input (&a->t, i, x, a->c, zeros, v + i * steps, v_stride, SL_ALONG);
#pragma omp for collapse(2) schedule(dynamic)
    for (gsize p = 0; p < points (a); p++)
      for (gsize j = 0; j < width; j += SL_PANEL)
        sl_panel_column (a->t.tiles, steps, v + p * v_stride, steps, 1,
                         u + p * u_stride + j * steps, SL_PANEL, FALSE, out + p * out_stride + j,
                         width);
#pragma omp for schedule(static)
    for (gsize i = 0; i < a->t.tiles; i++)
      tile_output (a, i, out + i * width, out_stride, to);
  }
}

/* In words, as floats are. */
static gsize
pass_scratch (const Pass *a)
{
  gsize tiles = is_staged (a) ? a->t.tiles : chunk_tiles (a), steps = sl_steps (a->c);
  gsize copies = is_staged (a) ? 1 : sl_parallel_get_threads ();

  return sl_padded (a->c) + (a->turned ? sl_padded (9 * a->c * a->k) : 0)
         + points (a)
               * (sl_point_stride (steps, sl_panel_width (a->k))
                  + copies
                        * (sl_point_stride (tiles, steps)
                           + sl_point_stride (tiles, sl_panel_width (a->k))));
}

static void
run (const Pass *a, const float *x, const float *w, const Target *to, void *scratch)
{
  gsize u_stride = sl_point_stride (sl_steps (a->c), sl_panel_width (a->k));
  float *zeros = scratch, *buffers = zeros + sl_padded (a->c) + points (a) * u_stride;
  SlWord *u = (SlWord *)(zeros + sl_padded (a->c));

  memset (zeros, 0, a->c * sizeof (float));
  if (a->turned)
    {
      float *turned = buffers;

      buffers += sl_padded (9 * a->c * a->k);
      turn_weights (a, w, turned);
      w = turned;
    }
  transform_weights (a, w, u, u_stride);
  if (is_staged (a))
    run_staged (a, x, u, u_stride, zeros, to, buffers);
  else
    run_chunks (a, x, u, u_stride, zeros, to, buffers);
}

void
SL_TUNED (winograd_forward) (const SlConvShape *s, guint m, const float *x, const float *w,
                             const float *bias, SlActivation activation, float *y, void *scratch)
{
  Pass a = forward_pass (s, m);

  run (&a, x, w, &(Target){ bias, y, FALSE, activation }, scratch);
}

void
SL_TUNED (winograd_grad_data) (const SlConvShape *s, guint m, const float *dy, const float *w,
                               float *dx, gboolean adds, void *scratch)
{
  Pass a = data_pass (s, m);

  run (&a, dy, w, &(Target){ NULL, dx, adds, SL_ACTIVATION_NONE }, scratch);
}

gsize
SL_TUNED (winograd_scratch) (const SlConvShape *s, guint m)
{
  Pass forward = forward_pass (s, m), data = data_pass (s, m);

  return sizeof (float) * MAX (pass_scratch (&forward), pass_scratch (&data));
}
