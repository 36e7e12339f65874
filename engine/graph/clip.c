/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradient clipping by the norm of all gradients together (Pascanu et al. 2013), as PyTorch's
 * clip_grad_norm_ does it. */
#include "graph/params-private.h"
#include <slope/optim.h>
#include <slope/parallel.h>
#include <math.h>

#define CHUNK 16384 /* elements whose squares are added up on one thread */

static double
sum_chunk (const float *values, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double)values[i] * values[i];
  return sum;
}

/* Chunks are added up by themselves and in turn: the same sum on any number of threads. */
static double
sum_squares (const float *values, gsize n)
{
  gsize n_chunks = (n + CHUNK - 1) / CHUNK;
  g_autofree double *sums = g_new (double, MAX (n_chunks, 1));
  double sum = 0;

#pragma omp parallel for num_threads(sl_parallel_get_threads()) schedule(static)
  for (gsize i = 0; i < n_chunks; i++)
    sums[i] = sum_chunk (values + i * CHUNK, MIN (n - i * CHUNK, CHUNK));
  for (gsize i = 0; i < n_chunks; i++)
    sum += sums[i];
  return sum;
}

static void
scale (float *values, gsize n, float factor)
{
#pragma omp parallel for num_threads(sl_parallel_get_threads()) schedule(static)
  for (gsize i = 0; i < n; i++)
    values[i] *= factor;
}

double
sl_params_clip_grads (SlParams *params, double most)
{
  double norm = 0;

  g_return_val_if_fail (params != NULL && most > 0, 0);
  for (guint i = 0; i < params->ranges->len; i++)
    {
      const SlParamRange *range = &g_array_index (params->ranges, SlParamRange, i);

      norm += sum_squares (sl_params_grads (params) + range->offset, range->n);
    }
  norm = sqrt (norm);
  for (guint i = 0; norm > most && i < params->ranges->len; i++)
    {
      const SlParamRange *range = &g_array_index (params->ranges, SlParamRange, i);

      scale (sl_params_grads (params) + range->offset, range->n, (float)(most / norm));
    }
  return norm;
}
