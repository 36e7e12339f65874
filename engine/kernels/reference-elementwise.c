/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Element-wise kernels, dropout and the optimiser's step.  A NaN goes through every ReLU, so that
 * a run that has diverged is seen to have diverged. */
#include <math.h>

#include <slope/random.h>

#include "kernels/reference.h"

static void
relu_forward (gsize n, const float *x, float *y)
{
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] < 0 ? 0 : x[i];
}

static void
relu_backward (gsize n, const float *y, const float *dy, float *dx, gboolean adds)
{
  for (gsize i = 0; i < n; i++)
    sl_reference_put (dx + i, y[i] > 0 ? dy[i] : 0, adds);
}

static void
add_forward (gsize n, const float *a, const float *b, gboolean relu, float *y)
{
  for (gsize i = 0; i < n; i++)
    {
      float v = a[i] + b[i];

      y[i] = relu && v < 0 ? 0 : v;
    }
}

static void
accumulate (gsize n, const float *x, float *dst)
{
  for (gsize i = 0; i < n; i++)
    dst[i] += x[i];
}

/* Element @i is kept when its 32 random bits, as a fraction of 2³², reach @p. */
static gboolean
keeps (guint64 key, gsize i, float p)
{
  guint32 bits[4];

  sl_random_block (key, i / 4, bits);
  return bits[i % 4] >= (double)p * 4294967296.0;
}

static void
dropout_forward (gsize n, const float *x, float p, guint64 key, float *y)
{
  for (gsize i = 0; i < n; i++)
    y[i] = keeps (key, i, p) ? x[i] / (1 - p) : 0;
}

static void
dropout_backward (gsize n, const float *dy, float p, guint64 key, float *dx, gboolean adds)
{
  for (gsize i = 0; i < n; i++)
    sl_reference_put (dx + i, keeps (key, i, p) ? dy[i] / (1 - p) : 0, adds);
}

/* Loshchilov and Hutter 2019, "Decoupled weight decay regularization", in PyTorch's order. */
static void
adamw (gsize n, float *p, const float *g, float *m, float *v, float lr, float beta1, float beta2,
       float eps, float decay, float correction1, float correction2)
{
  for (gsize i = 0; i < n; i++)
    {
      double m1 = (double)beta1 * m[i] + (1 - (double)beta1) * g[i];
      double v1 = (double)beta2 * v[i] + (1 - (double)beta2) * g[i] * g[i];

      m[i] = (float)m1;
      v[i] = (float)v1;
      p[i] = (float)((double)p[i] * decay
                     - lr * (m1 / correction1) / (sqrt (v1 / correction2) + eps));
    }
}

static double
probe (gsize rounds, void *block)
{
  float *sum = block;

  for (gsize i = 0; i < rounds; i++)
    for (gsize k = 0; k < SL_PROBE_BYTES / sizeof (float) / 3; k++)
      sum[3 * k] += sum[3 * k + 1] * sum[3 * k + 2];
  return 2.0 * (double)(SL_PROBE_BYTES / sizeof (float) / 3) * (double)rounds;
}

void
sl_reference_fill_elementwise (SlKernels *table)
{
  table->probe = probe;
  table->relu_forward = relu_forward;
  table->relu_backward = relu_backward;
  table->add_forward = add_forward;
  table->accumulate = accumulate;
  table->dropout_forward = dropout_forward;
  table->dropout_backward = dropout_backward;
  table->adamw = adamw;
}
