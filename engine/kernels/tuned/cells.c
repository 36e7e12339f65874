/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses of cells, vectorised along an item's cells.  A batch has some thousand of them, beside
 * hundreds of millions of multiplications before it: one thread. */
#include "kernels/tuned/functions.h"
#include "kernels/tuned/tuned.h"

/* The smoothed target is t · keep + half. */
static inline float
aim (float target, float keep, float half)
{
  return target * keep + half;
}

/* Σ over one item's cells. */
static double
binary_sum (const SlCellsShape *s, const float *restrict z, const float *restrict target)
{
  float keep = 1 - s->smoothing, half = s->smoothing / 2;
  double sum = 0;

  for (gsize j = 0; j < s->cells; j++)
    {
      double logit = z[j];

      sum += MAX (logit, 0) - logit * aim (target[j], keep, half) + log1p (exp (-fabs (logit)));
    }
  return sum;
}

static void
binary_forward (const SlCellsShape *s, const float *logits, const float *target,
                const float *weight, float *loss, float *losses, float *probabilities)
{
  double total = 0, weights = 0;

#pragma omp simd
  for (gsize j = 0; j < s->n * s->cells; j++)
    probabilities[j] = sl_sigmoid (logits[j]);
  for (gsize i = 0; i < s->n; i++)
    {
      double mean = weight[i] != 0 ? binary_sum (s, logits + i * s->cells, target + i * s->cells)
                                         / (double)s->cells
                                   : 0;

      losses[i] = (float)mean;
      total += weight[i] * mean;
      weights += weight[i];
    }
  *loss = weights > 0 ? (float)(total / weights) : 0;
}

static void
binary_backward (const SlCellsShape *s, const float *probabilities, const float *target,
                 const float *weight, float dloss, float *dlogits, gboolean adds)
{
  float keep = 1 - s->smoothing, half = s->smoothing / 2;
  double weights = 0;

  for (gsize i = 0; i < s->n; i++)
    weights += weight[i];
  if (!adds)
    memset (dlogits, 0, s->n * s->cells * sizeof (float));
  for (gsize i = 0; i < s->n; i++)
    {
      const float *restrict p = probabilities + i * s->cells, *restrict t = target + i * s->cells;
      float *restrict d = dlogits + i * s->cells;
      float scale = (float)(dloss * weight[i] / weights / (double)s->cells);

      if (weight[i] == 0)
        continue;
#pragma omp simd
      for (gsize j = 0; j < s->cells; j++)
        d[j] += scale * (p[j] - aim (t[j], keep, half));
    }
}

/* How much of item @i counts. */
static double
share (const SlCellsShape *s, const float *target, const float *weight, gsize i)
{
  const float *restrict counts = target + (2 * i + 1) * s->cells;
  double sum = 0;

  if (weight[i] == 0)
    return 0;
#pragma omp simd reduction(+ : sum)
  for (gsize j = 0; j < s->cells; j++)
    sum += counts[j];
  return sum;
}

static void
squared_forward (const SlCellsShape *s, const float *x, const float *target, const float *weight,
                 float *loss, float *losses)
{
  double total = 0, weights = 0;

  for (gsize i = 0; i < s->n; i++)
    {
      const float *restrict value = target + 2 * i * s->cells, *restrict counts = value + s->cells;
      const float *restrict own = x + i * s->cells;
      double sum = 0, all = share (s, target, weight, i);

      losses[i] = 0;
      if (all == 0)
        continue;
#pragma omp simd reduction(+ : sum)
      for (gsize j = 0; j < s->cells; j++)
        {
          double e = counts[j] != 0 ? own[j] - value[j] : 0;

          sum += counts[j] * e * e;
        }
      losses[i] = (float)(sum / all);
      total += weight[i] * sum / all;
      weights += weight[i];
    }
  *loss = weights > 0 ? (float)(total / weights) : 0;
}

static void
squared_backward (const SlCellsShape *s, const float *x, const float *target, const float *weight,
                  float dloss, float *dx, gboolean adds)
{
  double weights = 0;

  for (gsize i = 0; i < s->n; i++)
    weights += share (s, target, weight, i) != 0 ? weight[i] : 0;
  if (!adds)
    memset (dx, 0, s->n * s->cells * sizeof (float));
  for (gsize i = 0; i < s->n; i++)
    {
      const float *restrict value = target + 2 * i * s->cells, *restrict counts = value + s->cells;
      const float *restrict own = x + i * s->cells;
      float *restrict d = dx + i * s->cells;
      double all = share (s, target, weight, i);
      float scale = (float)(2 * dloss * weight[i] / weights / all);

      if (all == 0)
        continue;
#pragma omp simd
      for (gsize j = 0; j < s->cells; j++)
        d[j] += counts[j] != 0 ? scale * counts[j] * (own[j] - value[j]) : 0;
    }
}

static void
range_forward (gsize n, float low, float high, const float *x, float *y)
{
  float width = high - low;

#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = low + width * sl_sigmoid (x[i]);
}

static void
range_backward (gsize n, float low, float high, const float *y, const float *dy, float *dx,
                gboolean adds)
{
  float inverse = 1 / (high - low);

#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float d = dy[i] * (y[i] - low) * (high - y[i]) * inverse;

      dx[i] = adds ? dx[i] + d : d;
    }
}

void
SL_TUNED (fill_cells) (SlKernels *table)
{
  table->binary_forward = binary_forward;
  table->binary_backward = binary_backward;
  table->squared_forward = squared_forward;
  table->squared_backward = squared_backward;
  table->range_forward = range_forward;
  table->range_backward = range_backward;
}
