/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/text-words.h"

#include <string.h>

#define META_VOCABULARY "vocabulary"

SlVocabulary *
sl_text_vocabulary_read (SlStateDict *dict, GError **error)
{
  const char *text = sl_state_dict_get_meta (dict, META_VOCABULARY);

  if (text != NULL)
    return sl_vocabulary_from_text (text, strlen (text), error);
  g_set_error_literal (error, SL_ERROR, SL_ERROR_DATA,
                       "These weights come without the words that they are for: choose a model of "
                       "texts that Slope wrote");
  return NULL;
}

void
sl_text_vocabulary_keep (const SlVocabulary *vocabulary, SlStateDict *dict)
{
  g_autofree char *words = sl_vocabulary_to_text (vocabulary);

  sl_state_dict_set_meta (dict, META_VOCABULARY, words);
}

/* Words that were cut in another way would mostly be unknown, and whoever switched a rule would never hear that it did
 * nothing: so neither wins. */
static SlVocabulary *
load_file (const SlRecipe *recipe, SlTokenRules rules, GError **error)
{
  g_autoptr (SlVocabulary) vocabulary = sl_vocabulary_load (recipe->vocabulary, error);
  g_autofree char *own = NULL, *name = NULL;

  if (vocabulary == NULL)
    return NULL;
  if (sl_vocabulary_get_rules (vocabulary) == rules)
    return g_steal_pointer (&vocabulary);
  own = sl_token_rules_to_string (sl_vocabulary_get_rules (vocabulary));
  name = g_filename_display_name (recipe->vocabulary);
  g_set_error (error, SL_ERROR, SL_ERROR_STATE,
               "The words of “%s” were cut by other rules (%s) than these texts are to be (%s): "
               "choose the words anew, or use their rules",
               name, own, recipe->tokens);
  return NULL;
}

gboolean
sl_text_words_open (const SlRecipe *recipe, SlStateDict *weights, SlVocabulary **vocabulary,
                    SlTokenRules *rules, GError **error)
{
  *vocabulary = NULL;
  if (!sl_token_rules_parse (recipe->tokens, rules, error))
    return FALSE;
  if (weights != NULL)
    *vocabulary = sl_text_vocabulary_read (weights, error);
  else if (g_str_equal (recipe->vocabulary, SL_VOCABULARY_AUTO))
    return TRUE;
  else
    *vocabulary = load_file (recipe, *rules, error);
  if (*vocabulary == NULL)
    return FALSE;
  *rules = sl_vocabulary_get_rules (*vocabulary);
  return TRUE;
}

/* ---- Among what is trained on */

guint8 *
sl_text_mark (SlSampleSet *samples, const SlTokenCache *tokens)
{
  guint8 *uses = g_new0 (guint8, sl_token_cache_n_texts (tokens) + 1);

  for (gsize i = 0; i < sl_sample_set_n (samples); i++)
    uses[sl_sample_set_get (samples, i)->row] = 1;
  return uses;
}

SlVocabulary *
sl_text_words_choose (const SlRecipe *recipe, SlSampleSet *train, const SlTokenCache *tokens,
                      SlStateDict *pretrained, GError **error)
{
  g_autofree guint8 *uses = sl_text_mark (train, tokens);
  g_autofree guint64 *counts = sl_token_cache_count (tokens, uses);
  g_autoptr (SlVocabulary)
      own = sl_vocabulary_choose (tokens, counts, recipe->max_words, recipe->min_count);
  g_autoptr (SlVocabulary) before = NULL;

  if (pretrained == NULL || recipe->learn == SL_LEARN_LANGUAGE)
    return g_steal_pointer (&own);
  before = sl_text_vocabulary_read (pretrained, error);
  return before != NULL ? sl_vocabulary_extend (own, before, recipe->max_words) : NULL;
}
