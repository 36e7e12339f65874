/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A language model against PyTorch: what tests/golden/make-language.py wrote. */
#include "golden-check.h"

#define WORDS 23
#define FEATURES 6
#define HIDDEN 9
#define BATCH 3
#define STEPS 5
#define N_LAYERS 2
#define N_PARAMS 10 /* that have a gradient */

static const guint units[N_LAYERS] = { HIDDEN, FEATURES };
static const guint64 run_keys[] = { 11, 12 };

static SlValue
add_layer (SlGraph *graph, guint layer, SlValue x, GError **error)
{
  static const char *const in[N_LAYERS][2] = { { "h0", "c0" }, { "h1", "c1" } };
  static const char *const out[N_LAYERS][2] = { { "h0 after", "c0 after" },
                                                { "h1 after", "c1 after" } };
  static const char *const names[N_LAYERS] = { "rnns.0", "rnns.1" };
  SlShape shape = SL_SHAPE2 (BATCH, units[layer]);
  SlValue h0 = sl_graph_input (graph, in[layer][0], SL_DTYPE_F32, shape);
  SlValue c0 = sl_graph_input (graph, in[layer][1], SL_DTYPE_F32, shape), h, c;

  x = sl_lstm (graph, names[layer], x, h0, c0, &(SlLstmAttrs){ units[layer], 0.5 }, &h, &c, error);
  g_assert_no_error (*error);
  sl_graph_output (graph, out[layer][0], h);
  sl_graph_output (graph, out[layer][1], c);
  return x;
}

/* Language of make-language.py: @writes scores of the next word in place of the loss. */
static SlGraph *
make_graph (gboolean writes)
{
  SlGraph *graph = sl_graph_new ();
  SlShape shape = SL_SHAPE2 (BATCH, STEPS);
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, shape);
  SlValue x, loss = SL_NO_VALUE, losses = SL_NO_VALUE, hits = SL_NO_VALUE;
  GError *error = NULL;

  x = sl_embedding (graph, "encoder", tokens, &(SlEmbeddingAttrs){ WORDS, FEATURES, 0.3 }, &error);
  x = sl_locked_dropout (graph, x, 0.4, &error);
  for (guint layer = 0; layer < N_LAYERS; layer++)
    x = add_layer (graph, layer, x, &error);
  sl_graph_tie_param (graph, "decoder.weight", "encoder.weight");
  if (writes)
    sl_graph_output (graph, "next", sl_next_word (graph, "decoder", x, WORDS, &error));
  else
    {
      SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, shape);
      SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, shape);

      sl_word_loss (graph, "decoder", x, targets, weights, WORDS, &loss, &losses, &hits, &error);
      sl_graph_output (graph, "loss", loss);
      sl_graph_output (graph, "losses", losses);
      sl_graph_output (graph, "hits", hits);
    }
  g_assert_no_error (error);
  return graph;
}

/* tokens_of() of make-language.py. */
static void
set_tokens (SlPlan *plan, const char *input, guint step)
{
  gint32 *tokens = sl_plan_input_data (plan, input);

  for (guint i = 0; i < BATCH * STEPS; i++)
    tokens[i] = (gint32)((i * 5 + i * i / 3 + step) % WORDS);
}

/* What the first pass begins with. */
static void
set_first_state (SlPlan *plan)
{
  for (guint layer = 0; layer < N_LAYERS; layer++)
    {
      float *h = sl_plan_input_data (plan, layer == 0 ? "h0" : "h1");
      float *c = sl_plan_input_data (plan, layer == 0 ? "c0" : "c1");

      for (gsize i = 0; i < BATCH * units[layer]; i++)
        {
          h[i] = pattern_at (i, 40 + layer);
          c[i] = pattern_at (i, 50 + layer);
        }
    }
}

/* The state behind the pass of @from is what the next of @to begins with. */
static void
carry_state (SlPlan *from, SlPlan *to)
{
  static const char *const names[][2] = {
    { "h0", "h0 after" }, { "c0", "c0 after" }, { "h1", "h1 after" }, { "c1", "c1 after" }
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize n;
      const float *state = sl_plan_output (from, names[i][1], &n);

      memcpy (sl_plan_input_data (to, names[i][0]), state, n * sizeof *state);
    }
}

static void
check_outputs (SlPlan *plan, SlStateDict *golden, guint pass)
{
  static const char *const outputs[][2] = { { "loss", "loss" },   { "losses", "losses" },
                                            { "hits", "hits" },   { "h0 after", "h0" },
                                            { "c0 after", "c0" }, { "h1 after", "h1" },
                                            { "c1 after", "c1" } };

  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u", outputs[i][1], pass);

      assert_output (plan, outputs[i][0], golden, name);
    }
}

static void
check_next_word (SlPlan *trained, SlParams *params, SlPlanFlags flags, SlStateDict *golden)
{
  g_autoptr (SlGraph) graph = make_graph (TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPlan) plan = sl_plan_new (graph, params, SL_MODE_EVAL, flags, &error);

  g_assert_no_error (error);
  set_tokens (plan, "tokens", 3);
  carry_state (trained, plan);
  sl_plan_forward (plan, 0);
  assert_output (plan, "next", golden, "next");
}

static void
check_passes (gconstpointer data)
{
  SlPlanFlags flags = GPOINTER_TO_UINT (data);
  g_autoptr (SlGraph) graph = make_graph (FALSE);
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (SlStateDict) weights = load ("language-weights.safetensors");
  g_autoptr (SlStateDict) golden = load ("language-golden.safetensors");
  g_autoptr (SlStateDict) grads = sl_state_dict_new ();
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_params_from_state_dict (params, weights, FALSE, TRUE, NULL, &error));
  g_assert_no_error (error);
  plan = sl_plan_new (graph, params, SL_MODE_TRAIN, flags, &error);
  g_assert_no_error (error);
  for (guint pass = 0; pass < G_N_ELEMENTS (run_keys); pass++)
    {
      float *row_weights = sl_plan_input_data (plan, "weights");

      if (pass == 0)
        set_first_state (plan);
      else
        carry_state (plan, plan);
      set_tokens (plan, "tokens", pass);
      set_tokens (plan, "targets", pass + 7);
      for (gsize i = 0; i < BATCH * STEPS; i++)
        row_weights[i] = i == STEPS + 2 ? 0 : 1 + pattern_at (i, 60) / 2;
      sl_plan_forward (plan, run_keys[pass]);
      check_outputs (plan, golden, pass);
      sl_plan_backward (plan);
    }
  check_next_word (plan, params, flags, golden);
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
  g_test_add_data_func ("/engine/golden/language", GUINT_TO_POINTER (SL_PLAN_FILL_DEAD),
                        check_passes);
  g_test_add_data_func ("/engine/golden/language/reference", GUINT_TO_POINTER (SL_PLAN_REFERENCE),
                        check_passes);
  return g_test_run ();
}
