/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/mixup.h"
#include <slope/parallel.h>
#include <math.h>
#include <string.h>

/* Gamma (shape, 1): Marsaglia and Tsang 2000, "A simple method for generating gamma variables";
 * shapes below 1 by their boost. */
static double
random_gamma (SlRandom *random, double shape)
{
  double boost = 1, d, c;

  if (shape < 1)
    {
      boost = pow (1.0 - sl_random_uniform (random, 0, 1), 1 / shape);
      shape += 1;
    }
  d = shape - 1.0 / 3.0;
  c = 1 / sqrt (9 * d);
  for (;;)
    {
      double x = sl_random_normal (random);
      double v = pow (1 + c * x, 3);
      double u = 1.0 - sl_random_uniform (random, 0, 1);

      if (v > 0 && log (u) < 0.5 * x * x + d - d * v + d * log (v))
        return boost * d * v;
    }
}

double
sl_random_beta (SlRandom *random, double alpha)
{
  double a = random_gamma (random, alpha), b = random_gamma (random, alpha);

  if (a + b > 0)
    return a / (a + b);
  return sl_random_below (random, 2) == 0 ? 0 : 1; /* both too small: the limit for small alpha */
}

void
sl_mixup_draw (SlMixup *self, gsize batch, double alpha, guint64 key)
{
  SlRandom random;

  self->partner = g_new (guint32, batch);
  self->share = g_new (float, batch);
  sl_random_init (&random, key);
  for (guint32 i = 0; i < batch; i++)
    self->partner[i] = i;
  sl_random_shuffle (&random, self->partner, batch);
  for (gsize i = 0; i < batch; i++)
    {
      double share = sl_random_beta (&random, alpha);

      self->share[i] = (float)MAX (share, 1 - share);
    }
}

void
sl_mixup_clear (SlMixup *self)
{
  g_clear_pointer (&self->partner, g_free);
  g_clear_pointer (&self->share, g_free);
}

static void
mix_row (const float *own, const float *other, float share, float *out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = share * own[i] + (1 - share) * other[i];
}

void
sl_mixup_apply (const SlMixup *self, const SlBatch *batch, float *pictures, gpointer targets,
                float *weights)
{
  gsize n = sl_tensor_get_shape (batch->pictures).dim[0];
  gsize row = sl_shape_n_elements (sl_tensor_get_shape (batch->pictures)) / n;
  gsize target_bytes = sl_tensor_get_bytes (batch->targets), target_row = target_bytes / n;
  const guint8 *own = sl_tensor_get_data (batch->targets);
  const float *from = sl_tensor_f32 (batch->pictures);
  const float *own_weights = sl_tensor_f32 (batch->weights);

  memcpy (targets, own, target_bytes);
#pragma omp parallel for num_threads(sl_parallel_get_threads()) schedule(static)
  for (gsize i = 0; i < n; i++)
    {
      gsize j = self->partner[i];

      mix_row (from + i * row, from + j * row, self->share[i], pictures + i * row, row);
      memcpy ((guint8 *)targets + target_bytes + i * target_row, own + j * target_row, target_row);
      weights[i] = own_weights[i] * self->share[i];
      weights[n + i] = own_weights[j] * (1 - self->share[i]);
    }
}
