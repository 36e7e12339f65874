/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/text-model.h"
#include "train/text-session.h"
#include "train/text-words.h"
#include <math.h>
#include <string.h>

#define EVALUATE_BATCH 32

SlTextModel *
sl_text_model_new (const SlRecipe *recipe, SlStateDict *dict, GError **error)
{
  g_autoptr (SlTextModel) self = g_new0 (SlTextModel, 1);

  self->vocabulary = sl_text_vocabulary_read (dict, error);
  if (self->vocabulary == NULL)
    return NULL;
  self->tokeniser = sl_tokeniser_new (sl_vocabulary_get_rules (self->vocabulary), error);
  if (self->tokeniser == NULL)
    return NULL;
  sl_text_network_init (&self->network, recipe, sl_vocabulary_n_words (self->vocabulary));
  return g_steal_pointer (&self);
}

void
sl_text_model_free (SlTextModel *self)
{
  if (self == NULL)
    return;
  sl_row_runner_clear (&self->runner);
  g_clear_pointer (&self->tokeniser, sl_tokeniser_free);
  g_clear_pointer (&self->vocabulary, sl_vocabulary_unref);
  g_free (self);
}

SlGraph *
sl_text_model_graph (const SlTextModel *self, const SlRecipe *recipe, const SlProblem *problem,
                     GError **error)
{
  SlTextClassifier classifier;

  if (problem->task == &sl_task_language)
    return sl_stream_graph_new (&self->network, 1, 1, error);
  sl_text_classifier_init (&classifier, &self->network, problem->task->n_outputs (problem));
  return sl_row_graph_new (&classifier, recipe, problem, 1, 1, error);
}

void
sl_text_model_set_params (SlTextModel *self, const SlRecipe *recipe, SlProblem *problem,
                          SlParams *params)
{
  if (problem->task != &sl_task_language)
    sl_row_runner_init (&self->runner, &self->network, recipe, problem, params, SL_MODE_EVAL,
                        SL_PLAN_DEFAULT);
}

static gboolean
check_answers (const SlTextModel *self, GError **error)
{
  if (self->runner.problem != NULL)
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                       "A language model gives no labels: train a classifier that begins with it");
  return FALSE;
}

gboolean
sl_text_model_evaluate (SlTextModel *self, SlSampleSet *samples,
                        void (*each) (const SlPrediction *prediction, gpointer data), gpointer data,
                        SlScore *score, const SlPassWatch *watch, GError **error)
{
  SlRowPass pass = { .runner = &self->runner, .samples = samples, .each = each, .each_data = data };
  g_autoptr (SlTokenCache) tokens = NULL;
  g_autoptr (SlTokenRows) rows = NULL;
  g_autofree guint32 *map = NULL;
  gboolean ok;

  if (!check_answers (self, error))
    return FALSE;
  tokens = sl_texts_tokens (sl_sample_set_texts (samples),
                            sl_vocabulary_get_rules (self->vocabulary), watch->cancellable,
                            watch->progress, watch->data, error);
  if (tokens == NULL)
    return FALSE;
  map = sl_vocabulary_map (self->vocabulary, tokens);
  rows = sl_row_pass_rows (samples, tokens, map, EVALUATE_BATCH, 1);
  pass.rows = rows;
  ok = sl_row_pass_run (&pass, score, watch, error);
  sl_row_runner_clear (&self->runner); /* a single text needs little of what a batch did */
  return ok;
}

/* ---- One text */

typedef struct
{
  const SlVocabulary *vocabulary;
  GArray *numbers; /* of gint32 */
} Reading;

static void
add_word (const char *token, gsize length, gpointer user_data)
{
  Reading *self = user_data;
  gint32 number = (gint32)sl_vocabulary_find (self->vocabulary, token, length);

  g_array_append_val (self->numbers, number);
}

SlPrediction *
sl_text_model_predict (SlTextModel *self, const char *text, const char *target, GError **error)
{
  SlRowRunner *runner = &self->runner;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (SlTensor) losses = NULL, probabilities = NULL;
  Reading reading = { self->vocabulary, numbers };
  SlPrediction *prediction;
  guint length, first;

  if (!check_answers (self, error))
    return NULL;
  sl_tokeniser_run (self->tokeniser, text, -1, add_word, &reading);
  first = numbers->len > SL_TEXT_CLASSIFIER_MAX_TOKENS
              ? numbers->len - SL_TEXT_CLASSIFIER_MAX_TOKENS
              : 0;
  length = numbers->len - first;
  if (!sl_row_runner_set (runner, 1, length, target != NULL ? &target : NULL, error))
    return NULL;
  memcpy (sl_row_runner_tokens (runner), &g_array_index (numbers, gint32, first),
          length * sizeof (gint32));
  sl_row_runner_starts (runner)[0] = 0;
  sl_plan_forward (runner->plan, 0);
  losses = sl_plan_dup_output (runner->plan, "losses");
  probabilities = sl_plan_dup_output (runner->plan, "probabilities");
  prediction = g_new0 (SlPrediction, 1);
  runner->problem->task->describe (runner->problem, runner->recipe, target, NULL, probabilities,
                                   target != NULL ? runner->targets : NULL, 0, prediction);
  prediction->loss = target != NULL ? sl_tensor_f32 (losses)[0] : NAN;
  return prediction;
}
