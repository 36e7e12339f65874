/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a U-Net's way up computes again in the backward pass has the bits that it had. */
#include "graph/plan-private.h"
#include "ops/ops.h"
#include <slope/optim.h>
#include <slope/parallel.h>
#include <slope/random.h>

#define SIZE 17
#define CLASSES 5

/* Items @first … of an endless set. */
static void
set_batch (SlPlan *plan, guint first, guint batch)
{
  float *picture = sl_plan_input_data (plan, "picture");
  gint32 *targets = sl_plan_input_data (plan, "target");
  float *weights = sl_plan_input_data (plan, "weight");
  const gsize pixels = SIZE * SIZE * 3;

  for (guint i = 0; i < batch; i++)
    {
      SlRandom random;

      sl_random_init (&random, sl_random_key (1, SL_PURPOSE_TEST, first + i, 0));
      for (gsize k = 0; k < pixels; k++)
        picture[i * pixels + k] = (float)sl_random_uniform (&random, -1, 1);
      targets[i] = (gint32)((first + i) * 7 % CLASSES);
      weights[i] = 1;
    }
}

static SlPlan *
new_plan (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags)
{
  g_autoptr (GError) error = NULL;
  SlPlan *plan = sl_plan_new (graph, params, mode, flags, &error);

  g_assert_no_error (error);
  return plan;
}

static SlValue
conv_relu (SlGraph *graph, const char *name, SlValue x, guint stride, GError **error)
{
  const SlConv2dAttrs attrs = { .out_channels = 8, .kernel = 3, .stride = stride, .pad = 1 };

  return sl_relu (graph, sl_conv2d (graph, name, x, &attrs, error), error);
}

/* The way up of a small U-Net: joins, resized and not, an enlargement and a pixel shuffle, each of
 * what a ReLU keeps, and read again by the convolution behind it. */
static SlGraph *
make_unet (void)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (4, SIZE, SIZE, 3));
  SlValue targets = sl_graph_input (graph, "target", SL_DTYPE_I32, SL_SHAPE1 (4));
  SlValue weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (4));
  SlValue loss = SL_NO_VALUE, low, skip;
  g_autoptr (GError) error = NULL;

  skip = conv_relu (graph, "c1", x, 1, &error);
  low = conv_relu (graph, "c2", skip, 2, &error);
  x = conv_relu (graph, "c3", sl_resize_concat (graph, low, skip, &error), 1, &error);
  x = conv_relu (graph, "c4", sl_concat (graph, x, skip, &error), 1, &error);
  x = conv_relu (graph, "c5", sl_pixel_shuffle (graph, x, &error), 1, &error);
  x = conv_relu (graph, "c6", sl_resize_nearest (graph, x, SIZE, SIZE + 2, &error), 1, &error);
  x = sl_linear (graph, "out", sl_global_avg_pool (graph, x, &error), CLASSES, TRUE, &error);
  sl_cross_entropy (graph, x, targets, weights, 0, &loss, NULL, NULL, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "loss", loss);
  return graph;
}

/* How many steps of @op are computed again. */
static guint
count_again (const SlPlan *plan, const SlOpDef *op)
{
  guint n = 0;

  for (guint i = 0; i < plan->memory->n_nodes; i++)
    if (sl_graph_node (plan->graph, i)->op == op)
      n += plan->memory->nodes[i].again != SL_NEVER;
  return n;
}

/* Each kind of op must be among what is computed again, or nothing is tested. */
static void
assert_all_kinds_again (const SlPlan *plan, gboolean wanted)
{
  const SlOpDef *const ops[] = { &sl_op_concat, &sl_op_resize, &sl_op_pixel_shuffle };

  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    g_assert_true ((count_again (plan, ops[i]) > 0) == wanted);
}

/* Parameters with their gradients after two steps. */
static SlParams *
train_unet (SlPlanFlags flags, gsize *arena_bytes)
{
  const double rates[1] = { 1e-2 };
  g_autoptr (SlGraph) graph = make_unet ();
  SlParams *params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) plan = new_plan (graph, params, SL_MODE_TRAIN, flags);
  SlAdamW adam = SL_ADAMW_INIT;

  assert_all_kinds_again (plan, !(flags & SL_PLAN_KEEP_ALL));
  for (guint step = 0; step < 2; step++)
    {
      set_batch (plan, 4 * step, 4);
      sl_plan_forward (plan, step);
      sl_plan_backward (plan);
      sl_adamw_step (&adam, params, rates, 0.9);
    }
  *arena_bytes = sl_plan_arena_bytes (plan);
  return params;
}

static void
test_repeat_unet (void)
{
  const SlPlanFlags flags[] = { 0, SL_PLAN_NO_REUSE, SL_PLAN_FILL_DEAD, SL_PLAN_REFERENCE };
  gsize kept_bytes, bytes;

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autoptr (SlParams) kept = train_unet (flags[i] | SL_PLAN_KEEP_ALL, &kept_bytes);
      g_autoptr (SlParams) repeated = NULL;
      gsize n = sl_params_n_elements (kept) * sizeof (float);

      repeated = train_unet (flags[i] | SL_PLAN_REPEAT_ALL, &bytes);
      g_assert_cmpmem (sl_params_values (kept), n, sl_params_values (repeated), n);
      g_assert_cmpmem (sl_params_grads (kept), n, sl_params_grads (repeated), n);
      if (flags[i] == 0)
        g_assert_cmpuint (bytes, <, kept_bytes);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  sl_parallel_set_threads (1);
  g_test_add_func ("/engine/plan/repeat-segment", test_repeat_unet);
  return g_test_run ();
}
