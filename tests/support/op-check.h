/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests of ops share: a case is an op with its attributes and shapes, of which
 * op_cases_add() makes tests of all that an op promises: numerical gradients of each element and
 * along a random direction, gradients stored and added, in place, without the inputs' gradients,
 * and nothing written beside a buffer. */

#include <math.h>
#include <string.h>

#include <slope/random.h>

#include "backends/cpu/cpu-ops.h"

#define GUARD 32            /* floats on either side of each buffer */
#define GUARD_VALUE 12345.f /* what they hold */
#define MAX_BUFFERS 24

typedef struct
{
  const char *name;
  const SlOpDef *op;
  gconstpointer attrs;
  guint n_in;
  SlShape in[SL_MAX_INPUTS];
  double step;        /* of the differences: large for linear ops, small for curved ones */
  double tolerance;   /* of a gradient, relative to the largest in its tensor */
  gboolean evaluates; /* a frozen norm: running statistics */
} OpCase;

/* ---- A call with guarded memory */

typedef struct
{
  float *memory[MAX_BUFFERS];
  gsize length[MAX_BUFFERS];
  guint n;
} Buffers;

typedef struct
{
  const OpCase *c;
  const SlKernels *kernels;
  const SlCpuOp *cpu;
  SlOpLayout layout;
  SlCall call;
  SlView saved_dy;          /* the direction in which y is looked at */
  SlView dx[SL_MAX_INPUTS]; /* memory of gradients; call.dx may be switched off */
  SlView dparam[SL_MAX_PARAMS];
  Buffers buffers;
} Bench;

static gpointer
new_buffer (Buffers *buffers, gsize n)
{
  float *memory = g_new (float, n + 2 * GUARD);

  g_assert_cmpuint (buffers->n, <, MAX_BUFFERS);
  for (gsize i = 0; i < n + 2 * GUARD; i++)
    memory[i] = i >= GUARD && i < GUARD + n ? NAN : GUARD_VALUE;
  buffers->memory[buffers->n] = memory;
  buffers->length[buffers->n++] = n;
  return memory + GUARD;
}

static void
check_guards (const Buffers *buffers)
{
  for (guint b = 0; b < buffers->n; b++)
    for (guint i = 0; i < GUARD; i++)
      {
        g_assert_cmpfloat (buffers->memory[b][i], ==, GUARD_VALUE);
        g_assert_cmpfloat (buffers->memory[b][GUARD + buffers->length[b] + i], ==, GUARD_VALUE);
      }
}

static SlView
new_view (Bench *bench, SlShape shape)
{
  return (SlView){ shape, new_buffer (&bench->buffers, sl_shape_n_elements (shape)) };
}

static gsize
length (SlView view)
{
  return sl_shape_n_elements (view.shape);
}

/* Different numbers, none near to zero or to another, nor to the negative of one of another
 * @input: no kink within a step. */
static void
fill_apart (SlView view, guint input, SlRandom *random)
{
  gsize n = length (view);
  g_autofree guint32 *order = g_new (guint32, n);
  float *values = view.data;

  for (gsize i = 0; i < n; i++)
    order[i] = (guint32)i;
  sl_random_shuffle (random, order, n);
  for (gsize i = 0; i < n; i++)
    {
      double place = (order[i] + 0.5 + 0.37 * input) / (double)n * 4 - 2;

      values[i] = (float)(place + (place < 0 ? -0.02 : 0.02));
    }
}

/* A loss whose targets are numbers from 0 to 1. */
static gboolean
is_cell_loss (const OpCase *c)
{
  return c->op == &sl_op_binary_cross_entropy || c->op == &sl_op_mean_squared_error;
}

static gboolean
is_loss (const OpCase *c)
{
  return c->op == &sl_op_cross_entropy || c->op == &sl_op_word_loss || is_cell_loss (c);
}

/* Whether input @k is of classes, tokens or places. */
static gboolean
is_index (const OpCase *c, guint k)
{
  if (k == 1 && (c->op == &sl_op_padded_lstm || c->op == &sl_op_text_pool))
    return TRUE;
  return (is_loss (c) && !is_cell_loss (c) && k == 1) || c->op == &sl_op_embedding;
}

static void
fill_inputs (Bench *bench, SlRandom *random)
{
  SlCall *call = &bench->call;
  gsize classes = call->x[0].shape.dim[call->x[0].shape.rank - 1];
  /* Where there is a ceiling, something must reach it. */
  double largest = strstr (bench->c->name, "relu6") != NULL ? 5 : 1.3;

  for (guint k = 0; k < bench->c->n_in; k++)
    fill_apart (call->x[k], k, random);
  for (guint k = 0; k < bench->layout.n_params; k++)
    {
      float *values = call->param[k].data;

      for (gsize i = 0; i < length (call->param[k]); i++)
        values[i] = (float)sl_random_uniform (random, 0.3, largest)
                    * (bench->layout.param[k].kind != SL_PARAM_STATE && i % 3 == 1 ? -1 : 1);
    }
  for (guint k = 0; k < bench->c->n_in; k++)
    for (gsize i = 0; is_index (bench->c, k) && i < length (call->x[k]); i++)
      ((gint32 *)call->x[k].data)[i] = (gint32)(i
                                                % (bench->layout.index_end[k] > 0
                                                       ? bench->layout.index_end[k]
                                                       : classes));
  for (gsize i = 0; is_cell_loss (bench->c) && i < length (call->x[1]); i++)
    ((float *)call->x[1].data)[i] = i % 4 == 3 ? 0 : (float)sl_random_uniform (random, 0, 1);
  if (is_loss (bench->c))
    for (gsize i = 0; i < length (call->x[2]); i++)
      ((float *)call->x[2].data)[i] = i == 1 ? 0 : 0.5f + (float)i;
  for (gsize i = 0; i < length (bench->saved_dy); i++)
    ((float *)bench->saved_dy.data)[i] = is_loss (bench->c) ? 1.5f : (float)sl_random_uniform (random, -1, 1);
}

static void
bench_init (Bench *bench, const OpCase *c, const SlKernels *kernels)
{
  SlValueType types[SL_MAX_INPUTS];
  SlCall *call = &bench->call;
  g_autoptr (GError) error = NULL;
  SlRandom random;

  *bench = (Bench){ .c = c, .kernels = kernels, .cpu = sl_cpu_op_find (c->op) };
  g_assert_nonnull (bench->cpu);
  for (guint k = 0; k < c->n_in; k++)
    types[k] = (SlValueType){ c->in[k], is_index (c, k) ? SL_DTYPE_I32 : SL_DTYPE_F32 };
  c->op->infer (c->attrs, types, c->n_in, &bench->layout, &error);
  g_assert_no_error (error);

  call->attrs = c->attrs;
  call->training = !c->evaluates;
  call->random_key = 99;
  for (guint k = 0; k < c->n_in; k++)
    {
      call->x[k] = new_view (bench, c->in[k]);
      if (!(bench->layout.no_dx >> k & 1))
        bench->dx[k] = new_view (bench, c->in[k]);
    }
  for (guint k = 0; k < bench->layout.n_outputs; k++)
    call->y[k] = new_view (bench, bench->layout.output[k]);
  for (guint k = 0; k < bench->layout.n_params; k++)
    {
      call->param[k] = new_view (bench, bench->layout.param[k].shape);
      if (bench->layout.param[k].kind != SL_PARAM_STATE && call->training)
        bench->dparam[k] = new_view (bench, bench->layout.param[k].shape);
    }
  bench->saved_dy = new_view (bench, bench->layout.output[0]);
  call->dy[0] = new_view (bench, bench->layout.output[0]);
  call->workspace = new_buffer (&bench->buffers, (bench->layout.workspace_bytes
                                                          + bench->layout.gradient_bytes + 3)
                                                             / 4);
  if (bench->cpu->scratch != NULL)
    call->scratch = new_buffer (&bench->buffers, (bench->cpu->scratch (kernels, call) + 3) / 4);
  sl_random_init (&random, sl_random_key (1, SL_PURPOSE_TEST, g_str_hash (c->name), 0));
  fill_inputs (bench, &random);
}

static void
bench_clear (Bench *bench)
{
  check_guards (&bench->buffers);
  for (guint b = 0; b < bench->buffers.n; b++)
    g_free (bench->buffers.memory[b]);
}

/* The sum over y, weighted with dy: what is differentiated. */
static double
forward (Bench *bench)
{
  const float *y = bench->call.y[0].data, *dy = bench->saved_dy.data;
  double sum = 0;

  bench->cpu->forward (bench->kernels, &bench->call);
  for (gsize i = 0; i < length (bench->saved_dy); i++)
    sum += (double)y[i] * dy[i];
  return sum;
}

static void
zero (SlView view)
{
  if (view.data != NULL)
    memset (view.data, 0, length (view) * sizeof (float));
}

/* One forward and one backward pass; gradients of parameters start from zero. */
static void
run_both (Bench *bench)
{
  bench->call.wants_dx = bench->call.wants_dparam = 0;
  for (guint k = 0; k < SL_MAX_INPUTS; k++)
    bench->call.wants_dx |= bench->dx[k].data != NULL ? 1u << k : 0;
  for (guint k = 0; k < SL_MAX_PARAMS; k++)
    bench->call.wants_dparam |= bench->dparam[k].data != NULL ? 1u << k : 0;
  forward (bench);
  memcpy (bench->call.dy[0].data, bench->saved_dy.data, length (bench->saved_dy) * sizeof (float));
  for (guint k = 0; k < SL_MAX_INPUTS; k++)
    bench->call.dx[k] = bench->dx[k];
  for (guint k = 0; k < SL_MAX_PARAMS; k++)
    {
      zero (bench->dparam[k]);
      bench->call.dparam[k] = bench->dparam[k];
    }
  bench->cpu->backward (bench->kernels, &bench->call);
  check_guards (&bench->buffers);
}

/* ---- Numerical gradients */

/* Which side of its kinks each number is on: a difference across one says nothing. */
static guint
kinks (const Bench *bench)
{
  const SlView y = bench->call.y[0];
  guint hash = 5381;

  for (gsize i = 0; i < length (y); i++)
    hash = hash * 33 + (((float *)y.data)[i] > 0) + (((float *)y.data)[i] >= SL_RELU6_CEILING);
  return hash;
}

static gboolean
has_relu (const OpCase *c)
{
  return strstr (c->name, "relu") != NULL || strstr (c->name, "frozen") != NULL;
}

/* The slope of forward() along @x; FALSE if the step crosses a kink. */
static gboolean
difference (Bench *bench, float *x, double step, double *slope)
{
  float middle = *x;
  double above, below, width;
  guint side;

  *x = middle + (float)step;
  above = forward (bench);
  width = *x;
  side = kinks (bench);
  *x = middle - (float)step;
  below = forward (bench);
  width -= *x;
  *x = middle;
  *slope = (above - below) / width;
  return !has_relu (bench->c) || side == kinks (bench);
}

static void
check_tensor (Bench *bench, SlView values, SlView grads)
{
  g_autofree float *analytic = g_memdup2 (grads.data, length (grads) * sizeof (float));
  double largest = 1e-3;
  gsize skipped = 0;

  for (gsize i = 0; i < length (values); i++)
    largest = MAX (largest, fabs (analytic[i]));
  for (gsize i = 0; i < length (values); i++)
    {
      float *x = (float *)values.data + i;
      double slope, step = bench->c->step;

      if (!difference (bench, x, step, &slope) && !difference (bench, x, step / 4, &slope)
          && !difference (bench, x, step / 16, &slope))
        {
          skipped++;
          continue;
        }
      if (fabs (slope - analytic[i]) > bench->c->tolerance * largest)
        g_error ("element %zu: numerically %g, backward %g", i, slope, analytic[i]);
    }
  g_assert_cmpuint (skipped * 4, <=, length (values));
}

static void
test_elements (gconstpointer data)
{
  Bench bench;

  bench_init (&bench, data, sl_kernels ());
  run_both (&bench);
  for (guint k = 0; k < SL_MAX_INPUTS; k++)
    if (bench.dx[k].data != NULL)
      check_tensor (&bench, bench.call.x[k], bench.dx[k]);
  for (guint k = 0; k < SL_MAX_PARAMS; k++)
    if (bench.dparam[k].data != NULL)
      check_tensor (&bench, bench.call.param[k], bench.dparam[k]);
  bench_clear (&bench);
}

/* Adds @sign × @direction to @values, and returns their product with @grads. */
static double
move (SlView values, SlView grads, const float *direction, double sign)
{
  double product = 0;

  for (gsize i = 0; i < length (values); i++)
    {
      ((float *)values.data)[i] += (float)sign * direction[i];
      product += grads.data != NULL ? ((float *)grads.data)[i] * (double)direction[i] : 0;
    }
  return product;
}

/* All inputs and parameters at once along a random direction, up the slope so that the sum does
 * not cancel. */
static void
test_direction (gconstpointer data)
{
  Bench bench;
  float *directions[SL_MAX_INPUTS + SL_MAX_PARAMS] = { NULL };
  double expected = 0, above = 0, below, step = 5e-4;
  SlRandom random;

  bench_init (&bench, data, sl_kernels ());
  run_both (&bench);
  sl_random_init (&random, 8);
  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint k = 0; k < SL_MAX_INPUTS + SL_MAX_PARAMS; k++)
        {
          gboolean is_x = k < SL_MAX_INPUTS;
          SlView grads = is_x ? bench.dx[k] : bench.dparam[k - SL_MAX_INPUTS];
          SlView values = is_x ? bench.call.x[k] : bench.call.param[k - SL_MAX_INPUTS];

          if (grads.data == NULL)
            continue;
          if (pass == 0)
            {
              directions[k] = g_new (float, length (values));
              for (gsize i = 0; i < length (values); i++)
                directions[k][i] = (float)copysign (step * sl_random_uniform (&random, 0, 1),
                                                    ((float *)grads.data)[i]);
              expected += 2 * move (values, grads, directions[k], 1);
            }
          else
            move (values, grads, directions[k], -2);
        }
      if (pass == 0)
        above = forward (&bench);
    }
  below = forward (&bench);
  /* The kinks that are crossed on the way are few beside the whole. */
  g_assert_cmpfloat_with_epsilon (above - below, expected, 0.02 * expected);
  for (guint k = 0; k < G_N_ELEMENTS (directions); k++)
    g_free (directions[k]);
  bench_clear (&bench);
}

/* ---- Store, add, in place */

static void
assert_near (SlView got, const float *wanted, gsize n, const float *plus)
{
  for (gsize i = 0; i < n; i++)
    {
      double expected = wanted[i] + (plus != NULL ? (double)plus[i] : 0);

      g_assert_cmpfloat_with_epsilon (((float *)got.data)[i], expected,
                                      1e-5 * (1 + fabs (expected)));
    }
}

/* Each dx once stored over NaN and once added to numbers, each alone and all together. */
static void
test_adds (gconstpointer data)
{
  Bench bench;

  bench_init (&bench, data, sl_kernels ());
  run_both (&bench);
  for (guint k = 0; k < SL_MAX_INPUTS; k++)
    {
      gsize n = length (bench.dx[k]);
      g_autofree float *stored = NULL, *before = NULL;
      SlView kept[SL_MAX_INPUTS];

      if (bench.dx[k].data == NULL)
        continue;
      stored = g_memdup2 (bench.dx[k].data, n * sizeof (float));
      before = g_new (float, n);
      for (gsize i = 0; i < n; i++)
        ((float *)bench.dx[k].data)[i] = before[i] = (float)i / 9 - 2;
      bench.call.dx_adds[k] = TRUE;
      run_both (&bench);
      assert_near (bench.dx[k], stored, n, before);

      /* Alone: the other inputs' gradients are not wanted. */
      bench.call.dx_adds[k] = FALSE;
      memcpy (kept, bench.dx, sizeof kept);
      for (guint other = 0; other < SL_MAX_INPUTS; other++)
        if (other != k)
          bench.dx[other].data = NULL;
      run_both (&bench);
      memcpy (bench.dx, kept, sizeof kept);
      assert_near (bench.dx[k], stored, n, NULL);
    }
  bench_clear (&bench);
}

/* What the layouts promise the planner: the same bits with dx over dy, and y over x. */
static void
test_in_place (gconstpointer data)
{
  Bench bench;

  bench_init (&bench, data, sl_kernels ());
  run_both (&bench);
  for (guint k = 0; k < bench.c->n_in; k++)
    {
      gsize bytes = length (bench.call.x[k]) * sizeof (float);
      g_autofree float *y = NULL, *dx = NULL, *x = NULL;

      if (bench.layout.dx_over_dy >> k & 1)
        {
          dx = g_memdup2 (bench.dx[k].data, bytes);
          memcpy (bench.call.dy[0].data, bench.saved_dy.data, bytes);
          bench.call.dx[k] = bench.call.dy[0];
          bench.cpu->backward (bench.kernels, &bench.call);
          g_assert_cmpmem (bench.call.dy[0].data, bytes, dx, bytes);
          bench.call.dx[k] = bench.dx[k];
        }
      if (bench.layout.y_over_x >> k & 1)
        {
          SlView apart = bench.call.y[0];

          y = g_memdup2 (apart.data, bytes);
          x = g_memdup2 (bench.call.x[k].data, bytes);
          bench.call.y[0] = bench.call.x[k];
          bench.cpu->forward (bench.kernels, &bench.call);
          g_assert_cmpmem (bench.call.x[k].data, bytes, y, bytes);
          memcpy (bench.call.x[k].data, x, bytes);
          bench.call.y[0] = apart;
        }
    }
  bench_clear (&bench);
}

/* Gradients that are not wanted are not needed by those that are. */
static void
test_without_dx (gconstpointer data)
{
  Bench bench;
  SlView kept[SL_MAX_INPUTS];
  float *wanted[SL_MAX_PARAMS] = { NULL };

  bench_init (&bench, data, sl_kernels ());
  run_both (&bench);
  for (guint k = 0; k < SL_MAX_PARAMS; k++)
    if (bench.dparam[k].data != NULL)
      wanted[k] = g_memdup2 (bench.dparam[k].data, length (bench.dparam[k]) * sizeof (float));
  memcpy (kept, bench.dx, sizeof kept);
  memset (bench.dx, 0, sizeof bench.dx);
  if (bench.layout.n_params > 0 && bench.call.training)
    run_both (&bench);
  for (guint k = 0; k < SL_MAX_PARAMS; k++)
    if (wanted[k] != NULL)
      {
        assert_near (bench.dparam[k], wanted[k], length (bench.dparam[k]), NULL);
        g_free (wanted[k]);
      }
  bench_clear (&bench);
}

static inline void
op_cases_add (const OpCase *cases, gsize n)
{
  static const struct
  {
    const char *what;
    GTestDataFunc func;
  } checks[] = {
    { "elements", test_elements },     { "direction", test_direction }, { "adds", test_adds },
    { "in-place", test_in_place },     { "without-dx", test_without_dx },
  };

  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (checks); j++)
      {
        g_autofree char *path = g_strdup_printf ("/engine/ops/%s/%s", cases[i].name, checks[j].what);

        g_test_add_data_func (path, &cases[i], checks[j].func);
      }
}
