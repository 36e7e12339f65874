/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ops of segmentation through the processor's backend; see op-check.h.  And a join with itself,
 * whose gradient comes in two parts. */
#include "op-check.h"

#define JOIN(resizes) \
  &(SlConcatAttrs)    \
  {                   \
    (resizes)         \
  }
#define SIZE(h, w) \
  &(SlResizeAttrs) \
  {                \
    (h), (w)       \
  }
#define LOSS(smoothing, void_class) \
  &(SlCrossEntropyAttrs)            \
  {                                 \
    (smoothing), (void_class)       \
  }

static const OpCase cases[] = {
  { "concat",
    &sl_op_concat,
    JOIN (FALSE),
    2,
    { { 4, { 2, 3, 5, 3 } }, { 4, { 2, 3, 5, 4 } } },
    0.1,
    1e-4,
    0 },
  { "concat/resized",
    &sl_op_concat,
    JOIN (TRUE),
    2,
    { { 4, { 2, 3, 2, 5 } }, { 4, { 2, 6, 4, 3 } } },
    0.1,
    1e-4,
    0 },
  { "concat/resized-odd",
    &sl_op_concat,
    JOIN (TRUE),
    2,
    { { 4, { 1, 5, 4, 2 } }, { 4, { 1, 7, 3, 1 } } },
    0.1,
    1e-4,
    0 },
  { "resize/larger", &sl_op_resize, SIZE (7, 11), 1, { { 4, { 2, 3, 5, 3 } } }, 0.1, 1e-4, 0 },
  { "resize/smaller", &sl_op_resize, SIZE (3, 2), 1, { { 4, { 2, 5, 7, 3 } } }, 0.1, 1e-4, 0 },
  { "resize/twice", &sl_op_resize, SIZE (6, 10), 1, { { 4, { 2, 3, 5, 4 } } }, 0.1, 1e-4, 0 },
  { "pixel-shuffle", &sl_op_pixel_shuffle, NULL, 1, { { 4, { 2, 3, 5, 12 } } }, 0.1, 1e-4, 0 },
  { "pixel-cross-entropy",
    &sl_op_cross_entropy,
    LOSS (0, -1),
    3,
    { { 4, { 3, 3, 5, 7 } }, { 3, { 3, 3, 5 } }, { 1, { 3 } } },
    1e-2,
    2e-3,
    0 },
  { "pixel-cross-entropy/void",
    &sl_op_cross_entropy,
    LOSS (0.1, 2),
    3,
    { { 4, { 3, 2, 5, 4 } }, { 3, { 3, 2, 5 } }, { 1, { 3 } } },
    1e-2,
    2e-3,
    0 },
};

/* ---- One value as both inputs */

/* The gradient of a convolution whose output is joined with itself; @apart: with a copy. */
static SlTensor *
gradient_of_join (gboolean apart)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE4 (2, 5, 7, 3)), copy, loss;
  SlValue targets = sl_graph_input (graph, "t", SL_DTYPE_I32, SL_SHAPE3 (2, 5, 7));
  SlValue weights = sl_graph_input (graph, "w", SL_DTYPE_F32, SL_SHAPE1 (2));
  g_autoptr (SlParams) params = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  SlTensor *grad;

  x = sl_conv2d (graph, "c", x, &(SlConv2dAttrs){ .out_channels = 4, .kernel = 1, .stride = 1 },
                 &error);
  x = sl_relu (graph, x, &error);
  copy = apart ? sl_relu (graph, x, &error) : x;
  x = sl_concat (graph, x, copy, &error);
  sl_pixel_cross_entropy (graph, x, targets, weights, -1, &loss, NULL, NULL, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "loss", loss);
  params = sl_params_new (graph, 3);
  plan = sl_plan_new (graph, params, SL_MODE_TRAIN, SL_PLAN_FILL_DEAD, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 2 * 5 * 7 * 3; i++)
    ((float *)sl_plan_input_data (plan, "x"))[i] = (float)(i * 31 % 17) / 8 - 1;
  for (gsize i = 0; i < 2 * 5 * 7; i++)
    ((gint32 *)sl_plan_input_data (plan, "t"))[i] = (gint32)(i % 8);
  for (gsize i = 0; i < 2; i++)
    ((float *)sl_plan_input_data (plan, "w"))[i] = 1;
  sl_plan_forward (plan, 0);
  sl_plan_backward (plan);
  grad = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE2 (3, 4));
  memcpy (sl_tensor_f32 (grad), sl_params_grads (params), 3 * 4 * sizeof (float));
  return grad;
}

static void
test_joined_with_itself (void)
{
  g_autoptr (SlTensor) twice = gradient_of_join (FALSE);
  g_autoptr (SlTensor) apart = gradient_of_join (TRUE);
  double size = 0;

  for (gsize i = 0; i < 3 * 4; i++)
    {
      size += fabs (sl_tensor_f32 (apart)[i]);
      g_assert_cmpfloat_with_epsilon (sl_tensor_f32 (twice)[i], sl_tensor_f32 (apart)[i], 1e-6);
    }
  g_assert_cmpfloat (size, >, 0.01);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  op_cases_add (cases, G_N_ELEMENTS (cases));
  g_test_add_func ("/engine/ops/concat/with-itself", test_joined_with_itself);
  return g_test_run ();
}
