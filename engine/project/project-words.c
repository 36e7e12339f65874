/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words a network would know, or knows, and how much of the project's texts they are. */
#include "project/lock.h"
#include "project/project-private.h"
#include "train/network.h"
#include "train/text-session.h"
#include "train/text-words.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* Another that opens the project looks through its folder, no longer. */
#define WAIT_WORDS_MS 3000

typedef struct
{
  SlRecipe *recipe;
  char *model; /* (nullable): of the run whose words are asked about */
  SlSampleSet *train;
  SlSampleSet *valid;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_clear_pointer (&self->recipe, sl_recipe_free);
  g_clear_pointer (&self->train, sl_sample_set_unref);
  g_clear_pointer (&self->valid, sl_sample_set_unref);
  g_free (self->model);
  g_free (self);
}

static gboolean
is_to_fetch (const SlRecipe *recipe, const GError *error)
{
  return g_str_equal (recipe->pretrained, "auto")
         && g_error_matches (error, SL_ERROR, SL_ERROR_NOT_FOUND);
}

/* Public weights that are not here are fetched when training begins: until then the texts' own words are all that can
 * be told.  Weights that cannot be read would stop training. */
static SlVocabulary *
choose (const Question *self, const SlTokenCache *tokens, GError **error)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_copy (self->recipe);
  g_autoptr (SlStateDict) pretrained = NULL;
  GError *failure = NULL;

  if (recipe->learn != SL_LEARN_LANGUAGE && !g_str_equal (recipe->pretrained, "none"))
    pretrained = sl_text_pretrained_open (recipe, &failure);
  if (failure != NULL && !is_to_fetch (recipe, failure))
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  g_clear_error (&failure);
  return sl_text_words_choose (recipe, self->train, tokens, pretrained, error);
}

static SlWordReview *
review (const Question *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SlStateDict) weights = NULL;
  g_autoptr (SlTokenCache) tokens = NULL;
  g_autoptr (SlVocabulary) vocabulary = NULL;
  g_autofree guint8 *train = NULL, *valid = NULL;
  SlTokenRules rules;

  if (self->model != NULL && (weights = sl_network_load_weights (self->model, error)) == NULL)
    return NULL;
  if (!sl_text_words_open (self->recipe, weights, &vocabulary, &rules, error))
    return NULL;
  tokens = sl_texts_tokens (sl_sample_set_texts (self->train), rules, cancellable, NULL, NULL,
                            error);
  if (tokens == NULL)
    return NULL;
  if (vocabulary == NULL)
    vocabulary = choose (self, tokens, error);
  if (vocabulary == NULL)
    return NULL;
  train = sl_text_mark (self->train, tokens);
  valid = sl_text_mark (self->valid, tokens);
  return sl_word_review_new (vocabulary, tokens, train, valid);
}

static void
review_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  SlWordReview *found = review (data, cancellable, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify)sl_word_review_free);
  else
    g_task_return_error (task, error);
}

void
sl_project_review_words_async (SlProject *self, const SlRecipe *recipe, gint64 run_id,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Question *question;
  SlRun *run = NULL;
  GError *error = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && self->texts != NULL);
  g_return_if_fail (recipe != NULL && run_id >= 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_review_words_async);
  if (run_id != 0)
    run = sl_project_find_trained (self, run_id, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  question = g_new0 (Question, 1);
  question->recipe = sl_project_copy_recipe (self, recipe);
  question->model = run != NULL ? sl_run_file (run, "model.safetensors") : NULL;
  question->train = sl_project_dup_learned (self, recipe, TRUE);
  question->valid = sl_project_dup_learned (self, recipe, FALSE);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, review_in_thread);
}

SlWordReview *
sl_project_review_words_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Words that a person has chosen: vocabulary-HASH.txt in the project, by what is in it */

#define WORDS_PREFIX "vocabulary-"
#define WORDS_SUFFIX ".txt"
#define HASH_DIGITS 12

SlRecipe *
sl_project_copy_recipe (SlProject *self, const SlRecipe *recipe)
{
  SlRecipe *copy = sl_recipe_copy (recipe);

  if (!g_str_equal (recipe->vocabulary, SL_VOCABULARY_AUTO)
      && !g_path_is_absolute (recipe->vocabulary))
    {
      g_free (copy->vocabulary);
      copy->vocabulary = g_build_filename (self->path, recipe->vocabulary, NULL);
    }
  return copy;
}

typedef struct
{
  SlVocabulary *vocabulary;
  char *folder;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *self = data;

  sl_vocabulary_unref (self->vocabulary);
  g_free (self->folder);
  g_free (self);
}

static void
keep_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Keeping *self = data;
  g_autofree char *text = sl_vocabulary_to_text (self->vocabulary);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autofree char *name = g_strdup_printf (WORDS_PREFIX "%.*s" WORDS_SUFFIX, HASH_DIGITS, hash);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  GError *error = NULL;

  if (sl_vocabulary_save (self->vocabulary, path, &error))
    g_task_return_pointer (task, g_steal_pointer (&name), g_free);
  else
    g_task_return_error (task, error);
}

void
sl_project_keep_vocabulary_async (SlProject *self, SlVocabulary *vocabulary,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Keeping *keeping;

  g_return_if_fail (SL_IS_PROJECT (self) && vocabulary != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_keep_vocabulary_async);
  if (!sl_project_check_writable (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  keeping = g_new (Keeping, 1);
  *keeping = (Keeping){ sl_vocabulary_ref (vocabulary), g_strdup (self->path) };
  g_task_set_task_data (task, keeping, keeping_free);
  g_task_run_in_thread (task, keep_in_thread);
}

char *
sl_project_keep_vocabulary_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Those that are needed no more */

/* None that a person put there. */
static gboolean
is_kept_name (const char *name)
{
  const char *digits = name + strlen (WORDS_PREFIX);

  return g_str_has_prefix (name, WORDS_PREFIX) && strspn (digits, "0123456789abcdef") == HASH_DIGITS
         && g_str_equal (digits + HASH_DIGITS, WORDS_SUFFIX);
}

/* The remembered recipe is looked through as it is written: one that cannot be read names its words all the same. */
static gboolean
is_named (SlProject *self, const char *name)
{
  if (self->recipe != NULL && strstr (self->recipe, name) != NULL)
    return TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (g_str_has_suffix (run->recipe->vocabulary, name))
        return TRUE;
    }
  return FALSE;
}

/* While a project is open its window may know a recipe that is written nowhere yet, or offer one that was left for
 * another: only who opens it first can tell what is named by nothing. */
gboolean
sl_project_tidy_words (SlProject *self, GError **error)
{
  if (sl_lock_take (self->lock, SL_LOCK_WORDS, 0, self->title, NULL))
    {
      g_autoptr (GDir) folder = g_dir_open (self->path, 0, NULL);
      const char *name;

      while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
        {
          g_autofree char *path = g_build_filename (self->path, name, NULL);

          if (is_kept_name (name) && !is_named (self, name) && g_unlink (path) != 0)
            g_info ("“%s” is needed no more and could not be removed: %s", path,
                    g_strerror (errno));
        }
    }
  return sl_lock_share (self->lock, SL_LOCK_WORDS, WAIT_WORDS_MS, self->title, error);
}
