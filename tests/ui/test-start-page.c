/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-recent-row.h"
#include "slope-settings.h"
#include "slope-start-page.h"

static GtkWidget *
show (GtkWidget *page)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 900, 700);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
test_recent (Fixture *fixture, gconstpointer data)
{
  GtkWidget *page = slope_start_page_new ();
  GtkWidget *window, *row;
  const char *const gone[] = { "/nowhere/lost.slope", NULL };

  g_settings_set_strv (slope_settings (), "recent-projects", gone);
  slope_recent_add (sl_project_get_path (fixture->project));
  window = show (page);
  ui_test_wait_for (ui_test_find (page, ui_test_has_text, "One label, 3 classes, 12 pictures")
                    != NULL);
  ui_test_wait_for (ui_test_find (page, ui_test_has_text, "No longer in /nowhere/lost.slope")
                    != NULL);
  ui_test_assert_named (page);

  /* A project that has gone can be taken off the list, and is. */
  row = ui_test_find (page, ui_test_has_text, "No longer in /nowhere/lost.slope");
  row = gtk_widget_get_ancestor (row, SLOPE_TYPE_RECENT_ROW);
  g_assert_false (gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (row)));
  g_signal_emit_by_name (row, "forgotten");
  g_assert_null (ui_test_find (page, ui_test_has_text, "No longer in /nowhere/lost.slope"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_summary_outlived (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = g_object_ref_sink (
      slope_recent_row_new (sl_project_get_path (fixture->project)));

  g_assert_cmpstr (slope_recent_row_get_path (SLOPE_RECENT_ROW (row)), ==,
                   sl_project_get_path (fixture->project));
  g_object_run_dispose (G_OBJECT (row));
  ui_test_finalize (row);
}

static gboolean
is_note (GtkWidget *widget, gconstpointer data)
{
  return gtk_widget_has_css_class (widget, "note");
}

static void
test_error (void)
{
  GtkWidget *page = slope_start_page_new ();
  GtkWidget *window = show (page);
  GtkWidget *note = ui_test_find (page, is_note, NULL);

  g_assert_false (gtk_widget_get_visible (note));
  slope_start_page_show_error (SLOPE_START_PAGE (page), "It cannot be opened.", "a < b");
  g_assert_true (gtk_widget_get_visible (note));
  g_assert_true (gtk_widget_has_css_class (note, "error"));
  g_signal_emit_by_name (note, "closed");
  g_assert_false (gtk_widget_get_visible (note));
  g_object_ref (page);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (page);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/start-page/recent", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_recent, fixture_tear_down);
  g_test_add ("/ui/start-page/summary-outlived", Fixture, GINT_TO_POINTER (FIXTURE_NEW),
              fixture_set_up, test_summary_outlived, fixture_tear_down);
  g_test_add_func ("/ui/start-page/error", test_error);
  return g_test_run ();
}
