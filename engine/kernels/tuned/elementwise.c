/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Element-wise kernels, dropout, AdamW: memory-bound, so one pass each and whole blocks a thread.
 * Blocks start at fixed places: an element is always in the same lane of the same loop. */
#include <math.h>

#include "kernels/tuned/random.h"
#include "kernels/tuned/tuned.h"

static void
relu_forward (gsize n, const float *x, float *y)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(n))
  for (gsize at = 0; at < n; at += SL_BLOCK)
#pragma omp simd
    for (gsize i = at; i < MIN (at + SL_BLOCK, n); i++)
      y[i] = x[i] < 0 ? 0 : x[i];
}

static void
relu_backward (gsize n, const float *y, const float *dy, float *dx, gboolean adds)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(n))
  for (gsize at = 0; at < n; at += SL_BLOCK)
    {
      gsize end = MIN (at + SL_BLOCK, n);

      if (adds)
#pragma omp simd
        for (gsize i = at; i < end; i++)
          dx[i] += y[i] > 0 ? dy[i] : 0;
      else
#pragma omp simd
        for (gsize i = at; i < end; i++)
          dx[i] = y[i] > 0 ? dy[i] : 0;
    }
}

static void
add_forward (gsize n, const float *a, const float *b, gboolean relu, float *y)
{
  float floor = relu ? 0 : -INFINITY;

#pragma omp parallel for schedule(static) num_threads(sl_team(n))
  for (gsize at = 0; at < n; at += SL_BLOCK)
#pragma omp simd
    for (gsize i = at; i < MIN (at + SL_BLOCK, n); i++)
      {
        float v = a[i] + b[i];

        y[i] = v < floor ? floor : v;
      }
}

static void
accumulate (gsize n, const float *x, float *dst)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(n))
  for (gsize at = 0; at < n; at += SL_BLOCK)
#pragma omp simd
    for (gsize i = at; i < MIN (at + SL_BLOCK, n); i++)
      dst[i] += x[i];
}

#define DROPOUT_BLOCK ((gsize)1024)

/* Factors of the elements @first … @first + @n - 1, @first a multiple of DROPOUT_BLOCK: 0 or 1/(1-p). */
static inline void
dropout_factors (gsize first, gsize n, float p, guint64 key, float factor[DROPOUT_BLOCK])
{
  for (gsize i = 0; i < n; i += SL_RANDOM_NUMBERS)
    sl_random_factors (key, (first + i) / 4, sl_dropout_limit (p), 1 / (1 - p), factor + i);
}

static void
dropout_forward (gsize n, const float *x, float p, guint64 key, float *y)
{
  int team = sl_team (8 * n);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize at = 0; at < n; at += DROPOUT_BLOCK)
    {
      float factor[DROPOUT_BLOCK];
      gsize count = MIN (DROPOUT_BLOCK, n - at);

      dropout_factors (at, count, p, key, factor);
      for (gsize i = 0; i < count; i++)
        y[at + i] = factor[i] > 0 ? x[at + i] * factor[i] : 0;
    }
}

static void
dropout_backward (gsize n, const float *dy, float p, guint64 key, float *dx, gboolean adds)
{
  int team = sl_team (8 * n);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize at = 0; at < n; at += DROPOUT_BLOCK)
    {
      float factor[DROPOUT_BLOCK];
      gsize count = MIN (DROPOUT_BLOCK, n - at);

      dropout_factors (at, count, p, key, factor);
      for (gsize i = 0; i < count; i++)
        {
          float d = factor[i] > 0 ? dy[at + i] * factor[i] : 0;

          dx[at + i] = adds ? dx[at + i] + d : d;
        }
    }
}

static void
adamw (gsize n, float *p, const float *g, float *m, float *v, float lr, float beta1, float beta2,
       float eps, float decay, float correction1, float correction2)
{
  float step = lr / correction1, root = 1 / sqrtf (correction2);

#pragma omp parallel for schedule(static) num_threads(sl_team(n))
  for (gsize at = 0; at < n; at += SL_BLOCK)
#pragma omp simd
    for (gsize i = at; i < MIN (at + SL_BLOCK, n); i++)
      {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        p[i] = p[i] * decay - step * m[i] / (sqrtf (v[i]) * root + eps);
      }
}

void
SL_TUNED (fill_elementwise) (SlKernels *table)
{
  table->relu_forward = relu_forward;
  table->relu_backward = relu_backward;
  table->add_forward = add_forward;
  table->accumulate = accumulate;
  table->dropout_forward = dropout_forward;
  table->dropout_backward = dropout_backward;
  table->adamw = adamw;
}
