/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts in Clean and Predict, with two small models that are really trained. */
#define _GNU_SOURCE /* strcasestr() */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-clean-page-private.h"
#include "slope-predict-folder.h"
#include "slope-predict-page.h"
#include "slope-prediction-row.h"
#include "slope-run-choice.h"
#include "slope-text-row.h"
#include "slope-word-weights.h"

#define N_TEXTS 48
#define WRONG 7 /* its label is */

enum
{
  NOTHING,
  LANGUAGE,
  BOTH
};

typedef struct
{
  Fixture fixture;
  GtkWidget *window;
  GtkWidget *page;
} Page;

static void
write_texts (const char *file)
{
  g_autoptr (GString) table = g_string_new ("text,label\n");

  for (guint i = 0; i < N_TEXTS; i++)
    {
      const gboolean good = i % 2 == 0;

      g_string_append_printf (table, "\"%s is %s, really %s. Number %u.\",%s\n",
                              i % 3 == 0 ? "The film" : "The music", good ? "great" : "dull",
                              good ? "great" : "dull", i,
                              (i == WRONG ? !good : good) ? "good" : "bad");
    }
  g_assert_true (g_file_set_contents (file, table->str, -1, NULL));
}

static void
train (SlProject *project, SlLearn learn, guint epochs)
{
  g_autoptr (SlRecipe) recipe = sl_project_suggest_to_learn (project, learn);
  g_autoptr (GError) error = NULL;
  gint64 run;

  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("none");
  recipe->embedding = 16;
  recipe->hidden = 24;
  recipe->batch = 4;
  recipe->window = 12;
  recipe->dropout = .1;
  recipe->n_stages = 1;
  recipe->stages[0] =
      (SlStage){ .epochs = epochs, .lr_low = 2e-2, .lr_high = 2e-2, .pct_start = .3 };
  sl_project_train (project, recipe, sl_project_find_language_run (project), NULL, &run, NULL,
                    &error);
  g_assert_no_error (error);
}

static void
set_up_project (Fixture *self, int level)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) import = NULL;
  g_autofree char *file = NULL, *path = NULL;

  self->folder = g_dir_make_tmp ("slope-texts-XXXXXX", &error);
  g_assert_no_error (error);
  file = g_build_filename (self->folder, "texts.csv", NULL);
  path = g_build_filename (self->folder, "texts.slope", NULL);
  write_texts (file);
  import = sl_import_scan (file, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  self->project = sl_project_create (path, import, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  if (level >= LANGUAGE)
    train (self->project, SL_LEARN_LANGUAGE, 1);
  if (level >= BOTH)
    train (self->project, SL_LEARN_TASK, 10);
}

static void
show (Page *self, GtkWidget *page)
{
  self->page = page;
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1000, 700);
  gtk_window_set_child (GTK_WINDOW (self->window), page);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_wait_for (gtk_widget_get_mapped (page));
}

static void
clean_set_up (Page *self, gconstpointer level)
{
  GtkWidget *page = slope_clean_page_new ();

  set_up_project (&self->fixture, GPOINTER_TO_INT (level));
  slope_clean_page_set_project (SLOPE_CLEAN_PAGE (page), self->fixture.project);
  show (self, page);
}

static void
predict_set_up (Page *self, gconstpointer level)
{
  GtkWidget *page = slope_predict_page_new ();

  set_up_project (&self->fixture, GPOINTER_TO_INT (level));
  slope_predict_page_set_project (SLOPE_PREDICT_PAGE (page), self->fixture.project);
  show (self, page);
}

static void
tear_down (Page *self, gconstpointer level)
{
  GtkWidget *page = g_object_ref (self->page);

  ui_test_destroy (self->window);
  ui_test_finalize (page);
  fixture_tear_down (&self->fixture, level);
}

/* ---- Finding things */

static gboolean
is_type (GtkWidget *widget, gconstpointer type)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), GPOINTER_TO_SIZE (type));
}

static gboolean
has_label (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text);
}

static gboolean
speaks_of_pictures (GtkWidget *widget, gconstpointer unused)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && strcasestr (gtk_label_get_text (GTK_LABEL (widget)), "picture") != NULL;
}

static GtkTextBuffer *
entry_of (Page *self)
{
  GtkWidget *view = ui_test_find (self->page, is_type, GSIZE_TO_POINTER (GTK_TYPE_TEXT_VIEW));

  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
}

static char *
dup_entry (Page *self)
{
  char *text;

  g_object_get (entry_of (self), "text", &text, NULL);
  return text;
}

/* A button that can be pressed. */
static GtkWidget *
button (Page *self, const char *text)
{
  GtkWidget *label = ui_test_find (self->page, has_label, text);
  GtkWidget *found = label != NULL ? gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON) : NULL;

  return found != NULL && gtk_widget_is_sensitive (found) ? found : NULL;
}

/* ---- Clean */

/* A language model knows nothing of labels: there is nothing to clean with. */
static void
test_clean_language (Page *self, gconstpointer data)
{
  SlopeCleanPage *page = SLOPE_CLEAN_PAGE (self->page);

  ui_test_settle ();
  g_assert_cmpstr (gtk_stack_get_visible_child_name (page->stack), ==, "empty");
  g_assert_null (page->evaluation);
  g_assert_null (ui_test_find (self->page, speaks_of_pictures, NULL));
}

static void
test_clean (Page *self, gconstpointer data)
{
  SlopeCleanPage *page = SLOPE_CLEAN_PAGE (self->page);
  g_autoptr (SlItem) first = NULL;
  GtkWidget *row;
  g_autofree char *text = NULL, *whole = NULL;
  g_autoptr (GError) error = NULL;

  ui_test_wait_for (g_list_model_get_n_items (G_LIST_MODEL (page->list)) == N_TEXTS);
  ui_test_wait_for (page->fill_id == 0 && page->refresh_id == 0);
  ui_test_wait_for_frame (self->page); /* with rows */
  g_assert_null (ui_test_find (self->page, speaks_of_pictures, NULL));
  g_assert_cmpuint (gtk_grid_view_get_max_columns (page->grid), ==, 1);
  first = g_list_model_get_item (G_LIST_MODEL (page->list), 0);
  g_assert_cmpstr (sl_item_get_rel_path (first), ==,
                   "texts.csv:9"); /* the wrong one: a header before it */
  row = ui_test_find (GTK_WIDGET (page->grid), is_type, GSIZE_TO_POINTER (SLOPE_TYPE_TEXT_ROW));
  g_assert_true (slope_text_row_get_item (SLOPE_TEXT_ROW (row)) == first);

  /* Selected, it is shown whole; relabelled, undone. */
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (page->selection), 0, TRUE);
  text = dup_entry (self);
  whole = sl_project_dup_text (self->fixture.project, first, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, whole);
  g_assert_true (gtk_widget_activate_action (self->page, "clean.relabel", "s", "bad"));
  g_assert_cmpstr (sl_item_get_target (first), ==, "bad");
  g_assert_true (sl_project_undo (self->fixture.project, &error));
  g_assert_cmpstr (sl_item_get_target (first), ==, "good");
}

/* What the words weighed is said, and coloured where it was found. */
static void
test_clean_words (Page *self, gconstpointer data)
{
  SlopeCleanPage *page = SLOPE_CLEAN_PAGE (self->page);
  GtkTextIter iter;

  ui_test_wait_for (g_list_model_get_n_items (G_LIST_MODEL (page->list)) == N_TEXTS
                    && sl_project_get_job (self->fixture.project) == SL_JOB_NONE);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (page->selection), 0, TRUE);
  gtk_text_buffer_get_start_iter (entry_of (self), &iter);
  ui_test_wait_for (gtk_text_iter_forward_to_tag_toggle (&iter, NULL)
                    || (gtk_text_buffer_get_start_iter (entry_of (self), &iter), FALSE));
}

/* ---- Predict */

static void
test_predict_nothing (Page *self, gconstpointer data)
{
  g_assert_nonnull (ui_test_find (self->page, has_label, "Train First"));
  g_assert_null (ui_test_find (self->page, speaks_of_pictures, NULL));
}

static void
test_predict_language (Page *self, gconstpointer data)
{
  gtk_text_buffer_set_text (entry_of (self), "The film is great.", -1);
  ui_test_wait_for (ui_test_find (self->page, has_label, "Train Labels") != NULL);
}

static void
test_predict_typing (Page *self, gconstpointer data)
{
  GtkWidget *answer;

  ui_test_wait_for (ui_test_find (self->page, has_label, "Continue the Text") != NULL);
  gtk_text_buffer_set_text (entry_of (self), "The film is great, really great.", -1);
  ui_test_wait_for ((answer = ui_test_find (self->page, has_label, "good")) != NULL);
  /* What was typed last counts. */
  gtk_text_buffer_set_text (entry_of (self), "The film is great", -1);
  gtk_text_buffer_set_text (entry_of (self), "The film is dull, really dull.", -1);
  ui_test_wait_for (g_str_equal (gtk_label_get_text (GTK_LABEL (answer)), "bad"));
  gtk_text_buffer_set_text (entry_of (self), " ", -1);
  ui_test_wait_for (!gtk_widget_get_mapped (answer));
  g_assert_null (ui_test_find (self->page, speaks_of_pictures, NULL));
}

static void
test_predict_continue (Page *self, gconstpointer data)
{
  const char *begin = "The film";
  g_autofree char *text = NULL;

  gtk_text_buffer_set_text (entry_of (self), begin, -1);
  ui_test_wait_for (button (self, "Continue") != NULL);
  g_assert_null (button (self, "Insert"));
  gtk_widget_activate (button (self, "Continue"));
  ui_test_wait_for (button (self, "Insert") != NULL);
  gtk_widget_activate (button (self, "Insert"));
  ui_test_wait_for (button (self, "Insert") == NULL);
  text = dup_entry (self);
  g_assert_true (g_str_has_prefix (text, begin));
  g_assert_cmpuint (strlen (text), >, strlen (begin));
}

static void
test_predict_folder (Page *self, gconstpointer data)
{
  GtkWidget *widget = ui_test_find (self->page, is_type,
                                    GSIZE_TO_POINTER (SLOPE_TYPE_PREDICT_FOLDER));
  SlopePredictFolder *folder = SLOPE_PREDICT_FOLDER (widget);
  g_autofree char *path = g_build_filename (self->fixture.folder, "more", NULL);
  g_autofree char *first = g_build_filename (path, "a.txt", NULL);
  g_autofree char *other = g_build_filename (path, "b.png", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (SlopePredictionRow) row = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (first, "The film is dull, really dull.", -1, NULL));
  g_assert_true (g_file_set_contents (other, "no text", -1, NULL));
  slope_predict_folder_open (folder, file);
  ui_test_wait_for (!slope_predict_folder_is_working (folder));
  g_assert_cmpuint (g_list_model_get_n_items (slope_predict_folder_get_rows (folder)), ==, 1);
  row = g_list_model_get_item (slope_predict_folder_get_rows (folder), 0);
  g_assert_cmpstr (slope_prediction_row_get_name (row), ==, "a.txt");
  g_assert_cmpstr (slope_prediction_row_get_predicted (row), ==, "bad");
}

/* ---- Words and runs */

static void
test_place (void)
{
  char *tokens[] = { "xxbos", "xxmaj", "so", "xxrep", "3", "!", "dull", "été", "gone", NULL };
  float values[] = { 9.f, 0.f, 1.f, 0.f, .5f, .5f, -4.f, 2.f, 1.f };
  const SlWordWeights weights = { tokens, 9, 0, values };
  const char *text = "So!!! Dull, ÉTÉ";
  g_autoptr (GtkTextBuffer) buffer = gtk_text_buffer_new (NULL);
  const char *const classes[] = { "bad", "good", NULL };
  g_autoptr (GArray) words = slope_word_weights_place (text, &weights, 1, 2);
  const SlopeWordWeight *word = (const SlopeWordWeight *)words->data;
  g_autofree char *said = NULL;

  g_assert_cmpuint (words->len, ==, 4); /* so, !, dull, été */
  g_assert_cmpuint (word[0].begin, ==, 0);
  g_assert_cmpuint (word[2].begin, ==, 6);
  g_assert_cmpuint (word[2].end, ==, 10);
  g_assert_cmpint (word[2].class_index, ==, 0); /* against the one of two is for the other */
  g_assert_cmpfloat (word[2].share, ==, 1.);
  g_assert_cmpuint (word[3].begin, ==, 12);
  g_assert_cmpint (word[3].class_index, ==, 1);
  gtk_text_buffer_set_text (buffer, text, -1);
  slope_word_weights_show (buffer, word, words->len);
  said = slope_word_weights_say (buffer, word, words->len, classes, "good");
  g_assert_cmpstr (said, ==, "For bad: Dull · For good: ÉTÉ, So");
  slope_word_weights_clear (buffer);
  g_assert_cmpint (gtk_text_tag_table_get_size (gtk_text_buffer_get_tag_table (buffer)), ==, 0);
}

static void
test_run_choice (Page *self, gconstpointer data)
{
  SlopeRunChoice *choice = g_object_ref_sink (g_object_new (SLOPE_TYPE_RUN_CHOICE, NULL));
  SlProject *project = self->fixture.project;

  slope_run_choice_set_project (choice, project, sl_project_get_task (project));
  g_assert_cmpint (slope_run_choice_get_run (choice), ==, 2);
  g_assert_cmpuint (slope_run_choice_get_n (choice), ==, 1);
  slope_run_choice_set_project (choice, project, &sl_task_language);
  g_assert_cmpint (slope_run_choice_get_run (choice), ==, 1);
  slope_run_choice_set_project (choice, NULL, NULL);
  g_assert_cmpint (slope_run_choice_get_run (choice), ==, 0);
  g_assert_finalize_object (choice);
}

static void
add (const char *path, int level, void (*set_up) (Page *, gconstpointer),
     void (*test) (Page *, gconstpointer))
{
  g_test_add (path, Page, GINT_TO_POINTER (level), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/text-pages/place", test_place);
  add ("/ui/text-pages/clean-language", LANGUAGE, clean_set_up, test_clean_language);
  add ("/ui/text-pages/clean", BOTH, clean_set_up, test_clean);
  add ("/ui/text-pages/clean-words", BOTH, clean_set_up, test_clean_words);
  add ("/ui/text-pages/predict-nothing", NOTHING, predict_set_up, test_predict_nothing);
  add ("/ui/text-pages/predict-language", LANGUAGE, predict_set_up, test_predict_language);
  add ("/ui/text-pages/predict-typing", BOTH, predict_set_up, test_predict_typing);
  add ("/ui/text-pages/predict-continue", BOTH, predict_set_up, test_predict_continue);
  add ("/ui/text-pages/predict-folder", BOTH, predict_set_up, test_predict_folder);
  add ("/ui/text-pages/run-choice", BOTH, predict_set_up, test_run_choice);
  return g_test_run ();
}
