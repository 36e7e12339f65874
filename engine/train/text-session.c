/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/text-session.h"
#include "train/network.h"
#include "train/text-words.h"
#include <slope/models.h>

/* ---- Beginning with other weights */

/* A network is gone on with in the sizes that it has. */
static void
take_sizes (SlRecipe *recipe, SlStateDict *dict)
{
  const char *json = sl_state_dict_get_meta (dict, "recipe");
  g_autoptr (SlRecipe) past = json != NULL ? sl_recipe_from_json (json, NULL) : NULL;

  if (past == NULL || !sl_recipe_check (past, NULL) || !sl_arch_find (past->arch)->texts)
    return;
  g_free (recipe->arch);
  recipe->arch = g_strdup (past->arch);
  recipe->embedding = past->embedding;
  recipe->hidden = past->hidden;
}

gsize
sl_text_session_plan_bytes (const SlTextSession *self, SlGraph *graph, SlParams *params,
                            SlPlanFlags flags)
{
  if (graph == NULL)
    return 0;
  return sl_plan_predict_bytes (graph, params, SL_MODE_TRAIN, flags)
         + (self->valid != NULL
                ? sl_plan_predict_bytes (graph, params, SL_MODE_EVAL, SL_PLAN_DEFAULT)
                : 0);
}

/* The texts as tokens, and which of their words the network knows. */
static gboolean
read_words (SlTextSession *self, const SlTrainSetup *setup, SlStateDict *start,
            GCancellable *cancellable, GError **error)
{
  SlTokenRules rules;

  if (!sl_text_words_open (self->recipe, start, &self->vocabulary, &rules, error))
    return FALSE;
  g_free (self->recipe->tokens); /* weights keep their own rules */
  self->recipe->tokens = sl_token_rules_to_string (rules);
  self->tokens = sl_texts_tokens (sl_sample_set_texts (self->train), rules, cancellable,
                                  setup->preparing, setup->preparing_data, error);
  if (self->tokens == NULL)
    return FALSE;
  if (self->vocabulary == NULL)
    self->vocabulary = sl_text_words_choose (self->recipe, self->train, self->tokens,
                                             self->pretrained, error);
  if (self->vocabulary == NULL)
    return FALSE;
  self->map = sl_vocabulary_map (self->vocabulary, self->tokens);
  return TRUE;
}

void
sl_text_network_init (SlAwdLstm *self, const SlRecipe *recipe, guint n_words)
{
  const gboolean small = g_str_equal (recipe->arch, "awd-lstm-small");

  sl_awd_lstm_preset (small ? "small" : "course", n_words, self);
  self->n_features = recipe->embedding > 0 ? recipe->embedding : self->n_features;
  self->n_hidden = recipe->hidden > 0 ? recipe->hidden : self->n_hidden;
  self->drop_mult = recipe->dropout;
}

/* ---- The session */

SlTextSession *
sl_text_session_new (const SlTrainSetup *setup, SlStateDict *start, GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (SlTextSession) self = g_new0 (SlTextSession, 1);
  const gboolean language = setup->recipe->learn == SL_LEARN_LANGUAGE;

  self->way = language ? &sl_text_way_language : &sl_text_way_classify;
  self->train = sl_sample_set_ref (setup->train);
  self->valid = setup->valid != NULL && sl_sample_set_n (setup->valid) > 0
                    ? sl_sample_set_ref (setup->valid)
                    : NULL;
  self->problem = sl_problem_ref (sl_sample_set_problem (setup->train));
  self->language = sl_problem_new (&sl_task_language, (const char *const[]){ NULL }, NULL);
  self->recipe = sl_recipe_copy (setup->recipe);
  if (start != NULL)
    take_sizes (self->recipe, start);
  else if (!g_str_equal (self->recipe->pretrained, "none"))
    {
      self->pretrained = sl_text_pretrained_open (self->recipe, error);
      if (self->pretrained == NULL)
        return NULL;
    }
  if (!read_words (self, setup, start, cancellable, error))
    return NULL;
  sl_text_network_init (&self->model, self->recipe, sl_vocabulary_n_words (self->vocabulary));
  return g_steal_pointer (&self);
}

void
sl_text_session_free (SlTextSession *self)
{
  if (self == NULL)
    return;
  self->way->end_stage (self);
  g_clear_pointer (&self->tokens, sl_token_cache_unref);
  g_clear_pointer (&self->vocabulary, sl_vocabulary_unref);
  g_clear_pointer (&self->pretrained, sl_state_dict_free);
  g_clear_pointer (&self->train, sl_sample_set_unref);
  g_clear_pointer (&self->valid, sl_sample_set_unref);
  g_clear_pointer (&self->problem, sl_problem_unref);
  g_clear_pointer (&self->language, sl_problem_unref);
  g_clear_pointer (&self->recipe, sl_recipe_free);
  g_free (self->map);
  g_free (self);
}

/* ---- Weights */

/* Those of the encoder: what a language model and a classifier have in common. */
static gboolean
is_encoder (const char *name)
{
  return g_str_has_prefix (name, "encoder.") || g_str_has_prefix (name, "rnns.");
}

static gboolean
take_encoder (SlTextSession *self, SlParams *params, SlStateDict *dict, const char *path,
              GError **error)
{
  if (!sl_params_from_state_dict (params, dict, FALSE, FALSE, NULL, error))
    return FALSE;
  for (guint i = 0; i < sl_params_n (params); i++)
    {
      const char *name = sl_params_info (params, i)->name;
      SlTensor *tensor = is_encoder (name) ? sl_state_dict_lookup (dict, name) : NULL;

      if (!is_encoder (name)
          || (tensor != NULL
              && sl_shape_n_elements (sl_tensor_get_shape (tensor))
                     == sl_shape_n_elements (sl_params_info (params, i)->shape)))
        continue;
      g_set_error (
          error, SL_ERROR, SL_ERROR_DATA,
          "“%s” does not hold the weights %s of %s: choose the weights of that network, or "
          "another network",
          path, name, self->recipe->arch);
      return FALSE;
    }
  return TRUE;
}

gboolean
sl_text_session_load_start (SlTextSession *self, SlParams *params, const char *start_model,
                            GError **error)
{
  g_autoptr (SlStateDict) dict = NULL;

  if (start_model != NULL)
    dict = sl_network_load_weights (start_model, error);
  else if (self->pretrained == NULL)
    return TRUE;
  else
    dict = sl_text_pretrained_translate (self->pretrained, self->vocabulary, error);
  return dict != NULL
         && take_encoder (self, params, dict,
                          start_model != NULL ? start_model : self->recipe->pretrained, error);
}

SlProblem *
sl_text_session_problem (const SlTextSession *self)
{
  return self->recipe->learn == SL_LEARN_LANGUAGE ? self->language : self->problem;
}

void
sl_text_session_to_dict (SlTextSession *self, SlStateDict *dict)
{
  sl_text_vocabulary_keep (self->vocabulary, dict);
}
