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
run (const SlKernels *kernels, const SlResizeShape *s, Buffer out[N_RESULTS])
{
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

static void
check_table (const SlKernels *kernels, gconstpointer data)
{
  const SlResizeShape *s = data;
  Buffer expected[N_RESULTS], first[N_RESULTS], r[N_RESULTS];

  run (sl_kernels_reference (), s, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      g_snprintf (kernel_case, sizeof kernel_case, "%s, %zu×%zu to %zu×%zu, %u threads",
                  kernels->name, s->h, s->w, s->oh, s->ow, thread_counts[i]);
      sl_parallel_set_threads (thread_counts[i]);
      run (kernels, s, i == 0 ? first : r);
      for (gsize j = 0; j < N_RESULTS; j++)
        if (i == 0)
          assert_close (&first[j], &expected[j], j == 1 || j == 2 ? SUM_BOUND : 0);
        else
          {
            assert_same_bits (&r[j], &first[j]);
            buffer_free (&r[j]);
          }
    }
  for (gsize j = 0; j < N_RESULTS; j++)
    {
      buffer_free (&first[j]);
      buffer_free (&expected[j]);
    }
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
