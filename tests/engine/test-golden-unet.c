/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fast.ai's U-Net against PyTorch: what tests/golden/make-unet.py wrote. */
#include "golden-check.h"
#include "models/models-private.h"

#define BATCH 2
#define HEIGHT 37
#define WIDTH 29
#define CLASSES 3

/* The body of make-unet.py. */
static SlValue
build_body (SlGraph *graph, SlValue x, GError **error)
{
  const SlConv2dAttrs stem = { .out_channels = 4, .kernel = 7, .stride = 2, .pad = 3 };

  x = sl_conv_norm (graph, "conv1", "bn1", x, stem, SL_NO_VALUE, SL_ACTIVATION_RELU, error);
  sl_graph_add_skip (graph, x);
  x = sl_max_pool (graph, x, 3, 2, 1, error);
  x = sl_resnet_block (graph, "layer1.0", FALSE, x, 4, 1, error);
  sl_graph_add_skip (graph, x);
  return sl_resnet_block (graph, "layer2.0", FALSE, x, 8, 2, error);
}

static SlGraph *
make_graph (void)
{
  SlGraph *graph = sl_graph_new ();
  SlValue picture = sl_graph_input (graph, "picture", SL_DTYPE_F32,
                                    SL_SHAPE4 (BATCH, HEIGHT, WIDTH, 3));
  SlValue targets = sl_graph_input (graph, "target", SL_DTYPE_I32,
                                    SL_SHAPE3 (BATCH, HEIGHT, WIDTH));
  SlValue weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (BATCH));
  SlValue x, loss = SL_NO_VALUE, losses = SL_NO_VALUE;
  g_autoptr (GError) error = NULL;

  x = build_body (graph, picture, &error);
  sl_graph_push_prefix (graph, "head");
  x = sl_unet_build (graph, picture, x, CLASSES, TRUE, &error);
  sl_graph_pop_prefix (graph);
  sl_pixel_cross_entropy (graph, x, targets, weights, -1, &loss, &losses, NULL, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "logits", x);
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  return graph;
}

static void
set_batch (SlPlan *plan)
{
  float *picture = sl_plan_input_data (plan, "picture");
  gint32 *targets = sl_plan_input_data (plan, "target");
  float *weights = sl_plan_input_data (plan, "weight");

  for (gsize i = 0; i < BATCH * HEIGHT * WIDTH * 3; i++)
    picture[i] = pattern_at (i, 4);
  for (gsize i = 0; i < BATCH * HEIGHT * WIDTH; i++)
    targets[i] = (gint32)((i / 5 + i / 41) % CLASSES);
  for (gsize i = 0; i < BATCH; i++)
    weights[i] = 1;
}

static guint
count_trained (const SlParams *params)
{
  guint n = 0;

  for (guint i = 0; i < sl_params_n (params); i++)
    n += sl_params_is_trained (params, i);
  return n;
}

static void
check_pass (gconstpointer data)
{
  SlPlanFlags flags = GPOINTER_TO_UINT (data);
  g_autoptr (SlGraph) graph = make_graph ();
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (SlStateDict) weights = load ("unet-weights.safetensors");
  g_autoptr (SlStateDict) golden = load ("unet-golden.safetensors");
  g_autoptr (SlStateDict) grads = sl_state_dict_new ();
  g_autoptr (SlTensor) picture_grad = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  static const char *const outputs[] = { "logits", "loss", "losses" };

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
  g_assert_cmpuint (assert_params (grads, golden, GRADIENT_TOLERANCE), ==, count_trained (params));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/engine/golden/unet", GUINT_TO_POINTER (SL_PLAN_FILL_DEAD), check_pass);
  g_test_add_data_func ("/engine/golden/unet/repeated",
                        GUINT_TO_POINTER (SL_PLAN_FILL_DEAD | SL_PLAN_REPEAT_ALL), check_pass);
  g_test_add_data_func ("/engine/golden/unet/reference", GUINT_TO_POINTER (SL_PLAN_REFERENCE),
                        check_pass);
  return g_test_run ();
}
