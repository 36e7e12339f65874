/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softmax cross-entropy, vectorised along the classes. */
#include <math.h>

#include "kernels/tuned/tuned.h"

/* exp (x) for x ≤ 0 with a relative error below 3e-7: x = n·ln 2 + r, |r| ≤ ln 2 / 2, the Taylor
 * polynomial of degree 7 at r, times 2ⁿ through the exponent's bits.  Below -87 it stays at e⁻⁸⁷,
 * about 1e-38.  A NaN stays one. */
static inline float
exp_negative (float x)
{
  const float magic = 12582912.0f; /* 1.5·2²³: adding it rounds to an integer */
  float clamped = x < -87.0f ? -87.0f : x, shifted = clamped * 1.44269504f + magic;
  float n = shifted - magic, r, p, power;
  gint32 bits;

  r = clamped - n * 0.693145752f - n * 1.42860677e-6f;
  p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  memcpy (&bits, &shifted, sizeof bits);
  bits = (gint32)(((guint32)bits + 127u) << 23);
  memcpy (&power, &bits, sizeof power);
  return p * power;
}

/* Probabilities of one row; *log_sum = log Σ exp (z - *top), *mean = mean of z - *top. */
static void
softmax_row (gsize k, const float *restrict z, float *restrict p, double *top, double *log_sum,
             double *mean)
{
  float most = z[0], scale;
  double sum = 0, total = 0;

  for (gsize j = 1; j < k; j++)
    most = z[j] > most ? z[j] : most;
#pragma omp simd
  for (gsize j = 0; j < k; j++)
    p[j] = exp_negative (z[j] - most);
  for (gsize j = 0; j < k; j++)
    {
      sum += p[j];
      total += z[j] - most;
    }
  scale = (float)(1 / sum);
  for (gsize j = 0; j < k; j++)
    p[j] *= scale;
  *top = most;
  *log_sum = log (sum);
  *mean = total / k;
}

static void
xent_forward (gsize n, gsize k, const float *logits, const gint32 *target, const float *weight,
              float smoothing, float *loss, float *losses, float *probabilities)
{
  double total = 0, weights = 0;
  int team = sl_team (8 * n * k);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize i = 0; i < n; i++)
    {
      double top, log_sum, mean;

      softmax_row (k, logits + i * k, probabilities + i * k, &top, &log_sum, &mean);
      losses[i] = 0;
      if (weight[i] != 0)
        losses[i] = (float)((1 - smoothing) * (log_sum - (logits[i * k + target[i]] - top))
                            + smoothing * (log_sum - mean));
    }
  for (gsize i = 0; i < n; i++)
    {
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
  int team = sl_team (n * k);

  for (gsize i = 0; i < n; i++)
    weights += weight[i];
#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize i = 0; i < n; i++)
    {
      const float *restrict p = probabilities + i * k;
      float *restrict d = dlogits + i * k;
      float scale = weight[i] != 0 ? (float)(dloss * weight[i] / weights) : 0;
      float base = smoothing / k;

      if (!adds)
        memset (d, 0, k * sizeof (float));
      if (weight[i] == 0)
        continue;
      for (gsize j = 0; j < k; j++)
        d[j] += scale * (p[j] - base);
      d[target[i]] -= scale * (1 - smoothing);
    }
}

void
SL_TUNED (fill_loss) (SlKernels *table)
{
  table->xent_forward = xent_forward;
  table->xent_backward = xent_backward;
}
