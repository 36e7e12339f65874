/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Costs of ops: the counts against numbers worked out by hand; times that add up. */
#include <slope/optim.h>
#include <slope/peak.h>
#include <slope/profile.h>

#define N 4
#define SIZE 6
#define CLASSES 3
#define FLOAT sizeof (float)

/* A 3×3 convolution from 2 to 8 channels, a mean over the picture, three classes. */
static SlGraph *
build (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  const SlConv2dAttrs conv = { .out_channels = 8, .kernel = 3, .stride = 1, .pad = 1 };
  SlValue x = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE4 (N, SIZE, SIZE, 2));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE1 (N));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (N));
  SlValue loss, losses, probabilities;

  x = sl_conv2d (graph, "conv", x, &conv, NULL);
  x = sl_relu (graph, x, NULL);
  x = sl_global_avg_pool (graph, x, NULL);
  x = sl_linear (graph, "fc", x, CLASSES, FALSE, NULL);
  g_assert_true (
      sl_cross_entropy (graph, x, targets, weights, 0, &loss, &losses, &probabilities, NULL));
  sl_graph_output (graph, "loss", loss);
  return g_steal_pointer (&graph);
}

static void
step (SlPlan *plan, gboolean backward)
{
  float *x = sl_plan_input_data (plan, "x"), *weights = sl_plan_input_data (plan, "weights");
  gint32 *targets = sl_plan_input_data (plan, "targets");

  for (gsize i = 0; i < N * SIZE * SIZE * 2; i++)
    x[i] = (float)(i % 7) - 3;
  for (gsize i = 0; i < N; i++)
    {
      targets[i] = (gint32)(i % CLASSES);
      weights[i] = 1;
    }
  sl_plan_forward (plan, 0);
  if (backward)
    sl_plan_backward (plan);
}

static void
find_op (const SlPlan *plan, const char *name, SlOpProfile *op)
{
  for (guint i = 0; i < sl_plan_n_ops (plan); i++)
    {
      sl_plan_get_op (plan, i, op);
      if (g_str_equal (op->op, name))
        return;
    }
  g_error ("There is no op %s", name);
}

static void
test_counts (void)
{
  const double pixels = N * SIZE * SIZE, w = 3 * 3 * 2 * 8;
  g_autoptr (SlGraph) graph = build ();
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (SlPlan) plan = sl_plan_new (graph, params, SL_MODE_TRAIN, SL_PLAN_PROFILE, NULL);
  SlOpProfile op;

  find_op (plan, "conv2d", &op);
  g_assert_cmpstr (op.layer, ==, "conv");
  g_assert_true (sl_shape_equal (op.input, SL_SHAPE4 (N, SIZE, SIZE, 2)));
  g_assert_true (sl_shape_equal (op.weights, SL_SHAPE4 (3, 3, 2, 8)));
  g_assert_true (sl_shape_equal (op.output, SL_SHAPE4 (N, SIZE, SIZE, 8)));
  g_assert_cmpfloat (op.forward.flops, ==, 2 * pixels * w);
  g_assert_cmpfloat (op.forward.bytes, ==, FLOAT * (pixels * 2 + w + pixels * 8));
  /* The picture's gradient is not wanted: one product, of dy and x, added to the weights'. */
  g_assert_cmpfloat (op.backward.flops, ==, 2 * pixels * w);
  g_assert_cmpfloat (op.backward.bytes, ==, FLOAT * (pixels * 8 + pixels * 2 + 2 * w));

  find_op (plan, "linear", &op);
  g_assert_cmpfloat (op.backward.flops, ==, 2 * op.forward.flops); /* both gradients */

  find_op (plan, "relu", &op);
  g_assert_cmpuint (op.weights.rank, ==, 0);
  g_assert_cmpfloat (op.forward.bytes, ==, FLOAT * 2 * pixels * 8);
  g_assert_cmpfloat (op.backward.bytes, ==, FLOAT * 3 * pixels * 8); /* y, dy, dx */
}

static void
test_times (void)
{
  g_autoptr (SlGraph) graph = build ();
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (SlPlan) plan = sl_plan_new (graph, params, SL_MODE_TRAIN, SL_PLAN_PROFILE, NULL);
  gint64 start = g_get_monotonic_time ();
  double sum = 0;
  SlOpProfile op;

  step (plan, TRUE);
  step (plan, TRUE);
  step (plan, FALSE);
  for (guint i = 0; i < sl_plan_n_ops (plan); i++)
    {
      sl_plan_get_op (plan, i, &op);
      g_assert_cmpuint (op.forward.calls, ==, 3);
      g_assert_cmpuint (op.backward.calls, ==, 2);
      sum += 3 * op.forward.seconds + 2 * op.backward.seconds;
    }
  g_assert_cmpfloat (sum, >=, 0);
  g_assert_cmpfloat (sum, <=, (double)(g_get_monotonic_time () - start) * 1e-6);

  sl_plan_forget_times (plan);
  step (plan, FALSE);
  find_op (plan, "conv2d", &op);
  g_assert_cmpuint (op.forward.calls, ==, 1);
  g_assert_cmpuint (op.backward.calls, ==, 0);
  g_assert_cmpfloat (op.backward.seconds, ==, 0);
}

static void
test_inference (void)
{
  g_autoptr (SlGraph) graph = build ();
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (SlPlan) plan = sl_plan_new (graph, params, SL_MODE_EVAL, SL_PLAN_PROFILE, NULL);
  SlOpProfile op;

  find_op (plan, "conv2d", &op);
  g_assert_cmpfloat (op.backward.flops, ==, 0);
  g_assert_cmpfloat (op.backward.bytes, ==, 0);
  g_assert_cmpfloat (op.forward.flops, >, 0);
}

/* No computer that runs this is outside these bounds; the figures are in units of one a second. */
static void
test_peak (void)
{
  SlPeak peak;

  sl_measure_peak (&peak);
  g_assert_nonnull (peak.kernels);
  g_assert_cmpfloat (peak.flops, >, 1e7);
  g_assert_cmpfloat (peak.flops, <, 1e15);
  g_assert_cmpfloat (peak.bytes, >, 1e7);
  g_assert_cmpfloat (peak.bytes, <, 1e14);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/profile/counts", test_counts);
  g_test_add_func ("/engine/profile/times", test_times);
  g_test_add_func ("/engine/profile/inference", test_inference);
  g_test_add_func ("/engine/profile/peak", test_peak);
  return g_test_run ();
}
