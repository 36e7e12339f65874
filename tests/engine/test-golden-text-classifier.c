/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A classifier of texts with padding against PyTorch, which reads each text by itself: what
 * tests/golden/make-text-classifier.py wrote. */
#include "golden-check.h"

#include <slope/text-classifier.h>

#define CLASSES 3
#define STEPS 9
#define BATCH 5
#define N_PARAMS 21 /* that have a gradient */
#define N_STATES 4  /* of both norms */
#define RUN_KEY 31

static const gint32 lengths[BATCH] = { 9, 4, 1, 6, 2 };

static const SlTextClassifier model = {
  .encoder = { .n_words = 19,
               .n_features = 5,
               .n_hidden = 7,
               .n_layers = 3,
               .drop_mult = 0.8,
               .embedding_dropout = 0.3,
               .input_dropout = 0.4,
               .hidden_dropout = 0.35,
               .weight_dropout = 0.5 },
  .n_outputs = CLASSES,
  .n_hidden = 8,
};

static SlGraph *
make_graph (guint n_steps)
{
  SlGraph *graph = sl_graph_new ();
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, SL_SHAPE2 (BATCH, n_steps));
  SlValue starts = sl_graph_input (graph, "starts", SL_DTYPE_I32, SL_SHAPE1 (BATCH));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE1 (BATCH));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (BATCH));
  SlValue loss = SL_NO_VALUE, losses, probabilities;
  g_autoptr (GError) error = NULL;
  SlValue logits = sl_text_classifier_build (graph, &model, tokens, starts, &error);

  sl_cross_entropy (graph, logits, targets, weights, 0, &loss, &losses, &probabilities, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "logits", logits);
  sl_graph_output (graph, "loss", loss);
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
  g_autoptr (SlStateDict) file = load ("text-classifier-weights.safetensors");
  g_autoptr (SlStateDict) weights = sl_awd_lstm_from_fastai (file);
  g_autoptr (GError) error = NULL;
  SlParams *params = sl_params_new (graph, 1);
  guint n;

  g_assert_cmpuint (sl_state_dict_n (weights), ==, N_PARAMS + N_STATES);
  g_assert_true (sl_params_from_state_dict (params, weights, FALSE, TRUE, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, N_PARAMS + N_STATES);
  return params;
}

/* texts() of make-text-classifier.py, at the end of rows of @n_steps; before them padding that is
 * no word of any text's.  */
static void
set_inputs (SlPlan *plan, guint n_steps)
{
  gint32 *tokens = sl_plan_input_data (plan, "tokens");
  gint32 *starts = sl_plan_input_data (plan, "starts");
  gint32 *targets = sl_plan_input_data (plan, "targets");
  float *weights = sl_plan_input_data (plan, "weights");

  for (guint row = 0; row < BATCH; row++)
    {
      starts[row] = (gint32)n_steps - lengths[row];
      for (gint32 t = 0; t < (gint32)n_steps; t++)
        {
          gint32 i = t - (gint32)n_steps + STEPS;

          tokens[row * n_steps + (guint)t] = t < starts[row]
                                                 ? 1
                                                 : (i * 7 + i * i / 2 + 3 * (gint32)row) % 19;
        }
      targets[row] = (gint32)row % CLASSES;
      weights[row] = 1;
    }
}

/* Gradients go into PyTorch's layout by the way that weights go. */
static void
check_grads (SlGraph *graph, SlParams *params, SlStateDict *golden)
{
  g_autoptr (SlParams) copy = sl_params_new_zero (graph);
  g_autoptr (SlStateDict) grads = sl_state_dict_new ();

  memcpy (sl_params_values (copy), sl_params_grads (params),
          sl_params_n_elements (params) * sizeof (float));
  sl_params_to_state_dict (copy, grads, FALSE);
  g_assert_cmpuint (assert_params (grads, golden, GRADIENT_TOLERANCE), ==, N_PARAMS);
}

typedef struct
{
  const char *path;
  guint n_steps;
  SlPlanFlags flags;
} Case;

static void
check_passes (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (SlGraph) graph = make_graph (c->n_steps);
  g_autoptr (SlParams) params = load_params (graph);
  g_autoptr (SlStateDict) golden = load ("text-classifier-golden.safetensors");
  g_autoptr (SlPlan) evaluates = make_plan (graph, params, SL_MODE_EVAL, c->flags);
  g_autoptr (SlPlan) trains = make_plan (graph, params, SL_MODE_TRAIN, c->flags);

  set_inputs (evaluates, c->n_steps);
  sl_plan_forward (evaluates, 0);
  assert_output (evaluates, "logits", golden, "evaluated");
  set_inputs (trains, c->n_steps);
  sl_plan_forward (trains, RUN_KEY);
  assert_output (trains, "logits", golden, "logits");
  assert_output (trains, "loss", golden, "loss");
  sl_plan_backward (trains);
  check_grads (graph, params, golden);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "/engine/golden/text-classifier", STEPS, SL_PLAN_FILL_DEAD },
    { "/engine/golden/text-classifier/more-padding", STEPS + 14, SL_PLAN_DEFAULT },
    { "/engine/golden/text-classifier/reference", STEPS, SL_PLAN_REFERENCE },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i], check_passes);
  return g_test_run ();
}
