/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed of the kernels on the layers of MobileNetV2, pictures of 224 pixels: milliseconds (best of
 * some runs), and for depthwise layers the GB/s that must move at least (what is read once, what is
 * written once), for pointwise ones these and the GFLOP/s.
 *
 *   bench-mobile [TABLE [BATCH [THREADS]]]    BATCH: 16 by default
 *
 * At the end, the sums over the network's layers. */
#include <stdio.h>
#include <stdlib.h>

#include <slope/parallel.h>

#include "kernels/kernels.h"

typedef struct
{
  guint size, c, k, stride, count; /* k 0: depthwise; size of the input */
} Layer;

static const Layer layers[] = {
  { 112, 32, 0, 1, 1 },   { 112, 96, 0, 2, 1 },  { 56, 144, 0, 1, 1 },  { 56, 144, 0, 2, 1 },
  { 28, 192, 0, 1, 2 },   { 28, 192, 0, 2, 1 },  { 14, 384, 0, 1, 4 },  { 14, 576, 0, 1, 2 },
  { 14, 576, 0, 2, 1 },   { 7, 960, 0, 1, 3 },   { 112, 32, 16, 1, 1 }, { 112, 16, 96, 1, 1 },
  { 56, 96, 24, 1, 1 },   { 56, 24, 144, 1, 2 }, { 56, 144, 24, 1, 1 }, { 28, 144, 32, 1, 1 },
  { 28, 32, 192, 1, 3 },  { 28, 192, 32, 1, 2 }, { 14, 192, 64, 1, 1 }, { 14, 64, 384, 1, 4 },
  { 14, 384, 64, 1, 3 },  { 14, 384, 96, 1, 1 }, { 14, 96, 576, 1, 3 }, { 14, 576, 96, 1, 2 },
  { 7, 576, 160, 1, 1 },  { 7, 160, 960, 1, 3 }, { 7, 960, 160, 1, 2 }, { 7, 960, 320, 1, 1 },
  { 7, 320, 1280, 1, 1 },
};

#define RUNS 7

static const SlKernels *kernels;

static float *
block (gsize n)
{
  float *b = g_aligned_alloc (n, sizeof (float), 64);
  guint32 state = 12345;

  for (gsize i = 0; i < n; i++)
    {
      state = state * 1664525u + 1013904223u;
      b[i] = (float)((state >> 8) / 16777216.0 - 0.5);
    }
  return b;
}

#define BEST_MS(out, call)                                              \
  do                                                                    \
    {                                                                   \
      out = G_MAXDOUBLE;                                                \
      for (int run_ = 0; run_ < RUNS; run_++)                           \
        {                                                               \
          gint64 start_ = g_get_monotonic_time ();                      \
          call;                                                         \
          out = MIN (out, (g_get_monotonic_time () - start_) / 1000.0); \
        }                                                               \
    }                                                                   \
  while (0)

/* Adds the layer's three times to @total. */
static void
bench_layer (const Layer *l, guint batch, double total[3])
{
  gboolean depthwise = l->k == 0;
  guint kernel = depthwise ? 3 : 1, pad = kernel / 2;
  guint o = (l->size + 2 * pad - kernel) / l->stride + 1, k = depthwise ? l->c : l->k;
  SlConvShape s = { batch, l->size, l->size, l->c, o, o, k, kernel, l->stride, pad };
  gsize n_x = s.n * s.h * s.w * s.c, n_y = s.n * o * o * k;
  gsize n_w = depthwise ? 9 * s.c : s.c * s.k;
  float *x = block (n_x), *y = block (n_y), *w = block (n_w), *dw = block (n_w);
  gsize bytes = depthwise ? kernels->depthwise_scratch (&s) : kernels->conv_scratch (&s);
  gpointer scratch = g_aligned_alloc (MAX (bytes, 1), 1, 64);
  double ms[3], flops = 2.0 * (double)n_y * kernel * kernel * (depthwise ? 1 : l->c);
  double moved = 4.0 * (double)(n_x + n_y);

  if (depthwise)
    {
      BEST_MS (ms[0], kernels->depthwise_forward (&s, x, w, y));
      BEST_MS (ms[1], kernels->depthwise_grad_data (&s, y, w, x, FALSE, scratch));
      BEST_MS (ms[2], kernels->depthwise_grad_weights (&s, x, y, dw, scratch));
      printf ("depthwise/%u %4u  ", l->stride, l->c);
    }
  else
    {
      BEST_MS (ms[0], kernels->conv_forward (&s, x, w, NULL, SL_ACTIVATION_NONE, y, scratch));
      BEST_MS (ms[1], kernels->conv_grad_data (&s, y, w, x, FALSE, scratch));
      BEST_MS (ms[2], kernels->conv_grad_weights (&s, x, y, dw, scratch));
      printf ("1x1 %4u-%-4u    ", l->c, l->k);
    }
  printf ("%4u px x%u", l->size, l->count);
  for (int i = 0; i < 3; i++)
    {
      printf ("  %s %6.2f ms %3.0f GB/s %3.0f GFLOP/s",
              i == 0   ? "forward"
              : i == 1 ? "data"
                       : "weights",
              ms[i], moved / ms[i] / 1e6, flops / ms[i] / 1e6);
      total[i] += l->count * ms[i];
    }
  printf ("\n");
  g_aligned_free (x);
  g_aligned_free (y);
  g_aligned_free (w);
  g_aligned_free (dw);
  g_aligned_free (scratch);
}

int
main (int argc, char **argv)
{
  guint batch = argc > 2 ? (guint)atoi (argv[2]) : 16;
  double depthwise[3] = { 0 }, pointwise[3] = { 0 };

  kernels = argc > 1 ? sl_kernels_named (argv[1]) : sl_kernels ();
  if (kernels == NULL || batch == 0)
    {
      fprintf (stderr, "usage: bench-mobile [TABLE [BATCH [THREADS]]]\n");
      return 2;
    }
  sl_parallel_set_threads (argc > 3 ? (guint)atoi (argv[3]) : 0);
  printf ("%s, %u threads, batch %u\n", kernels->name, sl_parallel_get_threads (), batch);
  for (gsize i = 0; i < G_N_ELEMENTS (layers); i++)
    bench_layer (&layers[i], batch, layers[i].k == 0 ? depthwise : pointwise);
  printf ("depthwise: forward %.0f ms, data %.0f ms, weights %.0f ms\n", depthwise[0], depthwise[1],
          depthwise[2]);
  printf ("1x1:       forward %.0f ms, data %.0f ms, weights %.0f ms\n", pointwise[0], pointwise[1],
          pointwise[2]);
  return 0;
}
