/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words a network of a project's texts knows: those that a person chose, and by which rules they came. */
#include "text-project.h"
#include <string.h>

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static SlWordReview *
review_words (SlProject *project, const SlRecipe *recipe, gint64 run, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sl_project_review_words_async (project, recipe, run, NULL, take_result, &result);
  return sl_project_review_words_finish (project, wait_for (&result), error);
}

static SlReviewedWord *
find_word (SlWordReview *review, const char *word)
{
  for (gsize i = 0; i < review->n; i++)
    if (g_str_equal (review->words[i].word, word))
      return &review->words[i];
  g_assert_not_reached ();
}

static char *
keep_words (SlProject *project, const SlWordReview *review)
{
  g_autoptr (SlVocabulary) vocabulary = sl_word_review_vocabulary (review);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *name;

  sl_project_keep_vocabulary_async (project, vocabulary, NULL, take_result, &result);
  name = sl_project_keep_vocabulary_finish (project, wait_for (&result), &error);
  g_assert_no_error (error);
  return name;
}

/* A thread that has answered may hold the project a moment longer, and so its lock. */
static void
close_project (SlProject **project)
{
  g_object_add_weak_pointer (G_OBJECT (*project), (gpointer *)project);
  g_object_unref (*project);
  while (g_atomic_pointer_get (project) != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

/* A project that was moved finds the words that were chosen in it; one that lost them says which file. */
static void
test_words (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = text_project_recipe (SL_LEARN_LANGUAGE, 1, 1e-2);
  g_autoptr (SlWordReview) review = NULL, of_run = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *moved = NULL, *file = NULL;
  gint64 run = 0;

  project = text_project_create_opinions (&fixture);
  review = review_words (project, recipe, 0, &error);
  g_assert_no_error (error);
  g_assert_true (find_word (review, "great")->known);
  g_assert_cmpfloat (review->unknown, ==, 0);
  g_assert_cmpfloat (review->unknown_valid, ==, 0);
  find_word (review, "great")->known = FALSE;
  g_free (recipe->vocabulary);
  recipe->vocabulary = keep_words (project, review);
  g_assert_false (g_path_is_absolute (recipe->vocabulary));
  sl_project_set_recipe (project, recipe); /* as the window does: else it would be removed */

  close_project (&project);
  moved = g_strconcat (fixture.folder, "/moved.slope", NULL);
  g_assert_cmpint (g_rename (fixture.project, moved), ==, 0);
  project = sl_project_open (moved, &error);
  g_assert_no_error (error);
  sl_project_train (project, recipe, 0, NULL, &run, NULL, &error);
  g_assert_no_error (error);
  of_run = review_words (project, recipe, run, &error);
  g_assert_no_error (error);
  g_assert_false (find_word (of_run, "great")->known);
  g_assert_true (find_word (of_run, "warm")->known);
  g_assert_cmpfloat_with_epsilon (of_run->unknown, sl_word_review_unknown (review), 1e-12);

  file = g_build_filename (moved, recipe->vocabulary, NULL);
  g_assert_cmpint (g_remove (file), ==, 0);
  none = review_words (project, recipe, 0, &error);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, recipe->vocabulary));
  g_clear_error (&error);
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  text_project_clear (&fixture);
}

/* (transfer full): of a new file in the project */
static char *
keep_without (SlProject *project, const char *word)
{
  g_autoptr (SlRecipe) recipe = text_project_recipe (SL_LEARN_LANGUAGE, 1, 1e-2);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlWordReview) review = review_words (project, recipe, 0, &error);

  g_assert_no_error (error);
  find_word (review, word)->known = FALSE;
  return keep_words (project, review);
}

static gboolean
is_there (const TextProject *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->project, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Chosen words stay as long as a run or the remembered recipe names them, or a window may. */
static void
test_tidy (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = text_project_create_opinions (&fixture);
  g_autoptr (SlProject) other = NULL;
  g_autoptr (SlRecipe) recipe = text_project_recipe (SL_LEARN_LANGUAGE, 1, 1e-2);
  g_autofree char *of_run = keep_without (project, "great"), *of_recipe = NULL, *of_none = NULL;
  g_autofree char *by_hand = g_build_filename (fixture.project, "vocabulary-mine.txt", NULL);
  g_autoptr (GError) error = NULL;
  gint64 run;

  g_assert_true (g_file_set_contents (by_hand, "", -1, NULL));
  of_recipe = keep_without (project, "warm");
  of_none = keep_without (project, "dull");
  g_free (recipe->vocabulary);
  recipe->vocabulary = g_strdup (of_run);
  g_assert_true (sl_project_train (project, recipe, 0, NULL, &run, NULL, &error));
  g_assert_no_error (error);
  g_free (recipe->vocabulary);
  recipe->vocabulary = g_strdup (of_recipe);
  sl_project_set_recipe (project, recipe);

  other = sl_project_open (fixture.project, &error);
  g_assert_no_error (error);
  g_assert_true (is_there (&fixture, of_none)); /* the first may think of it still */
  close_project (&project);
  project = sl_project_open (fixture.project, &error);
  g_assert_true (is_there (&fixture, of_none));
  close_project (&project);
  close_project (&other);
  project = sl_project_open (fixture.project, &error);
  g_assert_no_error (error);
  g_assert_false (is_there (&fixture, of_none));
  g_assert_true (is_there (&fixture, of_recipe));
  g_assert_true (is_there (&fixture, of_run));
  g_assert_true (is_there (&fixture, "vocabulary-mine.txt"));

  g_assert_true (sl_project_delete_run (project, run, &error));
  close_project (&project);
  project = sl_project_open (fixture.project, &error);
  g_assert_false (is_there (&fixture, of_run));
  text_project_clear (&fixture);
}

/* ---- Words that came by other rules */

static guint64
file_number (const TextProject *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->project, name, NULL);
  GStatBuf is;

  g_assert_cmpint (g_stat (path, &is), ==, 0);
  return (guint64)is.st_ino;
}

static void
count_progress (gsize done, gsize total, const char *what, gpointer data)
{
  g_assert_cmpuint (done, <=, total);
  if (((guint *)data)[1] == 0)
    ((guint *)data)[0]++;
}

static void
count_batch (SlProject *project, const SlBatchRecord *record, gpointer data)
{
  ((guint *)data)[1]++;
}

/* Texts are cut once, by the rules of the words, and whoever waits for that sees how far it is. */
static void
test_rules (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = text_project_recipe (SL_LEARN_TASK, 1, 1e-2);
  g_autoptr (SlWordReview) review = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  guint seen[2] = { 0 }; /* progress before the first batch, batches */
  const SlJobWatch watch = { .progress = count_progress, .batch = count_batch, .data = seen };
  guint64 cut;
  gint64 run;

  project = text_project_create_opinions (&fixture);
  g_free (recipe->tokens);
  recipe->tokens = sl_token_rules_to_string (SL_TOKEN_COURSE & ~(guint)SL_TOKEN_CAPITAL);
  review = review_words (project, recipe, 0, &error);
  g_assert_no_error (error);
  g_free (recipe->vocabulary);
  recipe->vocabulary = keep_words (project, review);
  sl_project_set_recipe (project, recipe);
  file = g_build_filename (fixture.project, "tokens", NULL);
  g_assert_cmpint (g_remove (file), ==, 0);
  close_project (&project);
  project = sl_project_open (fixture.project, &error);
  g_assert_no_error (error);
  g_assert_true (sl_project_train (project, recipe, 0, &watch, &run, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen[0], >, 0);

  cut = file_number (&fixture, "tokens");
  close_project (&project);
  project = sl_project_open (fixture.project, &error);
  g_assert_true (sl_project_evaluate (project, run, FALSE, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (file_number (&fixture, "tokens"), ==, cut);

  g_free (recipe->tokens);
  recipe->tokens = sl_token_rules_to_string (SL_TOKEN_COURSE);
  none = review_words (project, recipe, 0, &error);
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_assert_nonnull (strstr (error->message, recipe->vocabulary));
  g_clear_error (&error);
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_clear_error (&error);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_runs (project)), ==, 1);
  /* What goes on from a run keeps that run's words and rules. */
  recipe->learn = SL_LEARN_TASK;
  g_assert_true (sl_project_train (project, recipe, run, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (file_number (&fixture, "tokens"), ==, cut);
  text_project_clear (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text-words/kept", test_words);
  g_test_add_func ("/text-words/tidy", test_tidy);
  g_test_add_func ("/text-words/rules", test_rules);
  return g_test_run ();
}
