/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A language model begins with another one's file: its sizes and what it knows are taken, for other words. */
#include "text-project.h"
#include <string.h>

/* Each tells what comes next, and shares most of its words with the others. */
static const char *const sayings[] = { "The old cat sat there and said miaow.",
                                       "The old dog sat there and said woof.",
                                       "A small cow went away and said moo." };

typedef struct
{
  TextProject texts;
  char *model; /* that was trained on the sayings */
} Fixture;

/* @more: a word that stands behind each saying */
static SlProject *
create (Fixture *self, const char *name, const char *more)
{
  text_project_begin (&self->texts, TRUE);
  for (guint i = 0; i < 90; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s %s", sayings[i % 3], more);

      text_project_add (&self->texts, i % 2 ? "a" : "b", text, i < 18);
    }
  return text_project_create (&self->texts, name);
}

static SlRecipe *
make_recipe (guint epochs, double rate)
{
  SlRecipe *recipe = sl_recipe_new_for_texts (SL_LEARN_LANGUAGE, 72);

  recipe->batch = 4;
  recipe->window = 24;
  recipe->dropout = 0;
  recipe->n_stages = 1;
  recipe->stages[0] =
      (SlStage){ .epochs = epochs, .lr_low = rate, .lr_high = rate, .pct_start = 0.3 };
  return recipe;
}

/* The share of words that it foretells. */
static double
train (SlProject *project, const SlRecipe *recipe)
{
  g_autoptr (SlRun) run = NULL;
  g_autoptr (GError) error = NULL;

  sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  run = g_list_model_get_item (sl_project_get_runs (project), 0);
  return sl_run_get_metric (run, 0);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (SlRecipe) recipe = make_recipe (40, 2e-2);
  g_autoptr (SlProject) project = NULL;

  recipe->embedding = 16;
  recipe->hidden = 24;
  project = create (self, "first", "");
  g_assert_cmpfloat (train (project, recipe), >, 0.7);
  self->model = g_build_filename (self->texts.project, "runs", "1", "model.safetensors", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  text_project_clear (&self->texts);
  g_free (self->model);
}

/* With a rate that changes nothing, it knows what the other one has learnt, but for the new word. */
static void
test_takes (Fixture *self, gconstpointer data)
{
  g_autoptr (SlProject) project = create (self, "second", "Unheard");
  g_autoptr (SlRecipe) recipe = make_recipe (1, 1e-9);
  g_autoptr (SlModel) model = NULL;
  double without = train (project, recipe), with;

  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup (self->model);
  with = train (project, recipe);
  g_test_message ("accuracy %.3f without, %.3f with", without, with);
  g_assert_cmpfloat (without, <, 0.2);
  g_assert_cmpfloat (with, >, 0.5);
}

/* (transfer full): that its model knows */
static SlVocabulary *
words_of_run (Fixture *self, guint run)
{
  g_autofree char *name = g_strdup_printf ("%u", run);
  g_autofree char *path = g_build_filename (self->texts.project, "runs", name, "model.safetensors",
                                            NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = sl_state_dict_load (path, &error);
  const char *text;
  SlVocabulary *words;

  g_assert_no_error (error);
  text = sl_state_dict_get_meta (dict, "vocabulary");
  g_assert_nonnull (text);
  words = sl_vocabulary_from_text (text, strlen (text), &error);
  g_assert_no_error (error);
  return words;
}

/* Of texts without a dog, a classifier that begins with a model that met one knows the word, a language model does not. */
static void
test_words (Fixture *self, gconstpointer data)
{
  g_autoptr (SlProject) project = NULL;

  text_project_begin (&self->texts, TRUE);
  for (guint i = 0; i < 60; i++)
    text_project_add (&self->texts, i % 2 ? "a" : "b", sayings[i % 2 ? 0 : 2], i < 20);
  project = text_project_create (&self->texts, "dogless");
  for (SlLearn learn = SL_LEARN_TASK; learn <= SL_LEARN_LANGUAGE; learn++)
    {
      g_autoptr (SlRecipe) recipe = make_recipe (1, 1e-9);
      g_autoptr (SlVocabulary) words = NULL;

      recipe->learn = learn;
      g_free (recipe->pretrained);
      recipe->pretrained = g_strdup (self->model);
      train (project, recipe);
      words = words_of_run (self, learn - SL_LEARN_TASK + 1);
      g_assert_cmpuint (sl_vocabulary_find (words, "cat", 3), !=, SL_SPECIAL_UNKNOWN);
      g_assert_true ((sl_vocabulary_find (words, "dog", 3) != SL_SPECIAL_UNKNOWN)
                     == (learn == SL_LEARN_TASK));
    }
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static SlWordReview *
review_words (SlProject *project, const SlRecipe *recipe, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sl_project_review_words_async (project, recipe, 0, NULL, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return sl_project_review_words_finish (project, result, error);
}

/* Files without words, without a network, without anything, and none at all: neither training nor who only asks which words
 * would be known hears of another one instead. */
static void
test_refuses (Fixture *self, gconstpointer data)
{
  g_autofree char *wordless = g_test_build_filename (G_TEST_DIST, "golden",
                                                     "awd-lstm-weights.safetensors", NULL);
  g_autofree char *pictures = g_test_build_filename (G_TEST_DIST, "golden",
                                                     "small-weights.safetensors", NULL);
  g_autofree char *rubbish = g_build_filename (self->texts.folder, "rubbish.safetensors", NULL);
  const struct
  {
    const char *file;
    int code;
  } cases[] = { { wordless, SL_ERROR_DATA },
                { pictures, SL_ERROR_DATA },
                { rubbish, SL_ERROR_FORMAT },
                { "/nowhere", SL_ERROR_NOT_FOUND } };
  g_autoptr (SlProject) project = create (self, "third", "");

  g_assert_true (g_file_set_contents (rubbish, "rubbish", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SlRecipe) recipe = make_recipe (1, 1e-3);
      g_autoptr (SlWordReview) review = NULL;
      g_autoptr (GError) error = NULL, same = NULL;

      recipe->learn = SL_LEARN_TASK; /* a language model knows its own texts' words alone */
      g_free (recipe->pretrained);
      recipe->pretrained = g_strdup (cases[i].file);
      g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, SL_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].file));
      review = review_words (project, recipe, &same);
      g_assert_error (same, SL_ERROR, cases[i].code);
      g_assert_cmpstr (same->message, ==, error->message);
    }
}

/* Public weights that are not here yet are no reason to say nothing of the words: those of the texts are known at least. */
static void
test_not_here (Fixture *self, gconstpointer data)
{
  g_autoptr (SlProject) project = create (self, "fourth", "Unheard");
  g_autoptr (SlRecipe) recipe = make_recipe (1, 1e-3);
  g_autoptr (SlWordReview) review = NULL;
  g_autoptr (GError) error = NULL;

  recipe->learn = SL_LEARN_TASK;
  g_free (recipe->arch);
  recipe->arch = g_strdup ("awd-lstm");
  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("auto");
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  review = review_words (project, recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (review->n_known, >, 0);
}

int
main (int argc, char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("slope-home-XXXXXX", NULL);
  int result;

  g_setenv ("XDG_DATA_HOME", home, TRUE); /* no weights of a person's own */
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/text-pretrained/takes", Fixture, NULL, set_up, test_takes, tear_down);
  g_test_add ("/text-pretrained/words", Fixture, NULL, set_up, test_words, tear_down);
  g_test_add ("/text-pretrained/refuses", Fixture, NULL, set_up, test_refuses, tear_down);
  g_test_add ("/text-pretrained/not-here", Fixture, NULL, set_up, test_not_here, tear_down);
  result = g_test_run ();
  g_rmdir (home);
  return result;
}
