/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softmax cross-entropy, vectorised along the classes. */
#include "kernels/tuned/functions.h"
#include "kernels/tuned/tuned.h"

/* Rows of an item that one thread takes at a time. */
#define BLOCK_ROWS ((gsize)256)

/* What a block of rows gives. */
typedef struct
{
  double sum;    /* of the losses */
  gsize counted; /* rows that are not void */
} Part;

static gsize
blocks_per_item (const SlXentShape *s)
{
  return sl_ceil_div (s->rows, BLOCK_ROWS);
}

static gsize
xent_scratch (const SlXentShape *s)
{
  return s->n * blocks_per_item (s) * sizeof (Part);
}

/* Probabilities of one row; *top = the largest z, *mean = mean of z - *top.  Returns
 * log Σ exp (z - *top). */
static inline double
softmax_row (gsize k, const float *restrict z, float *restrict p, float *top, double *mean)
{
  float most = z[0], scale;
  double sum = 0, total = 0;

#pragma omp simd reduction(max : most)
  for (gsize j = 1; j < k; j++)
    most = z[j] > most ? z[j] : most;
#pragma omp simd reduction(+ : sum, total)
  for (gsize j = 0; j < k; j++)
    {
      p[j] = sl_exp_negative (z[j] - most);
      sum += p[j];
      total += z[j] - most;
    }
  scale = (float)(1 / sum);
#pragma omp simd
  for (gsize j = 0; j < k; j++)
    p[j] *= scale;
  *top = most;
  *mean = total / k;
  return log (sum);
}

/* Rows @first … @end - 1, which are of one item; @counts: they have targets. */
static Part
block_loss (const SlXentShape *s, gsize first, gsize end, const float *logits, const gint32 *target,
            gboolean counts, float *probabilities)
{
  Part part = { 0, 0 };

  for (gsize row = first; row < end; row++)
    {
      const float *z = logits + row * s->k;
      float top;
      double mean, log_sum = softmax_row (s->k, z, probabilities + row * s->k, &top, &mean);

      if (!counts || target[row] == s->void_class)
        continue;
      part.sum += (1 - s->smoothing) * (log_sum - (z[target[row]] - top))
                  + s->smoothing * (log_sum - mean);
      part.counted++;
    }
  return part;
}

static void
xent_forward (const SlXentShape *s, const float *logits, const gint32 *target, const float *weight,
              float *loss, float *losses, float *probabilities, void *scratch)
{
  gsize per_item = blocks_per_item (s);
  double total = 0, weights = 0;
  Part *parts = scratch;
  int team = sl_team (8 * s->n * s->rows * s->k);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize b = 0; b < s->n * per_item; b++)
    {
      gsize item = b / per_item, at = b % per_item * BLOCK_ROWS;

      parts[b] = block_loss (s, item * s->rows + at,
                             item * s->rows + MIN (at + BLOCK_ROWS, s->rows), logits, target,
                             weight[item] != 0, probabilities);
    }
  for (gsize i = 0; i < s->n; i++)
    {
      Part whole = { 0, 0 };

      for (gsize b = i * per_item; b < (i + 1) * per_item; b++)
        {
          whole.sum += parts[b].sum;
          whole.counted += parts[b].counted;
        }
      losses[i] = whole.counted > 0 ? (float)(whole.sum / whole.counted) : 0;
      total += weight[i] * whole.sum;
      weights += (double)weight[i] * whole.counted;
    }
  *loss = weights > 0 ? (float)(total / weights) : 0;
}

/* Σ of the weights of all rows that count. */
static double
weight_of_rows (const SlXentShape *s, const gint32 *target, const float *weight)
{
  double weights = 0;

  for (gsize i = 0; i < s->n; i++)
    {
      gsize counted = s->rows;

      if (weight[i] == 0)
        continue;
      for (gsize row = i * s->rows; s->void_class >= 0 && row < (i + 1) * s->rows; row++)
        counted -= target[row] == s->void_class;
      weights += (double)weight[i] * counted;
    }
  return weights;
}

static void
xent_backward (const SlXentShape *s, const float *probabilities, const gint32 *target,
               const float *weight, float dloss, float *dlogits, gboolean adds)
{
  double weights = weight_of_rows (s, target, weight);
  float base = s->smoothing / s->k;
  int team = sl_team (s->n * s->rows * s->k);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < s->n * s->rows; row++)
    {
      const float *restrict p = probabilities + row * s->k;
      float *restrict d = dlogits + row * s->k, w = weight[row / s->rows], scale;

      if (!adds)
        memset (d, 0, s->k * sizeof (float));
      if (w == 0 || target[row] == s->void_class)
        continue;
      scale = (float)(dloss * w / weights);
      for (gsize j = 0; j < s->k; j++)
        d[j] += scale * (p[j] - base);
      d[target[row]] -= scale * (1 - s->smoothing);
    }
}

void
SL_TUNED (fill_loss) (SlKernels *table)
{
  table->xent_scratch = xent_scratch;
  table->xent_forward = xent_forward;
  table->xent_backward = xent_backward;
}
