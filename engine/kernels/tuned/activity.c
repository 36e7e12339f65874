/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory-bound: one pass over both tensors in each direction.  A row of c numbers is summed in float, rows in double, and
 * texts are in blocks whose sums are added in order, so that bits do not depend on the number of threads. */
#include "kernels/tuned/tuned.h"

#define MAX_BLOCKS 64

/* Texts of block @block. */
static gsize
block_begin (const SlActivityShape *s, gsize block)
{
  return block * s->n / MAX_BLOCKS;
}

static float
sum_squares (gsize c, const float *x)
{
  float sum = 0;

#pragma omp simd reduction(+ : sum)
  for (gsize j = 0; j < c; j++)
    sum += x[j] * x[j];
  return sum;
}

static float
sum_changes (gsize c, const float *x, const float *before)
{
  float sum = 0;

#pragma omp simd reduction(+ : sum)
  for (gsize j = 0; j < c; j++)
    sum += (x[j] - before[j]) * (x[j] - before[j]);
  return sum;
}

static void
sum_text (const SlActivityShape *s, const float *dropped, const float *raw, double *squares,
          double *changes)
{
  for (gsize t = 0; t < s->steps; t++)
    {
      *squares += (double)sum_squares (s->c, dropped + t * s->c);
      if (t > 0)
        *changes += (double)sum_changes (s->c, raw + t * s->c, raw + (t - 1) * s->c);
    }
}

static void
activity_forward (const SlActivityShape *s, float loss, const float *dropped, const float *raw,
                  float *y)
{
  gsize text = s->steps * s->c;
  double squares[MAX_BLOCKS] = { 0 }, changes[MAX_BLOCKS] = { 0 }, total = 0, total_changes = 0;

#pragma omp parallel for schedule(static) num_threads(sl_team(s->n *text))
  for (gsize b = 0; b < MAX_BLOCKS; b++)
    for (gsize i = block_begin (s, b); i < block_begin (s, b + 1); i++)
      sum_text (s, dropped + i * text, raw + i * text, &squares[b], &changes[b]);
  for (gsize b = 0; b < MAX_BLOCKS; b++)
    {
      total += squares[b];
      total_changes += changes[b];
    }
  *y = (float)(loss + s->alpha * total / (double)(s->n * text)
               + (s->steps > 1 ? s->beta * total_changes / (double)(s->n * (text - s->c)) : 0));
}

static void
put (float *dst, float value, gboolean adds)
{
  *dst = adds ? *dst + value : value;
}

/* One text: f · ((raw_t − raw_t-1) − (raw_t+1 − raw_t)), where there is such a step. */
static void
changes_backward (const SlActivityShape *s, float f, const float *raw, float *draw, gboolean adds)
{
  for (gsize t = 0; t < s->steps; t++)
    {
      const float *x = raw + t * s->c;
      const float *before = t > 0 ? x - s->c : x, *after = t + 1 < s->steps ? x + s->c : x;
      float *dx = draw + t * s->c;

#pragma omp simd
      for (gsize j = 0; j < s->c; j++)
        put (dx + j, f * ((x[j] - before[j]) - (after[j] - x[j])), adds);
    }
}

static void
squares_backward (gsize n, float f, const float *x, float *dx, gboolean adds)
{
#pragma omp simd
  for (gsize j = 0; j < n; j++)
    put (dx + j, f * x[j], adds);
}

static void
activity_backward (const SlActivityShape *s, float dloss, const float *dropped, const float *raw,
                   float *ddropped, gboolean dropped_adds, float *draw, gboolean raw_adds)
{
  gsize text = s->steps * s->c;
  float of_squares = (float)(2.0 * s->alpha * dloss / (double)(s->n * text));
  float of_changes = s->steps > 1 ? (float)(2.0 * s->beta * dloss / (double)(s->n * (text - s->c)))
                                  : 0;

#pragma omp parallel for schedule(static) num_threads(sl_team(s->n *text))
  for (gsize i = 0; i < s->n; i++)
    {
      if (ddropped != NULL)
        squares_backward (text, of_squares, dropped + i * text, ddropped + i * text, dropped_adds);
      if (draw != NULL)
        changes_backward (s, of_changes, raw + i * text, draw + i * text, raw_adds);
    }
}

void
SL_TUNED (fill_activity) (SlKernels *table)
{
  table->activity_forward = activity_forward;
  table->activity_backward = activity_backward;
}
