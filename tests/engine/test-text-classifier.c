/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A classifier of texts: padding changes nothing, groups, what is kept where it is frozen, and the encoder of a
 * language model. */
#include <math.h>
#include <slope/checkpoint.h>
#include <slope/language.h>
#include <slope/optim.h>
#include <slope/parallel.h>
#include <slope/random.h>
#include <slope/text-classifier.h>
#include <slope/text.h>
#include <string.h>

#define WORDS 30
#define CLASSES 3
#define LONGEST 37

static SlTextClassifier
make_model (void)
{
  SlAwdLstm encoder = {
    .n_words = WORDS, .n_features = 20, .n_hidden = 33, .n_layers = 3, .drop_mult = 0.5
  };
  SlTextClassifier self;

  sl_text_classifier_init (&self, &encoder, CLASSES);
  return self;
}

static SlGraph *
make_graph (const SlTextClassifier *self, gsize n, gsize steps)
{
  SlGraph *graph = sl_graph_new ();
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, SL_SHAPE2 (n, steps));
  SlValue starts = sl_graph_input (graph, "starts", SL_DTYPE_I32, SL_SHAPE1 (n));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE1 (n));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (n));
  SlValue loss = SL_NO_VALUE, losses, probabilities;
  g_autoptr (GError) error = NULL;
  SlValue logits = sl_text_classifier_build (graph, self, tokens, starts, &error);

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

/* Text @item of an endless set: its length and words; 1 is padding. */
static guint
length_of (guint item)
{
  return 1 + item * 11 % LONGEST;
}

static gint32
word_of (guint item, guint i)
{
  return 2 + (gint32)((item * 7 + i * i + i * 3) % (WORDS - 2));
}

/* Items @first … at the end of their rows. */
static void
set_batch (SlPlan *plan, guint first, guint n, guint steps)
{
  gint32 *tokens = sl_plan_input_data (plan, "tokens");
  gint32 *starts = sl_plan_input_data (plan, "starts");
  gint32 *targets = sl_plan_input_data (plan, "targets");
  float *weights = sl_plan_input_data (plan, "weights");

  for (guint row = 0; row < n; row++)
    {
      guint item = first + row, start = steps - length_of (item);

      for (guint t = 0; t < steps; t++)
        tokens[row * steps + t] = t < start ? SL_SPECIAL_PADDING : word_of (item, t - start);
      starts[row] = (gint32)start;
      targets[row] = (gint32)(item % CLASSES);
      weights[row] = 1;
    }
}

/* Norms that do something. */
static SlParams *
make_params (const SlTextClassifier *model)
{
  g_autoptr (SlGraph) graph = make_graph (model, 2, 2);
  SlParams *params = sl_params_new (graph, 3);

  for (guint i = 0; i < sl_params_n (params); i++)
    {
      const SlParamInfo *info = sl_params_info (params, i);
      float *values = sl_params_values (params) + info->offset;

      for (gsize j = 0; info->kind == SL_PARAM_STATE && j < info->shape.dim[0]; j++)
        values[j] = g_str_has_suffix (info->name, "var") ? 0.05f + (float)(j % 5) * 0.05f
                                                         : (float)(j % 7) * 0.02f;
    }
  return params;
}

/* ---- Padding */

static void
evaluate (const SlTextClassifier *model, SlParams *params, guint first, guint n, guint steps,
          SlPlanFlags flags, float *logits)
{
  g_autoptr (SlGraph) graph = make_graph (model, n, steps);
  g_autoptr (SlPlan) plan = make_plan (graph, params, SL_MODE_EVAL, flags);

  set_batch (plan, first, n, steps);
  sl_plan_forward (plan, 0);
  memcpy (logits, sl_plan_output (plan, "logits", NULL), sizeof *logits * n * CLASSES);
}

/* Each text by itself, and in batches of any size with any amount of padding: the same logits. */
static void
test_padding (gconstpointer data)
{
  static const guint batches[][2] = { { 1, LONGEST }, { 1, 64 },  { 2, LONGEST + 1 },
                                      { 5, 40 },      { 13, 50 }, { 24, 117 } };
  SlPlanFlags flags = GPOINTER_TO_UINT (data);
  SlTextClassifier model = make_model ();
  g_autoptr (SlParams) params = make_params (&model);
  float alone[24 * CLASSES], logits[24 * CLASSES];
  double largest = 0, spread = 0;

  for (guint item = 0; item < 24; item++)
    evaluate (&model, params, item, 1, length_of (item), flags, alone + item * CLASSES);
  for (gsize i = 0; i < G_N_ELEMENTS (batches); i++)
    {
      guint n = batches[i][0];

      for (guint first = 0; first + n <= 24; first += n)
        {
          evaluate (&model, params, first, n, batches[i][1], flags, logits);
          for (guint j = 0; j < n * CLASSES; j++)
            largest = MAX (largest, fabs (logits[j] - alone[first * CLASSES + j]));
        }
    }
  for (guint i = CLASSES; i < G_N_ELEMENTS (alone); i++)
    spread = MAX (spread, fabs (alone[i] - alone[i % CLASSES]));
  g_test_message ("texts differ by up to %.3g, padding by %.3g", spread, largest);
  g_assert_cmpfloat (largest, <=, 1e-6);
  g_assert_cmpfloat (spread, >, 0.1);
}

/* In training, too, padding is nothing: the same loss and gradients with more of it, none for the padding's
 * vector. */
static void
test_padding_gradients (void)
{
  SlTextClassifier model = make_model ();
  g_autoptr (SlParams) params = make_params (&model);
  gint word_at = sl_params_find (params, "encoder.weight");
  gsize n = sl_params_n_elements (params), at;
  g_autofree float *grads = NULL;
  float loss = 0;

  g_assert_cmpint (word_at, >=, 0);
  at = sl_params_info (params, (guint)word_at)->offset
       + SL_SPECIAL_PADDING * model.encoder.n_features;
  for (guint steps = LONGEST; steps <= LONGEST + 24; steps += 24)
    {
      g_autoptr (SlGraph) graph = make_graph (&model, 7, steps);
      g_autoptr (SlPlan) plan = make_plan (graph, params, SL_MODE_TRAIN, SL_PLAN_FILL_DEAD);
      double error = 0, size = 0;

      set_batch (plan, 0, 7, steps);
      sl_plan_forward (plan, 17);
      if (grads != NULL)
        g_assert_cmpfloat_with_epsilon (*sl_plan_output (plan, "loss", NULL), loss, 1e-6);
      loss = *sl_plan_output (plan, "loss", NULL);
      sl_plan_backward (plan);
      for (guint j = 0; j < model.encoder.n_features; j++)
        g_assert_cmpfloat (sl_params_grads (params)[at + j], ==, 0);
      for (gsize i = 0; grads != NULL && i < n; i++)
        {
          error += pow (sl_params_grads (params)[i] - (double)grads[i], 2);
          size += pow (grads[i], 2);
        }
      g_assert_cmpfloat (sqrt (error), <=, 2e-6 * sqrt (size));
      g_assert_true (grads == NULL || size > 1e-6);
      g_free (grads);
      grads = g_memdup2 (sl_params_grads (params), n * sizeof (float));
    }
}

/* ---- Groups, and what they cost */

static guint
group_of (SlParams *params, const char *name)
{
  gint at = sl_params_find (params, name);

  g_assert_cmpint (at, >=, 0);
  return sl_params_info (params, (guint)at)->group;
}

static void
test_groups (void)
{
  SlTextClassifier model = make_model ();
  g_autoptr (SlParams) params = make_params (&model);

  g_assert_cmpuint (sl_params_n_groups (params), ==, 5);
  g_assert_cmpuint (sl_text_classifier_n_groups (&model), ==, 5);
  g_assert_cmpuint (group_of (params, "encoder.weight"), ==, 0);
  g_assert_cmpuint (group_of (params, "rnns.0.module.weight_ih_l0"), ==, 1);
  g_assert_cmpuint (group_of (params, "rnns.2.module.bias_hh_l0"), ==, 3);
  g_assert_cmpuint (group_of (params, "layers.0.weight"), ==, 4);
  g_assert_cmpuint (group_of (params, "layers.6.bias"), ==, 4);
}

/* What is frozen keeps nothing for a backward pass: each group that is trained needs more, and the head alone little
 * more than evaluation. */
static void
test_frozen (void)
{
  SlTextClassifier model = make_model ();
  g_autoptr (SlParams) params = make_params (&model);
  g_autoptr (SlGraph) graph = make_graph (&model, 32, 256);
  gsize evaluates = sl_plan_predict_bytes (graph, params, SL_MODE_EVAL, SL_PLAN_DEFAULT);
  gsize before = G_MAXSIZE;

  for (guint group = 0; group < 5; group++)
    {
      gsize bytes;

      sl_params_freeze_to (params, group, FALSE);
      bytes = sl_plan_predict_bytes (graph, params, SL_MODE_TRAIN, SL_PLAN_BRIEF_GRADS);
      g_test_message ("from group %u on: %zu bytes; evaluation %zu", group, bytes, evaluates);
      g_assert_cmpuint (bytes, <=, before);
      before = bytes;
    }
  g_assert_cmpuint (before, <, evaluates + evaluates / 8);
}

/* ---- Plans of many shapes, one after the other */

static void
train_shapes (const SlTextClassifier *model, SlParams *params, SlPlanMemory *memory,
              SlPlanFlags flags)
{
  static const guint shapes[][2] = { { 3, 40 }, { 7, 50 }, { 2, 37 }, { 7, 50 } };
  double rates[] = { 1e-2, 1e-2, 1e-2, 1e-2, 1e-2 };
  SlAdamW adam = SL_ADAMW_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (SlGraph) graph = make_graph (model, shapes[i][0], shapes[i][1]);
      g_autoptr (GError) error = NULL;
      g_autoptr (SlPlan)
          plan = sl_plan_new_in (graph, params, SL_MODE_TRAIN, flags, memory, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (memory != NULL ? sl_plan_memory_bytes (memory) : 0, ==, 0);
      set_batch (plan, i * 5, shapes[i][0], shapes[i][1]);
      sl_plan_forward (plan, i);
      sl_adamw_backward (&adam, plan, rates, 0.9);
    }
}

/* The same bits as with memory of their own, and no more than the largest needs. */
static void
test_memory (void)
{
  SlTextClassifier model = make_model ();
  SlPlanFlags flags[] = { SL_PLAN_BRIEF_GRADS, SL_PLAN_BRIEF_GRADS | SL_PLAN_FILL_DEAD };
  g_autoptr (SlParams) own = make_params (&model);
  g_autoptr (SlGraph) largest = make_graph (&model, 7, 50);
  gsize n = sl_params_n_elements (own) * sizeof (float);

  train_shapes (&model, own, NULL, SL_PLAN_BRIEF_GRADS);
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autoptr (SlParams) lent = make_params (&model);
      g_autoptr (SlPlanMemory) memory = sl_plan_memory_new ();

      train_shapes (&model, lent, memory, flags[i]);
      g_assert_cmpmem (sl_params_values (own), n, sl_params_values (lent), n);
      g_assert_cmpuint (sl_plan_memory_bytes (memory), >, 0);
      g_assert_cmpuint (sl_plan_memory_bytes (memory), <=,
                        sl_plan_predict_bytes (largest, lent, SL_MODE_TRAIN, SL_PLAN_BRIEF_GRADS));
    }
}

/* ---- The encoder of a language model */

static void
test_encoder (void)
{
  SlTextClassifier model = make_model ();
  g_autoptr (SlParams) language = sl_language_new_params (&model.encoder, 8, NULL);
  g_autoptr (SlParams) params = make_params (&model);
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();
  g_autoptr (GError) error = NULL;
  const SlParamInfo *own, *theirs;
  guint n;

  sl_params_to_state_dict (language, dict, FALSE);
  g_assert_true (sl_params_from_state_dict (params, dict, FALSE, FALSE, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1 + 4 * model.encoder.n_layers);
  own = sl_params_info (params, (guint)sl_params_find (params, "rnns.1.module.weight_hh_l0"));
  theirs = sl_params_info (language,
                           (guint)sl_params_find (language, "rnns.1.module.weight_hh_l0"));
  g_assert_cmpmem (sl_params_values (params) + own->offset, 4 * 33 * 33 * sizeof (float),
                   sl_params_values (language) + theirs->offset, 4 * 33 * 33 * sizeof (float));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/engine/text-classifier/padding", GUINT_TO_POINTER (SL_PLAN_DEFAULT),
                        test_padding);
  g_test_add_data_func ("/engine/text-classifier/padding/reference",
                        GUINT_TO_POINTER (SL_PLAN_REFERENCE), test_padding);
  g_test_add_func ("/engine/text-classifier/padding/gradients", test_padding_gradients);
  g_test_add_func ("/engine/text-classifier/groups", test_groups);
  g_test_add_func ("/engine/text-classifier/frozen", test_frozen);
  g_test_add_func ("/engine/text-classifier/memory", test_memory);
  g_test_add_func ("/engine/text-classifier/encoder", test_encoder);
  return g_test_run ();
}
