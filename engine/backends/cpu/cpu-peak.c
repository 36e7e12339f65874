/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/parallel-private.h"
#include "kernels/kernels.h"
#include <slope/parallel.h>
#include <slope/peak.h>
#include <string.h>

#define TRIALS 8
#define TRIAL_US 15000
#define BLOCK_FLOATS ((gsize)16 << 20) /* 64 MiB: no cache holds it */

/* Operations a second of all threads in one trial. */
static double
try_flops (const SlKernels *kernels, gsize rounds, guint8 *blocks, gint64 *took_us)
{
  int threads = (int)sl_parallel_get_threads ();
  gint64 start = g_get_monotonic_time ();
  double done = 0;

#pragma omp parallel for num_threads(threads) schedule(static, 1) reduction(+ : done)
  for (int i = 0; i < threads; i++)
    done += kernels->probe (rounds, blocks + (gsize)i * SL_PROBE_BYTES);
  *took_us = MAX (g_get_monotonic_time () - start, 1);
  return done / (double)*took_us * G_USEC_PER_SEC;
}

static double
measure_flops (const SlKernels *kernels)
{
  gsize bytes = sl_parallel_get_threads () * SL_PROBE_BYTES, rounds = 64;
  guint8 *blocks = g_aligned_alloc0 (bytes, 1, 64);
  double best = 0;
  gint64 took_us = 0;

  for (; took_us < TRIAL_US; rounds *= 2)
    best = try_flops (kernels, rounds, blocks, &took_us);
  for (guint i = 0; i < TRIALS; i++)
    best = MAX (best, try_flops (kernels, rounds, blocks, &took_us));
  g_aligned_free (blocks);
  return best;
}

static double
measure_bytes (const SlKernels *kernels)
{
  float *a = g_aligned_alloc0 (3 * BLOCK_FLOATS, sizeof (float), 64);
  float *b = a + BLOCK_FLOATS, *sum = b + BLOCK_FLOATS;
  double best = 0;

  memset (a, 1, 3 * BLOCK_FLOATS * sizeof (float)); /* pages of their own, not the zero page */
  for (guint i = 0; i < TRIALS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      kernels->add_forward (BLOCK_FLOATS, a, b, FALSE, sum);
      best = MAX (best, 3.0 * BLOCK_FLOATS * sizeof (float) * G_USEC_PER_SEC
                            / (double)MAX (g_get_monotonic_time () - start, 1));
    }
  g_aligned_free (a);
  return best;
}

void
sl_measure_peak (SlPeak *peak)
{
  const SlKernels *kernels = sl_kernels ();

  g_return_if_fail (peak != NULL);
  sl_parallel_pin ();
  *peak = (SlPeak){ kernels->name, measure_flops (kernels), measure_bytes (kernels) };
  sl_parallel_unpin ();
}
