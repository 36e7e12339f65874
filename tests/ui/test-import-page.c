/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-import-page.h"
#include "slope-import-summary.h"

typedef struct
{
  char *folder;
  GtkWidget *window;
  GtkWidget *page;
  SlProject *created; /* owned */
  guint n_cancelled;
} Import;

static void
created_cb (Import *import, SlProject *project)
{
  g_set_object (&import->created, project);
}

static void
cancelled_cb (Import *import)
{
  import->n_cancelled++;
}

static void
set_up (Import *import, gconstpointer data)
{
  import->folder = g_dir_make_tmp ("slope-import-XXXXXX", NULL);
  import->window = gtk_window_new ();
  import->page = slope_import_page_new ();
  g_signal_connect_swapped (import->page, "created", G_CALLBACK (created_cb), import);
  g_signal_connect_swapped (import->page, "cancelled", G_CALLBACK (cancelled_cb), import);
  gtk_window_set_default_size (GTK_WINDOW (import->window), 1100, 700);
  gtk_window_set_child (GTK_WINDOW (import->window), import->page);
  gtk_window_present (GTK_WINDOW (import->window));
}

static void
tear_down (Import *import, gconstpointer data)
{
  ui_test_destroy (import->window);
  if (import->created != NULL)
    sl_project_close (import->created);
  g_clear_object (&import->created);
  fixture_remove_tree (import->folder);
  g_free (import->folder);
}

static char *
write_source (Import *import, const char *name)
{
  char *source = g_build_filename (import->folder, name, NULL);

  fixture_write_pictures (source);
  return source;
}

static gboolean
shows (Import *import, const char *text)
{
  GtkWidget *label = ui_test_find (import->page, ui_test_has_text, text);

  return label != NULL && gtk_widget_get_mapped (label);
}

static void
test_understood (Import *import, gconstpointer data)
{
  g_autofree char *source = write_source (import, "bears");
  g_autofree char *bad = g_build_filename (source, "teddy", "bad.jpg", NULL);
  GtkWidget *summary, *name, *split;
  g_autofree char *path = NULL;

  g_assert_true (g_file_set_contents (bad, "", 0, NULL));
  slope_import_page_scan (SLOPE_IMPORT_PAGE (import->page), source);
  ui_test_wait_for (shows (import, "3 Classes, 12 Pictures"));
  g_assert_true (shows (import, "1 file cannot be used"));
  ui_test_assert_named (import->page);

  summary = ui_test_find_type (import->page, "SlopeImportSummary");
  name = ui_test_find_type (ui_test_find_type (summary, "SlopeImportPlace"), "AdwEntryRow");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "bears");
  gtk_editable_set_text (GTK_EDITABLE (name), "a/b");
  g_assert_null (slope_import_summary_dup_path (SLOPE_IMPORT_SUMMARY (summary)));
  gtk_editable_set_text (GTK_EDITABLE (name), "");
  g_assert_null (slope_import_summary_dup_path (SLOPE_IMPORT_SUMMARY (summary)));
  gtk_editable_set_text (GTK_EDITABLE (name), "Bären");
  path = slope_import_summary_dup_path (SLOPE_IMPORT_SUMMARY (summary));
  g_assert_true (g_str_has_suffix (path, "/Bären.slope"));

  /* Nothing held back: the bars have no pale part, and the row says what that means. */
  split = ui_test_find_type (ui_test_find_type (summary, "SlopeImportSplit"), "AdwComboRow");
  adw_combo_row_set_selected (
      ADW_COMBO_ROW (split),
      g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (split))) - 1);
  g_assert_null (slope_import_summary_dup_path (SLOPE_IMPORT_SUMMARY (summary))); /* not yet */
  ui_test_wait_for (!slope_import_summary_is_busy (SLOPE_IMPORT_SUMMARY (summary)));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (split)), ==,
                   "No way to tell how good the network is");
}

static void
test_make (Import *import, gconstpointer data)
{
  g_autofree char *source = write_source (import, "bears");
  g_autofree char *path = g_build_filename (import->folder, "deep", "er", "x.slope", NULL);

  slope_import_page_make (SLOPE_IMPORT_PAGE (import->page), source, path);
  ui_test_wait_for (import->created != NULL);
  g_assert_cmpstr (sl_project_get_path (import->created), ==, path);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_items (import->created)), ==,
                    FIXTURE_N);
  g_assert_cmpuint (import->n_cancelled, ==, 0);
}

static void
test_nothing_there (Import *import, gconstpointer data)
{
  slope_import_page_scan (SLOPE_IMPORT_PAGE (import->page), import->folder);
  ui_test_wait_for (shows (import, "Nothing to Import Here"));
  gtk_widget_activate_action (import->page, "import.cancel", NULL);
  g_assert_cmpuint (import->n_cancelled, ==, 1);
}

static void
test_cancel (Import *import, gconstpointer data)
{
  g_autofree char *source = write_source (import, "bears");
  g_autofree char *path = g_build_filename (import->folder, "x.slope", NULL);

  slope_import_page_make (SLOPE_IMPORT_PAGE (import->page), source, path);
  gtk_widget_activate_action (import->page, "import.cancel", NULL);
  g_assert_cmpuint (import->n_cancelled, ==, 1);
  ui_test_settle ();
  g_assert_null (import->created);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("slope-home-XXXXXX", NULL);
  int result;

  /* So that the proposed place is empty. */
  g_setenv ("HOME", home, TRUE);
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/import-page/understood", Import, NULL, set_up, test_understood, tear_down);
  g_test_add ("/ui/import-page/make", Import, NULL, set_up, test_make, tear_down);
  g_test_add ("/ui/import-page/nothing-there", Import, NULL, set_up, test_nothing_there, tear_down);
  g_test_add ("/ui/import-page/cancel", Import, NULL, set_up, test_cancel, tear_down);
  result = g_test_run ();

  fixture_remove_tree (home);
  return result;
}
