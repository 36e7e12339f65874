/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Depthwise convolution: every tuned table against the reference, whose sums are double.  The
 * bounds are normalised errors: at most 49 products for a pixel, and some thousands for a weight. */
#include "kernel-check.h"

#define PIXEL_BOUND 3e-7
#define WEIGHT_BOUND 1e-6

typedef struct
{
  const char *name;
  gsize n, h, w, c;
  guint kernel, stride, pad;
} Case;

static const Case cases[] = {
  { "one-pixel", 1, 1, 1, 1, 3, 1, 1 },
  { "one-pixel-strided", 2, 1, 1, 33, 3, 2, 1 },
  { "one-column", 2, 6, 1, 17, 3, 1, 1 },
  { "one-row", 1, 1, 9, 16, 3, 1, 1 },
  { "narrow", 3, 5, 4, 7, 3, 1, 1 },
  { "mobilenet-32", 2, 14, 15, 32, 3, 1, 1 },
  { "mobilenet-96-stride-2", 2, 15, 18, 96, 3, 2, 1 },
  { "mobilenet-144-odd", 1, 7, 7, 144, 3, 2, 1 },
  { "odd-channels", 2, 11, 21, 37, 3, 1, 1 },
  { "odd-channels-stride-2", 2, 12, 23, 13, 3, 2, 1 },
  { "unpadded", 1, 8, 13, 24, 3, 1, 0 },
  { "unpadded-stride-2", 1, 9, 20, 18, 3, 2, 0 },
  { "pad-2", 1, 5, 6, 20, 3, 1, 2 },
  { "stride-3", 2, 13, 11, 9, 3, 3, 1 },
  { "5x5", 1, 9, 8, 19, 5, 1, 2 },
  { "5x5-stride-2", 2, 10, 9, 16, 5, 2, 2 },
  { "7x7", 1, 10, 11, 5, 7, 1, 3 },
  { "2x2", 2, 6, 7, 11, 2, 2, 0 },
  { "pointwise", 2, 4, 5, 21, 1, 1, 0 },
  { "threads", 4, 48, 40, 48, 3, 1, 1 },
  { "threads-stride-2", 4, 48, 40, 48, 3, 2, 1 },
};

#define N_RESULTS 4

static void
run (const SlKernels *kernels, gconstpointer data, Buffer *out)
{
  const Case *t = data;
  SlConvShape s = { t->n,
                    t->h,
                    t->w,
                    t->c,
                    (t->h + 2 * t->pad - t->kernel) / t->stride + 1,
                    (t->w + 2 * t->pad - t->kernel) / t->stride + 1,
                    t->c,
                    t->kernel,
                    t->stride,
                    t->pad };
  gsize n_x = s.n * s.h * s.w * s.c, n_y = s.n * s.oh * s.ow * s.c, n_w = s.kernel * s.kernel * s.c;
  gsize floats = (kernels->depthwise_scratch (&s) + 3) / 4;
  Buffer x = buffer_random (n_x, 1), w = buffer_random (n_w, 2), dy = buffer_random (n_y, 3);
  Buffer scratch[3] = { buffer_new (floats), buffer_new (floats), buffer_new (floats) };

  out[0] = buffer_new (n_y);
  out[1] = buffer_new (n_x);
  out[2] = buffer_random (n_x, 4);
  out[3] = buffer_random (n_w, 5);
  kernels->depthwise_forward (&s, x.data, w.data, out[0].data);
  kernels->depthwise_grad_data (&s, dy.data, w.data, out[1].data, FALSE, scratch[0].data);
  kernels->depthwise_grad_data (&s, dy.data, w.data, out[2].data, TRUE, scratch[1].data);
  kernels->depthwise_grad_weights (&s, x.data, dy.data, out[3].data, scratch[2].data);
  for (gsize i = 0; i < G_N_ELEMENTS (scratch); i++)
    buffer_free (&scratch[i]);
  buffer_free (&x);
  buffer_free (&w);
  buffer_free (&dy);
}

static double
bound (gsize i)
{
  return i < 3 ? PIXEL_BOUND : WEIGHT_BOUND;
}

static void
check_table (const SlKernels *kernels, gconstpointer data)
{
  static const Comparison what = { N_RESULTS, run, bound };

  compare_table (&what, kernels, data, ((const Case *)data)->name);
}

static void
test_case (gconstpointer data)
{
  for_each_table (check_table, data);
}

/* Two channels of a row of three pixels; the second channel's kernel looks to the left alone. */
static void
check_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const SlConvShape s = { 1, 1, 3, 2, 1, 3, 2, 3, 1, 1 };
  const float x[] = { 1, 10, 2, 20, 3, 30 }, dy[] = { 1, 1, 0, 2, 0, 4 };
  float w[18] = { 0 }, y[6], dx[6], dw[18] = { 0 };
  g_autofree float *scratch = g_malloc (kernels->depthwise_scratch (&s) + sizeof (float));

  w[6] = 5; /* middle row: left, centre, right */
  w[8] = 7;
  w[10] = 9;
  w[7] = 1;
  kernels->depthwise_forward (&s, x, w, y);
  g_assert_cmpmem (y, sizeof y, ((float[]){ 25, 0, 46, 10, 31, 20 }), sizeof y);
  kernels->depthwise_grad_data (&s, dy, w, dx, FALSE, scratch);
  g_assert_cmpmem (dx, sizeof dx, ((float[]){ 7, 2, 9, 4, 0, 0 }), sizeof dx);
  kernels->depthwise_grad_weights (&s, x, dy, dw, scratch);
  g_assert_cmpmem (dw + 6, 6 * sizeof (float), ((float[]){ 0, 100, 1, 170, 2, 80 }),
                   6 * sizeof (float));
  for (gsize i = 0; i < 18; i++)
    g_assert_true (dw[i] == 0 || (i >= 6 && i < 12)); /* no picture above or below */
}

static void
test_by_hand (void)
{
  check_by_hand (sl_kernels_reference (), NULL);
  for_each_table (check_by_hand, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/depthwise/by-hand", test_by_hand);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kernels/depthwise/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
