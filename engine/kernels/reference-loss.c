/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softmax cross-entropy with label smoothing e: the target is 1 - e + e/k at the true class and
 * e/k elsewhere (Szegedy et al. 2016). */
#include <math.h>

#include "kernels/reference.h"

static void
xent_forward (gsize n, gsize k, const float *logits, const gint32 *target, const float *weight,
              float smoothing, float *loss, float *losses, float *probabilities)
{
  double total = 0, weights = 0;

  for (gsize i = 0; i < n; i++)
    {
      const float *z = logits + i * k;
      double sum = 0, mean = 0, log_sum, top = z[0];

      for (gsize j = 1; j < k; j++)
        top = MAX (top, z[j]);
      for (gsize j = 0; j < k; j++)
        {
          sum += exp (z[j] - top);
          mean += (z[j] - top) / k;
        }
      log_sum = log (sum);
      for (gsize j = 0; j < k; j++)
        probabilities[i * k + j] = (float)exp (z[j] - top - log_sum);
      losses[i] = 0;
      if (weight[i] == 0)
        continue;
      losses[i] = (float)((1 - smoothing) * (log_sum - (z[target[i]] - top))
                          + smoothing * (log_sum - mean));
      total += (double)weight[i] * losses[i];
      weights += weight[i];
    }
  *loss = weights > 0 ? (float)(total / weights) : 0;
}

static void
xent_backward (gsize n, gsize k, const float *probabilities, const gint32 *target,
               const float *weight, float smoothing, float dloss, float *dlogits, gboolean adds)
{
  double weights = 0;

  for (gsize i = 0; i < n; i++)
    weights += weight[i];
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < k; j++)
      {
        double aim = smoothing / k, d = 0;

        if (weight[i] != 0)
          {
            aim += target[i] == (gint32)j ? 1 - smoothing : 0;
            d = dloss * weight[i] / weights * (probabilities[i * k + j] - aim);
          }
        sl_reference_put (dlogits + i * k + j, d, adds);
      }
}

void
sl_reference_fill_loss (SlKernels *table)
{
  table->xent_forward = xent_forward;
  table->xent_backward = xent_backward;
}
