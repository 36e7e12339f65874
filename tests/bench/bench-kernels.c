/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed of the kernels on the layers of ResNet-34, batch 32: milliseconds (best of some runs) and
 * effective GFLOP/s (those of the direct convolution) or GB/s (those that must move at least).
 *
 *   bench-kernels [SET [SIZE [THREADS [bf16]]]]    SIZE: 64 or 128 pixels, 128 by default
 *
 * At the end, the sum over the network's layers: what a training step spends in kernels. */
#include <stdio.h>
#include <stdlib.h>

#include <slope/parallel.h>

#include "kernels/kernels.h"

typedef struct
{
  const char *name;
  guint size;                        /* of the input, for pictures of 128 pixels */
  guint c, k, kernel, stride, count; /* count: how often ResNet-34 has it */
} Layer;

static const Layer layers[] = {
  { "stem 7x7/2", 128, 3, 64, 7, 2, 1 },      { "3x3 64", 32, 64, 64, 3, 1, 6 },
  { "3x3/2 64-128", 32, 64, 128, 3, 2, 1 },   { "1x1/2 64-128", 32, 64, 128, 1, 2, 1 },
  { "3x3 128", 16, 128, 128, 3, 1, 7 },       { "3x3/2 128-256", 16, 128, 256, 3, 2, 1 },
  { "1x1/2 128-256", 16, 128, 256, 1, 2, 1 }, { "3x3 256", 8, 256, 256, 3, 1, 11 },
  { "3x3/2 256-512", 8, 256, 512, 3, 2, 1 },  { "1x1/2 256-512", 8, 256, 512, 1, 2, 1 },
  { "3x3 512", 4, 512, 512, 3, 1, 5 },
};

/* Batch norms by (size, channels): how many of them with and without a residual. */
static const struct
{
  guint size, c, plain, residual;
} norms[] = {
  { 64, 64, 1, 0 }, { 32, 64, 3, 3 }, { 16, 128, 5, 4 }, { 8, 256, 7, 6 }, { 4, 512, 4, 3 },
};

#define BATCH 32
#define RUNS 7

static const SlKernels *kernels;
static double total_ms;

static float *
block (gsize n, double scale)
{
  float *b = g_aligned_alloc (n, sizeof (float), 64);
  guint32 state = 12345;

  for (gsize i = 0; i < n; i++)
    {
      state = state * 1664525u + 1013904223u;
      b[i] = (float)((state >> 8) / 16777216.0 - 0.5) * (float)scale;
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

static void
bench_layer (const Layer *l, guint size)
{
  guint h = l->size * size / 128, pad = l->kernel / 2,
        o = (h + 2 * pad - l->kernel) / l->stride + 1;
  SlConvShape s = { BATCH, h, h, l->c, o, o, l->k, l->kernel, l->stride, pad };
  gsize n_x = s.n * h * h * s.c, n_y = s.n * o * o * s.k, n_w = s.kernel * s.kernel * s.c * s.k;
  float *x = block (n_x, 1), *y = block (n_y, 1), *w = block (n_w, 0.1), *dw = block (n_w, 1);
  gpointer scratch = g_aligned_alloc (kernels->conv_scratch (&s), 1, 64);
  double flops = 2.0 * n_w * s.n * o * o, forward, data, weights;

  BEST_MS (forward, kernels->conv_forward (&s, x, w, NULL, SL_ACTIVATION_NONE, y, scratch));
  BEST_MS (data, kernels->conv_grad_data (&s, y, w, x, FALSE, scratch));
  BEST_MS (weights, kernels->conv_grad_weights (&s, x, y, dw, scratch));
  printf ("%-15s %3u px  forward %7.2f ms %4.0f GFLOP/s  data %7.2f ms %4.0f  "
          "weights %7.2f ms %4.0f  scratch %5.1f MiB  x%u\n",
          l->name, h, forward, flops / forward / 1e6, data, flops / data / 1e6, weights,
          flops / weights / 1e6, kernels->conv_scratch (&s) / 1048576.0, l->count);
  total_ms += l->count * (forward + (l->c > 3 ? data : 0) + weights);
  g_aligned_free (x);
  g_aligned_free (y);
  g_aligned_free (w);
  g_aligned_free (dw);
  g_aligned_free (scratch);
}

static void
bench_norm (guint h, guint c, guint plain, guint residual)
{
  gsize rows = (gsize)BATCH * h * h, n = rows * c;
  float *x = block (n, 1), *y = block (n, 1), *dy = block (n, 1), *r = block (n, 1);
  float *p = block (8 * c, 1);
  gpointer scratch = g_aligned_alloc (kernels->norm_scratch (rows, c), 1, 64);
  double forward[2], backward[2], frozen;

  for (int i = 0; i < 2; i++)
    {
      BEST_MS (forward[i], kernels->norm_forward_train (
                               rows, c, x, i ? r : NULL, p, p + c, 1e-5f, 0.1f, SL_ACTIVATION_RELU,
                               p + 2 * c, p + 3 * c, p + 4 * c, p + 5 * c, y, scratch));
      BEST_MS (backward[i], kernels->norm_backward (rows, c, x, y, dy, p, p + 4 * c, p + 5 * c,
                                                    SL_ACTIVATION_RELU, dy, FALSE, i ? r : NULL,
                                                    FALSE, p + 6 * c, p + 7 * c, scratch));
    }
  BEST_MS (frozen, kernels->norm_backward_eval (rows, c, y, dy, p, 1e-5f, SL_ACTIVATION_RELU, p, dy,
                                                FALSE, NULL, FALSE, scratch));
  printf ("norm %3u px %3u   forward %6.2f ms %3.0f GB/s  with residual %6.2f %3.0f  "
          "backward %6.2f %3.0f  with residual %6.2f %3.0f  frozen %6.2f %3.0f\n",
          h, c, forward[0], n * 12 / forward[0] / 1e6, forward[1], n * 16 / forward[1] / 1e6,
          backward[0], n * 28 / backward[0] / 1e6, backward[1], n * 32 / backward[1] / 1e6, frozen,
          n * 12 / frozen / 1e6);
  total_ms += plain * (forward[0] + backward[0]) + residual * (forward[1] + backward[1]);
  g_aligned_free (x);
  g_aligned_free (y);
  g_aligned_free (dy);
  g_aligned_free (r);
  g_aligned_free (p);
  g_aligned_free (scratch);
}

static void
bench_rest (guint size)
{
  SlPoolShape s = { BATCH, size / 2, size / 2, 64, size / 4, size / 4, 3, 2, 1 };
  gsize n = s.n * s.h * s.w * s.c, n_params = 21800000;
  float *x = block (n, 1), *y = block (n, 1), *p = block (n_params, 1), *g = block (n_params, 1);
  float *m = block (n_params, 0), *v = block (n_params, 0);
  guint8 *argmax = g_malloc (n);
  double forward, backward, add, step;

  BEST_MS (forward, kernels->max_pool_forward (&s, x, y, argmax));
  BEST_MS (backward, kernels->max_pool_backward (&s, y, argmax, x, FALSE));
  BEST_MS (add, kernels->add_forward (n, x, y, TRUE, y));
  BEST_MS (step, kernels->adamw (n_params, p, g, m, v, 1e-3f, 0.9f, 0.99f, 1e-8f, 1, 0.1f, 0.01f));
  printf ("max pool        forward %6.2f ms  backward %6.2f ms\n", forward, backward);
  printf ("add             %6.2f ms %3.0f GB/s\n", add, n * 12 / add / 1e6);
  printf ("adamw           %6.2f ms %3.0f GB/s (21.8 M parameters)\n", step,
          n_params * 28 / step / 1e6);
  total_ms += forward + backward + step;
  g_aligned_free (x);
  g_aligned_free (y);
  g_aligned_free (p);
  g_aligned_free (g);
  g_aligned_free (m);
  g_aligned_free (v);
  g_free (argmax);
}

int
main (int argc, char **argv)
{
  guint size = argc > 2 ? (guint)atoi (argv[2]) : 128;

  if (argc > 4 && g_str_equal (argv[4], "bf16"))
    kernels = sl_kernels_bf16_named (argv[1]);
  else
    kernels = argc > 1 ? sl_kernels_named (argv[1]) : sl_kernels ();
  if (kernels == NULL || size % 32 != 0 || size == 0)
    {
      fprintf (stderr, "usage: bench-kernels [SET [SIZE [THREADS [bf16]]]]\n");
      return 2;
    }
  sl_parallel_set_threads (argc > 3 ? (guint)atoi (argv[3]) : 0);
  printf ("%s, %u threads\n", kernels->name, sl_parallel_get_threads ());
  for (gsize i = 0; i < G_N_ELEMENTS (layers); i++)
    bench_layer (&layers[i], size);
  for (gsize i = 0; i < G_N_ELEMENTS (norms); i++)
    bench_norm (norms[i].size * size / 128, norms[i].c, norms[i].plain, norms[i].residual);
  bench_rest (size);
  printf ("resnet34:32:%u kernels %.0f ms\n", size, total_ms);
  return 0;
}
