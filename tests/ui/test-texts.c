/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* strcasestr() */
/* A project of texts in the window: its rows, tokens, filters and what is learned. */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-data-filter.h"
#include "slope-data-page.h"
#include "slope-import-summary.h"
#include "slope-recipe-panel.h"
#include "slope-start-row.h"
#include "slope-table-form.h"
#include "slope-text-preview.h"
#include "slope-text-row.h"
#include "slope-text-words.h"
#include "slope-token-job.h"
#include "slope-token-view.h"
#include "slope-words-group.h"

#define N_TEXTS 12
#define LONG_TEXT 5 /* the one of 60 words */

/* Every third is validated; one says a word that no other does, with a large umlaut. */
static void
set_up_texts (Fixture *self, gconstpointer with_labels)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GString) table = g_string_new (with_labels ? "text,label,is_valid\n" : "text\n");
  g_autoptr (SlImport) import = NULL;

  self->folder = g_dir_make_tmp ("slope-texts-XXXXXX", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_TEXTS; i++)
    {
      g_string_append_printf (table, "\"Text %u is GREAT,<br />or so", i);
      for (guint word = 0; i == LONG_TEXT && word < 54; word++)
        g_string_append (table, " more");
      if (i == 7)
        g_string_append (table, " ÄRGER");
      g_string_append (table, "\"");
      if (with_labels)
        g_string_append_printf (table, ",%s,%s", i % 2 == 0 ? "good" : "bad",
                                i % 3 == 0 ? "True" : "False");
      g_string_append_c (table, '\n');
    }
  file = g_build_filename (self->folder, "reviews.csv", NULL);
  g_assert_true (g_file_set_contents (file, table->str, -1, NULL));
  import = sl_import_scan (file, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  path = g_build_filename (self->folder, "reviews.slope", NULL);
  self->project = sl_project_create (path, import, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_words (void)
{
  g_autofree char *line = slope_text_snippet ("  One<br />two\n\n three <b>", 100);
  g_autofree char *cut = slope_text_snippet ("äöüß", 2);
  g_autofree char *empty = slope_text_snippet (" \n", 5);

  g_assert_cmpstr (line, ==, "One two three <b>");
  g_assert_cmpstr (cut, ==, "äö…");
  g_assert_cmpstr (empty, ==, "");
  g_assert_cmpuint (slope_text_count_words (""), ==, 0);
  g_assert_cmpuint (slope_text_count_words ("  One, two\n\tthree "), ==, 3);
  g_assert_cmpuint (slope_text_count_words ("ein\u00a0Wort\u3000mehr"), ==, 3);
}

typedef struct
{
  SlopeTokens *tokens;
  GError *error;
  gboolean done;
} Answer;

static void
tokens_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->tokens = slope_tokens_finish (result, &answer->error);
  answer->done = TRUE;
}

/* What a rule changes is counted, and what it is for is said. */
static void
test_tokens (void)
{
  Answer answer = { 0 };
  guint n, upper = G_MAXUINT, words = G_MAXUINT;
  const SlTokenRuleInfo *rules = sl_token_rules_list (&n);

  for (guint i = 0; i < n; i++)
    if (rules[i].rule == SL_TOKEN_UPPER)
      upper = i;
    else if (rules[i].rule == SL_TOKEN_WORDS)
      words = i;
  slope_tokens_async ("a GREAT film", SL_TOKEN_COURSE, TRUE, NULL, tokens_cb, &answer);
  ui_test_wait_for (answer.done);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (answer.tokens->n_tokens, ==, 5);
  g_assert_cmpstr (answer.tokens->tokens[2], ==, "xxup");
  g_assert_true (answer.tokens->has_effects);
  g_assert_cmpuint (answer.tokens->changes[upper], ==, 1);
  g_assert_cmpuint (answer.tokens->changes[words], ==, 0);
  g_assert_nonnull (strstr (answer.tokens->examples[upper], "xxup"));
  slope_tokens_free (answer.tokens);
}

static void
test_token_view (void)
{
  static const char *const tokens[] = { "xxbos", "xxmaj", "so", "<b>", NULL };
  GtkWidget *view = g_object_ref_sink (slope_token_view_new ());
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_autofree char *text = NULL;
  g_autoptr (GSList) muted = NULL;
  GtkTextIter start, end;

  slope_token_view_set_tokens (SLOPE_TOKEN_VIEW (view), tokens);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  g_assert_cmpstr (text, ==, "xxbos xxmaj so <b>");
  muted = gtk_text_iter_get_tags (&start);
  g_assert_nonnull (muted);
  gtk_text_buffer_get_iter_at_offset (buffer, &start, 13); /* in "so" */
  g_assert_null (gtk_text_iter_get_tags (&start));
  g_assert_true (slope_token_is_special ("xxrep"));
  g_assert_false (slope_token_is_special ("xx"));
  g_object_unref (view);
}

static guint
count_matches (Fixture *fixture, SlopeDataFilter *filter)
{
  GListModel *items = sl_project_get_items (fixture->project);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      n += gtk_filter_match (GTK_FILTER (filter), item);
    }
  return n;
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeDataFilter) filter = slope_data_filter_new (fixture->project);
  gsize counts[SLOPE_N_LENGTHS];

  slope_data_filter_set_search (filter, "ärger");
  g_assert_true (slope_data_filter_is_searching (filter));
  slope_data_filter_set_search (filter, "ärge"); /* the search before gives way */
  ui_test_wait_for (!slope_data_filter_is_searching (filter));
  g_assert_cmpuint (count_matches (fixture, filter), ==, 1);
  slope_data_filter_set_search (filter, "is great,");
  ui_test_wait_for (!slope_data_filter_is_searching (filter));
  g_assert_cmpuint (count_matches (fixture, filter), ==, N_TEXTS);
  slope_data_filter_set_search (filter, "(");
  ui_test_wait_for (!slope_data_filter_is_searching (filter));
  g_assert_cmpuint (count_matches (fixture, filter), ==, 0);
  slope_data_filter_set_search (filter, "");
  g_assert_false (slope_data_filter_is_searching (filter));
  g_assert_cmpuint (count_matches (fixture, filter), ==, N_TEXTS);

  ui_test_wait_for (slope_data_filter_count_lengths (filter, counts));
  g_assert_cmpuint (counts[0], ==, N_TEXTS - 1); /* below 25 words */
  g_assert_cmpuint (counts[2], ==, 1);           /* 50 to 99 */
  slope_data_filter_set_length (filter, 2, TRUE);
  g_assert_cmpuint (count_matches (fixture, filter), ==, 1);
  g_assert_false (slope_data_filter_is_wide_open (filter));
}

/* One that goes while it reads takes nothing along. */
static void
test_search_outlived (Fixture *fixture, gconstpointer data)
{
  SlopeDataFilter *filter = slope_data_filter_new (fixture->project);

  slope_data_filter_set_search (filter, "text");
  g_assert_finalize_object (filter);
  ui_test_settle ();
}

static gboolean
says_pictures (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && strcasestr (gtk_label_get_text (GTK_LABEL (widget)), "picture") != NULL;
}

static void
assert_no_pictures (GtkWidget *root)
{
  GtkWidget *label = ui_test_find (root, says_pictures, NULL);

  if (label != NULL)
    g_error ("a project of texts says “%s”", gtk_label_get_text (GTK_LABEL (label)));
}

static void
test_data_page (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = gtk_window_new (), *page = slope_data_page_new ();
  GtkSelectionModel *model;
  GtkListView *list;
  GtkWidget *row;

  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 700);
  gtk_window_set_child (GTK_WINDOW (window), page);
  slope_data_page_set_project (SLOPE_DATA_PAGE (page), fixture->project);
  gtk_window_present (GTK_WINDOW (window));
  /* The list gets its texts in a turn of its own. */
  ui_test_wait_for (ui_test_find (page, ui_test_is_a, "SlopeTextRow") != NULL);
  ui_test_wait_for (ui_test_find (page, ui_test_has_text, "12 texts") != NULL);
  row = ui_test_find_type (page, "SlopeTextRow");
  list = GTK_LIST_VIEW (gtk_widget_get_ancestor (row, GTK_TYPE_LIST_VIEW));
  model = gtk_list_view_get_model (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, N_TEXTS);
  ui_test_assert_named (page);
  assert_no_pictures (page);

  gtk_selection_model_select_item (model, 0, TRUE);
  ui_test_wait_for_frame (page);
  assert_no_pictures (page);
  gtk_widget_activate_action (page, "data.remove", NULL);
  ui_test_wait_for (sl_project_count_removed (fixture->project) == 1);
  ui_test_wait_for (ui_test_find (page, ui_test_has_text, "11 texts") != NULL);
  g_assert_true (sl_project_undo (fixture->project, NULL));
  ui_test_wait_for (ui_test_find (page, ui_test_has_text, "12 texts") != NULL);
  slope_data_page_set_project (SLOPE_DATA_PAGE (page), NULL);
  ui_test_destroy (window);
}

static gboolean
is_toggle (GtkWidget *widget, gconstpointer label)
{
  return GTK_IS_TOGGLE_BUTTON (widget)
         && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

/* Both recipes are kept while one goes from one to the other. */
static void
test_learn (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = gtk_window_new (), *panel = slope_recipe_panel_new ();
  SlopeRecipePanel *recipes = SLOPE_RECIPE_PANEL (panel);
  GtkWidget *language, *labels;

  gtk_window_set_child (GTK_WINDOW (window), panel);
  slope_recipe_panel_set_project (recipes, fixture->project);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_wait_for_frame (panel);
  language = ui_test_find (panel, is_toggle, "Language Model");
  labels = ui_test_find (panel, is_toggle, "Labels");
  /* Labels, on top of the model of English that comes with Slope. */
  g_assert_cmpint (slope_recipe_panel_get_recipe (recipes)->learn, ==, SL_LEARN_TASK);
  g_assert_cmpstr (slope_recipe_panel_get_recipe (recipes)->pretrained, ==, "auto");
  g_assert_cmpuint (slope_recipe_panel_get_recipe (recipes)->n_stages, ==, 2);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (labels)));
  assert_no_pictures (panel);
  ui_test_assert_named (panel);

  slope_recipe_panel_set_rate (recipes, 0, 3e-3, 3e-3);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (language), TRUE);
  g_assert_cmpint (slope_recipe_panel_get_recipe (recipes)->learn, ==, SL_LEARN_LANGUAGE);
  g_assert_cmpint (slope_recipe_panel_get_from_run (recipes), ==, 0); /* there is none */
  ui_test_wait_for_frame (panel);
  assert_no_pictures (panel);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (labels), TRUE);
  g_assert_cmpfloat (slope_recipe_panel_get_recipe (recipes)->stages[0].lr_high, ==, 3e-3);
  slope_recipe_panel_set_project (recipes, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Without labels there is nothing else to learn. */
static void
test_no_labels (Fixture *fixture, gconstpointer data)
{
  GtkWidget *panel = g_object_ref_sink (slope_recipe_panel_new ());

  slope_recipe_panel_set_project (SLOPE_RECIPE_PANEL (panel), fixture->project);
  g_assert_false (gtk_widget_get_sensitive (ui_test_find (panel, is_toggle, "Labels")));
  slope_recipe_panel_set_project (SLOPE_RECIPE_PANEL (panel), NULL);
  g_object_unref (panel);
}

static gboolean
is_rule (GtkWidget *widget, gconstpointer title)
{
  return ADW_IS_ACTION_ROW (widget)
         && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static GtkSpinButton *
find_spin (GtkWidget *root, const char *title)
{
  return GTK_SPIN_BUTTON (
      adw_action_row_get_activatable_widget (ADW_ACTION_ROW (ui_test_find (root, is_rule, title))));
}

/* The sizes are the network's until they are changed, and those of the weights that a run begins with. */
static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlRecipe) recipe = sl_project_suggest_to_learn (fixture->project, SL_LEARN_LANGUAGE);
  GtkWidget *group = g_object_ref_sink (g_object_new (SLOPE_TYPE_WORDS_GROUP, NULL));
  SlopeWordsGroup *words = SLOPE_WORDS_GROUP (group);
  GtkSpinButton *word, *layer;

  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("none");
  slope_words_group_set_recipe (words, fixture->project, recipe, 0);
  word = find_spin (group, "Size of a word");
  layer = find_spin (group, "Size of a layer");
  g_assert_cmpfloat (gtk_spin_button_get_value (word), ==, 200);
  g_assert_cmpfloat (gtk_spin_button_get_value (layer), ==, 600);
  g_assert_cmpuint (recipe->hidden, ==, 0);
  gtk_spin_button_set_value (layer, 100);
  g_assert_cmpuint (recipe->hidden, ==, 100);
  g_assert_cmpuint (recipe->embedding, ==, 0);
  gtk_spin_button_set_value (layer, 600); /* as the network has it */
  g_assert_cmpuint (recipe->hidden, ==, 0);

  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("auto");
  slope_words_group_set_recipe (words, fixture->project, recipe, 0);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (word)));
  slope_words_group_set_recipe (words, fixture->project, recipe, 7);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (layer)));
  g_object_unref (group);
}

static void
test_rules (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = gtk_window_new (), *preview = slope_text_preview_new ();
  SlItem *item = fixture_item (fixture, ":2");
  g_autoptr (SlRecipe) recipe = NULL;
  GtkWidget *toggle;
  SlTokenRules rules;

  gtk_window_set_child (GTK_WINDOW (window), preview);
  slope_text_preview_set (SLOPE_TEXT_PREVIEW (preview), fixture->project, item);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_wait_for (ui_test_find (preview, is_rule, "Web markup") != NULL);
  toggle = adw_action_row_get_activatable_widget (
      ADW_ACTION_ROW (ui_test_find (preview, is_rule, "Web markup")));
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (toggle)));
  gtk_switch_set_active (GTK_SWITCH (toggle), FALSE);
  recipe = sl_project_dup_recipe (fixture->project);
  g_assert_true (sl_token_rules_parse (recipe->tokens, &rules, NULL));
  g_assert_cmpint (rules, ==, SL_TOKEN_COURSE & ~SL_TOKEN_HTML);
  slope_text_preview_set (SLOPE_TEXT_PREVIEW (preview), NULL, NULL);
  ui_test_destroy (window);
}

static gboolean
is_row (GtkWidget *widget, gconstpointer title)
{
  return ADW_IS_COMBO_ROW (widget) && gtk_widget_get_mapped (widget)
         && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static gboolean
says (GtkWidget *widget, gconstpointer part)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && strstr (gtk_label_get_text (GTK_LABEL (widget)), part) != NULL;
}

static gboolean
is_any_row (GtkWidget *widget, gconstpointer title)
{
  return ADW_IS_COMBO_ROW (widget)
         && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static gboolean
is_form (GtkWidget *widget, gconstpointer data)
{
  return SLOPE_IS_TABLE_FORM (widget) && gtk_widget_get_mapped (widget);
}

/* What was understood of a table of texts, how it is written, and another column for the labels. */
static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->folder, "reviews.csv", NULL);
  const SlImportOptions options = { .lenient = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) import = sl_import_scan (file, &options, NULL, NULL, NULL, &error);
  GtkWidget *window = gtk_window_new (), *summary = slope_import_summary_new ();
  AdwComboRow *labels, *split, *column, *separator;
  GtkWidget *form, *header;

  g_assert_no_error (error);
  gtk_window_set_default_size (GTK_WINDOW (window), 1100, 900);
  gtk_window_set_child (GTK_WINDOW (window), summary);
  slope_import_summary_set_import (SLOPE_IMPORT_SUMMARY (summary), import);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_wait_for_frame (summary);
  assert_no_pictures (summary);
  labels = ADW_COMBO_ROW (ui_test_find (summary, is_row, "Labels"));
  g_assert_cmpuint (adw_combo_row_get_selected (labels), ==, 2); /* none, text, label */
  g_assert_nonnull (ui_test_find (summary, ui_test_has_text, "2 Classes, 12 Texts"));
  g_assert_cmpint (sl_import_get_split (import)->kind, ==, SL_SPLIT_BY_COLUMN);
  split = ADW_COMBO_ROW (ui_test_find (summary, is_row, "Held back"));
  g_assert_cmpstr (gtk_string_object_get_string (adw_combo_row_get_selected_item (split)), ==,
                   "As a column says");
  column = ADW_COMBO_ROW (ui_test_find (summary, is_row, "Column"));
  g_assert_cmpuint (adw_combo_row_get_selected (column), ==, 2); /* text, label, is_valid */
  /* How it is written: the header is taken for a text, and back. */
  form = ui_test_find (summary, is_form, NULL);
  g_assert_cmpstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (form)), ==,
                   "Commas between cells, UTF-8, the first row is a header");
  g_assert_nonnull (ui_test_find (summary, ui_test_has_text, "is_valid")); /* the first rows */
  header = adw_action_row_get_activatable_widget (
      ADW_ACTION_ROW (ui_test_find (form, is_rule, "The first row is a header")));
  gtk_switch_set_active (GTK_SWITCH (header), FALSE);
  ui_test_wait_for (!slope_import_summary_is_busy (SLOPE_IMPORT_SUMMARY (summary)));
  g_assert_nonnull (ui_test_find (summary, ui_test_has_text, "3 Classes, 13 Texts"));
  g_assert_cmpstr (sl_import_get_understanding (import)->labels, ==,
                   "csv:reviews.csv:1,2,,header=no,separator=comma,encoding=UTF-8");
  gtk_switch_set_active (GTK_SWITCH (header), TRUE);
  ui_test_wait_for (!slope_import_summary_is_busy (SLOPE_IMPORT_SUMMARY (summary)));
  g_assert_nonnull (ui_test_find (summary, ui_test_has_text, "2 Classes, 12 Texts"));
  /* A separator that does not fit is said to, and all stays as it was until another is chosen. */
  separator = ADW_COMBO_ROW (ui_test_find (form, is_any_row, "Between cells"));
  adw_combo_row_set_selected (separator, 1);
  ui_test_wait_for (!slope_import_summary_is_busy (SLOPE_IMPORT_SUMMARY (summary)));
  g_assert_nonnull (ui_test_find (summary, says, "a quote is opened"));
  g_assert_cmpuint (sl_import_n_items (import), ==, N_TEXTS);
  adw_combo_row_set_selected (separator, 0);
  ui_test_wait_for (!slope_import_summary_is_busy (SLOPE_IMPORT_SUMMARY (summary)));
  g_assert_null (ui_test_find (summary, says, "a quote is opened"));
  g_assert_nonnull (ui_test_find (summary, ui_test_has_text, "2 Classes, 12 Texts"));

  adw_combo_row_set_selected (labels, 0);
  ui_test_wait_for (!slope_import_summary_is_busy (SLOPE_IMPORT_SUMMARY (summary)));
  g_assert_nonnull (ui_test_find (summary, ui_test_has_text, "12 Texts Without Labels"));
  slope_import_summary_set_import (SLOPE_IMPORT_SUMMARY (summary), NULL);
  ui_test_destroy (window);
}

#define ADD(path, labels, function)                                                         \
  g_test_add ("/ui/texts/" path, Fixture, GINT_TO_POINTER (labels), set_up_texts, function, \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/texts/words", test_words);
  g_test_add_func ("/ui/texts/tokens", test_tokens);
  g_test_add_func ("/ui/texts/token-view", test_token_view);
  ADD ("search", TRUE, test_search);
  ADD ("search-outlived", TRUE, test_search_outlived);
  ADD ("data-page", TRUE, test_data_page);
  ADD ("learn", TRUE, test_learn);
  ADD ("no-labels", FALSE, test_no_labels);
  ADD ("rules", TRUE, test_rules);
  ADD ("sizes", TRUE, test_sizes);
  ADD ("import", TRUE, test_import);
  return g_test_run ();
}
