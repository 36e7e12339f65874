/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a first run of texts begins with: a language model of theirs, the public one where it knows their words, or
 * nothing. */
#include "project/project-private.h"
#include "train/recipe-texts.h"

#include <slope/awd-lstm.h>
#include <slope/catalogue.h>
#include <slope/models.h>
#include <string.h>

/* The window asks on its main thread: so much is read in some 10 ms, and once. */
#define SAMPLE_TEXTS 64
#define SAMPLE_BYTES 512 /* of each text */
/* The share of words that the public model must know. */
#define KNOWN_SHARE 0.6

gint64
sl_project_find_language_run (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), 0);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (run->recipe->learn == SL_LEARN_LANGUAGE && sl_run_has_model (run))
        return run->id;
    }
  return 0;
}

/* ---- A sample of the texts */

typedef struct
{
  const SlVocabulary *vocabulary; /* (nullable) */
  gsize n_tokens;
  gsize n_words; /* of them: what begins with a letter */
  gsize n_known; /* of the words */
} Sample;

/* Marks and digits are the same in many languages: they say nothing. */
static void
count_token (const char *token, gsize length, gpointer user_data)
{
  Sample *self = user_data;

  self->n_tokens++;
  if (!g_unichar_isalpha (g_utf8_get_char (token)) || g_str_has_prefix (token, "xx"))
    return;
  self->n_words++;
  if (self->vocabulary != NULL
      && sl_vocabulary_find (self->vocabulary, token, length) != SL_SPECIAL_UNKNOWN)
    self->n_known++;
}

/* (transfer full) (nullable): the words of the public weights of the network that is suggested, if they are here. */
static SlVocabulary *
read_public_words (void)
{
  g_autoptr (SlCatalogue) catalogue = sl_catalogue_load (NULL, NULL);
  const char *arch = sl_arch_all_for_texts ()[0]->id;
  const SlWeights *weights = catalogue != NULL ? sl_catalogue_find_arch (catalogue, arch) : NULL;
  g_autofree char *path = NULL;
  g_autoptr (SlStateDict) dict = NULL;
  const char *words;

  if (weights == NULL || !sl_weights_is_here (weights))
    return NULL;
  path = sl_weights_dup_path (weights);
  dict = sl_awd_lstm_load_weights (path, NULL);
  words = dict != NULL ? sl_state_dict_get_meta (dict, "vocabulary") : NULL;
  return words != NULL ? sl_vocabulary_from_text (words, strlen (words), NULL) : NULL;
}

/* What is known of a project's texts; they do not change while it is open. */
typedef struct
{
  double known_share; /* of their words, by the public weights */
  double tokens_per_byte;
} Facts;

/* Beginnings of texts from all over. */
static void
read_facts (SlProject *self, Facts *facts)
{
  g_autoptr (SlVocabulary) vocabulary = read_public_words ();
  g_autoptr (SlTokeniser) tokeniser = sl_tokeniser_new (
      vocabulary != NULL ? sl_vocabulary_get_rules (vocabulary) : SL_TOKEN_COURSE, NULL);
  Sample sample = { .vocabulary = vocabulary };
  const gsize n = sl_texts_n (self->texts), n_read = MIN (n, SAMPLE_TEXTS);
  gsize n_bytes = 0;

  for (gsize i = 0; tokeniser != NULL && i < n_read; i++)
    {
      g_autofree char *text = sl_texts_read (self->texts, i * n / n_read, NULL);
      const gsize length = text != NULL ? strnlen (text, SAMPLE_BYTES) : 0;

      sl_tokeniser_run (tokeniser, text != NULL ? text : "", (gssize)length, count_token, &sample);
      n_bytes += length;
    }
  facts->known_share = sample.n_words > 0 ? (double)sample.n_known / (double)sample.n_words : 0;
  facts->tokens_per_byte = n_bytes > 0 ? (double)sample.n_tokens / (double)n_bytes : 0;
}

/* (transfer none) */
static const Facts *
get_facts (SlProject *self)
{
  static const char key[] = "slope-text-facts";
  Facts *facts = g_object_get_data (G_OBJECT (self), key);

  if (facts == NULL)
    {
      facts = g_new0 (Facts, 1);
      read_facts (self, facts);
      g_object_set_data_full (G_OBJECT (self), key, facts, g_free);
    }
  return facts;
}

/* ---- The suggestion */

/* Of the texts that are trained on: those with a label, or all that are not validated with. */
static guint64
count_bytes (SlProject *self, SlLearn learn)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint64 bytes = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      const SlSplit split = sl_item_get_split (item);

      if (sl_item_get_state (item) == SL_ITEM_PRESENT
          && (split == SL_SPLIT_TRAIN || (learn == SL_LEARN_LANGUAGE && split == SL_SPLIT_TEST)))
        bytes += (guint64)sl_item_get_bytes (item);
    }
  return bytes;
}

static SlRecipe *
suggest (SlProject *self, SlLearn learn, SlTextStart start)
{
  const double n_tokens = get_facts (self)->tokens_per_byte * (double)count_bytes (self, learn);
  gsize n_train = sl_project_count (self, G_MAXUINT, SL_SPLIT_TRAIN);

  if (learn == SL_LEARN_LANGUAGE)
    n_train += sl_project_count (self, G_MAXUINT, SL_SPLIT_TEST);
  return sl_recipe_suggest_for_texts (learn, start, n_train, (guint64)n_tokens);
}

SlRecipe *
sl_project_suggest_to_learn (SlProject *self, SlLearn learn)
{
  SlTextStart start = SL_TEXT_START_RANDOM;

  g_return_val_if_fail (SL_IS_PROJECT (self) && self->texts != NULL, NULL);

  if (learn == SL_LEARN_TASK && sl_project_find_language_run (self) != 0)
    start = SL_TEXT_START_RUN;
  else if (get_facts (self)->known_share >= KNOWN_SHARE)
    start = SL_TEXT_START_PUBLIC;
  return suggest (self, learn, start);
}

SlRecipe *
sl_project_suggest_from_scratch (SlProject *self, SlLearn learn)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && self->texts != NULL, NULL);

  return suggest (self, learn, SL_TEXT_START_RANDOM);
}
