/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batch norm (Ioffe and Szegedy 2015): y = act (weight · (x - mean) / sqrt (var + eps) + bias
 * + residual), statistics over the rows, one channel at a time. */
#include "kernels/activation.h"
#include "kernels/reference.h"

static gsize
norm_scratch (gsize rows, gsize c)
{
  return 0;
}

/* y = act (x · scale + shift + residual) for channel @i. */
static void
apply (gsize rows, gsize c, gsize i, const float *x, const float *residual, double scale,
       double shift, SlActivation activation, float *y)
{
  float floor = sl_activation_floor (activation), ceiling = sl_activation_ceiling (activation);

  for (gsize r = 0; r < rows; r++)
    {
      double v = x[r * c + i] * scale + shift + (residual != NULL ? residual[r * c + i] : 0);

      y[r * c + i] = v < floor ? floor : v > ceiling ? ceiling : (float)v;
    }
}

static void
norm_again (gsize rows, gsize c, const float *x, const float *residual, const float *weight,
            const float *bias, SlActivation activation, const float *saved_mean,
            const float *saved_invstd, float *y, void *scratch)
{
  for (gsize i = 0; i < c; i++)
    {
      double scale = (double)weight[i] * saved_invstd[i];

      apply (rows, c, i, x, residual, scale, bias[i] - saved_mean[i] * scale, activation, y);
    }
}

static void
norm_forward_train (gsize rows, gsize c, const float *x, const float *residual, const float *weight,
                    const float *bias, float eps, float momentum, SlActivation activation,
                    float *running_mean, float *running_var, float *saved_mean, float *saved_invstd,
                    float *y, void *scratch)
{
  for (gsize i = 0; i < c; i++)
    {
      double mean = 0, var = 0, invstd;

      for (gsize r = 0; r < rows; r++)
        mean += x[r * c + i];
      mean /= rows;
      for (gsize r = 0; r < rows; r++)
        var += (x[r * c + i] - mean) * (x[r * c + i] - mean);
      var /= rows;
      invstd = 1 / sqrt (var + eps);
      saved_mean[i] = (float)mean;
      saved_invstd[i] = (float)invstd;
      running_mean[i] += momentum * ((float)mean - running_mean[i]);
      running_var[i] += momentum * ((float)(var * rows / MAX (rows - 1, 1)) - running_var[i]);
    }
  norm_again (rows, c, x, residual, weight, bias, activation, saved_mean, saved_invstd, y, scratch);
}

static void
norm_forward_eval (gsize rows, gsize c, const float *x, const float *residual, const float *weight,
                   const float *bias, float eps, SlActivation activation, const float *running_mean,
                   const float *running_var, float *y, void *scratch)
{
  for (gsize i = 0; i < c; i++)
    {
      double scale = weight[i] / sqrt ((double)running_var[i] + eps);

      apply (rows, c, i, x, residual, scale, bias[i] - running_mean[i] * scale, activation, y);
    }
}

/* With g the gradient behind the activation and h = (x - mean)·invstd:
 * dbias = Σg, dweight = Σg·h, dx = weight·invstd·(g - dbias/rows - h·dweight/rows). */
static void
norm_backward (gsize rows, gsize c, const float *x, const float *y, const float *dy,
               const float *weight, const float *saved_mean, const float *saved_invstd,
               SlActivation activation, float *dx, gboolean dx_adds, float *dresidual,
               gboolean dresidual_adds, float *dweight, float *dbias, void *scratch)
{
  for (gsize i = 0; i < c; i++)
    {
      double mean = saved_mean[i], invstd = saved_invstd[i], sum = 0, dot = 0;

      for (gsize r = 0; r < rows; r++)
        {
          double g = sl_activation_passes (activation, y[r * c + i]) ? dy[r * c + i] : 0;

          sum += g;
          dot += g * (x[r * c + i] - mean) * invstd;
        }
      sl_reference_put (dweight + i, dot, TRUE);
      sl_reference_put (dbias + i, sum, TRUE);
      for (gsize r = 0; r < rows; r++)
        {
          double g = sl_activation_passes (activation, y[r * c + i]) ? dy[r * c + i] : 0;
          double h = (x[r * c + i] - mean) * invstd;

          if (dresidual != NULL)
            sl_reference_put (dresidual + r * c + i, g, dresidual_adds);
          if (dx != NULL)
            sl_reference_put (dx + r * c + i, weight[i] * invstd * (g - (sum + h * dot) / rows),
                              dx_adds);
        }
    }
}

static void
norm_backward_eval (gsize rows, gsize c, const float *y, const float *dy, const float *weight,
                    float eps, SlActivation activation, const float *running_var, float *dx,
                    gboolean dx_adds, float *dresidual, gboolean dresidual_adds, void *scratch)
{
  for (gsize r = 0; r < rows; r++)
    for (gsize i = 0; i < c; i++)
      {
        double g = sl_activation_passes (activation, y[r * c + i]) ? dy[r * c + i] : 0;

        if (dresidual != NULL)
          sl_reference_put (dresidual + r * c + i, g, dresidual_adds);
        if (dx != NULL)
          sl_reference_put (dx + r * c + i, g * weight[i] / sqrt ((double)running_var[i] + eps),
                            dx_adds);
      }
}

void
sl_reference_fill_norm (SlKernels *table)
{
  table->norm_scratch = norm_scratch;
  table->norm_forward_train = norm_forward_train;
  table->norm_again = norm_again;
  table->norm_forward_eval = norm_forward_eval;
  table->norm_backward = norm_backward;
  table->norm_backward_eval = norm_backward_eval;
}
