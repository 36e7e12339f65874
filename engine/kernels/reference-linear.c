/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear layer: y = act (x · w + bias). */
#include "kernels/reference.h"

static gsize
linear_scratch (gsize n, gsize in, gsize out)
{
  return 0;
}

static void
linear_forward (gsize n, gsize in, gsize out, const float *x, const float *w, const float *bias,
                gboolean relu, float *y, void *scratch)
{
  for (gsize r = 0; r < n; r++)
    for (gsize o = 0; o < out; o++)
      {
        double sum = bias != NULL ? bias[o] : 0;

        for (gsize i = 0; i < in; i++)
          sum += (double)x[r * in + i] * w[i * out + o];
        y[r * out + o] = relu && sum < 0 ? 0 : (float)sum;
      }
}

static void
linear_backward (gsize n, gsize in, gsize out, const float *x, const float *w, const float *y,
                 const float *dy, gboolean relu, float *dx, gboolean adds, float *dw, float *dbias,
                 void *scratch)
{
#define G(r, o) (relu && !(y[(r)*out + (o)] > 0) ? 0.0 : (double)dy[(r)*out + (o)])
  for (gsize r = 0; dx != NULL && r < n; r++)
    for (gsize i = 0; i < in; i++)
      {
        double sum = 0;

        for (gsize o = 0; o < out; o++)
          sum += G (r, o) * w[i * out + o];
        sl_reference_put (dx + r * in + i, sum, adds);
      }
  for (gsize o = 0; o < out; o++)
    {
      double sum = 0;

      for (gsize r = 0; r < n; r++)
        sum += G (r, o);
      if (dbias != NULL)
        sl_reference_put (dbias + o, sum, TRUE);
      for (gsize i = 0; dw != NULL && i < in; i++)
        {
          double dot = 0;

          for (gsize r = 0; r < n; r++)
            dot += G (r, o) * x[r * in + i];
          sl_reference_put (dw + i * out + o, dot, TRUE);
        }
    }
#undef G
}

void
sl_reference_fill_linear (SlKernels *table)
{
  table->linear_scratch = linear_scratch;
  table->linear_forward = linear_forward;
  table->linear_backward = linear_backward;
}
