/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What activations cost: every table against the reference, whose sums are double, over odd shapes; the same bits on any
 * number of threads; and by hand. */
#include "kernel-check.h"

#define N_RESULTS 5

/* What float32 may cost against double: rows of up to 1153 squares. */
#define BOUND 1e-6

static void
run_activity (const SlKernels *kernels, const SlActivityShape *s, Buffer out[N_RESULTS])
{
  gsize n = s->n * s->steps * s->c;
  Buffer dropped = buffer_random (n, 1), raw = buffer_random (n, 2);

  out[0] = buffer_new (1);
  out[1] = buffer_new (n);
  out[2] = buffer_random (n, 3);
  out[3] = buffer_new (n);
  out[4] = buffer_random (n, 4);
  kernels->activity_forward (s, 0.75f, dropped.data, raw.data, out[0].data);
  kernels->activity_backward (s, 0.7f, dropped.data, raw.data, out[1].data, FALSE, out[4].data,
                              TRUE);
  kernels->activity_backward (s, 0.7f, dropped.data, raw.data, out[2].data, TRUE, NULL, FALSE);
  kernels->activity_backward (s, 0.7f, dropped.data, raw.data, NULL, FALSE, out[3].data, FALSE);
  buffer_free (&dropped);
  buffer_free (&raw);
}

static void
free_all (Buffer out[N_RESULTS])
{
  for (gsize i = 0; i < N_RESULTS; i++)
    buffer_free (&out[i]);
}

static void
check_activity (const SlKernels *kernels, gconstpointer data)
{
  const SlActivityShape *s = data;
  Buffer expected[N_RESULTS], first[N_RESULTS], r[N_RESULTS];

  g_snprintf (kernel_case, sizeof kernel_case, "%s, %zu×%zu×%zu", kernels->name, s->n, s->steps,
              s->c);
  run_activity (sl_kernels_reference (), s, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      sl_parallel_set_threads (thread_counts[i]);
      run_activity (kernels, s, i == 0 ? first : r);
      for (gsize j = 0; j < N_RESULTS; j++)
        {
          assert_close (i == 0 ? &first[j] : &r[j], &expected[j], BOUND);
          if (i > 0)
            assert_same_bits (&r[j], &first[j]);
        }
      if (i > 0)
        free_all (r);
    }
  sl_parallel_set_threads (0);
  free_all (expected);
  free_all (first);
}

static void
test_tables (void)
{
  static const SlActivityShape shapes[] = {
    { 1, 1, 1, 2, 1 },    { 2, 3, 5, 2, 1 },       { 3, 1, 130, 1, 7 },  { 65, 7, 33, 0, 1 },
    { 129, 2, 17, 3, 0 }, { 5, 9, 1153, 0.5f, 2 }, { 64, 70, 20, 2, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    for_each_table (check_activity, &shapes[i]);
}

/* 3 + 2 · (1 + 4 + 9 + 16) / 4 + 1 · ((5 - 2)² + (1 - 3)²) / 2 */
static void
check_by_hand (const SlKernels *kernels, gconstpointer data)
{
  static const SlActivityShape s = { 1, 2, 2, 2, 1 };
  static const float dropped[] = { 1, -2, 3, 4 }, raw[] = { 2, 3, 5, 1 };
  static const float wanted_dropped[] = { 1, -2, 3, 4 }, wanted_raw[] = { -3, 2, 3, -2 };
  float loss, ddropped[4], draw[4];

  kernels->activity_forward (&s, 3, dropped, raw, &loss);
  g_assert_cmpfloat (loss, ==, 24.5f);
  kernels->activity_backward (&s, 1, dropped, raw, ddropped, FALSE, draw, FALSE);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpfloat (ddropped[i], ==, wanted_dropped[i]);
      g_assert_cmpfloat (draw[i], ==, wanted_raw[i]);
    }
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
  g_test_add_func ("/kernels/activity", test_tables);
  g_test_add_func ("/kernels/activity/by-hand", test_by_hand);
  return g_test_run ();
}
