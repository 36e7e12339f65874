/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "What Slope understood": what is shown of each way of reading labels, and what a person can change. */

#include "project-fixture.h"
#include "ui-test.h"

#include "slope-import-page.h"
#include "slope-import-reader.h"
#include "slope-import-summary.h"
#include "slope-skipped-list.h"
#include "slope-table-look.h"

typedef struct
{
  char *folder;
  GtkWidget *window, *summary;
  SlImport *import; /* owned */
} Wizard;

static void
set_up (Wizard *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("slope-wizard-XXXXXX", NULL);
  self->window = gtk_window_new ();
  self->summary = slope_import_summary_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 900, 700);
  gtk_window_set_child (GTK_WINDOW (self->window), self->summary);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Wizard *self, gconstpointer data)
{
  ui_test_destroy (self->window);
  g_clear_pointer (&self->import, sl_import_unref);
  fixture_remove_tree (self->folder);
  g_free (self->folder);
}

/* ---- The source */

static void
add_picture (Wizard *self, const char *rel_path, guint32 color)
{
  g_autofree char *path = g_build_filename (self->folder, rel_path, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  fixture_write_picture (path, color);
}

/* cat_0.png, dog_1.png, cat_2.png, … in @folder. */
static void
add_pictures (Wizard *self, const char *folder, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s_%u.png", folder, i % 2 ? "dog" : "cat", i);

      add_picture (self, path, g_str_hash (path) << 8 | 0xff);
    }
}

static void
add_text (Wizard *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
scan (Wizard *self)
{
  const SlImportOptions options = { .lenient = TRUE };
  g_autoptr (GError) error = NULL;

  self->import = sl_import_scan (self->folder, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  slope_import_summary_set_import (SLOPE_IMPORT_SUMMARY (self->summary), self->import);
}

/* ---- What is on the page */

static gboolean
has_title (GtkWidget *widget, gconstpointer title)
{
  return ADW_IS_PREFERENCES_ROW (widget) && gtk_widget_get_mapped (widget)
         && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

/* (nullable): the shown row of this title. */
static GtkWidget *
row (Wizard *self, const char *title)
{
  return ui_test_find (self->summary, has_title, title);
}

static gboolean
starts_text (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), text);
}

static gboolean
shows (Wizard *self, const char *text)
{
  return ui_test_find (self->summary, starts_text, text) != NULL;
}

static const char *
chosen (Wizard *self, const char *title)
{
  GObject *item = adw_combo_row_get_selected_item (ADW_COMBO_ROW (row (self, title)));

  return gtk_string_object_get_string (GTK_STRING_OBJECT (item));
}

static void
choose (Wizard *self, const char *title, const char *text)
{
  AdwComboRow *combo = ADW_COMBO_ROW (row (self, title));
  GListModel *model = adw_combo_row_get_model (combo);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), i), text))
      {
        adw_combo_row_set_selected (combo, i);
        return;
      }
  g_error ("“%s” offers no “%s”", title, text);
}

static void
type (Wizard *self, const char *title, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row (self, title)), text);
}

static gboolean
is_ready (Wizard *self)
{
  g_autofree char *path = slope_import_summary_dup_path (SLOPE_IMPORT_SUMMARY (self->summary));

  return path != NULL;
}

static void
wait_until_read (Wizard *self)
{
  ui_test_wait_for (!slope_import_summary_is_busy (SLOPE_IMPORT_SUMMARY (self->summary)));
}

static const char *
labels_of (Wizard *self)
{
  return sl_import_get_understanding (self->import)->labels;
}

/* ---- Tables */

/* A byte order mark, names without suffix, a missing file, a repeated row. */
static void
scan_table (Wizard *self)
{
  add_pictures (self, "in", 6);
  add_text (self, "l.csv",
            "\xEF\xBB\xBF"
            "nr;bild;was;zwei;set\n1;cat_0;tier;a|x;train\n2;dog_1;hund;b|y;valid\n"
            "3;cat_2;tier;a|y;train\n4;dog_3;hund;b|x;train\n5;cat_4;tier;b|x;valid\n"
            "6;dog_5;hund;a|x;train\n7;weg;hund;a|b;train\n8;cat_0;tier;a|x;train\n");
  scan (self);
  ui_test_wait_for (shows (self, "2 Classes, 6 Pictures"));
}

static void
test_table (Wizard *self, gconstpointer data)
{
  scan_table (self);
  g_assert_true (is_ready (self));
  g_assert_cmpstr (chosen (self, "Each picture has"), ==, "One label");
  g_assert_cmpstr (chosen (self, "Labels come from"), ==, "A table");
  g_assert_cmpstr (chosen (self, "Names of pictures"), ==, "bild");
  g_assert_cmpstr (chosen (self, "Labels"), ==, "was");
  g_assert_cmpstr (chosen (self, "Held back"), ==, "As a column says");
  g_assert_cmpstr (chosen (self, "Column"), ==, "set");
  g_assert_true (shows (self, "Semicolons between cells, UTF-8 with a byte order mark, the first"));
  g_assert_true (shows (self, "6 name a picture each, 1 names one again, 1 names none"));
  g_assert_true (shows (self, "in/cat_0.png"));
  g_assert_nonnull (row (self, "1 file or row cannot be used"));
  g_assert_null (row (self, "File")); /* there is but one */
  ui_test_assert_named (self->summary);
}

/* Other columns, what divides labels, back. */
static void
test_columns (Wizard *self, gconstpointer data)
{
  scan_table (self);
  choose (self, "Labels", "zwei");
  g_assert_false (is_ready (self)); /* not before it is read */
  wait_until_read (self);
  g_assert_true (is_ready (self));
  g_assert_cmpstr (labels_of (self), ==, "csv:l.csv:bild,zwei,pipe");
  g_assert_cmpstr (chosen (self, "Each picture has"), ==, "Several labels");
  g_assert_cmpstr (chosen (self, "Between labels"), ==, "Bars |");
  choose (self, "Between labels", "Nothing: one label");
  wait_until_read (self);
  g_assert_cmpstr (labels_of (self), ==, "csv:l.csv:bild,zwei,none");
  g_assert_cmpstr (chosen (self, "Each picture has"), ==, "One label");
  g_assert_cmpstr (chosen (self, "Labels"), ==, "zwei");
}

/* What cannot be read is said in place; the import is as it was, and nothing can be made of it. */
static void
test_wrong_column (Wizard *self, gconstpointer data)
{
  scan_table (self);
  choose (self, "Names of pictures", "nr");
  wait_until_read (self);
  g_assert_true (shows (self, "No row of l.csv names a picture of its own"));
  g_assert_false (is_ready (self));
  g_assert_cmpstr (chosen (self, "Names of pictures"), ==, "nr"); /* as it was wished for */
  g_assert_cmpuint (sl_import_n_items (self->import), ==, 6);
  choose (self, "Names of pictures", "bild");
  wait_until_read (self);
  g_assert_false (shows (self, "No row of l.csv"));
  g_assert_true (is_ready (self));
}

static void
test_form (Wizard *self, gconstpointer data)
{
  GtkWidget *header;

  scan_table (self);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row (self, "How it is written")), TRUE);
  ui_test_wait_for ((header = row (self, "The first row is a header")) != NULL);
  gtk_switch_set_active (GTK_SWITCH (ui_test_find_type (header, "GtkSwitch")), FALSE);
  wait_until_read (self);
  ui_test_wait_for (shows (self, "9 rows"));
  g_assert_true (g_str_has_prefix (labels_of (self), "csv:l.csv:2,3,none,header=no,"));
  g_assert_cmpstr (chosen (self, "Labels"), ==, "Column 3");
  choose (self, "Between cells", "Commas");
  wait_until_read (self);
  g_assert_false (is_ready (self)); /* one column: no labels */
  choose (self, "Between cells", "Semicolons");
  wait_until_read (self);
  g_assert_true (is_ready (self));
}

/* Another kind of problem keeps the columns; a task that no table fits offers other ways. */
static void
test_task (Wizard *self, gconstpointer data)
{
  scan_table (self);
  choose (self, "Labels", "zwei");
  wait_until_read (self);
  choose (self, "Each picture has", "One label");
  wait_until_read (self);
  g_assert_cmpstr (labels_of (self), ==, "csv:l.csv:bild,zwei,none");
  choose (self, "Each picture has", "Masks");
  wait_until_read (self);
  g_assert_cmpstr (chosen (self, "Labels come from"), ==, "Pictures of masks");
  g_assert_false (is_ready (self));
  g_assert_nonnull (row (self, "Pattern"));
  g_assert_null (row (self, "Names of pictures"));
  choose (self, "Each picture has", "One label");
  wait_until_read (self);
  g_assert_true (is_ready (self));
}

static void
test_look (void)
{
  static const char *const cells[] = { "a", "b", "c", "1", "2", "3", NULL };
  const SlopeTableMeaning meaning = { 0, 2, 2, -1 };
  GtkWidget *look = g_object_ref_sink (slope_table_look_new ());
  GtkGrid *grid = GTK_GRID (ui_test_find_type (look, "GtkGrid"));

  slope_table_look_set (SLOPE_TABLE_LOOK (look), cells, 2, 3, TRUE, &meaning);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (gtk_grid_get_child_at (grid, 0, 0))), ==,
                   "Names");
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (gtk_grid_get_child_at (grid, 1, 0))), ==, "");
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (gtk_grid_get_child_at (grid, 2, 0))), ==,
                   "Labels");
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (gtk_grid_get_child_at (grid, 1, 2))), ==, "2");
  g_assert_null (gtk_grid_get_child_at (grid, 3, 0));
  g_object_unref (look);
}

/* ---- Expressions and patterns */

static void
test_regex (Wizard *self, gconstpointer data)
{
  add_pictures (self, "in", 6);
  add_pictures (self, "more", 2);
  add_picture (self, "more/x.png", 0xff);
  scan (self);
  ui_test_wait_for (shows (self, "2 Classes"));
  choose (self, "Labels come from", "A part of the path");
  wait_until_read (self);
  type (self, "Regular expression", "/(cat|dog)_");
  ui_test_wait_for (shows (self, "8 of 9 files fit: 2 labels"));
  g_assert_true (shows (self, "1 does not fit: more/x.png"));
  ui_test_wait_for (g_str_equal (labels_of (self), "regex:/(cat|dog)_"));
  wait_until_read (self);
  g_assert_true (is_ready (self));
  g_assert_nonnull (row (self, "1 file cannot be used"));

  type (self, "Regular expression", "/(cat");
  ui_test_wait_for (shows (self, "Error while compiling regular expression"));
  g_assert_false (is_ready (self));
  g_assert_false (shows (self, "8 of 9 files fit"));
  choose (self, "Labels come from", "Folder names");
  wait_until_read (self);
  g_assert_true (is_ready (self));
  g_assert_true (shows (self, "2 Classes, 9 Pictures"));
}

/* Labels that cannot be guessed are asked for. */
static void
test_trouble (Wizard *self, gconstpointer data)
{
  add_picture (self, "acat.png", 0xff);
  add_picture (self, "bcat.png", 0x10000ff);
  add_picture (self, "adog.png", 0x20000ff);
  add_picture (self, "bdog.png", 0x30000ff);
  scan (self);
  ui_test_wait_for (shows (self, "All 4 pictures"));
  g_assert_false (is_ready (self));
  g_assert_null (row (self, "Held back"));
  g_assert_cmpstr (chosen (self, "Labels come from"), ==, "A part of the path");
  type (self, "Regular expression", "(cat|dog)");
  ui_test_wait_for (is_ready (self));
  ui_test_wait_for (shows (self, "2 Classes, 4 Pictures"));
  g_assert_nonnull (row (self, "Held back"));
}

static void
test_masks (Wizard *self, gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *picture = g_strdup_printf ("images/p%u.png", i);
      g_autofree char *mask = g_strdup_printf ("labels/p%u_P.png", i);

      add_picture (self, picture, (40 * i) << 24 | 0xff);
      add_picture (self, mask, (i % 2) << 24 | (i % 2) << 16 | (i % 2) << 8 | 0xff);
    }
  add_text (self, "codes.txt", "Sky\nTree\n");
  scan (self);
  ui_test_wait_for (shows (self, "2 Classes, 4 Pictures"));
  g_assert_cmpstr (chosen (self, "Labels come from"), ==, "Pictures of masks");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row (self, "Pattern"))), ==,
                   "../labels/{stem}_P.png");
  g_assert_true (shows (self, "labels/p2_P.png"));
  g_assert_true (shows (self, "Named in codes.txt"));
  g_assert_true (shows (self, "value 1"));
  type (self, "Pattern", "../labels/{stem}.png");
  ui_test_wait_for (shows (self, "No picture has a mask"));
  g_assert_false (is_ready (self));
  type (self, "Pattern", "../labels/{stem}_P.png");
  ui_test_wait_for (is_ready (self));
}

/* ---- Splits */

static gsize
n_valid (Wizard *self)
{
  return sl_import_count (self->import, G_MAXUINT, SL_SPLIT_VALID);
}

static void
test_split (Wizard *self, gconstpointer data)
{
  GtkWidget *share;

  add_pictures (self, "a", 10);
  add_pictures (self, "b", 10);
  scan (self);
  ui_test_wait_for (shows (self, "4 of 20, the same share of each class"));
  share = row (self, "Validation share, in per cent");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (ui_test_find_type (share, "GtkSpinButton")), 50);
  ui_test_wait_for (n_valid (self) == 10);
  choose (self, "Held back", "The end of each folder");
  wait_until_read (self);
  g_assert_null (row (self, "Seed")); /* nothing is drawn */
  g_assert_cmpint (sl_import_get_split (self->import)->kind, ==, SL_SPLIT_BY_TIME);
  choose (self, "Held back", "Whole groups");
  wait_until_read (self);
  ui_test_wait_for (shows (self, "20 of 20 pictures fit: 2 groups"));
  type (self, "Regular expression that finds the group", "/(\\w+)_\\d");
  ui_test_wait_for (g_strcmp0 (sl_import_get_split (self->import)->name, "/(\\w+)_\\d") == 0);
  choose (self, "Held back", "What a list names");
  ui_test_wait_for (shows (self, "Choose a list"));
  g_assert_false (is_ready (self));
  choose (self, "Held back", "Nothing");
  wait_until_read (self);
  g_assert_true (is_ready (self));
  g_assert_cmpuint (n_valid (self), ==, 0);

  /* It is taken again with other labels. */
  choose (self, "Labels come from", "A part of the path");
  wait_until_read (self);
  ui_test_wait_for (shows (self, "2 Classes, 20 Pictures"));
  g_assert_cmpuint (n_valid (self), ==, 0);
}

/* ---- Parts */

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Only the last of three wishes is answered. */
static void
test_reader (Wizard *self, gconstpointer data)
{
  g_autoptr (SlopeImportReader) reader = NULL;
  guint n_changed = 0;

  add_pictures (self, "a", 4);
  add_pictures (self, "b", 4);
  scan (self);
  reader = slope_import_reader_new (self->import);
  g_signal_connect_swapped (reader, "changed", G_CALLBACK (count_cb), &n_changed);
  slope_import_reader_read (reader, "csv:none.csv", NULL);
  slope_import_reader_read (reader, "regex:(", NULL);
  slope_import_reader_read (reader, "regex:([a-z]+)_", NULL);
  g_assert_true (slope_import_reader_is_busy (reader));
  ui_test_wait_for (!slope_import_reader_is_busy (reader));
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_null (slope_import_reader_get_labels_error (reader));
  g_assert_cmpstr (labels_of (self), ==, "regex:([a-z]+)_");
}

static void
test_skipped (Wizard *self, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("name,label\n");
  g_autoptr (SlopeSkippedList) list = slope_skipped_list_new ();
  GtkWidget *expander;

  add_pictures (self, "a", 4);
  for (guint i = 0; i < 500; i++)
    g_string_append_printf (text, "%s_%u,%s\n", i % 2 ? "dog" : "cat", i, i % 2 ? "d" : "c");
  add_text (self, "l.csv", text->str);
  scan (self);
  slope_skipped_list_set (list, self->import);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 496);
  {
    g_autoptr (SlopeSkippedItem) last = g_list_model_get_item (G_LIST_MODEL (list), 495);

    g_assert_cmpstr (slope_skipped_item_get_path (last), ==, "dog_499");
    g_assert_cmpstr (slope_skipped_item_get_reason (last), ==,
                     "l.csv, line 501: there is no such picture");
    g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 496));
  }
  ui_test_wait_for ((expander = row (self, "496 files and rows cannot be used")) != NULL);
  g_assert_false (shows (self, "cat_4\n"));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), TRUE);
  ui_test_wait_for (shows (self, "cat_4\nl.csv, line 6: there is no such picture"));
}

#define WIZARD_TEST(name, function) \
  g_test_add ("/ui/import-wizard/" name, Wizard, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("slope-home-XXXXXX", NULL);
  int result;

  g_setenv ("HOME", home, TRUE); /* so that the proposed place is empty */
  ui_test_init (&argc, &argv);
  WIZARD_TEST ("table", test_table);
  WIZARD_TEST ("columns", test_columns);
  WIZARD_TEST ("wrong-column", test_wrong_column);
  WIZARD_TEST ("form", test_form);
  WIZARD_TEST ("task", test_task);
  g_test_add_func ("/ui/import-wizard/look", test_look);
  WIZARD_TEST ("regex", test_regex);
  WIZARD_TEST ("trouble", test_trouble);
  WIZARD_TEST ("masks", test_masks);
  WIZARD_TEST ("split", test_split);
  WIZARD_TEST ("reader", test_reader);
  WIZARD_TEST ("skipped", test_skipped);
  result = g_test_run ();

  fixture_remove_tree (home);
  return result;
}
