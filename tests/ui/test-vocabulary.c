/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row that says how much of the texts is known, and the words behind it. */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-vocabulary-row.h"
#include "slope-word-list.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  Fixture fixture;
  SlRecipe *recipe;
  GtkWidget *window;
  SlopeVocabularyRow *row;
  char *chosen;
} Page;

static void
on_chosen (Page *self, const char *vocabulary)
{
  g_free (self->chosen);
  self->chosen = g_strdup (vocabulary);
}

static void
set_up (Page *self, gconstpointer data)
{
  /* By frequency and bytes: film 6, dull 3, great 3, once 1 — and what stands around them. */
  static const char table[] = "text,label\n\"film film great great great once\",good\n"
                              "\"film film dull dull dull\",bad\n\"film film\",bad\n";
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *file = NULL, *path = NULL;
  g_autoptr (SlImport) import = NULL;
  SlImportOptions options = { .split.kind = SL_SPLIT_BY_NONE };
  GError *error = NULL;

  self->fixture.folder = g_dir_make_tmp ("slope-words-XXXXXX", &error);
  g_assert_no_error (error);
  file = g_build_filename (self->fixture.folder, "texts.csv", NULL);
  path = g_build_filename (self->fixture.folder, "texts.slope", NULL);
  g_assert_true (g_file_set_contents (file, table, -1, NULL));
  import = sl_import_scan (file, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  self->fixture.project = sl_project_create (path, import, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  self->recipe = sl_recipe_new_for_texts (SL_LEARN_TASK, 3);
  self->row = g_object_new (SLOPE_TYPE_VOCABULARY_ROW, NULL);
  g_signal_connect_swapped (self->row, "chosen", G_CALLBACK (on_chosen), self);
  self->window = gtk_window_new ();
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->row));
  gtk_window_set_child (GTK_WINDOW (self->window), group);
  gtk_window_present (GTK_WINDOW (self->window));
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
}

static void
tear_down (Page *self, gconstpointer data)
{
  ui_test_destroy (self->window);
  sl_recipe_free (self->recipe);
  g_free (self->chosen);
  fixture_tear_down (&self->fixture, data);
}

static gboolean
says (Page *self, const char *part)
{
  return strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (self->row)), part) != NULL;
}

static void
click (GtkWidget *button)
{
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static GtkWidget *
find_window (void)
{
  g_autoptr (GList) all = gtk_window_list_toplevels ();

  for (GList *l = all; l != NULL; l = l->next)
    if (ui_test_is_a (l->data, "SlopeWordsWindow"))
      return l->data;
  return NULL;
}

static gboolean
has_label (GtkWidget *widget, gconstpointer text)
{
  return (GTK_IS_BUTTON (widget)
          && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0)
         || (GTK_IS_CHECK_BUTTON (widget)
             && g_strcmp0 (gtk_check_button_get_label (GTK_CHECK_BUTTON (widget)), text) == 0);
}

/* The words that occur twice are known: of 13 and xxbos thrice, “once” is not. */
static void
test_row (Page *self, gconstpointer data)
{
  ui_test_wait_for (says (self, "3 words; 6.2\u00A0% of the text is unknown"));
  self->recipe->min_count = 4;
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  ui_test_wait_for (says (self, "1 word; 43.8\u00A0% of the text is unknown"));
}

static void
test_edit (Page *self, gconstpointer data)
{
  GtkWidget *window, *save, *check;
  g_autofree char *path = NULL;
  g_autoptr (SlVocabulary) vocabulary = NULL;
  g_autoptr (GError) error = NULL;

  ui_test_wait_for (says (self, "3 words"));
  click (ui_test_find (GTK_WIDGET (self->row), has_label, "_Edit…"));
  ui_test_wait_for ((window = find_window ()) != NULL);
  save = ui_test_find (window, has_label, "_Save");
  ui_test_wait_for ((check = ui_test_find (window, has_label, "film")) != NULL);
  g_assert_false (gtk_widget_is_sensitive (save));
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), FALSE);
  click (save);
  ui_test_wait_for (self->chosen != NULL);
  ui_test_wait_for (find_window () == NULL);
  path = g_build_filename (sl_project_get_path (self->fixture.project), self->chosen, NULL);
  vocabulary = sl_vocabulary_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_vocabulary_n_words (vocabulary), ==, SL_N_SPECIALS + 2);
  g_assert_cmpuint (sl_vocabulary_find (vocabulary, "film", 4), ==, SL_SPECIAL_UNKNOWN);

  /* As the recipe panel answers; and back. */
  g_free (self->recipe->vocabulary);
  self->recipe->vocabulary = g_strdup (self->chosen);
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  ui_test_wait_for (says (self, "2 words; 43.8\u00A0%"));
  click (ui_test_find (GTK_WIDGET (self->row), has_label, "_Edit…"));
  ui_test_wait_for ((window = find_window ()) != NULL);
  click (ui_test_find (window, has_label, "Choose _Automatically"));
  g_assert_cmpstr (self->chosen, ==, "auto");
  ui_test_wait_for (find_window () == NULL);
}

/* Closing the window takes back what is being saved: it is not chosen, and what was written of it goes. */
static void
test_close (Page *self, gconstpointer data)
{
  GtkWidget *window, *check;
  g_autofree char *path = g_strdup (sl_project_get_path (self->fixture.project));
  g_autoptr (GDir) folder = NULL;
  const char *name;

  ui_test_wait_for (says (self, "3 words"));
  click (ui_test_find (GTK_WIDGET (self->row), has_label, "_Edit…"));
  ui_test_wait_for ((window = find_window ()) != NULL);
  ui_test_wait_for ((check = ui_test_find (window, has_label, "film")) != NULL);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), FALSE);
  click (ui_test_find (window, has_label, "_Save"));
  gtk_window_close (GTK_WINDOW (window));
  ui_test_wait_for (find_window () == NULL);
  ui_test_wait_for (says (self, "3 words")); /* on the thread that saves, or after it */
  ui_test_settle ();
  g_assert_null (self->chosen);
  slope_vocabulary_row_set (self->row, NULL, self->recipe, 0);
  g_object_add_weak_pointer (G_OBJECT (self->fixture.project), (gpointer *)&self->fixture.project);
  g_object_unref (self->fixture.project);
  ui_test_wait_for (self->fixture.project == NULL); /* a thread may hold it a moment longer */
  self->fixture.project = sl_project_open (path, NULL);
  folder = g_dir_open (path, 0, NULL);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_assert_false (g_str_has_prefix (name, "vocabulary-"));
}

/* A file that is gone: the row says which, and offers to do without. */
static void
test_gone (Page *self, gconstpointer data)
{
  g_free (self->recipe->vocabulary);
  self->recipe->vocabulary = g_strdup ("vocabulary-none.txt");
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  ui_test_wait_for (says (self, "vocabulary-none.txt"));
  click (ui_test_find (GTK_WIDGET (self->row), has_label, "_Reset"));
  g_assert_cmpstr (self->chosen, ==, "auto");
}

/* (transfer full): a language model of the texts that knows all their words */
static char *
train_language (Page *self)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new_for_texts (SL_LEARN_LANGUAGE, 3);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  gint64 run = 0;

  recipe->embedding = recipe->hidden = 4;
  recipe->min_count = 1;
  recipe->window = 5;
  recipe->batch = 2;
  recipe->stages[0].epochs = 1;
  sl_project_train (self->fixture.project, recipe, 0, NULL, &run, NULL, &error);
  g_assert_no_error (error);
  id = g_strdup_printf ("%d", (int)run);
  return g_build_filename (sl_project_get_path (self->fixture.project), "runs", id,
                           "model.safetensors", NULL);
}

/* A classifier knows the words of what it begins with besides its own: another beginning, or another network, which may have
 * other public weights, and they are counted again. */
static void
test_beginning (Page *self, gconstpointer data)
{
  g_autofree char *model = train_language (self);

  ui_test_wait_for (says (self, "3 words; 6.2\u00A0% of the text is unknown"));
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = g_strdup (model);
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  ui_test_wait_for (says (self, "4 words; 0.0\u00A0% of the text is unknown"));
  g_free (self->recipe->arch);
  self->recipe->arch = g_strdup ("awd-lstm");
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  g_assert_true (says (self, "Counting"));
  ui_test_wait_for (says (self, "4 words"));

  /* One that cannot be read is named: training would end there. */
  g_assert_cmpint (g_remove (model), ==, 0);
  slope_vocabulary_row_set (self->row, NULL, self->recipe, 0);
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  ui_test_wait_for (says (self, "There is no weights file"));
  g_assert_true (says (self, model));
  g_assert_false (
      gtk_widget_get_sensitive (ui_test_find (GTK_WIDGET (self->row), has_label, "_Edit…")));
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = g_strdup ("none");
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  ui_test_wait_for (says (self, "3 words"));
}

/* Token rules that are switched once words were chosen: neither wins in silence. */
static void
test_rules (Page *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->fixture.folder, "words.txt", NULL);
  g_autoptr (SlVocabulary) vocabulary = NULL;
  static const char *const words[] = { "film" };
  g_autoptr (GError) error = NULL;

  vocabulary = sl_vocabulary_new (SL_TOKEN_COURSE, words, (guint64[]){ 6 }, 1);
  g_assert_true (sl_vocabulary_save (vocabulary, path, &error));
  g_free (self->recipe->vocabulary);
  self->recipe->vocabulary = g_strdup (path);
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  ui_test_wait_for (says (self, "1 word;"));
  g_free (self->recipe->tokens);
  self->recipe->tokens = sl_token_rules_to_string (SL_TOKEN_HTML);
  slope_vocabulary_row_set (self->row, self->fixture.project, self->recipe, 0);
  ui_test_wait_for (says (self, "switch the rules back in Data"));
  click (ui_test_find (GTK_WIDGET (self->row), has_label, "_Reset"));
  g_assert_cmpstr (self->chosen, ==, "auto");
}

static void
test_search (Page *self, gconstpointer data)
{
  g_autoptr (SlTokenCache) cache = NULL;
  g_autoptr (SlVocabulary) vocabulary = NULL;
  g_autoptr (SlopeWordList) list = NULL;
  g_autoptr (SlopeWord) first = NULL;
  g_autoptr (GError) error = NULL;

  cache = sl_texts_tokens (sl_project_get_texts (self->fixture.project), SL_TOKEN_COURSE, NULL,
                           NULL, NULL, &error);
  g_assert_no_error (error);
  vocabulary = sl_vocabulary_choose (cache, NULL, SL_VOCABULARY_WORDS, 2);
  list = slope_word_list_new (sl_word_review_new (vocabulary, cache, NULL, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 4);
  slope_word_list_set_search (list, "C");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_cmpstr (slope_word_get (first)->word, ==, "once");
  g_assert_false (slope_word_get (first)->known);
  slope_word_list_set_search (list, "zebra");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/vocabulary/row", Page, NULL, set_up, test_row, tear_down);
  g_test_add ("/ui/vocabulary/edit", Page, NULL, set_up, test_edit, tear_down);
  g_test_add ("/ui/vocabulary/close", Page, NULL, set_up, test_close, tear_down);
  g_test_add ("/ui/vocabulary/gone", Page, NULL, set_up, test_gone, tear_down);
  g_test_add ("/ui/vocabulary/beginning", Page, NULL, set_up, test_beginning, tear_down);
  g_test_add ("/ui/vocabulary/rules", Page, NULL, set_up, test_rules, tear_down);
  g_test_add ("/ui/vocabulary/search", Page, NULL, set_up, test_search, tear_down);
  return g_test_run ();
}
