/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution: every tuned table against the reference, in three directions.
 *
 * Bounds are normalised errors.  Gathered products differ from double sums by rounding alone; the
 * transforms of Winograd F(4×4,3×3) amplify it (measured 5e-7 to 2e-6 for these shapes, growing
 * with the number of channels). */
#include "kernel-check.h"

#define GATHER_BOUND 1e-6
#define WINOGRAD_BOUND 5e-6

/* Operands in bfloat16, against products of unrounded ones: each has a relative error of 2⁻⁹ at most,
 * 1.6e-3 on average, so that a product has 2.3e-3 (measured 2.0e-3 to 2.6e-3).  Winograd F(2×2)
 * rounds what it transforms instead (measured 2.8e-3 to 4.3e-3).  Gathered products equal the
 * reference of rounded operands but for the order of sums. */
#define ROUNDING 1e-3
#define BF16_GATHER_BOUND 4e-3
#define BF16_WINOGRAD_BOUND 6e-3

typedef struct
{
  const char *name;
  gsize n, h, w, c, k;
  guint kernel, stride, pad;
} Case;

static const Case cases[] = {
  { "pointwise/1-1", 1, 1, 1, 1, 1, 1, 1, 0 },
  { "pointwise/13-24", 2, 7, 5, 13, 24, 1, 1, 0 },
  { "pointwise/127-64", 3, 9, 11, 127, 64, 1, 1, 0 },
  { "pointwise/stride-2", 2, 7, 6, 24, 40, 1, 2, 0 },
  { "pointwise/padded", 2, 4, 5, 7, 9, 1, 1, 1 },
  { "3x3/1-7", 1, 5, 4, 1, 7, 3, 1, 1 },
  { "3x3/3-13-unpadded", 2, 9, 7, 3, 13, 3, 1, 0 },
  { "3x3/13-127", 1, 6, 13, 13, 127, 3, 1, 1 },
  { "3x3/one-pixel", 1, 1, 1, 32, 24, 3, 1, 1 },
  { "3x3/one-pixel-strided", 3, 1, 1, 40, 17, 3, 2, 1 },
  { "3x3/one-pixel-unlike-pad", 2, 1, 1, 16, 20, 3, 4, 2 },
  { "5x5/one-pixel", 2, 1, 1, 9, 33, 5, 1, 2 },
  { "3x3/stride-2", 2, 9, 12, 24, 33, 3, 2, 1 },
  { "3x3/stride-2-even", 2, 8, 8, 16, 32, 3, 2, 1 },
  { "3x3/stride-3", 1, 11, 8, 7, 5, 3, 3, 0 },
  { "5x5", 1, 9, 8, 7, 13, 5, 1, 2 },
  { "5x5/stride-2", 2, 13, 7, 3, 24, 5, 2, 2 },
  { "7x7/stem", 2, 21, 30, 3, 64, 7, 2, 3 },
  { "7x7/stride-1", 1, 7, 9, 5, 16, 7, 1, 3 },
  { "2x2", 2, 6, 7, 5, 11, 2, 2, 0 },
  { "11x11/stride-4", 1, 35, 35, 3, 16, 11, 4, 2 },
  { "winograd/16-16", 1, 4, 4, 16, 16, 3, 1, 1 },
  { "winograd/24-40", 2, 7, 9, 24, 40, 3, 1, 1 },
  { "winograd/127-31", 1, 13, 6, 127, 31, 3, 1, 1 },
  { "winograd/unpadded", 1, 11, 10, 33, 17, 3, 1, 0 },
  { "winograd/pad-2", 1, 5, 6, 18, 20, 3, 1, 2 },
  { "winograd/large", 2, 33, 29, 32, 48, 3, 1, 1 },
  { "winograd/many-tiles", 3, 50, 46, 16, 17, 3, 1, 1 },
  { "winograd/many-weights", 1, 4, 4, 160, 192, 3, 1, 1 },
  { "winograd/small-tiles", 2, 3, 5, 256, 130, 3, 1, 1 },
  { "winograd/256-channels", 1, 24, 24, 256, 32, 3, 1, 1 },
};

static SlConvShape
shape_of (const Case *t)
{
  return (SlConvShape){ .n = t->n,
                        .h = t->h,
                        .w = t->w,
                        .c = t->c,
                        .k = t->k,
                        .oh = (t->h + 2 * t->pad - t->kernel) / t->stride + 1,
                        .ow = (t->w + 2 * t->pad - t->kernel) / t->stride + 1,
                        .kernel = t->kernel,
                        .stride = t->stride,
                        .pad = t->pad };
}

/* Inputs, and the results of one run. */
typedef struct
{
  SlConvShape s;
  Buffer x, w, bias, y, dy, dx_before, dw_before; /* y: of the activations */
} Inputs;

typedef struct
{
  Buffer y, y_plain, y_relu, y_relu6, dx, dx_added, dw, dbias;
  Buffer dy_relu, dy_relu6, dbias_relu6;
} Results;

static Inputs
inputs_new (const Case *t)
{
  Inputs in = { .s = shape_of (t) };
  const SlConvShape *s = &in.s;

  in.x = buffer_random (s->n * s->h * s->w * s->c, 1);
  in.w = buffer_random (s->kernel * s->kernel * s->c * s->k, 2);
  in.bias = buffer_random (s->k, 3);
  in.dy = buffer_random (s->n * s->oh * s->ow * s->k, 4);
  in.y = buffer_random (in.dy.n, 7);
  for (gsize i = 0; i < in.y.n; i++)
    in.y.data[i] = i % 8 == 3 ? SL_RELU6_CEILING : 8 * in.y.data[i];
  in.dx_before = buffer_random (in.x.n, 5);
  in.dw_before = buffer_random (in.w.n, 6);
  return in;
}

#define N_CALLS 10

static Results
run (const SlKernels *kernels, const Inputs *in)
{
  const SlConvShape *s = &in->s;
  Results r = { buffer_new (in->dy.n),        buffer_new (in->dy.n),   buffer_new (in->dy.n),
                buffer_new (in->dy.n),        buffer_new (in->x.n),    buffer_copy (&in->dx_before),
                buffer_copy (&in->dw_before), buffer_copy (&in->bias), buffer_copy (&in->dy),
                buffer_copy (&in->dy),        buffer_copy (&in->bias) };
  gsize floats = (kernels->conv_scratch (s) + 3) / 4;
  Buffer scratch[N_CALLS], *free_scratch = scratch;
  const float *x = in->x.data, *w = in->w.data, *bias = in->bias.data, *dy = in->dy.data;

  for (gsize i = 0; i < N_CALLS; i++)
    scratch[i] = buffer_new (floats);
#define SCRATCH (free_scratch++)->data
  kernels->conv_forward (s, x, w, bias, SL_ACTIVATION_NONE, r.y.data, SCRATCH);
  kernels->conv_forward (s, x, w, NULL, SL_ACTIVATION_NONE, r.y_plain.data, SCRATCH);
  kernels->conv_forward (s, x, w, NULL, SL_ACTIVATION_RELU, r.y_relu.data, SCRATCH);
  kernels->conv_forward (s, x, w, bias, SL_ACTIVATION_RELU6, r.y_relu6.data, SCRATCH);
  kernels->conv_grad_data (s, dy, w, r.dx.data, FALSE, SCRATCH);
  kernels->conv_grad_data (s, dy, w, r.dx_added.data, TRUE, SCRATCH);
  kernels->conv_grad_weights (s, x, dy, r.dw.data, SCRATCH);
  /* What lets the gradient pass is the same numbers for every table. */
  kernels->conv_grad_sums (s, in->y.data, SL_ACTIVATION_RELU, r.dy_relu.data, NULL, SCRATCH);
  kernels->conv_grad_sums (s, in->y.data, SL_ACTIVATION_RELU6, r.dy_relu6.data, r.dbias_relu6.data,
                           SCRATCH);
  kernels->conv_grad_sums (s, NULL, SL_ACTIVATION_NONE, in->dy.data, r.dbias.data, SCRATCH);
#undef SCRATCH
  for (gsize i = 0; i < N_CALLS; i++)
    buffer_free (&scratch[i]);
  return r;
}

static void
results_free (Results *r)
{
  Buffer *all[] = { &r->y,  &r->y_plain, &r->y_relu,  &r->y_relu6,  &r->dx,         &r->dx_added,
                    &r->dw, &r->dbias,   &r->dy_relu, &r->dy_relu6, &r->dbias_relu6 };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    buffer_free (all[i]);
}

static void
inputs_free (Inputs *in)
{
  Buffer *all[] = { &in->x, &in->w, &in->bias, &in->y, &in->dy, &in->dx_before, &in->dw_before };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    buffer_free (all[i]);
}

static gboolean
is_winograd (const Case *t)
{
  return g_str_has_prefix (t->name, "winograd");
}

/* To the bit: what is folded in comes behind the same sums. */
static void
assert_activated (const Buffer *y, const Buffer *sums, float ceiling)
{
  buffer_check (y);
  for (gsize i = 0; i < y->n; i++)
    g_assert_cmpfloat (y->data[i], ==, CLAMP (sums->data[i], 0, ceiling));
}

/* @bound is that of all but the bias' gradient, which is never rounded. */
static void
check_results (const SlKernels *kernels, const Case *t, const SlKernels *reference, double bound)
{
  Inputs in = inputs_new (t);
  Results expected = run (reference, &in), first = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      Results r;

      g_snprintf (kernel_case, sizeof kernel_case, "%s, %s, %u threads", kernels->name, t->name,
                  thread_counts[i]);
      sl_parallel_set_threads (thread_counts[i]);
      r = run (kernels, &in);
      if (i == 0)
        {
          assert_close (&r.y, &expected.y, bound);
          assert_close (&r.y_plain, &expected.y_plain, bound);
          assert_activated (&r.y_relu, &r.y_plain, INFINITY);
          assert_activated (&r.y_relu6, &r.y, SL_RELU6_CEILING);
          assert_close (&r.dx, &expected.dx, bound);
          assert_close (&r.dx_added, &expected.dx_added, bound);
          assert_close (&r.dw, &expected.dw, bound);
          assert_close (&r.dbias, &expected.dbias, GATHER_BOUND);
          assert_close (&r.dbias_relu6, &expected.dbias_relu6, GATHER_BOUND);
          assert_close (&r.dy_relu, &expected.dy_relu, 0);
          assert_close (&r.dy_relu6, &expected.dy_relu6, 0);
          first = r;
          continue;
        }
      assert_same_bits (&r.y, &first.y);
      assert_same_bits (&r.dx, &first.dx);
      assert_same_bits (&r.dx_added, &first.dx_added);
      assert_same_bits (&r.dw, &first.dw);
      assert_same_bits (&r.dbias, &first.dbias);
      assert_same_bits (&r.dbias_relu6, &first.dbias_relu6);
      assert_same_bits (&r.y_relu6, &first.y_relu6);
      results_free (&r);
    }
  results_free (&first);
  results_free (&expected);
  inputs_free (&in);
}

static void
check_table (const SlKernels *kernels, gconstpointer data)
{
  check_results (kernels, data, sl_kernels_reference (),
                 is_winograd (data) ? WINOGRAD_BOUND : GATHER_BOUND);
}

static void
test_case (gconstpointer data)
{
  for_each_table (check_table, data);
}

static void
check_bf16_table (const SlKernels *kernels, gconstpointer data)
{
  if (!is_winograd (data))
    check_results (kernels, data, sl_kernels_reference_bf16 (), GATHER_BOUND);
  check_results (kernels, data, sl_kernels_reference (),
                 is_winograd (data) ? BF16_WINOGRAD_BOUND : BF16_GATHER_BOUND);
}

static void
test_bf16_case (gconstpointer data)
{
  for_each_bf16_table (check_bf16_table, data);
}

/* That it is bfloat16 which a table computes with. */
static void
check_rounds (const SlKernels *kernels, gconstpointer data)
{
  Inputs in = inputs_new (data);
  Results exact = run (sl_kernels_reference (), &in), r = run (kernels, &in);

  g_assert_cmpfloat (buffer_error (&r.y, &exact.y), >, ROUNDING);
  g_assert_cmpfloat (buffer_error (&r.dx, &exact.dx), >, ROUNDING);
  g_assert_cmpfloat (buffer_error (&r.dw, &exact.dw), >, ROUNDING);
  results_free (&r);
  results_free (&exact);
  inputs_free (&in);
}

static void
test_rounds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (cases[i].c >= 24 && cases[i].h > 1)
      {
        check_rounds (sl_kernels_reference_bf16 (), &cases[i]);
        for_each_bf16_table (check_rounds, &cases[i]);
      }
}

/* A NaN in any operand shows, whatever its bits: rounding must not turn it into a number. */
static void
check_nan (const SlKernels *kernels, gconstpointer data)
{
  const guint32 bits[] = { 0x7f800001, 0x7fffffff, 0xffffffff, 0x7fc00000 };
  SlConvShape s = { 1, 4, 4, 32, 4, 4, 32, 3, 1, 1 };
  Buffer x = buffer_random (512, 1), w = buffer_random (9 * 32 * 32, 2), y = buffer_new (512);
  Buffer scratch = buffer_new ((kernels->conv_scratch (&s) + 3) / 4);

  for (gsize i = 0; i < G_N_ELEMENTS (bits); i++)
    {
      memcpy (&x.data[3], &bits[i], sizeof bits[i]);
      kernels->conv_forward (&s, x.data, w.data, NULL, SL_ACTIVATION_RELU6, y.data, scratch.data);
      g_assert_true (isnan (y.data[0]));
    }
  buffer_free (&x);
  buffer_free (&w);
  buffer_free (&y);
  buffer_free (&scratch);
}

static void
test_nan (void)
{
  check_nan (sl_kernels_reference_bf16 (), NULL);
  for_each_bf16_table (check_nan, NULL);
}

/* The reference itself, on numbers worked out by hand: one channel, 3×3 ones over 1 … 9. */
static void
test_by_hand (void)
{
  const float x[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, ones[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };
  const float same[] = { 12, 21, 16, 27, 45, 33, 24, 39, 28 }, strided[] = { 12, 16, 24, 28 };
  const float at[] = { 0, 1, 0, 0, 0, 0, 0, 0, 0 }; /* the tap above: y (r,c) = x (r-1,c) */
  const float above[] = { 0, 0, 0, 1, 2, 3, 4, 5, 6 }, below[] = { 4, 5, 6, 7, 8, 9, 0, 0, 0 };
  SlConvShape s = { 1, 3, 3, 1, 3, 3, 1, 3, 1, 1 };
  float y[9], dw[9] = { 0 };
  double scratch[1];

  g_assert_cmpuint (sl_kernels_reference ()->conv_scratch (&s), <=, sizeof scratch);
  sl_kernels_reference ()->conv_forward (&s, x, ones, NULL, SL_ACTIVATION_NONE, y, scratch);
  g_assert_cmpmem (y, sizeof y, same, sizeof same);
  sl_kernels_reference ()->conv_forward (&s, x, at, NULL, SL_ACTIVATION_NONE, y, scratch);
  g_assert_cmpmem (y, sizeof y, above, sizeof above);
  sl_kernels_reference ()->conv_grad_data (&s, x, at, y, FALSE, scratch);
  g_assert_cmpmem (y, sizeof y, below, sizeof below);
  sl_kernels_reference ()->conv_grad_weights (&s, x, ones, dw, scratch);
  g_assert_cmpmem (dw, sizeof dw, ((float[]){ 12, 21, 16, 27, 45, 33, 24, 39, 28 }), sizeof dw);
  s.stride = 2;
  s.oh = s.ow = 2;
  sl_kernels_reference ()->conv_forward (&s, x, ones, NULL, SL_ACTIVATION_NONE, y, scratch);
  g_assert_cmpmem (y, sizeof strided, strided, sizeof strided);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/conv/by-hand", test_by_hand);
  g_test_add_func ("/kernels/conv-bf16/rounds", test_rounds);
  g_test_add_func ("/kernels/conv-bf16/nan", test_nan);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kernels/conv/", cases[i].name, NULL);
      g_autofree char *bf16_path = g_strconcat ("/kernels/conv-bf16/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
      g_test_add_data_func (bf16_path, &cases[i], test_bf16_case);
    }
  return g_test_run ();
}
