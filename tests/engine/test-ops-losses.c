/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses of cells and the range of outputs through the processor's backend, see op-check.h; and what
 * they refuse. */
#include "op-check.h"

#define SMOOTHED(smoothing)    \
  &(SlBinaryCrossEntropyAttrs) \
  {                            \
    (smoothing)                \
  }
#define RANGE(low, high) \
  &(SlOutputRangeAttrs)  \
  {                      \
    (low), (high)        \
  }

static const OpCase cases[] = {
  { "binary-cross-entropy",
    &sl_op_binary_cross_entropy,
    SMOOTHED (0),
    3,
    { { 2, { 5, 7 } }, { 2, { 5, 7 } }, { 1, { 5 } } },
    1e-2,
    2e-3,
    0 },
  { "binary-cross-entropy/smoothed",
    &sl_op_binary_cross_entropy,
    SMOOTHED (0.1),
    3,
    { { 2, { 3, 17 } }, { 2, { 3, 17 } }, { 1, { 3 } } },
    1e-2,
    2e-3,
    0 },
  { "mean-squared-error",
    &sl_op_mean_squared_error,
    NULL,
    3,
    { { 2, { 4, 9 } }, { 3, { 4, 2, 9 } }, { 1, { 4 } } },
    1e-2,
    2e-3,
    0 },
  { "mean-squared-error/one",
    &sl_op_mean_squared_error,
    NULL,
    3,
    { { 2, { 3, 1 } }, { 3, { 3, 2, 1 } }, { 1, { 3 } } },
    1e-2,
    2e-3,
    0 },
  { "output-range", &sl_op_output_range, RANGE (-1.1, 2), 1, { { 2, { 5, 7 } } }, 1e-2, 2e-3, 0 },
  { "output-range/picture",
    &sl_op_output_range,
    RANGE (0, 1),
    1,
    { { 4, { 2, 3, 5, 3 } } },
    1e-2,
    2e-3,
    0 },
};

/* ---- Shapes and numbers that do not fit */

static SlGraph *
graph_with (SlValue *x, SlValue *targets, SlValue *weights)
{
  SlGraph *graph = sl_graph_new ();

  *x = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE2 (3, 5));
  *targets = sl_graph_input (graph, "t", SL_DTYPE_F32, SL_SHAPE3 (3, 2, 5));
  *weights = sl_graph_input (graph, "w", SL_DTYPE_F32, SL_SHAPE1 (3));
  return graph;
}

static void
test_refusals (void)
{
  SlValue x, targets, weights, loss, none;
  g_autoptr (SlGraph) graph = graph_with (&x, &targets, &weights);
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_mean_squared_error (graph, x, targets, weights, &loss, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (sl_mean_squared_error (graph, x, x, weights, &loss, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_clear_error (&error);
  g_assert_false (
      sl_binary_cross_entropy (graph, x, targets, weights, 0, &loss, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_clear_error (&error);
  none = sl_graph_input (graph, "classes", SL_DTYPE_I32, SL_SHAPE2 (3, 5));
  g_assert_false (sl_binary_cross_entropy (graph, x, none, weights, 0, &loss, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_clear_error (&error);
  g_assert_false (sl_binary_cross_entropy (graph, x, x, weights, 1, &loss, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_cmpuint (sl_output_range (graph, x, 1, 1, &error), ==, SL_NO_VALUE);
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_cmpuint (sl_output_range (graph, x, -1, INFINITY, &error), ==, SL_NO_VALUE);
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  op_cases_add (cases, G_N_ELEMENTS (cases));
  g_test_add_func ("/engine/ops/losses/refusals", test_refusals);
  return g_test_run ();
}
