/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses of cells and the range of outputs: tuned kernels against the reference, which is in double
 * precision, and all of them by hand. */
#include "kernel-check.h"

typedef struct
{
  SlCellsShape shape;
  float scale; /* of the logits */
} CellsCase;

static const CellsCase cases[] = {
  { { 1, 1, 0 }, 1 },      { { 7, 3, 0.1f }, 4 },   { { 64, 17, 0 }, 20 },
  { { 5, 136, 0.1f }, 1 }, { { 3, 1000, 0 }, 200 }, { { 13, 33, 0 }, 2 },
};

#define N_RESULTS 9

/* Targets in 0 … 1, halves of them whole; what is not to be read is NaN. */
static Buffer
make_targets (const SlCellsShape *s, gsize rows, const Buffer *weight)
{
  Buffer target = buffer_random (s->n * rows * s->cells, 4);

  for (gsize i = 0; i < target.n; i++)
    {
      gsize item = i / (rows * s->cells);

      target.data[i] = i % 2 == 0 ? (float)(i / 2 % 2) : fabsf (target.data[i]);
      if (weight->data[item] == 0)
        target.data[i] = NAN;
    }
  return target;
}

/* The second half of an item says what counts; the third item has nothing that does. */
static Buffer
make_points (const SlCellsShape *s, const Buffer *weight)
{
  Buffer target = make_targets (s, 2, weight);

  for (gsize i = 0; i < s->n; i++)
    for (gsize j = 0; weight->data[i] != 0 && j < s->cells; j++)
      {
        float *value = target.data + 2 * i * s->cells + j, *counts = value + s->cells;

        if (i % 5 == 2)
          *counts = 0;
        if (*counts == 0)
          *value = NAN;
      }
  return target;
}

static void
run_cells (const SlKernels *kernels, const CellsCase *t, Buffer out[N_RESULTS])
{
  const SlCellsShape *s = &t->shape;
  gsize cells = s->n * s->cells;
  Buffer x = buffer_random (cells, 1), weight = buffer_random (s->n, 2), target, points;

  for (gsize i = 0; i < x.n; i++)
    x.data[i] *= t->scale;
  for (gsize i = 0; i < s->n; i++)
    weight.data[i] = i % 5 == 4 ? 0 : 1 + weight.data[i] / 2;
  target = make_targets (s, 1, &weight);
  points = make_points (s, &weight);
  out[0] = buffer_new (1);
  out[1] = buffer_new (s->n);
  out[2] = buffer_new (cells);
  out[3] = buffer_new (cells);
  out[4] = buffer_random (cells, 3);
  kernels->binary_forward (s, x.data, target.data, weight.data, out[0].data, out[1].data,
                           out[2].data);
  kernels->binary_backward (s, out[2].data, target.data, weight.data, 0.7f, out[3].data, FALSE);
  kernels->binary_backward (s, out[2].data, target.data, weight.data, 0.7f, out[4].data, TRUE);
  out[5] = buffer_new (1);
  out[6] = buffer_new (s->n);
  out[7] = buffer_new (cells);
  out[8] = buffer_random (cells, 3);
  kernels->squared_forward (s, x.data, points.data, weight.data, out[5].data, out[6].data);
  kernels->squared_backward (s, x.data, points.data, weight.data, 0.7f, out[7].data, FALSE);
  kernels->squared_backward (s, x.data, points.data, weight.data, 0.7f, out[8].data, TRUE);
  buffer_free (&x);
  buffer_free (&weight);
  buffer_free (&target);
  buffer_free (&points);
}

static void
check_cells (const SlKernels *kernels, gconstpointer data)
{
  const CellsCase *t = data;
  Buffer expected[N_RESULTS], first[N_RESULTS], r[N_RESULTS];

  run_cells (sl_kernels_reference (), t, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      g_snprintf (kernel_case, sizeof kernel_case, "%s, %" G_GSIZE_FORMAT " cells", kernels->name,
                  t->shape.cells);
      sl_parallel_set_threads (thread_counts[i]);
      run_cells (kernels, t, i == 0 ? first : r);
      for (gsize j = 0; j < N_RESULTS; j++)
        if (i == 0)
          assert_close (&first[j], &expected[j], 1e-6);
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
test_cells (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for_each_table (check_cells, &cases[i]);
}

/* Logits ln 3 and -ln 3: probabilities 3/4 and 1/4.  And logits so large that exp overflows. */
static void
check_binary_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const float logits[] = { 1.09861229f, -1.09861229f, 5, 5, 1000, -1000 };
  const float target[] = { 1, 1, NAN, NAN, 0, 1 };
  const float some[] = { 1, 0, 0 }, extreme[] = { 0, 0, 2 }, none[] = { 0, 0, 0 };
  SlCellsShape s = { .n = 3, .cells = 2 };
  float loss, losses[3], p[6], d[6];

  kernels->binary_forward (&s, logits, target, some, &loss, losses, p);
  g_assert_cmpfloat_with_epsilon (p[0], 0.75, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[1], 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (loss, (0.2876821 + 1.3862944) / 2, 1e-6);
  g_assert_cmpfloat (losses[0], ==, loss);
  g_assert_cmpfloat (losses[1], ==, 0);
  kernels->binary_backward (&s, p, target, some, 1, d, FALSE);
  g_assert_cmpfloat_with_epsilon (d[0], -0.125, 1e-6);
  g_assert_cmpfloat_with_epsilon (d[1], -0.375, 1e-6);
  g_assert_cmpfloat (d[2], ==, 0);
  s.smoothing = 0.1f; /* the target is 0.95 */
  kernels->binary_forward (&s, logits, target, some, &loss, losses, p);
  g_assert_cmpfloat_with_epsilon (
      loss, (0.95 * 0.2876821 + 0.05 * 1.3862944 + 0.95 * 1.3862944 + 0.05 * 0.2876821) / 2, 1e-6);
  s.smoothing = 0;
  kernels->binary_forward (&s, logits, target, extreme, &loss, losses, p);
  g_assert_cmpfloat_with_epsilon (loss, 1000, 1e-3);
  g_assert_cmpfloat_with_epsilon (p[4], 1, 1e-6);
  kernels->binary_backward (&s, p, target, extreme, 1, d, FALSE);
  g_assert_cmpfloat_with_epsilon (d[4], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (d[5], -0.5, 1e-6);
  kernels->binary_forward (&s, logits, target, none, &loss, losses, p);
  g_assert_cmpfloat (loss, ==, 0); /* a batch of padding */
  kernels->binary_backward (&s, p, target, none, 1, d, FALSE);
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpfloat (d[i], ==, 0);
}

/* Two numbers that count, of which one half; one that does not; an item without any. */
static void
check_squared_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const float x[] = { 1, 2, 3, 4, 5, 6, 1, 1, 1 }, weight[] = { 1, 1, 2 };
  const float target[] = { 0, 5, NAN, 1, 0.5f, 0, NAN, NAN, NAN, 0, 0, 0, 1, 1, 1, 1, 1, 1 };
  SlCellsShape s = { .n = 3, .cells = 3 };
  float loss, losses[3], d[9];

  kernels->squared_forward (&s, x, target, weight, &loss, losses);
  g_assert_cmpfloat_with_epsilon (losses[0], (1 + 0.5 * 9) / 1.5, 1e-6);
  g_assert_cmpfloat (losses[1], ==, 0);
  g_assert_cmpfloat (losses[2], ==, 0);
  g_assert_cmpfloat_with_epsilon (loss, losses[0] / 3, 1e-6); /* the second does not count */
  kernels->squared_backward (&s, x, target, weight, 1, d, FALSE);
  g_assert_cmpfloat_with_epsilon (d[0], 2 * 1 / 1.5 / 3, 1e-6);
  g_assert_cmpfloat_with_epsilon (d[1], 2 * 0.5 * -3 / 1.5 / 3, 1e-6);
  for (gsize i = 2; i < 9; i++)
    g_assert_cmpfloat (d[i], ==, 0);
}

static void
test_by_hand (void)
{
  check_binary_by_hand (sl_kernels_reference (), NULL);
  check_squared_by_hand (sl_kernels_reference (), NULL);
  for_each_table (check_binary_by_hand, NULL);
  for_each_table (check_squared_by_hand, NULL);
}

/* ---- The range of outputs */

static void
check_range (const SlKernels *kernels, gconstpointer data)
{
  const SlKernels *reference = sl_kernels_reference ();
  gsize n = *(const gsize *)data;
  Buffer x = buffer_random (n, 1), dy = buffer_random (n, 2), expected = buffer_new (n);
  Buffer y = buffer_copy (&x), dx = buffer_random (n, 3), expected_dx = buffer_copy (&dx);

  g_snprintf (kernel_case, sizeof kernel_case, "%s, range of %" G_GSIZE_FORMAT, kernels->name, n);
  for (gsize i = 0; i < n; i++)
    y.data[i] = x.data[i] *= 30;
  reference->range_forward (n, -1, 2.5f, x.data, expected.data);
  kernels->range_forward (n, -1, 2.5f, y.data, y.data);
  assert_close (&y, &expected, 1e-6);
  for (gsize i = 0; i < n; i++)
    g_assert_true (y.data[i] >= -1 && y.data[i] <= 2.5f);
  reference->range_backward (n, -1, 2.5f, expected.data, dy.data, expected_dx.data, TRUE);
  kernels->range_backward (n, -1, 2.5f, expected.data, dy.data, dx.data, TRUE);
  assert_close (&dx, &expected_dx, 1e-6);
  reference->range_backward (n, -1, 2.5f, expected.data, dy.data, expected_dx.data, FALSE);
  kernels->range_backward (n, -1, 2.5f, expected.data, dy.data, dx.data, FALSE);
  assert_close (&dx, &expected_dx, 1e-6);
  buffer_free (&x);
  buffer_free (&dy);
  buffer_free (&expected);
  buffer_free (&y);
  buffer_free (&dx);
  buffer_free (&expected_dx);
}

static void
test_range (void)
{
  static const gsize sizes[] = { 1, 7, 136, 8209 };
  float x[] = { -2000, 0, 2000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for_each_table (check_range, &sizes[i]);
  sl_kernels ()->range_forward (3, -3, 5, x, x);
  g_assert_cmpfloat_with_epsilon (x[0], -3, 1e-6);
  g_assert_cmpfloat_with_epsilon (x[1], 1, 1e-6);
  g_assert_cmpfloat_with_epsilon (x[2], 5, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/cells", test_cells);
  g_test_add_func ("/kernels/cells/by-hand", test_by_hand);
  g_test_add_func ("/kernels/cells/range", test_range);
  return g_test_run ();
}
