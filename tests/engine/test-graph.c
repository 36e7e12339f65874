/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph-private.h"
#include <string.h>

static void
assert_shape (const SlGraph *graph, SlValue value, SlShape shape)
{
  g_autofree char *got = NULL, *wanted = sl_shape_to_string (shape);

  g_assert_cmpuint (value, !=, SL_NO_VALUE);
  got = sl_shape_to_string (sl_graph_shape (graph, value));
  g_assert_cmpstr (got, ==, wanted);
}

static SlValue
picture (SlGraph *graph, SlShape shape)
{
  return sl_graph_input (graph, "x", SL_DTYPE_F32, shape);
}

static void
test_shapes (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue x = picture (graph, SL_SHAPE4 (2, 15, 13, 3)), y, loss, losses, probabilities;
  SlValue targets = sl_graph_input (graph, "t", SL_DTYPE_I32, SL_SHAPE1 (2));
  SlValue weights = sl_graph_input (graph, "w", SL_DTYPE_F32, SL_SHAPE1 (2));

  y = sl_conv2d (graph, "a", x, &(SlConv2dAttrs){ 8, 7, 2, 3, FALSE }, NULL);
  assert_shape (graph, y, SL_SHAPE4 (2, 8, 7, 8));
  y = sl_max_pool (graph, y, 3, 2, 1, NULL);
  assert_shape (graph, y, SL_SHAPE4 (2, 4, 4, 8));
  assert_shape (graph, sl_avg_pool (graph, y, 2, 1, 0, NULL), SL_SHAPE4 (2, 3, 3, 8));
  assert_shape (graph, sl_global_avg_pool (graph, y, NULL), SL_SHAPE2 (2, 8));
  y = sl_concat_pool (graph, y, NULL);
  assert_shape (graph, y, SL_SHAPE2 (2, 16));
  y = sl_linear (graph, "b", y, 5, TRUE, NULL);
  assert_shape (graph, y, SL_SHAPE2 (2, 5));
  g_assert_true (
      sl_cross_entropy (graph, y, targets, weights, 0.1, &loss, &losses, &probabilities, NULL));
  assert_shape (graph, loss, SL_SHAPE1 (1));
  assert_shape (graph, losses, SL_SHAPE1 (2));
  assert_shape (graph, probabilities, SL_SHAPE2 (2, 5));
}

/* PyTorch's numbers for MaxPool2d (kernel, stride, padding, ceil_mode=True). */
static void
test_ceil_shapes (void)
{
  static const struct
  {
    gsize size;
    guint kernel, stride, pad;
    gsize windows;
  } cases[] = {
    { 111, 3, 2, 0, 55 }, { 6, 3, 2, 0, 3 }, { 2, 3, 2, 0, 1 }, { 4, 2, 3, 0, 2 },
    { 5, 3, 3, 1, 2 },    { 5, 2, 4, 1, 2 }, { 3, 1, 3, 0, 1 }, { 7, 3, 2, 1, 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SlGraph) graph = sl_graph_new ();
      SlValue x = picture (graph, SL_SHAPE4 (1, cases[i].size, cases[i].size, 1));

      x = sl_max_pool_ceil (graph, x, cases[i].kernel, cases[i].stride, cases[i].pad, NULL);
      assert_shape (graph, x, SL_SHAPE4 (1, cases[i].windows, cases[i].windows, 1));
    }
}

static void
test_segment_shapes (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue x = picture (graph, SL_SHAPE4 (2, 15, 13, 8)), y, z, loss, losses, probabilities;
  SlValue targets = sl_graph_input (graph, "t", SL_DTYPE_I32, SL_SHAPE3 (2, 15, 13));
  SlValue weights = sl_graph_input (graph, "w", SL_DTYPE_F32, SL_SHAPE1 (2));

  y = sl_pixel_shuffle (graph, x, NULL);
  assert_shape (graph, y, SL_SHAPE4 (2, 30, 26, 2));
  assert_shape (graph, sl_upsample_nearest (graph, x, NULL), SL_SHAPE4 (2, 30, 26, 8));
  y = sl_resize_nearest (graph, y, 15, 13, NULL);
  assert_shape (graph, y, SL_SHAPE4 (2, 15, 13, 2));
  assert_shape (graph, sl_concat (graph, y, x, NULL), SL_SHAPE4 (2, 15, 13, 10));
  z = sl_max_pool (graph, x, 2, 2, 0, NULL);
  assert_shape (graph, sl_resize_concat (graph, z, y, NULL), SL_SHAPE4 (2, 15, 13, 10));
  g_assert_true (
      sl_pixel_cross_entropy (graph, x, targets, weights, 3, &loss, &losses, &probabilities, NULL));
  assert_shape (graph, loss, SL_SHAPE1 (1));
  assert_shape (graph, losses, SL_SHAPE1 (2));
  assert_shape (graph, probabilities, SL_SHAPE4 (2, 15, 13, 8));
}

/* ICNR: fours of equal filters, a shuffle of which shows each pixel as a square of one colour. */
static void
test_icnr (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  g_autoptr (SlParams) params = NULL;
  const float *values;
  double squares = 0;
  gsize n = 3 * 3 * 32 * 64;

  sl_conv2d (
      graph, "up", picture (graph, SL_SHAPE4 (1, 8, 8, 32)),
      &(SlConv2dAttrs){ .out_channels = 64, .kernel = 3, .stride = 1, .pad = 1, .icnr = TRUE },
      NULL);
  params = sl_params_new (graph, 1);
  values = sl_params_values (params) + sl_params_info (params, 0)->offset;
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpfloat (values[i], ==, values[i / 4 * 4]);
      squares += (double)values[i] * values[i];
    }
  for (gsize i = 4; i < n; i += 4)
    g_assert_cmpfloat (values[i], !=, values[i - 4]);
  g_assert_cmpfloat_with_epsilon (squares / n * (3 * 3 * 32) / 2, 1,
                                  0.05); /* variance 2 / fan in */
}

static void
test_names (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue x = picture (graph, SL_SHAPE4 (2, 4, 4, 3));
  static const char *const names[] = { "layer1.0.conv1.weight",     "layer1.0.conv1.bias",
                                       "layer1.0.bn1.weight",       "layer1.0.bn1.bias",
                                       "layer1.0.bn1.running_mean", "layer1.0.bn1.running_var",
                                       "layer1.conv.weight",        "conv.weight" };

  sl_graph_push_prefix (graph, "layer1");
  sl_graph_push_prefix (graph, "0");
  sl_conv2d (graph, "conv1", x, &(SlConv2dAttrs){ 3, 1, 1, 0, TRUE }, NULL);
  sl_batch_norm (graph, "bn1", x, SL_NO_VALUE, &(SlBatchNormAttrs){ 0 }, NULL);
  sl_graph_pop_prefix (graph);
  sl_graph_set_group (graph, 2);
  sl_conv2d (graph, "conv", x, &(SlConv2dAttrs){ 3, 1, 1, 0, FALSE }, NULL);
  sl_graph_pop_prefix (graph);
  sl_conv2d (graph, "conv", x, &(SlConv2dAttrs){ 3, 1, 1, 0, FALSE }, NULL);

  g_assert_cmpuint (graph->params->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_cmpstr (sl_graph_param (graph, i)->name, ==, names[i]);
      g_assert_cmpuint (sl_graph_param (graph, i)->group, ==, i < 6 ? 0 : 2);
    }
  g_assert_cmpuint (sl_graph_n_groups (graph), ==, 3);
}

/* ---- Wrong shapes: each refused with the layer's name, and nothing added. */

static SlValue
kernel_too_large (SlGraph *graph, GError **error)
{
  SlValue x = picture (graph, SL_SHAPE4 (1, 4, 9, 3));

  sl_graph_push_prefix (graph, "body");
  return sl_conv2d (graph, "bad", x, &(SlConv2dAttrs){ 3, 7, 1, 1, FALSE }, error);
}

static SlValue
no_stride (SlGraph *graph, GError **error)
{
  return sl_conv2d (graph, "bad", picture (graph, SL_SHAPE4 (1, 4, 9, 3)),
                    &(SlConv2dAttrs){ 3, 3, 0, 1, FALSE }, error);
}

static SlValue
no_channels (SlGraph *graph, GError **error)
{
  return sl_conv2d (graph, "bad", picture (graph, SL_SHAPE4 (1, 4, 9, 3)),
                    &(SlConv2dAttrs){ 0, 3, 1, 1, FALSE }, error);
}

static SlValue
conv_of_matrix (SlGraph *graph, GError **error)
{
  return sl_conv2d (graph, "bad", picture (graph, SL_SHAPE2 (4, 9)),
                    &(SlConv2dAttrs){ 3, 3, 1, 1, FALSE }, error);
}

static SlValue
conv_of_integers (SlGraph *graph, GError **error)
{
  SlValue x = sl_graph_input (graph, "i", SL_DTYPE_I32, SL_SHAPE4 (1, 4, 9, 3));

  return sl_conv2d (graph, "bad", x, &(SlConv2dAttrs){ 3, 3, 1, 1, FALSE }, error);
}

static SlValue
too_large (SlGraph *graph, GError **error)
{
  SlValue x = picture (graph, SL_SHAPE4 (1 << 20, 1 << 10, 1 << 10, 1));

  return sl_conv2d (graph, "bad", x, &(SlConv2dAttrs){ 1u << 30, 1, 1, 0, FALSE }, error);
}

static SlValue
linear_of_picture (SlGraph *graph, GError **error)
{
  return sl_linear (graph, "bad", picture (graph, SL_SHAPE4 (1, 4, 9, 3)), 4, FALSE, error);
}

static SlValue
other_residual (SlGraph *graph, GError **error)
{
  SlValue x = picture (graph, SL_SHAPE4 (2, 4, 4, 3));
  SlValue r = sl_graph_input (graph, "r", SL_DTYPE_F32, SL_SHAPE4 (2, 4, 4, 5));

  return sl_batch_norm (graph, "bad", x, r, &(SlBatchNormAttrs){ .has_residual = TRUE }, error);
}

static SlValue
other_addend (SlGraph *graph, GError **error)
{
  SlValue x = picture (graph, SL_SHAPE2 (2, 4));
  SlValue r = sl_graph_input (graph, "r", SL_DTYPE_F32, SL_SHAPE2 (4, 2));

  return sl_add (graph, x, r, FALSE, error);
}

static SlValue
window_too_large (SlGraph *graph, GError **error)
{
  return sl_max_pool_ceil (graph, picture (graph, SL_SHAPE4 (1, 1, 1, 3)), 3, 2, 0, error);
}

static SlValue
padding_too_large (SlGraph *graph, GError **error)
{
  return sl_max_pool (graph, picture (graph, SL_SHAPE4 (1, 9, 9, 3)), 3, 2, 2, error);
}

static SlValue
few_targets (SlGraph *graph, GError **error)
{
  SlValue x = picture (graph, SL_SHAPE2 (4, 9)), loss = SL_NO_VALUE;
  SlValue t = sl_graph_input (graph, "t", SL_DTYPE_I32, SL_SHAPE1 (3));
  SlValue w = sl_graph_input (graph, "w", SL_DTYPE_F32, SL_SHAPE1 (4));

  sl_cross_entropy (graph, x, t, w, 0, &loss, NULL, NULL, error);
  return loss;
}

static SlValue
other_sizes (SlGraph *graph, GError **error)
{
  SlValue a = picture (graph, SL_SHAPE4 (2, 4, 6, 3));
  SlValue b = sl_graph_input (graph, "b", SL_DTYPE_F32, SL_SHAPE4 (2, 8, 12, 3));

  return sl_concat (graph, a, b, error);
}

static SlValue
other_batches (SlGraph *graph, GError **error)
{
  SlValue a = picture (graph, SL_SHAPE4 (2, 4, 6, 3));
  SlValue b = sl_graph_input (graph, "b", SL_DTYPE_F32, SL_SHAPE4 (3, 4, 6, 3));

  return sl_resize_concat (graph, a, b, error);
}

static SlValue
resize_to_nothing (SlGraph *graph, GError **error)
{
  return sl_resize_nearest (graph, picture (graph, SL_SHAPE4 (1, 4, 9, 3)), 3, 0, error);
}

static SlValue
shuffle_of_six (SlGraph *graph, GError **error)
{
  return sl_pixel_shuffle (graph, picture (graph, SL_SHAPE4 (1, 4, 9, 6)), error);
}

static SlValue
fours_of_six (SlGraph *graph, GError **error)
{
  return sl_conv2d (graph, "bad", picture (graph, SL_SHAPE4 (1, 4, 9, 3)),
                    &(SlConv2dAttrs){ .out_channels = 6, .kernel = 1, .stride = 1, .icnr = TRUE },
                    error);
}

static SlValue
one_target_a_picture (SlGraph *graph, GError **error)
{
  SlValue x = picture (graph, SL_SHAPE4 (4, 2, 2, 9)), loss = SL_NO_VALUE;
  SlValue t = sl_graph_input (graph, "t", SL_DTYPE_I32, SL_SHAPE1 (4));
  SlValue w = sl_graph_input (graph, "w", SL_DTYPE_F32, SL_SHAPE1 (4));

  sl_pixel_cross_entropy (graph, x, t, w, -1, &loss, NULL, NULL, error);
  return loss;
}

static const struct
{
  const char *name, *layer;
  SlValue (*make) (SlGraph *graph, GError **error);
} wrong[] = {
  { "kernel-too-large", "body.bad: ", kernel_too_large },
  { "no-stride", "bad: ", no_stride },
  { "no-channels", "bad: ", no_channels },
  { "conv-of-matrix", "bad: ", conv_of_matrix },
  { "conv-of-integers", "bad: ", conv_of_integers },
  { "too-large", "bad: ", too_large },
  { "linear-of-picture", "bad: ", linear_of_picture },
  { "other-residual", "bad: ", other_residual },
  { "other-addend", "add: ", other_addend },
  { "padding-too-large", "max_pool: ", padding_too_large },
  { "window-too-large", "max_pool: A window of 3 does not fit into 1 ", window_too_large },
  { "few-targets", "cross_entropy: ", few_targets },
  { "other-sizes", "concat: ", other_sizes },
  { "other-batches", "concat: ", other_batches },
  { "resize-to-nothing", "resize: ", resize_to_nothing },
  { "shuffle-of-six", "pixel_shuffle: ", shuffle_of_six },
  { "fours-of-six", "bad: ", fours_of_six },
  { "one-target-a-picture", "cross_entropy: ", one_target_a_picture },
};

static void
test_wrong (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (SlGraph) graph = sl_graph_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (wrong[i].make (graph, &error), ==, SL_NO_VALUE);
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_assert_true (g_str_has_prefix (error->message, wrong[i].layer));
  g_assert_cmpuint (graph->nodes->len, ==, 0);
  g_assert_cmpuint (graph->params->len, ==, 0);
}

static void
test_wrong_numbers (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue x = picture (graph, SL_SHAPE4 (2, 20, 20, 1));
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (sl_dropout (graph, x, 1.0, &error), ==, SL_NO_VALUE);
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_cmpuint (sl_max_pool (graph, x, 17, 1, 0, &error), ==, SL_NO_VALUE);
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
}

/* The first error runs through to the end, untouched. */
static void
test_no_value (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  g_autoptr (GError) error = NULL;
  SlValue x = kernel_too_large (graph, &error), loss = 77;
  g_autofree char *message = g_strdup (error->message);

  x = sl_batch_norm (graph, "n", x, SL_NO_VALUE, &(SlBatchNormAttrs){ 0 }, &error);
  x = sl_relu (graph, x, &error);
  x = sl_add (graph, x, x, TRUE, &error);
  x = sl_max_pool (graph, x, 3, 2, 1, &error);
  x = sl_concat_pool (graph, x, &error);
  x = sl_dropout (graph, x, 0.5, &error);
  x = sl_upsample_nearest (graph, x, &error);
  x = sl_resize_concat (graph, x, x, &error);
  x = sl_pixel_shuffle (graph, x, &error);
  x = sl_linear (graph, "l", x, 3, FALSE, &error);
  g_assert_cmpuint (x, ==, SL_NO_VALUE);
  g_assert_false (sl_cross_entropy (graph, x, x, x, 0, &loss, NULL, NULL, &error));
  g_assert_cmpuint (loss, ==, 77);
  g_assert_cmpstr (error->message, ==, message);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/graph/shapes", test_shapes);
  g_test_add_func ("/engine/graph/ceil-shapes", test_ceil_shapes);
  g_test_add_func ("/engine/graph/segment-shapes", test_segment_shapes);
  g_test_add_func ("/engine/graph/icnr", test_icnr);
  g_test_add_func ("/engine/graph/names", test_names);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strconcat ("/engine/graph/wrong/", wrong[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_wrong);
    }
  g_test_add_func ("/engine/graph/wrong-numbers", test_wrong_numbers);
  g_test_add_func ("/engine/graph/no-value", test_no_value);
  return g_test_run ();
}
