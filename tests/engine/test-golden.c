/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classification against PyTorch: what tests/golden/make.py wrote. */
#include "golden-check.h"
#include "models/models-private.h"
#include "train/class-head.h"
#include <slope/optim.h>

#define BATCH 6
#define SIZE 17
#define CLASSES 5
#define STEPS 10
#define LOSSES_TOLERANCE 2e-3
#define STEPS_TOLERANCE 1e-2

static SlValue
conv_norm (SlGraph *graph, SlValue x, GError **error)
{
  x = sl_conv2d (graph, "conv1", x,
                 &(SlConv2dAttrs){ .out_channels = 4, .kernel = 7, .stride = 2, .pad = 3 }, error);
  return sl_batch_norm (graph, "bn1", x, SL_NO_VALUE,
                        &(SlBatchNormAttrs){ .activation = SL_ACTIVATION_RELU }, error);
}

/* Small of make.py. */
static SlValue
build_small (SlGraph *graph, SlValue x, GError **error)
{
  x = conv_norm (graph, x, error);
  x = sl_max_pool (graph, x, 3, 2, 1, error);
  x = sl_resnet_block (graph, "layer1.0", FALSE, x, 4, 1, error);
  sl_graph_set_group (graph, 1);
  x = sl_resnet_block (graph, "layer2.0", FALSE, x, 8, 2, error);
  return sl_resnet_block (graph, "layer2.1", TRUE, x, 2, 1, error);
}

/* Mobile of make.py. */
static SlValue
build_mobile (SlGraph *graph, SlValue x, GError **error)
{
  SlConv2dAttrs stem = { .out_channels = 8, .kernel = 3, .stride = 2 };

  x = sl_conv_norm (graph, "stem.0", "stem.1", x, stem, SL_NO_VALUE, SL_ACTIVATION_RELU6, error);
  x = sl_inverted_residual (graph, "first", x, 1, 8, 1, error);
  x = sl_inverted_residual (graph, "second", x, 6, 12, 2, error);
  x = sl_inverted_residual (graph, "third", x, 6, 12, 1, error);
  x = sl_fire (graph, "fire", x, 4, 4, error);
  return sl_max_pool_ceil (graph, x, 3, 2, 0, error);
}

typedef struct
{
  const char *name; /* of its files */
  SlValue (*build_body) (SlGraph *graph, SlValue picture, GError **error);
  guint n_norms;
} Network;

static const Network small = { "small", build_small, 11 };
static const Network mobile = { "mobile", build_mobile, 11 };

static SlGraph *
make_graph (const Network *network)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (BATCH, SIZE, SIZE, 3));
  SlValue targets = sl_graph_input (graph, "target", SL_DTYPE_I32, SL_SHAPE1 (BATCH));
  SlValue weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (BATCH));
  SlValue loss = SL_NO_VALUE, losses = SL_NO_VALUE, probabilities = SL_NO_VALUE;
  g_autoptr (GError) error = NULL;

  x = network->build_body (graph, x, &error);
  x = sl_head_build (graph, x, CLASSES, 0, &error);
  sl_cross_entropy (graph, x, targets, weights, 0.1, &loss, &losses, &probabilities, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "logits", x);
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "probabilities", probabilities);
  return graph;
}

/* "weights", "outputs" or "grads" of a network. */
static SlStateDict *
load_of (const Network *network, const char *what)
{
  g_autofree char *name = g_strconcat (network->name, "-", what, ".safetensors", NULL);

  return load (name);
}

static SlParams *
load_params (const Network *network, const SlGraph *graph)
{
  SlParams *params = sl_params_new (graph, 1);
  g_autoptr (SlStateDict) dict = load_of (network, "weights");
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_params_from_state_dict (params, dict, FALSE, TRUE, NULL, &error));
  g_assert_no_error (error);
  return params;
}

static void
set_batch (SlPlan *plan, guint step)
{
  float *picture = sl_plan_input_data (plan, "picture");
  gint32 *targets = sl_plan_input_data (plan, "target");
  float *weights = sl_plan_input_data (plan, "weight");

  for (gsize i = 0; i < BATCH * SIZE * SIZE * 3; i++)
    picture[i] = pattern_at (i, step);
  for (guint i = 0; i < BATCH; i++)
    {
      targets[i] = (gint32)((i * 3 + step) % CLASSES);
      weights[i] = 1;
    }
}

/* Grad-CAM of each picture for a class of its own, over the features of one pass in evaluation
 * mode. */
static void
test_heat_maps (gconstpointer data)
{
  const Network *network = data;
  g_autoptr (SlGraph) whole = make_graph (network), body = sl_graph_new ();
  g_autoptr (SlParams) params = load_params (network, whole);
  g_autoptr (SlStateDict) outputs = load_of (network, "outputs");
  g_autoptr (SlStateDict) golden = load_of (network, "heat");
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (SlClassHead) head = NULL;
  SlTensor *wanted = sl_state_dict_lookup (golden, "maps");
  g_autofree float *maps = g_new (float, sl_shape_n_elements (sl_tensor_get_shape (wanted)));
  const float *features;
  gsize n_cells, n;
  SlShape shape;
  SlValue x = sl_graph_input (body, "picture", SL_DTYPE_F32, SL_SHAPE4 (BATCH, SIZE, SIZE, 3));

  sl_params_from_state_dict (params, outputs, FALSE, FALSE, NULL, &error); /* running statistics */
  g_assert_no_error (error);
  x = network->build_body (body, x, &error);
  g_assert_no_error (error);
  sl_graph_output (body, "features", x);
  shape = sl_graph_shape (body, x);
  n_cells = shape.dim[1] * shape.dim[2];
  g_assert_cmpuint (BATCH * n_cells, ==, sl_shape_n_elements (sl_tensor_get_shape (wanted)));
  plan = sl_plan_new (body, params, SL_MODE_EVAL, 0, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < BATCH * SIZE * SIZE * 3; i++)
    ((float *)sl_plan_input_data (plan, "picture"))[i] = pattern_at (i, 0);
  sl_plan_forward (plan, 0);
  features = sl_plan_output (plan, "features", &n);

  shape.dim[0] = 1;
  head = sl_class_head_new (params, shape, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < BATCH; i++)
    sl_class_head_map (head, features + i * (n / BATCH), i % CLASSES, maps + i * n_cells);
  assert_close ("maps", maps, wanted, GRADIENT_TOLERANCE);
}

static void
test_first_pass (gconstpointer data)
{
  const Network *network = data;
  g_autoptr (SlGraph) graph = make_graph (network);
  g_autoptr (SlParams) params = load_params (network, graph);
  g_autoptr (SlStateDict) outputs = load_of (network, "outputs");
  g_autoptr (SlStateDict) state = sl_state_dict_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPlan)
      train = sl_plan_new (graph, params, SL_MODE_TRAIN, SL_PLAN_WANT_INPUT_GRADS, &error);
  g_autoptr (SlPlan) eval = sl_plan_new (graph, params, SL_MODE_EVAL, 0, &error);
  g_autoptr (SlTensor) picture_grad = NULL;

  g_assert_no_error (error);
  set_batch (train, 0);
  sl_plan_forward (train, 0);
  assert_output (train, "logits", outputs, "logits");
  assert_output (train, "losses", outputs, "losses");
  assert_output (train, "probabilities", outputs, "probabilities");
  sl_params_to_state_dict (params, state, FALSE);
  g_assert_cmpuint (assert_params (state, outputs, PASS_TOLERANCE), ==, 2 * network->n_norms);

  sl_plan_backward (train);
  picture_grad = sl_plan_dup_input_grad (train, "picture");
  assert_close ("picture_grad", sl_tensor_f32 (picture_grad),
                sl_state_dict_lookup (outputs, "picture_grad"), GRADIENT_TOLERANCE);

  /* The running statistics of that pass serve the other plan. */
  set_batch (eval, 0);
  sl_plan_forward (eval, 0);
  assert_output (eval, "logits", outputs, "eval_logits");
}

static void
test_gradients (gconstpointer data)
{
  const Network *network = data;
  g_autoptr (SlGraph) graph = make_graph (network);
  g_autoptr (SlParams) params = load_params (network, graph);
  g_autoptr (SlStateDict) golden = load_of (network, "grads");
  g_autoptr (SlStateDict) grads = sl_state_dict_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPlan) plan = sl_plan_new (graph, params, SL_MODE_TRAIN, 0, &error);

  g_assert_no_error (error);
  set_batch (plan, 0);
  sl_plan_forward (plan, 0);
  sl_plan_backward (plan);
  /* Into PyTorch's layout by the way that weights go. */
  memcpy (sl_params_values (params), sl_params_grads (params),
          sl_params_n_elements (params) * sizeof (float));
  sl_params_to_state_dict (params, grads, FALSE);
  g_assert_cmpuint (assert_params (grads, golden, GRADIENT_TOLERANCE), ==,
                    sl_state_dict_n (golden));
}

static void
check_losses (guint freeze_to, const char *name)
{
  g_autoptr (SlGraph) graph = make_graph (&small);
  g_autoptr (SlParams) params = load_params (&small, graph);
  g_autoptr (SlStateDict) golden = load ("small-losses.safetensors");
  const float *wanted = sl_tensor_f32 (sl_state_dict_lookup (golden, name));
  const double max_rates[3] = { 1e-4, 5e-4, 2e-3 };
  const SlOneCycle cycle = SL_ONE_CYCLE_INIT (STEPS);
  SlAdamW adam = SL_ADAMW_INIT;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  sl_params_freeze_to (params, freeze_to, FALSE);
  plan = sl_plan_new (graph, params, SL_MODE_TRAIN, 0, &error);
  g_assert_no_error (error);
  for (guint step = 0; step < STEPS; step++)
    {
      double factor, momentum, rates[3];

      set_batch (plan, step % 2);
      sl_plan_forward (plan, 0);
      g_assert_cmpfloat_with_epsilon (sl_plan_output (plan, "loss", NULL)[0], wanted[step],
                                      LOSSES_TOLERANCE * wanted[step]);
      sl_plan_backward (plan);
      sl_one_cycle_at (&cycle, step, &factor, &momentum);
      for (guint g = 0; g < 3; g++)
        rates[g] = max_rates[g] * factor;
      sl_adamw_step (&adam, params, rates, momentum);
    }
}

static void
test_losses (void)
{
  check_losses (0, "losses");
}

static void
test_frozen_losses (void)
{
  check_losses (2, "frozen_losses");
}

/* Two steps of a body that is frozen but for its norms, at sliced rates: what they change.  Nothing else
 * may have changed. */
static void
test_frozen_steps (void)
{
  g_autoptr (SlGraph) graph = make_graph (&small);
  g_autoptr (SlParams) params = load_params (&small, graph);
  g_autoptr (SlParams) before = load_params (&small, graph);
  g_autoptr (SlStateDict) golden = load ("small-frozen-steps.safetensors");
  g_autoptr (SlStateDict) changes = sl_state_dict_new ();
  const double rates[3] = { 1e-3, 5e-3, 2e-2 };
  SlAdamW adam = SL_ADAMW_INIT;
  g_autoptr (SlPlan) plan = NULL;
  guint n_changed = 0;

  adam.eps = 1e-3; /* as make.py, which says why */
  sl_params_freeze_to (params, 2, FALSE);
  plan = sl_plan_new (graph, params, SL_MODE_TRAIN, 0, NULL);
  for (guint step = 0; step < 2; step++)
    {
      set_batch (plan, step);
      sl_plan_forward (plan, 0);
      sl_plan_backward (plan);
      sl_adamw_step (&adam, params, rates, 0.9);
    }
  for (gsize i = 0; i < sl_params_n_elements (params); i++)
    sl_params_values (params)[i] -= sl_params_values (before)[i];
  sl_params_to_state_dict (params, changes, FALSE);
  g_assert_cmpuint (assert_params (changes, golden, STEPS_TOLERANCE), ==, sl_state_dict_n (golden));
  for (guint i = 0; i < sl_state_dict_n (changes); i++)
    {
      SlTensor *tensor = sl_state_dict_lookup (changes, sl_state_dict_name (changes, i));
      gboolean changed = FALSE;

      for (gsize k = 0; k < sl_shape_n_elements (sl_tensor_get_shape (tensor)); k++)
        changed |= sl_tensor_f32 (tensor)[k] != 0;
      n_changed += changed;
    }
  g_assert_cmpuint (n_changed, ==, sl_state_dict_n (golden));
}

/* ---- ResNet-18: weights by formula, counted over the sorted names. */

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
fill_by_formula (SlParams *params)
{
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  sl_params_to_state_dict (params, dict, FALSE);
  for (guint i = 0; i < sl_state_dict_n (dict); i++)
    g_ptr_array_add (names, (gpointer)sl_state_dict_name (dict, i));
  g_ptr_array_sort (names, compare_names);
  for (guint salt = 0; salt < names->len; salt++)
    {
      const char *name = g_ptr_array_index (names, salt);
      SlTensor *tensor = sl_state_dict_lookup (dict, name);
      SlShape shape = sl_tensor_get_shape (tensor);
      gsize n = sl_shape_n_elements (shape);
      float scale = (float)sqrt (3.0 * (double)shape.dim[0] / (double)n);
      gboolean near_one = g_str_has_suffix (name, "running_var")
                          || g_str_has_suffix (name, "weight");

      for (gsize i = 0; i < n; i++)
        {
          float value = pattern_at (i, salt);

          sl_tensor_f32 (tensor)[i] = shape.rank > 1 ? value * scale
                                      : near_one     ? 1 + value / 2
                                                     : value;
        }
    }
  g_assert_true (sl_params_from_state_dict (params, dict, FALSE, TRUE, NULL, &error));
  g_assert_no_error (error);
}

static void
test_resnet18 (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  g_autoptr (SlStateDict) golden = load ("resnet18-logits.safetensors");
  g_autoptr (SlParams) params = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (2, 64, 64, 3));
  float *picture;

  x = sl_arch_find ("resnet18")->build_body (graph, x, &error);
  x = sl_head_build (graph, x, CLASSES, 0.5, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "logits", x);
  params = sl_params_new (graph, 1);
  fill_by_formula (params);
  plan = sl_plan_new (graph, params, SL_MODE_EVAL, 0, &error);
  g_assert_no_error (error);
  picture = sl_plan_input_data (plan, "picture");
  for (gsize i = 0; i < 2 * 64 * 64 * 3; i++)
    picture[i] = pattern_at (i, 1);
  sl_plan_forward (plan, 0);
  assert_output (plan, "logits", golden, "logits");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/engine/golden/first-pass", &small, test_first_pass);
  g_test_add_data_func ("/engine/golden/first-pass-mobile", &mobile, test_first_pass);
  g_test_add_data_func ("/engine/golden/heat-maps", &small, test_heat_maps);
  g_test_add_data_func ("/engine/golden/heat-maps-mobile", &mobile, test_heat_maps);
  g_test_add_data_func ("/engine/golden/gradients", &small, test_gradients);
  g_test_add_data_func ("/engine/golden/gradients-mobile", &mobile, test_gradients);
  g_test_add_func ("/engine/golden/losses", test_losses);
  g_test_add_func ("/engine/golden/frozen-losses", test_frozen_losses);
  g_test_add_func ("/engine/golden/frozen-steps", test_frozen_steps);
  g_test_add_func ("/engine/golden/resnet18", test_resnet18);
  return g_test_run ();
}
