/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batch norm and the linear layer: every tuned table against the reference.  Bounds are normalised
 * errors; float sums over at most a few thousand terms lose one or two digits. */
#include "kernel-check.h"

#define BOUND 2e-6
#define OFFSET_BOUND 3e-5 /* x = 100 + noise: float means are off by a few 1e-6 of 100 ± 0.5 */

typedef struct
{
  const char *name;
  gsize rows, c;
  SlActivation activation;
  gboolean residual, offset;
} NormCase;

#define NONE SL_ACTIVATION_NONE
#define RELU SL_ACTIVATION_RELU
#define RELU6 SL_ACTIVATION_RELU6

static const NormCase norm_cases[] = {
  { "one-channel", 37, 1, NONE, FALSE, FALSE },     { "one-row", 1, 24, RELU, FALSE, FALSE },
  { "two-rows", 2, 7, NONE, TRUE, FALSE },          { "13-relu", 200, 13, RELU, FALSE, FALSE },
  { "127-residual", 300, 127, NONE, TRUE, FALSE },  { "64-both", 1000, 64, RELU, TRUE, FALSE },
  { "3-channels", 20000, 3, RELU, TRUE, FALSE },    { "wide", 9, 20000, RELU, FALSE, FALSE },
  { "large-mean", 3000, 24, NONE, FALSE, TRUE },    { "13-relu6", 200, 13, RELU6, FALSE, FALSE },
  { "33-relu6-both", 900, 33, RELU6, TRUE, FALSE },
};

typedef struct
{
  Buffer running, saved, y, y_again, y_eval, dx, dx_in_place, dx_added, dresidual, dresidual_added,
      dweight;
} NormResults;

typedef struct
{
  Buffer x, residual, weight, dy, before;
} NormInputs;

static NormInputs
norm_inputs_new (const NormCase *t)
{
  gsize n = t->rows * t->c;
  NormInputs in = { buffer_random (n, 1), buffer_random (n, 2), buffer_random (2 * t->c, 3),
                    buffer_random (n, 4), buffer_random (n, 5) };

  for (gsize i = 0; t->offset && i < n; i++)
    in.x.data[i] += 100;
  for (gsize i = 0; t->activation == RELU6 && i < t->c; i++)
    in.weight.data[i] *= 10; /* so that a good part is above 6 */
  return in;
}

static void
norm_inputs_free (NormInputs *in)
{
  buffer_free (&in->x);
  buffer_free (&in->residual);
  buffer_free (&in->weight);
  buffer_free (&in->dy);
  buffer_free (&in->before);
}

static NormResults
run_norm (const SlKernels *kernels, const NormCase *t, const NormInputs *in)
{
  gsize n = t->rows * t->c, c = t->c, floats = (kernels->norm_scratch (t->rows, c) + 3) / 4;
  NormResults r = { buffer_random (2 * c, 6), buffer_new (2 * c),
                    buffer_new (n),           buffer_new (n),
                    buffer_new (n),           buffer_new (n),
                    buffer_copy (&in->dy),    buffer_copy (&in->before),
                    buffer_new (n),           buffer_copy (&in->before),
                    buffer_random (2 * c, 7) };
  const float *x = in->x.data, *res = t->residual ? in->residual.data : NULL;
  float *mean = r.running.data, *var = mean + c, *saved = r.saved.data, *dw = r.dweight.data;
  Buffer scratch[6];

  for (gsize i = 0; i < 6; i++)
    scratch[i] = buffer_new (floats);
  for (gsize i = 0; i < c; i++)
    var[i] = fabsf (var[i]);
  kernels->norm_forward_train (t->rows, c, x, res, in->weight.data, in->weight.data + c, 1e-5f,
                               0.1f, t->activation, mean, var, saved, saved + c, r.y.data,
                               scratch[0].data);
  kernels->norm_again (t->rows, c, x, res, in->weight.data, in->weight.data + c, t->activation,
                       saved, saved + c, r.y_again.data, scratch[5].data);
  g_assert_cmpmem (r.y_again.data, n * sizeof (float), r.y.data, n * sizeof (float));
  kernels->norm_forward_eval (t->rows, c, x, res, in->weight.data, in->weight.data + c, 1e-5f,
                              t->activation, mean, var, r.y_eval.data, scratch[1].data);
  kernels->norm_backward (t->rows, c, x, r.y.data, in->dy.data, in->weight.data, saved, saved + c,
                          t->activation, r.dx.data, FALSE, r.dresidual.data, FALSE, dw, dw + c,
                          scratch[2].data);
  kernels->norm_backward (t->rows, c, x, r.y.data, r.dx_in_place.data, in->weight.data, saved,
                          saved + c, t->activation, r.dx_in_place.data, FALSE, NULL, FALSE, dw,
                          dw + c, scratch[3].data);
  kernels->norm_backward (t->rows, c, x, r.y.data, in->dy.data, in->weight.data, saved, saved + c,
                          t->activation, r.dx_added.data, TRUE, r.dresidual_added.data, TRUE, dw,
                          dw + c, scratch[4].data);
  for (gsize i = 0; i < 6; i++)
    buffer_free (&scratch[i]);
  return r;
}

static void
norm_results_free (NormResults *r)
{
  Buffer *all[] = { &r->running, &r->saved,       &r->y,        &r->y_again,   &r->y_eval,
                    &r->dx,      &r->dx_in_place, &r->dx_added, &r->dresidual, &r->dresidual_added,
                    &r->dweight };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    buffer_free (all[i]);
}

static void
compare_norm (const NormCase *t, NormResults *r, NormResults *expected)
{
  double bound = t->offset ? OFFSET_BOUND : BOUND;

  assert_close (&r->running, &expected->running, bound);
  assert_close (&r->saved, &expected->saved, bound);
  assert_close (&r->y, &expected->y, bound);
  assert_close (&r->y_eval, &expected->y_eval, bound);
  assert_close (&r->dresidual, &expected->dresidual, bound);
  assert_close (&r->dresidual_added, &expected->dresidual_added, bound);
  assert_close (&r->dweight, &expected->dweight, bound);
  if (t->rows <= 2) /* with so few rows the gradient through the statistics is zero but for eps */
    return;
  assert_close (&r->dx, &expected->dx, bound);
  assert_close (&r->dx_in_place, &expected->dx_in_place, bound);
  assert_close (&r->dx_added, &expected->dx_added, bound);
}

static void
check_norm (const SlKernels *kernels, gconstpointer data)
{
  const NormCase *t = data;
  NormInputs in = norm_inputs_new (t);
  NormResults expected = run_norm (sl_kernels_reference (), t, &in), first = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      NormResults r;

      g_snprintf (kernel_case, sizeof kernel_case, "%s, norm %s, %u threads", kernels->name,
                  t->name, thread_counts[i]);
      sl_parallel_set_threads (thread_counts[i]);
      r = run_norm (kernels, t, &in);
      if (i == 0)
        {
          compare_norm (t, &r, &expected);
          first = r;
          continue;
        }
      assert_same_bits (&r.running, &first.running);
      assert_same_bits (&r.saved, &first.saved);
      assert_same_bits (&r.y, &first.y);
      assert_same_bits (&r.y_eval, &first.y_eval);
      assert_same_bits (&r.dx, &first.dx);
      assert_same_bits (&r.dx_in_place, &first.dx_in_place);
      assert_same_bits (&r.dx_in_place, &r.dx);
      assert_same_bits (&r.dx_added, &first.dx_added);
      assert_same_bits (&r.dresidual, &first.dresidual);
      assert_same_bits (&r.dweight, &first.dweight);
      norm_results_free (&r);
    }
  norm_results_free (&first);
  norm_results_free (&expected);
  norm_inputs_free (&in);
}

static void
test_norm (gconstpointer data)
{
  for_each_table (check_norm, data);
}

/* ---- The gradient behind a frozen norm */

#define N_FROZEN 6

/* dx and dresidual stored; both added to; dx over dy alone; dresidual alone. */
static void
run_frozen (const SlKernels *kernels, const NormCase *t, const NormInputs *in, Buffer out[N_FROZEN])
{
  gsize n = t->rows * t->c, c = t->c, floats = (kernels->norm_scratch (t->rows, c) + 3) / 4;
  Buffer y = buffer_new (n), var = buffer_random (c, 6);
  const Buffer *from[N_FROZEN] = { NULL, NULL, &in->before, &in->x, &in->dy, NULL };
  const struct
  {
    Buffer *dx, *dresidual;
    gboolean adds;
  } calls[] = {
    { &out[0], &out[1], FALSE },
    { &out[2], &out[3], TRUE },
    { &out[4], NULL, FALSE },
    { NULL, &out[5], FALSE },
  };

  for (gsize i = 0; i < c; i++)
    var.data[i] = fabsf (var.data[i]);
  for (gsize i = 0; i < n; i++) /* what is behind an activation, edges and all */
    y.data[i] = CLAMP (in->residual.data[i] * 12, t->activation == NONE ? -12 : 0,
                       t->activation == RELU6 ? SL_RELU6_CEILING : 12);
  for (gsize i = 0; i < N_FROZEN; i++)
    out[i] = from[i] != NULL ? buffer_copy (from[i]) : buffer_new (n);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      Buffer *dx = calls[i].dx, *dresidual = calls[i].dresidual, scratch = buffer_new (floats);

      kernels->norm_backward_eval (
          t->rows, c, y.data, dx == &out[4] ? dx->data : in->dy.data, in->weight.data, 1e-5f,
          t->activation, var.data, dx != NULL ? dx->data : NULL, calls[i].adds,
          dresidual != NULL ? dresidual->data : NULL, calls[i].adds, scratch.data);
      buffer_free (&scratch);
    }
  buffer_free (&y);
  buffer_free (&var);
}

static void
check_frozen (const SlKernels *kernels, gconstpointer data)
{
  const NormCase *t = data;
  NormInputs in = norm_inputs_new (t);
  Buffer expected[N_FROZEN], first[N_FROZEN], r[N_FROZEN];

  run_frozen (sl_kernels_reference (), t, &in, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      g_snprintf (kernel_case, sizeof kernel_case, "%s, frozen norm %s, %u threads", kernels->name,
                  t->name, thread_counts[i]);
      sl_parallel_set_threads (thread_counts[i]);
      run_frozen (kernels, t, &in, i == 0 ? first : r);
      for (gsize k = 0; k < N_FROZEN; k++)
        if (i == 0)
          assert_close (&first[k], &expected[k], BOUND);
        else
          {
            assert_same_bits (&r[k], &first[k]);
            buffer_free (&r[k]);
          }
      assert_same_bits (&first[4], &first[0]);
      assert_same_bits (&first[5], &first[1]);
    }
  for (gsize k = 0; k < N_FROZEN; k++)
    {
      buffer_free (&first[k]);
      buffer_free (&expected[k]);
    }
  norm_inputs_free (&in);
}

static void
test_frozen (gconstpointer data)
{
  for_each_table (check_frozen, data);
}

/* Two rows of one channel: mean 3, variance 4 (8 unbiased). */
static void
test_norm_by_hand (void)
{
  float x[] = { 1, 5 }, weight = 2, bias = 0.5f, mean = 1, var = 2, saved[2], y[2];
  float dy[] = { 1, 0 }, dx[2], dw = 0, db = 0;

  sl_kernels_reference ()->norm_forward_train (2, 1, x, NULL, &weight, &bias, 0, 0.1f, RELU, &mean,
                                               &var, saved, saved + 1, y, NULL);
  g_assert_cmpfloat_with_epsilon (mean, 1.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (var, 2.6, 1e-6);
  g_assert_cmpfloat (saved[0], ==, 3);
  g_assert_cmpfloat (saved[1], ==, 0.5);
  g_assert_cmpfloat (y[0], ==, 0); /* 2·(-1) + 0.5, cut */
  g_assert_cmpfloat (y[1], ==, 2.5);
  sl_kernels_reference ()->norm_backward (2, 1, x, y, dy, &weight, saved, saved + 1, NONE, dx,
                                          FALSE, NULL, FALSE, &dw, &db, NULL);
  g_assert_cmpfloat (dw, ==, -1);
  g_assert_cmpfloat (db, ==, 1);
  g_assert_cmpfloat (dx[0], ==, 0); /* 2·0.5·(1 - 1/2 - (-1)·(-1)/2) */
  sl_kernels_reference ()->norm_backward (2, 1, x, y, dy, &weight, saved, saved + 1, RELU, dx,
                                          FALSE, NULL, FALSE, &dw, &db, NULL);
  g_assert_cmpfloat (db, ==, 1); /* the ReLU was closed where dy is not zero */
}

/* Rows that a norm of mean 0 and variance 1 leaves as they are: the edges 0 and 6 belong to the
 * closed side, as PyTorch's hardtanh has it, and a NaN shows. */
static void
check_relu6_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const float weight[4] = { 2, 2, 2, 2 }, bias[4] = { 0 }, mean[4] = { 0 }, var[4] = { 1, 1, 1, 1 };
  const float x[4] = { -1, 0.5f, 3, 4 }, dy[4] = { 1, 10, 100, 1000 }, expected[4] = { 0, 1, 6, 6 };
  const float invstd[4] = { 1, 1, 1, 1 }, with_nan[4] = { NAN, 1, NAN, 4 };
  g_autofree float *scratch = g_malloc (kernels->norm_scratch (1, 4) + sizeof (float));
  float y[4], dx[4], dw[4] = { 0 }, db[4] = { 0 };

  kernels->norm_forward_eval (1, 4, x, NULL, weight, bias, 0, RELU6, mean, var, y, scratch);
  g_assert_cmpmem (y, sizeof y, expected, sizeof expected);
  kernels->norm_backward (1, 4, x, y, dy, weight, mean, invstd, RELU6, NULL, FALSE, dx, FALSE, dw,
                          db, scratch);
  g_assert_cmpmem (dx, sizeof dx, ((float[]){ 0, 10, 0, 0 }), sizeof dx);
  g_assert_cmpmem (db, sizeof db, ((float[]){ 0, 10, 0, 0 }), sizeof db);
  kernels->norm_backward_eval (1, 4, y, dy, weight, 0, RELU6, var, dx, FALSE, NULL, FALSE, scratch);
  g_assert_cmpmem (dx, sizeof dx, ((float[]){ 0, 20, 0, 0 }), sizeof dx);
  kernels->norm_forward_eval (1, 4, with_nan, NULL, weight, bias, 0, RELU6, mean, var, y, scratch);
  g_assert_true (isnan (y[0]) && isnan (y[2]));
  g_assert_cmpfloat (y[3], ==, 6);
}

static void
test_relu6_by_hand (void)
{
  check_relu6_by_hand (sl_kernels_reference (), NULL);
  for_each_table (check_relu6_by_hand, NULL);
}

/* ---- Linear */

typedef struct
{
  const char *name;
  gsize n, in, out;
  gboolean relu;
} LinearCase;

static const LinearCase linear_cases[] = {
  { "one", 1, 1, 1, FALSE },      { "odd", 7, 13, 3, TRUE },    { "row", 1, 127, 24, FALSE },
  { "head", 32, 300, 140, TRUE }, { "tall", 600, 24, 7, TRUE }, { "classes", 32, 512, 3, FALSE },
};

static void
run_linear (const SlKernels *kernels, const LinearCase *t, Buffer out[6])
{
  Buffer x = buffer_random (t->n * t->in, 1), w = buffer_random (t->in * t->out, 2);
  Buffer bias = buffer_random (t->out, 3), dy = buffer_random (t->n * t->out, 4);
  Buffer scratch = buffer_new ((kernels->linear_scratch (t->n, t->in, t->out) + 3) / 4);

  out[0] = buffer_new (dy.n);
  out[1] = buffer_new (dy.n);
  out[2] = buffer_new (x.n);
  out[3] = buffer_random (x.n, 5);
  out[4] = buffer_random (w.n, 6);
  out[5] = buffer_random (t->out, 7);
  kernels->linear_forward (t->n, t->in, t->out, x.data, w.data, bias.data, t->relu, out[0].data,
                           scratch.data);
  kernels->linear_forward (t->n, t->in, t->out, x.data, w.data, NULL, t->relu, out[1].data,
                           scratch.data);
  kernels->linear_backward (t->n, t->in, t->out, x.data, w.data, out[0].data, dy.data, t->relu,
                            out[2].data, FALSE, out[4].data, out[5].data, scratch.data);
  kernels->linear_backward (t->n, t->in, t->out, x.data, w.data, out[0].data, dy.data, t->relu,
                            out[3].data, TRUE, out[4].data, out[5].data, scratch.data);
  kernels->linear_backward (t->n, t->in, t->out, x.data, w.data, out[0].data, dy.data, t->relu,
                            NULL, FALSE, out[4].data, NULL, scratch.data);
  buffer_free (&x);
  buffer_free (&w);
  buffer_free (&bias);
  buffer_free (&dy);
  buffer_free (&scratch);
}

static void
check_linear_results (const SlKernels *kernels, const LinearCase *t, const SlKernels *reference)
{
  Buffer expected[6], first[6], r[6];

  run_linear (reference, t, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      g_snprintf (kernel_case, sizeof kernel_case, "%s, linear %s, %u threads", kernels->name,
                  t->name, thread_counts[i]);
      sl_parallel_set_threads (thread_counts[i]);
      run_linear (kernels, t, i == 0 ? first : r);
      for (gsize j = 0; j < 6; j++)
        if (i == 0)
          assert_close (&first[j], &expected[j], BOUND);
        else
          {
            assert_same_bits (&r[j], &first[j]);
            buffer_free (&r[j]);
          }
    }
  for (gsize j = 0; j < 6; j++)
    {
      buffer_free (&first[j]);
      buffer_free (&expected[j]);
    }
}

static void
check_linear (const SlKernels *kernels, gconstpointer data)
{
  check_linear_results (kernels, data, sl_kernels_reference ());
}

static void
check_linear_bf16 (const SlKernels *kernels, gconstpointer data)
{
  check_linear_results (kernels, data, sl_kernels_reference_bf16 ());
}

static void
test_linear (gconstpointer data)
{
  for_each_table (check_linear, data);
  for_each_bf16_table (check_linear_bf16, data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/norm/by-hand", test_norm_by_hand);
  g_test_add_func ("/kernels/norm/relu6-by-hand", test_relu6_by_hand);
  for (gsize i = 0; i < G_N_ELEMENTS (norm_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kernels/norm/", norm_cases[i].name, NULL);
      g_autofree char *frozen = g_strconcat ("/kernels/norm-frozen/", norm_cases[i].name, NULL);

      g_test_add_data_func (path, &norm_cases[i], test_norm);
      g_test_add_data_func (frozen, &norm_cases[i], test_frozen);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (linear_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kernels/linear/", linear_cases[i].name, NULL);

      g_test_add_data_func (path, &linear_cases[i], test_linear);
    }
  return g_test_run ();
}
