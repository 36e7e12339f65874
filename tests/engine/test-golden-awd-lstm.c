/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AWD-LSTM with all its dropouts and regularisers against PyTorch: what tests/golden/make-awd-lstm.py wrote. */
#include "golden-check.h"

#include <slope/awd-lstm.h>

#define WORDS 19
#define BATCH 3
#define STEPS 4
#define N_PARAMS 14 /* that have a gradient */

static const guint64 run_keys[] = { 21, 22 };

static const SlAwdLstm model = {
  .n_words = WORDS,
  .n_features = 5,
  .n_hidden = 7,
  .n_layers = 3,
  .drop_mult = 0.8,
  .embedding_dropout = 0.3,
  .input_dropout = 0.4,
  .hidden_dropout = 0.35,
  .output_dropout = 0.45,
  .weight_dropout = 0.5,
  .alpha = 2,
  .beta = 1,
};

static SlGraph *
make_language (const SlAwdLstm *self)
{
  SlGraph *graph = sl_graph_new ();
  SlShape shape = SL_SHAPE2 (BATCH, STEPS);
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, shape);
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, shape);
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, shape);
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_awd_lstm_build_language (graph, self, tokens, targets, weights, &error));
  g_assert_no_error (error);
  return graph;
}

static SlGraph *
make_writer (const SlAwdLstm *self)
{
  SlGraph *graph = sl_graph_new ();
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, SL_SHAPE2 (BATCH, STEPS));
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_awd_lstm_build_writer (graph, self, tokens, &error));
  g_assert_no_error (error);
  return graph;
}

static SlPlan *
make_plan (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags)
{
  g_autoptr (GError) error = NULL;
  SlPlan *plan = sl_plan_new (graph, params, mode, flags, &error);

  g_assert_no_error (error);
  return plan;
}

static SlParams *
load_params (SlGraph *graph)
{
  g_autoptr (SlStateDict) file = load ("awd-lstm-weights.safetensors");
  g_autoptr (SlStateDict) weights = sl_awd_lstm_from_fastai (file);
  g_autoptr (GError) error = NULL;
  SlParams *params = sl_params_new (graph, 1);
  guint n;

  g_assert_cmpuint (sl_state_dict_n (weights), ==, N_PARAMS);
  g_assert_true (sl_params_from_state_dict (params, weights, FALSE, TRUE, &n, &error));
  g_assert_no_error (error);
  return params;
}

/* tokens_of() of make-awd-lstm.py. */
static void
set_tokens (SlPlan *plan, const char *input, guint step)
{
  gint32 *tokens = sl_plan_input_data (plan, input);

  for (guint i = 0; i < BATCH * STEPS; i++)
    tokens[i] = (gint32)((i * 7 + i * i / 2 + step) % WORDS);
}

static float *
state_input (SlPlan *plan, const char *letter, guint layer)
{
  g_autofree char *name = g_strdup_printf ("%s%u", letter, layer);

  return sl_plan_input_data (plan, name);
}

static void
set_first_state (SlPlan *plan)
{
  for (guint layer = 0; layer < model.n_layers; layer++)
    for (gsize i = 0; i < BATCH * sl_awd_lstm_n_units (&model, layer); i++)
      {
        state_input (plan, "h", layer)[i] = pattern_at (i, 40 + layer);
        state_input (plan, "c", layer)[i] = pattern_at (i, 50 + layer);
      }
}

static void
carry_state (SlPlan *from, SlPlan *to)
{
  static const char *const letters[] = { "h", "c" };

  for (guint i = 0; i < 2 * model.n_layers; i++)
    {
      g_autofree char *after = g_strdup_printf ("%s%u after", letters[i % 2], i / 2);
      gsize n;
      const float *state = sl_plan_output (from, after, &n);

      memmove (state_input (to, letters[i % 2], i / 2), state, n * sizeof *state);
    }
}

static void
check_outputs (SlPlan *plan, SlStateDict *golden, guint pass)
{
  static const char *const outputs[] = { "loss", "losses", "hits" };

  for (gsize i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u", outputs[i], pass);

      assert_output (plan, outputs[i], golden, name);
    }
  for (guint layer = 0; layer < model.n_layers; layer++)
    {
      g_autofree char *h = g_strdup_printf ("h%u after", layer),
                      *c = g_strdup_printf ("c%u after", layer);
      g_autofree char *wanted_h = g_strdup_printf ("h%u%u", layer, pass);
      g_autofree char *wanted_c = g_strdup_printf ("c%u%u", layer, pass);

      assert_output (plan, h, golden, wanted_h);
      assert_output (plan, c, golden, wanted_c);
    }
}

/* Gradients go into PyTorch's layout by the way that weights go. */
static void
check_grads (SlGraph *graph, SlParams *params, SlStateDict *golden, guint pass)
{
  g_autoptr (SlParams) copy = sl_params_new_zero (graph);
  g_autoptr (SlStateDict) grads = sl_state_dict_new ();
  guint n = 0;

  memcpy (sl_params_values (copy), sl_params_grads (params),
          sl_params_n_elements (params) * sizeof (float));
  sl_params_to_state_dict (copy, grads, FALSE);
  for (guint i = 0; i < sl_state_dict_n (grads); i++)
    {
      const char *name = sl_state_dict_name (grads, i);
      g_autofree char *wanted = g_strdup_printf ("%u.%s", pass, name);

      g_assert_nonnull (sl_state_dict_lookup (golden, wanted));
      assert_close (name, sl_tensor_f32 (sl_state_dict_lookup (grads, name)),
                    sl_state_dict_lookup (golden, wanted), GRADIENT_TOLERANCE);
      n++;
    }
  g_assert_cmpuint (n, ==, N_PARAMS);
}

static void
set_weights (SlPlan *plan, gboolean equal)
{
  float *weights = sl_plan_input_data (plan, "weights");

  for (gsize i = 0; i < BATCH * STEPS; i++)
    weights[i] = equal ? 1 : i == STEPS + 2 ? 0 : 1 + pattern_at (i, 60) / 2;
}

/* Without dropouts and regularisers, from the state that training left. */
static void
check_evaluation (SlPlan *trained, SlGraph *graph, SlParams *params, SlPlanFlags flags,
                  SlStateDict *golden)
{
  g_autoptr (SlGraph) writer = make_writer (&model);
  g_autoptr (SlPlan) evaluates = make_plan (graph, params, SL_MODE_EVAL, flags);
  g_autoptr (SlPlan) writes = make_plan (writer, params, SL_MODE_EVAL, flags);

  set_tokens (evaluates, "tokens", 3);
  set_tokens (evaluates, "targets", 4);
  set_weights (evaluates, TRUE);
  carry_state (trained, evaluates);
  sl_plan_forward (evaluates, 0);
  assert_output (evaluates, "loss", golden, "evaluated");
  set_tokens (writes, "tokens", 3);
  carry_state (trained, writes);
  sl_plan_forward (writes, 0);
  assert_output (writes, "next", golden, "next");
}

static void
check_passes (gconstpointer data)
{
  SlPlanFlags flags = GPOINTER_TO_UINT (data);
  g_autoptr (SlGraph) graph = make_language (&model);
  g_autoptr (SlParams) params = load_params (graph);
  g_autoptr (SlStateDict) golden = load ("awd-lstm-golden.safetensors");
  g_autoptr (SlPlan) plan = make_plan (graph, params, SL_MODE_TRAIN, flags);

  for (guint pass = 0; pass < G_N_ELEMENTS (run_keys); pass++)
    {
      if (pass == 0)
        set_first_state (plan);
      else
        carry_state (plan, plan);
      set_tokens (plan, "tokens", pass);
      set_tokens (plan, "targets", pass + 7);
      set_weights (plan, FALSE);
      sl_plan_forward (plan, run_keys[pass]);
      check_outputs (plan, golden, pass);
      sl_plan_backward (plan);
      check_grads (graph, params, golden, pass);
    }
  check_evaluation (plan, graph, params, flags, golden);
}

/* ---- Presets and groups */

/* Gates of @units, from @inputs and from themselves, with both biases. */
static gsize
layer_values (gsize inputs, gsize units)
{
  return 4 * units * (inputs + units + 2);
}

static void
test_presets (void)
{
  static const struct
  {
    const char *id;
    gsize features;
    gsize hidden;
  } cases[] = { { "course", 400, 1152 }, { "small", 200, 600 } };
  SlAwdLstm self;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SlGraph) graph = NULL;
      g_autoptr (SlParams) params = NULL;

      g_assert_true (sl_awd_lstm_preset (cases[i].id, 60000, &self));
      graph = make_language (&self);
      params = sl_params_new_zero (graph);
      g_assert_cmpuint (sl_params_n_values (params, FALSE), ==,
                        layer_values (cases[i].features, cases[i].hidden)
                            + layer_values (cases[i].hidden, cases[i].hidden)
                            + layer_values (cases[i].hidden, cases[i].features)
                            + 60000 * (cases[i].features + 1));
      g_assert_cmpuint (sl_params_n_groups (params), ==, 4);
      g_assert_cmpuint (
          sl_params_info (params, (guint)sl_params_find (params, "encoder.weight"))->group, ==, 3);
      g_assert_cmpuint (
          sl_params_info (params, (guint)sl_params_find (params, "decoder.bias"))->group, ==, 3);
      g_assert_cmpuint (
          sl_params_info (params, (guint)sl_params_find (params, "rnns.1.module.weight_hh_l0"))
              ->group,
          ==, 1);
    }
  g_assert_false (sl_awd_lstm_preset ("large", 60000, &self));
}

static void
test_layers (void)
{
  SlAwdLstm self = model;

  for (guint layers = 0; layers <= SL_AWD_LSTM_MAX_LAYERS + 1; layers++)
    {
      g_autoptr (SlGraph) graph = sl_graph_new ();
      SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, SL_SHAPE2 (2, 3));
      g_autoptr (GError) error = NULL;
      SlValue y;

      self.n_layers = layers;
      y = sl_awd_lstm_build_encoder (graph, &self, tokens, 1, 0, &error);
      if (layers == 0 || layers > SL_AWD_LSTM_MAX_LAYERS)
        g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
      else
        g_assert_cmpuint (sl_graph_shape (graph, y).dim[2], ==, model.n_features);
    }
}

/* Files of older versions, and of an encoder alone, which has no numbers before its names. */
static void
test_names (void)
{
  static const char *const given[][2] = {
    { "encoder.weight", "encoder.weight" },
    { "0.encoder_with_dropout.embed.weight", NULL },
    { "0.rnns.2.module.weight_hh_l0_raw", "rnns.2.module.weight_hh_l0" },
    { "rnns.1.weight_hh_l0_raw", "rnns.1.module.weight_hh_l0" },
    { "rnns.1.module.weight_hh_l0", NULL },
    { "rnns.1.module.bias_hh_l0", "rnns.1.module.bias_hh_l0" },
    { "1.decoder.weight", NULL },
    { "1.decoder.bias", "decoder.bias" },
    { "1.layers.2.weight", "layers.2.weight" },
  };
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();
  g_autoptr (SlStateDict) out = NULL;
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (SlTensor) tensor = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (i + 1));

      sl_state_dict_insert (dict, given[i][0], tensor);
    }
  out = sl_awd_lstm_from_fastai (dict);
  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    if (given[i][1] != NULL)
      {
        SlTensor *tensor = sl_state_dict_lookup (out, given[i][1]);

        g_assert_nonnull (tensor);
        g_assert_cmpuint (sl_tensor_get_shape (tensor).dim[0], ==, i + 1);
        n++;
      }
  g_assert_cmpuint (sl_state_dict_n (out), ==, n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/engine/golden/awd-lstm", GUINT_TO_POINTER (SL_PLAN_FILL_DEAD),
                        check_passes);
  g_test_add_data_func ("/engine/golden/awd-lstm/reference", GUINT_TO_POINTER (SL_PLAN_REFERENCE),
                        check_passes);
  g_test_add_func ("/engine/awd-lstm/presets", test_presets);
  g_test_add_func ("/engine/awd-lstm/layers", test_layers);
  g_test_add_func ("/engine/awd-lstm/names", test_names);
  return g_test_run ();
}
