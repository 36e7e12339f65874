/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softmax cross-entropy with label smoothing e: the target is 1 - e + e/k at the true class and
 * e/k elsewhere (Szegedy et al. 2016). */
#include <math.h>

#include "kernels/reference.h"

static gsize
xent_scratch (const SlXentShape *s)
{
  return 0;
}

/* Probabilities of row @z, and its log Σ exp. */
static double
softmax (gsize k, const float *z, float *p)
{
  double sum = 0, top = z[0];

  for (gsize j = 1; j < k; j++)
    top = MAX (top, z[j]);
  for (gsize j = 0; j < k; j++)
    sum += exp (z[j] - top);
  for (gsize j = 0; j < k; j++)
    p[j] = (float)exp (z[j] - top - log (sum));
  return top + log (sum);
}

static double
row_loss (const SlXentShape *s, const float *z, double log_sum, gint32 target)
{
  double mean = 0;

  for (gsize j = 0; j < s->k; j++)
    mean += (double)z[j] / s->k;
  return (1 - s->smoothing) * (log_sum - z[target]) + s->smoothing * (log_sum - mean);
}

static void
xent_forward (const SlXentShape *s, const float *logits, const gint32 *target, const float *weight,
              float *loss, float *losses, float *probabilities, void *scratch)
{
  double total = 0, weights = 0;

  for (gsize i = 0; i < s->n; i++)
    {
      double sum = 0;
      gsize counted = 0;

      for (gsize row = i * s->rows; row < (i + 1) * s->rows; row++)
        {
          const float *z = logits + row * s->k;
          double log_sum = softmax (s->k, z, probabilities + row * s->k);

          if (weight[i] == 0 || target[row] == s->void_class)
            continue;
          sum += row_loss (s, z, log_sum, target[row]);
          counted++;
        }
      losses[i] = counted > 0 ? (float)(sum / counted) : 0;
      total += weight[i] * sum;
      weights += (double)weight[i] * counted;
    }
  *loss = weights > 0 ? (float)(total / weights) : 0;
}

static void
xent_backward (const SlXentShape *s, const float *probabilities, const gint32 *target,
               const float *weight, float dloss, float *dlogits, gboolean adds)
{
  double weights = 0;

  for (gsize row = 0; row < s->n * s->rows; row++)
    if (weight[row / s->rows] != 0 && target[row] != s->void_class)
      weights += weight[row / s->rows];
  for (gsize row = 0; row < s->n * s->rows; row++)
    for (gsize j = 0; j < s->k; j++)
      {
        float w = weight[row / s->rows];
        double aim = s->smoothing / s->k, d = 0;

        if (w != 0 && target[row] != s->void_class)
          {
            aim += target[row] == (gint32)j ? 1 - s->smoothing : 0;
            d = dloss * w / weights * (probabilities[row * s->k + j] - aim);
          }
        sl_reference_put (dlogits + row * s->k + j, d, adds);
      }
}

void
sl_reference_fill_loss (SlKernels *table)
{
  table->xent_scratch = xent_scratch;
  table->xent_forward = xent_forward;
  table->xent_backward = xent_backward;
}
