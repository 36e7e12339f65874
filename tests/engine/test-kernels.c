/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choice of the table, element-wise kernels, dropout, the loss and the optimiser's step. */
#include "kernel-check.h"

static const gsize sizes[] = { 1, 3, 7, 13, 24, 127, 8192, 70001 };

/* ---- The choice */

static void
test_choice (void)
{
  g_assert_cmpstr (sl_kernels_reference ()->name, ==, "reference");
  g_assert_true (sl_kernels_named ("reference") == sl_kernels_reference ());
  g_assert_cmpstr (sl_kernels_named ("baseline")->name, ==, "baseline");
  g_assert_null (sl_kernels_named ("quantum"));
  g_assert_null (sl_kernels_named (NULL));
  g_assert_true (sl_kernels () == sl_kernels ());
}

static void
test_forced (void)
{
  const char *names[] = { "reference", "baseline", "avx2", "avx512", "quantum" };

  if (g_test_subprocess ())
    {
      g_print ("chosen: %s\n", sl_kernels ()->name);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *expected = g_strdup_printf ("*chosen: %s\n*", names[i]);

      g_setenv ("SLOPE_KERNELS", names[i], TRUE);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      if (sl_kernels_named (names[i]) != NULL)
        g_test_trap_assert_stdout (expected);
      else
        g_test_trap_assert_stderr ("*no kernels named*");
    }
  g_unsetenv ("SLOPE_KERNELS");
}

/* A table without holes. */
static void
test_complete (void)
{
  const char *names[] = { "reference", "baseline", "avx2", "avx512" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const SlKernels *kernels = sl_kernels_named (names[i]);
      const gpointer *slots = (const gpointer *)kernels;

      for (gsize j = 0; kernels != NULL && j < sizeof *kernels / sizeof *slots; j++)
        g_assert_nonnull (slots[j]);
    }
}

/* ---- Element-wise.  Exact but for AdamW and dropout's factor. */

#define N_ELEMENTWISE 9

static void
run_elementwise (const SlKernels *kernels, gsize n, Buffer out[N_ELEMENTWISE])
{
  Buffer a = buffer_random (n, 1), b = buffer_random (n, 2);

  for (gsize i = 0; i < N_ELEMENTWISE; i++)
    out[i] = i % 2 == 0 ? buffer_new (n) : buffer_copy (&b);
  kernels->relu_forward (n, a.data, out[0].data);
  kernels->relu_backward (n, a.data, b.data, out[1].data, TRUE);
  kernels->relu_backward (n, a.data, b.data, out[2].data, FALSE);
  kernels->add_forward (n, a.data, out[3].data, TRUE, out[3].data);
  kernels->add_forward (n, a.data, b.data, FALSE, out[4].data);
  kernels->accumulate (n, a.data, out[5].data);
  kernels->dropout_forward (n, a.data, 0.3f, 99, out[6].data);
  kernels->dropout_backward (n, a.data, 0.3f, 99, out[7].data, TRUE);
  kernels->dropout_backward (n, a.data, 0.3f, 99, out[8].data, FALSE);
  buffer_free (&a);
  buffer_free (&b);
}

static void
check_elementwise (const SlKernels *kernels, gconstpointer data)
{
  gsize n = *(const gsize *)data;
  Buffer expected[N_ELEMENTWISE], r[N_ELEMENTWISE];

  run_elementwise (sl_kernels_reference (), n, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      g_snprintf (kernel_case, sizeof kernel_case, "%s, %" G_GSIZE_FORMAT " elements",
                  kernels->name, n);
      sl_parallel_set_threads (thread_counts[i]);
      run_elementwise (kernels, n, r);
      for (gsize j = 0; j < N_ELEMENTWISE; j++)
        {
          assert_close (&r[j], &expected[j], j < 6 ? 0 : 1e-7);
          buffer_free (&r[j]);
        }
    }
  for (gsize j = 0; j < N_ELEMENTWISE; j++)
    buffer_free (&expected[j]);
}

static void
test_elementwise (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for_each_table (check_elementwise, &sizes[i]);
}

/* A NaN must show: a ReLU that swallowed it would hide that a run has diverged. */
static void
check_nan (const SlKernels *kernels, gconstpointer data)
{
  Buffer x = buffer_random (24, 1), y = buffer_new (24);

  x.data[17] = NAN;
  kernels->relu_forward (24, x.data, y.data);
  for (gsize i = 0; i < 24; i++)
    g_assert_cmpint (isnan (y.data[i]), ==, i == 17);
  kernels->add_forward (24, x.data, x.data, TRUE, y.data);
  g_assert_true (isnan (y.data[17]));
  buffer_free (&x);
  buffer_free (&y);
}

static void
test_nan (void)
{
  check_nan (sl_kernels_reference (), NULL);
  for_each_table (check_nan, NULL);
}

/* The share that is kept, the scale, and that both directions and every run agree. */
static void
check_dropout (const SlKernels *kernels, gconstpointer data)
{
  const gsize n = 40000;
  Buffer ones = buffer_new (n), y = buffer_new (n), dx = buffer_new (n);
  gsize kept = 0;

  for (gsize i = 0; i < n; i++)
    ones.data[i] = 1;
  kernels->dropout_forward (n, ones.data, 0.25f, 7, y.data);
  kernels->dropout_backward (n, ones.data, 0.25f, 7, dx.data, FALSE);
  g_assert_cmpmem (y.data, n * sizeof (float), dx.data, n * sizeof (float));
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (y.data[i] == 0 || fabsf (y.data[i] - 4.0f / 3) < 1e-6f);
      kept += y.data[i] != 0;
    }
  g_assert_cmpfloat_with_epsilon ((double)kept / n, 0.75, 0.01);
  kernels->dropout_forward (n, ones.data, 0.25f, 8, dx.data);
  g_assert_cmpint (memcmp (y.data, dx.data, n * sizeof (float)), !=, 0);
  kernels->dropout_forward (n, ones.data, 0, 7, y.data);
  g_assert_cmpmem (y.data, n * sizeof (float), ones.data, n * sizeof (float));
  buffer_free (&ones);
  buffer_free (&y);
  buffer_free (&dx);
}

static void
test_dropout (void)
{
  check_dropout (sl_kernels_reference (), NULL);
  for_each_table (check_dropout, NULL);
}

/* ---- AdamW: ten steps, as rounding adds up. */

static void
run_adamw (const SlKernels *kernels, gsize n, Buffer out[3])
{
  out[0] = buffer_random (n, 1);
  for (gsize i = 1; i < 3; i++)
    {
      out[i] = buffer_new (n);
      memset (out[i].data, 0, n * sizeof (float));
    }
  for (guint step = 1; step <= 10; step++)
    {
      Buffer g = buffer_random (n, 100 + step);

      kernels->adamw (n, out[0].data, g.data, out[1].data, out[2].data, 1e-2f, 0.9f, 0.99f, 1e-8f,
                      1 - 1e-2f * 0.01f, 1 - powf (0.9f, step), 1 - powf (0.99f, step));
      buffer_free (&g);
    }
}

static void
check_adamw (const SlKernels *kernels, gconstpointer data)
{
  gsize n = *(const gsize *)data;
  Buffer expected[3], first[3], r[3];

  run_adamw (sl_kernels_reference (), n, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      g_snprintf (kernel_case, sizeof kernel_case, "%s, adamw of %" G_GSIZE_FORMAT, kernels->name,
                  n);
      sl_parallel_set_threads (thread_counts[i]);
      run_adamw (kernels, n, i == 0 ? first : r);
      for (gsize j = 0; j < 3; j++)
        if (i == 0)
          assert_close (&first[j], &expected[j], 1e-6);
        else
          {
            assert_same_bits (&r[j], &first[j]);
            buffer_free (&r[j]);
          }
    }
  for (gsize j = 0; j < 3; j++)
    {
      buffer_free (&first[j]);
      buffer_free (&expected[j]);
    }
}

static void
test_adamw (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for_each_table (check_adamw, &sizes[i]);
}

/* ---- The loss */

typedef struct
{
  SlXentShape shape;
  float scale; /* of the logits */
} LossCase;

static const LossCase loss_cases[] = {
  { { 1, 1, 2, 0, -1 }, 1 },          { { 7, 1, 3, 0.1f, -1 }, 4 },
  { { 13, 1, 37, 0, -1 }, 20 },       { { 5, 1, 1000, 0.1f, -1 }, 1 },
  { { 64, 1, 1, 0, -1 }, 3 },         { { 3, 1, 7, 0, -1 }, 200 },
  { { 4000, 1, 12, 0.1f, -1 }, 2 },   { { 6, 7 * 5, 3, 0, -1 }, 4 },
  { { 3, 13 * 29, 7, 0, 2 }, 4 },     { { 2, 1, 5, 0, 3 }, 2 },
  { { 1, 70 * 41, 32, 0.1f, 0 }, 9 }, { { 5, 600, 12, 0, 30 }, 2 },
};

static void
run_loss (const SlKernels *kernels, const LossCase *t, Buffer out[5])
{
  const SlXentShape *s = &t->shape;
  gsize rows = s->n * s->rows;
  Buffer logits = buffer_random (rows * s->k, 1), weight = buffer_random (s->n, 2);
  Buffer scratch = buffer_new ((kernels->xent_scratch (s) + 3) / 4);
  g_autofree gint32 *target = g_new (gint32, rows);

  for (gsize i = 0; i < logits.n; i++)
    logits.data[i] *= t->scale;
  for (gsize i = 0; i < s->n; i++)
    weight.data[i] = i % 5 == 4 ? 0 : 1 + weight.data[i] / 2;
  for (gsize i = 0; i < rows; i++) /* weight 0: must not be read; the third item is all void */
    target[i] = i / s->rows % 5 == 4   ? -12345678
                : i / s->rows % 5 == 2 ? MAX (s->void_class, 0)
                                       : (gint32)(i * 7 % s->k);
  out[0] = buffer_new (1);
  out[1] = buffer_new (s->n);
  out[2] = buffer_new (logits.n);
  out[3] = buffer_new (logits.n);
  out[4] = buffer_random (logits.n, 3);
  kernels->xent_forward (s, logits.data, target, weight.data, out[0].data, out[1].data, out[2].data,
                         scratch.data);
  kernels->xent_backward (s, out[2].data, target, weight.data, 0.7f, out[3].data, FALSE);
  kernels->xent_backward (s, out[2].data, target, weight.data, 0.7f, out[4].data, TRUE);
  buffer_free (&logits);
  buffer_free (&weight);
  buffer_free (&scratch);
}

static void
check_loss (const SlKernels *kernels, gconstpointer data)
{
  const LossCase *t = data;
  Buffer expected[5], first[5], r[5];

  run_loss (sl_kernels_reference (), t, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      g_snprintf (kernel_case, sizeof kernel_case, "%s, loss of %" G_GSIZE_FORMAT " classes",
                  kernels->name, t->shape.k);
      sl_parallel_set_threads (thread_counts[i]);
      run_loss (kernels, t, i == 0 ? first : r);
      for (gsize j = 0; j < 5; j++)
        if (i == 0)
          assert_close (&first[j], &expected[j], 1e-6);
        else
          {
            assert_same_bits (&r[j], &first[j]);
            buffer_free (&r[j]);
          }
    }
  for (gsize j = 0; j < 5; j++)
    {
      buffer_free (&first[j]);
      buffer_free (&expected[j]);
    }
}

static void
test_loss (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (loss_cases); i++)
    for_each_table (check_loss, &loss_cases[i]);
}

/* Logits 0 and ln 3: probabilities 1/4 and 3/4. */
static void
check_loss_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const float logits[] = { 0, 1.09861229f, 5, 5 }, some[] = { 1, 0 }, none[] = { 0, 0 };
  const gint32 target[] = { 0, 99 };
  SlXentShape s = { .n = 2, .rows = 1, .k = 2, .void_class = -1 };
  float loss, losses[2], p[4], d[4];
  double scratch[16];

  g_assert_cmpuint (kernels->xent_scratch (&s), <=, sizeof scratch);
  kernels->xent_forward (&s, logits, target, some, &loss, losses, p, scratch);
  g_assert_cmpfloat_with_epsilon (p[0], 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[3], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (loss, 1.3862944, 1e-6);
  g_assert_cmpfloat (losses[0], ==, loss);
  g_assert_cmpfloat (losses[1], ==, 0);
  kernels->xent_backward (&s, p, target, some, 1, d, FALSE);
  g_assert_cmpfloat_with_epsilon (d[0], -0.75, 1e-6);
  g_assert_cmpfloat_with_epsilon (d[1], 0.75, 1e-6);
  g_assert_cmpfloat (d[2], ==, 0);
  s.smoothing = 0.1f;
  kernels->xent_forward (&s, logits, target, some, &loss, losses, p, scratch);
  g_assert_cmpfloat_with_epsilon (loss, 0.95 * 1.3862944 + 0.05 * 0.2876821, 1e-6);
  kernels->xent_forward (&s, logits, target, none, &loss, losses, p, scratch);
  g_assert_cmpfloat (loss, ==, 0); /* a batch of padding */
  kernels->xent_backward (&s, p, target, none, 1, d, FALSE);
  for (gsize i = 0; i < 4; i++)
    g_assert_cmpfloat (d[i], ==, 0);
}

/* Two items of two pixels, of which one is void: the mean is over the other three, by weight. */
static void
check_pixels_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const float logits[] = { 0, 1.09861229f, 5, 5, 1, 1, 1.09861229f, 0 }, weight[] = { 1, 2 };
  const gint32 target[] = { 0, 7, 0, 0 };
  const double l0 = 1.3862944, l2 = 0.6931472, l3 = 0.2876821;
  SlXentShape s = { .n = 2, .rows = 2, .k = 2, .void_class = 7 };
  float loss, losses[2], p[8], d[8];
  double scratch[16];

  g_assert_cmpuint (kernels->xent_scratch (&s), <=, sizeof scratch);
  kernels->xent_forward (&s, logits, target, weight, &loss, losses, p, scratch);
  g_assert_cmpfloat_with_epsilon (losses[0], l0, 1e-6);
  g_assert_cmpfloat_with_epsilon (losses[1], (l2 + l3) / 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (loss, (l0 + 2 * l2 + 2 * l3) / 5, 1e-6);
  g_assert_cmpfloat_with_epsilon (p[2], 0.5, 1e-6); /* the void pixel's too */
  kernels->xent_backward (&s, p, target, weight, 1, d, FALSE);
  g_assert_cmpfloat_with_epsilon (d[0], -0.75 / 5, 1e-6);
  g_assert_cmpfloat (d[2], ==, 0);
  g_assert_cmpfloat (d[3], ==, 0);
  g_assert_cmpfloat_with_epsilon (d[4], -0.5 * 2 / 5, 1e-6);
}

static void
test_loss_by_hand (void)
{
  check_loss_by_hand (sl_kernels_reference (), NULL);
  check_pixels_by_hand (sl_kernels_reference (), NULL);
  for_each_table (check_loss_by_hand, NULL);
  for_each_table (check_pixels_by_hand, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/choice/names", test_choice);
  g_test_add_func ("/kernels/choice/forced", test_forced);
  g_test_add_func ("/kernels/choice/complete", test_complete);
  g_test_add_func ("/kernels/elementwise", test_elementwise);
  g_test_add_func ("/kernels/elementwise/nan", test_nan);
  g_test_add_func ("/kernels/dropout", test_dropout);
  g_test_add_func ("/kernels/adamw", test_adamw);
  g_test_add_func ("/kernels/loss", test_loss);
  g_test_add_func ("/kernels/loss/by-hand", test_loss_by_hand);
  return g_test_run ();
}
