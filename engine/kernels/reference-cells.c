/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses of cells by themselves: yes or no (binary cross-entropy), and numbers (squared error). */
#include <math.h>

#include "kernels/reference.h"

static double
sigmoid (double x)
{
  return x < 0 ? exp (x) / (1 + exp (x)) : 1 / (1 + exp (-x));
}

/* The smoothed target. */
static double
aim (const SlCellsShape *s, float target)
{
  return target * (1 - (double)s->smoothing) + (double)s->smoothing / 2;
}

static void
binary_forward (const SlCellsShape *s, const float *logits, const float *target,
                const float *weight, float *loss, float *losses, float *probabilities)
{
  double total = 0, weights = 0;

  for (gsize i = 0; i < s->n; i++)
    {
      double sum = 0;

      for (gsize j = i * s->cells; j < (i + 1) * s->cells; j++)
        {
          double z = logits[j];

          probabilities[j] = (float)sigmoid (z);
          if (weight[i] != 0)
            sum += MAX (z, 0) - z * aim (s, target[j]) + log1p (exp (-fabs (z)));
        }
      losses[i] = (float)(sum / s->cells);
      total += weight[i] * sum / s->cells;
      weights += weight[i];
    }
  *loss = weights > 0 ? (float)(total / weights) : 0;
}

static void
binary_backward (const SlCellsShape *s, const float *probabilities, const float *target,
                 const float *weight, float dloss, float *dlogits, gboolean adds)
{
  double weights = 0;

  for (gsize i = 0; i < s->n; i++)
    weights += weight[i];
  for (gsize j = 0; j < s->n * s->cells; j++)
    {
      float w = weight[j / s->cells];
      double d = w != 0 ? dloss * w / weights / s->cells * (probabilities[j] - aim (s, target[j]))
                        : 0;

      sl_reference_put (dlogits + j, d, adds);
    }
}

/* How much of item @i counts. */
static double
share (const SlCellsShape *s, const float *target, const float *weight, gsize i)
{
  double sum = 0;

  for (gsize j = 0; weight[i] != 0 && j < s->cells; j++)
    sum += target[(2 * i + 1) * s->cells + j];
  return sum;
}

static void
squared_forward (const SlCellsShape *s, const float *x, const float *target, const float *weight,
                 float *loss, float *losses)
{
  double total = 0, weights = 0;

  for (gsize i = 0; i < s->n; i++)
    {
      const float *value = target + 2 * i * s->cells, *counts = value + s->cells;
      double sum = 0, all = share (s, target, weight, i);

      losses[i] = 0;
      if (all == 0)
        continue;
      for (gsize j = 0; j < s->cells; j++)
        {
          double e = counts[j] != 0 ? (double)x[i * s->cells + j] - value[j] : 0;

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
  for (gsize i = 0; i < s->n; i++)
    {
      const float *value = target + 2 * i * s->cells, *counts = value + s->cells;
      double all = share (s, target, weight, i);

      for (gsize j = 0; j < s->cells; j++)
        {
          gsize cell = i * s->cells + j;
          double d = 0;

          if (all != 0 && counts[j] != 0)
            d = dloss * weight[i] / weights / all * 2 * counts[j] * ((double)x[cell] - value[j]);
          sl_reference_put (dx + cell, d, adds);
        }
    }
}

static void
range_forward (gsize n, float low, float high, const float *x, float *y)
{
  for (gsize i = 0; i < n; i++)
    y[i] = (float)(low + ((double)high - low) * sigmoid (x[i]));
}

static void
range_backward (gsize n, float low, float high, const float *y, const float *dy, float *dx,
                gboolean adds)
{
  for (gsize i = 0; i < n; i++)
    sl_reference_put (
        dx + i, dy[i] * ((double)y[i] - low) * ((double)high - y[i]) / ((double)high - low), adds);
}

void
sl_reference_fill_cells (SlKernels *table)
{
  table->binary_forward = binary_forward;
  table->binary_backward = binary_backward;
  table->squared_forward = squared_forward;
  table->squared_backward = squared_backward;
  table->range_forward = range_forward;
  table->range_backward = range_backward;
}
