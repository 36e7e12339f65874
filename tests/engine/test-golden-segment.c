/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segmentation against PyTorch: what tests/golden/make-segment.py wrote. */
#include "golden-check.h"

#define BATCH 3
#define HEIGHT 13
#define WIDTH 11
#define CLASSES 5
#define VOID_CLASS 3
#define N_PARAMS 12 /* that have a gradient */

static SlValue
conv (SlGraph *graph, const char *name, SlValue x, guint channels, guint kernel, gboolean bias,
      GError **error)
{
  return sl_conv2d (graph, name, x,
                    &(SlConv2dAttrs){ .out_channels = channels,
                                      .kernel = kernel,
                                      .stride = 1,
                                      .pad = kernel / 2,
                                      .bias = bias },
                    error);
}

static SlValue
conv_relu (SlGraph *graph, const char *name, SlValue x, guint channels, guint kernel,
           GError **error)
{
  return sl_conv2d (graph, name, x,
                    &(SlConv2dAttrs){ .out_channels = channels,
                                      .kernel = kernel,
                                      .stride = 1,
                                      .pad = kernel / 2,
                                      .bias = TRUE,
                                      .activation = SL_ACTIVATION_RELU },
                    error);
}

static SlValue
norm (SlGraph *graph, const char *name, SlValue x, GError **error)
{
  return sl_batch_norm (graph, name, x, SL_NO_VALUE,
                        &(SlBatchNormAttrs){ .activation = SL_ACTIVATION_RELU }, error);
}

/* Small of make-segment.py. */
static SlValue
make_logits (SlGraph *graph, SlValue x, GError **error)
{
  SlValue skip = norm (graph, "bn0", conv (graph, "conv0", x, 4, 3, FALSE, error), error), up;
  SlValue low = sl_max_pool (graph, skip, 2, 2, 0, error);

  low = norm (graph, "bn1", conv (graph, "conv1", low, 8, 3, FALSE, error), error);
  up = sl_relu (graph, conv (graph, "up", low, 16, 1, TRUE, error), error);
  x = sl_resize_concat (graph, sl_pixel_shuffle (graph, up, error), skip, error);
  x = conv_relu (graph, "conv2", x, 6, 3, error);
  low = sl_resize_nearest (graph, sl_upsample_nearest (graph, low, error), HEIGHT, WIDTH, error);
  return conv (graph, "out", sl_concat (graph, x, low, error), CLASSES, 1, TRUE, error);
}

static SlGraph *
make_graph (void)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (BATCH, HEIGHT, WIDTH, 3));
  SlValue targets = sl_graph_input (graph, "target", SL_DTYPE_I32,
                                    SL_SHAPE3 (BATCH, HEIGHT, WIDTH));
  SlValue weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (BATCH));
  SlValue loss = SL_NO_VALUE, losses = SL_NO_VALUE, probabilities = SL_NO_VALUE;
  g_autoptr (GError) error = NULL;

  x = make_logits (graph, x, &error);
  sl_pixel_cross_entropy (graph, x, targets, weights, VOID_CLASS, &loss, &losses, &probabilities,
                          &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "logits", x);
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "probabilities", probabilities);
  return graph;
}

static void
set_batch (SlPlan *plan)
{
  static const float item_weights[BATCH] = { 1, 0.5f, 2 };
  float *picture = sl_plan_input_data (plan, "picture");
  gint32 *targets = sl_plan_input_data (plan, "target");

  for (gsize i = 0; i < BATCH * HEIGHT * WIDTH * 3; i++)
    picture[i] = pattern_at (i, 2);
  for (gsize i = 0; i < BATCH * HEIGHT * WIDTH; i++)
    targets[i] = (gint32)((i * 3 + i / 7) % CLASSES);
  memcpy (sl_plan_input_data (plan, "weight"), item_weights, sizeof item_weights);
}

static void
check_pass (gconstpointer data)
{
  SlPlanFlags flags = GPOINTER_TO_UINT (data);
  g_autoptr (SlGraph) graph = make_graph ();
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (SlStateDict) weights = load ("segment-weights.safetensors");
  g_autoptr (SlStateDict) golden = load ("segment-golden.safetensors");
  g_autoptr (SlStateDict) grads = sl_state_dict_new ();
  g_autoptr (SlTensor) picture_grad = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  static const char *const outputs[] = { "logits", "loss", "losses", "probabilities" };

  g_assert_true (sl_params_from_state_dict (params, weights, FALSE, TRUE, NULL, &error));
  g_assert_no_error (error);
  plan = sl_plan_new (graph, params, SL_MODE_TRAIN, flags | SL_PLAN_WANT_INPUT_GRADS, &error);
  g_assert_no_error (error);
  set_batch (plan);
  sl_plan_forward (plan, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (outputs); i++)
    assert_output (plan, outputs[i], golden, outputs[i]);
  sl_plan_backward (plan);
  picture_grad = sl_plan_dup_input_grad (plan, "picture");
  assert_close ("picture_grad", sl_tensor_f32 (picture_grad),
                sl_state_dict_lookup (golden, "picture_grad"), GRADIENT_TOLERANCE);
  /* Into PyTorch's layout by the way that weights go. */
  memcpy (sl_params_values (params), sl_params_grads (params),
          sl_params_n_elements (params) * sizeof (float));
  sl_params_to_state_dict (params, grads, FALSE);
  g_assert_cmpuint (assert_params (grads, golden, GRADIENT_TOLERANCE), ==, N_PARAMS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/engine/golden/segment", GUINT_TO_POINTER (SL_PLAN_FILL_DEAD), check_pass);
  g_test_add_data_func ("/engine/golden/segment/reference", GUINT_TO_POINTER (SL_PLAN_REFERENCE),
                        check_pass);
  return g_test_run ();
}
