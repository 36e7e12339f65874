/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resizing and pixel shuffle: copies are exact, sums of gradients to rounding. */
#include "kernel-check.h"

#define SUM_BOUND 1e-6

static const SlResizeShape cases[] = {
  { 1, 1, 1, 1, 1, 1, 1 },       { 2, 6, 9, 13, 12, 18, 13 },   { 2, 15, 22, 127, 15, 22, 127 },
  { 1, 7, 5, 24, 10, 3, 29 },    { 1, 13, 12, 7, 26, 24, 23 },  { 3, 3, 4, 3, 17, 11, 3 },
  { 1, 9, 8, 16, 2, 5, 16 },     { 2, 40, 40, 24, 80, 80, 32 }, { 1, 5, 7, 8, 5, 14, 9 },
  { 1, 12, 16, 64, 13, 17, 96 },
};

#define N_RESULTS 6

static void
run (const SlKernels *kernels, gconstpointer data, Buffer *out)
{
  const SlResizeShape *s = data;
  gsize n_x = s->n * s->h * s->w * s->c, pixels = s->n * s->oh * s->ow, room = s->y_step - s->c;
  Buffer x = buffer_random (n_x, 1), dy = buffer_random (pixels * s->y_step - room, 2);
  Buffer wide = buffer_random (4 * n_x, 3);

  out[0] = buffer_random (dy.n, 4); /* between the pixels: another's channels */
  out[1] = buffer_new (n_x);
  out[2] = buffer_random (n_x, 5);
  out[3] = buffer_new (4 * n_x);
  out[4] = buffer_new (4 * n_x);
  out[5] = buffer_random (4 * n_x, 6);
  kernels->resize_forward (s, x.data, out[0].data);
  kernels->resize_backward (s, dy.data, out[1].data, FALSE);
  kernels->resize_backward (s, dy.data, out[2].data, TRUE);
  kernels->shuffle_forward (s->n, s->h, s->w, s->c, wide.data, out[3].data);
  kernels->shuffle_backward (s->n, s->h, s->w, s->c, wide.data, out[4].data, FALSE);
  kernels->shuffle_backward (s->n, s->h, s->w, s->c, wide.data, out[5].data, TRUE);
  buffer_free (&x);
  buffer_free (&dy);
  buffer_free (&wide);
}

static double
bound (gsize i)
{
  return i == 1 || i == 2 ? SUM_BOUND : 0;
}

static void
check_table (const SlKernels *kernels, gconstpointer data)
{
  static const Comparison what = { N_RESULTS, run, bound };
  const SlResizeShape *s = data;
  char name[64];

  g_snprintf (name, sizeof name, "%zu×%zu to %zu×%zu", s->h, s->w, s->oh, s->ow);
  compare_table (&what, kernels, s, name);
}

static void
test_case (gconstpointer data)
{
  for_each_table (check_table, data);
}

/* The pixels that PyTorch shows for "nearest": 3 to 7, 5 to 3, and a pixel that nobody shows. */
static void
check_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const float x[] = { 1, 2, 3, 4, 5 }, four[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  SlResizeShape up = { 1, 1, 3, 1, 1, 7, 1 }, down = { 1, 1, 5, 1, 1, 3, 1 };
  float y[8];

  kernels->resize_forward (&up, x, y);
  g_assert_cmpmem (y, 7 * sizeof *y, ((float[]){ 1, 1, 1, 2, 2, 3, 3 }), 7 * sizeof *y);
  kernels->resize_backward (&up, (float[]){ 1, 1, 1, 1, 1, 1, 1 }, y, FALSE);
  g_assert_cmpmem (y, 3 * sizeof *y, ((float[]){ 3, 2, 2 }), 3 * sizeof *y);
  kernels->resize_forward (&down, x, y);
  g_assert_cmpmem (y, 3 * sizeof *y, ((float[]){ 1, 2, 4 }), 3 * sizeof *y);
  kernels->resize_backward (&down, x, y, FALSE);
  g_assert_cmpmem (y, 5 * sizeof *y, ((float[]){ 1, 2, 0, 3, 0 }), 5 * sizeof *y);
  kernels->shuffle_forward (1, 1, 1, 2, four, y); /* pixels of two channels */
  g_assert_cmpmem (y, sizeof y, ((float[]){ 1, 5, 2, 6, 3, 7, 4, 8 }), sizeof y);
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
  g_test_add_func ("/kernels/resample/by-hand", test_by_hand);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/kernels/resample/%zu", i);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
