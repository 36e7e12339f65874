/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-job-bar.h"
#include "slope-settings.h"
#include "slope-start-page.h"
#include "slope-window.h"

typedef struct
{
  Fixture fixture;
  char *path; /* of the project, closed */
  AdwApplication *app;
} Setup;

static void
set_up (Setup *setup, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_set_up (&setup->fixture, GINT_TO_POINTER (FIXTURE_NEW));
  setup->path = g_strdup (sl_project_get_path (setup->fixture.project));
  sl_project_close (setup->fixture.project);
  setup->app = g_object_new (ADW_TYPE_APPLICATION, "application-id", "org.slopeml.Slope.Test",
                             "resource-base-path", "/org/slopeml/Slope", "flags",
                             G_APPLICATION_NON_UNIQUE, NULL);
  g_assert_true (g_application_register (G_APPLICATION (setup->app), NULL, &error));
  g_assert_no_error (error);
}

static void
tear_down (Setup *setup, gconstpointer data)
{
  GList *windows;

  while ((windows = gtk_application_get_windows (GTK_APPLICATION (setup->app))) != NULL)
    ui_test_destroy (windows->data);
  g_clear_object (&setup->app);
  g_free (setup->path);
  fixture_tear_down (&setup->fixture, NULL);
}

static SlopeWindow *
open_project (Setup *setup)
{
  SlopeWindow *window = SLOPE_WINDOW (slope_window_new (setup->app));

  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (slope_window_is_empty (window));
  slope_window_open_path (window, setup->path);
  g_assert_false (slope_window_is_empty (window));
  ui_test_wait_for (slope_window_get_project (window) != NULL);
  return window;
}

static void
test_open_and_close (Setup *setup, gconstpointer data)
{
  SlopeWindow *window = open_project (setup);
  g_auto (GStrv) recent = slope_recent_dup ();

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "bears");
  g_assert_cmpstr (recent[0], ==, setup->path);
  g_assert_true (slope_window_find (GTK_APPLICATION (setup->app), setup->path) == window);
  ui_test_wait_for_frame (GTK_WIDGET (window));
  ui_test_assert_named (GTK_WIDGET (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-project", NULL);
  g_assert_null (slope_window_get_project (window));
  g_assert_true (slope_window_is_empty (window));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Slope");
}

/* One window a project. */
static void
test_open_twice (Setup *setup, gconstpointer data)
{
  SlopeWindow *window = open_project (setup);
  SlopeWindow *other = SLOPE_WINDOW (slope_window_new (setup->app));
  SlProject *project = slope_window_get_project (window);

  slope_window_open_path (other, setup->path);
  ui_test_settle ();
  g_assert_true (slope_window_is_empty (other));
  g_assert_true (slope_window_get_project (window) == project);
}

static void
test_undo_and_redo (Setup *setup, gconstpointer data)
{
  SlopeWindow *window = open_project (setup);
  SlProject *project = slope_window_get_project (window);
  g_autoptr (SlItem) item = g_list_model_get_item (sl_project_get_items (project), 3);
  const gint64 id = sl_item_get_id (item);
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_project_remove (project, &id, 1, &error));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_cmpint (sl_item_get_state (item), ==, SL_ITEM_PRESENT);
  ui_test_wait_for (
      ui_test_find (GTK_WIDGET (window), ui_test_has_text, "Undone: removing 1 picture") != NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.redo", NULL);
  g_assert_cmpint (sl_item_get_state (item), ==, SL_ITEM_REMOVED);
  g_assert_false (sl_project_can_redo (project));
}

static gboolean
is_mapped_page (GtkWidget *widget, gconstpointer type_name)
{
  return ui_test_is_a (widget, type_name) && gtk_widget_get_mapped (widget);
}

static void
test_pages (Setup *setup, gconstpointer data)
{
  static const char *const pages[][2] = { { "train", "SlopeTrainPage" },
                                          { "clean", "SlopeCleanPage" },
                                          { "predict", "SlopePredictPage" },
                                          { "data", "SlopeDataPage" } };
  SlopeWindow *window = open_project (setup);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s", pages[i][0]);
      ui_test_wait_for (ui_test_find (GTK_WIDGET (window), is_mapped_page, pages[i][1]) != NULL);
    }
}

/* A folder that is no project says so where one looks, and leaves the window usable. */
static void
test_cannot_be_opened (Setup *setup, gconstpointer data)
{
  SlopeWindow *window = SLOPE_WINDOW (slope_window_new (setup->app));
  g_autofree char *broken = g_build_filename (setup->fixture.folder, "broken.slope", NULL);
  g_autofree char *database = g_build_filename (broken, "project.db", NULL);

  g_assert_cmpint (g_mkdir (broken, 0700), ==, 0);
  g_assert_true (g_file_set_contents (database, "not a database", -1, NULL));
  gtk_window_present (GTK_WINDOW (window));
  slope_window_open_path (window, broken);
  ui_test_wait_for (
      ui_test_find (GTK_WIDGET (window), ui_test_has_text, "The project cannot be opened.")
      != NULL);
  g_assert_true (slope_window_is_empty (window));

  /* Nor is one without a database taken for a folder of pictures. */
  g_assert_cmpint (g_unlink (database), ==, 0);
  slope_window_open_path (window, broken);
  ui_test_wait_for (slope_window_is_empty (window));
  g_assert_nonnull (
      ui_test_find (GTK_WIDGET (window), ui_test_has_text, "The project cannot be opened."));
}

/* Nothing runs: the bar takes no room, and stopping does nothing. */
static void
test_idle_job_bar (Setup *setup, gconstpointer data)
{
  SlopeWindow *window = open_project (setup);
  GtkWidget *bar = ui_test_find_type (GTK_WIDGET (window), "SlopeJobBar");

  ui_test_settle ();
  g_assert_cmpint (gtk_widget_get_height (bar), ==, 0);
  slope_job_bar_stop (SLOPE_JOB_BAR (bar));
  ui_test_settle ();
  g_assert_cmpint (gtk_widget_get_height (bar), ==, 0);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/window/open-and-close", Setup, NULL, set_up, test_open_and_close, tear_down);
  g_test_add ("/ui/window/open-twice", Setup, NULL, set_up, test_open_twice, tear_down);
  g_test_add ("/ui/window/undo-and-redo", Setup, NULL, set_up, test_undo_and_redo, tear_down);
  g_test_add ("/ui/window/pages", Setup, NULL, set_up, test_pages, tear_down);
  g_test_add ("/ui/window/cannot-be-opened", Setup, NULL, set_up, test_cannot_be_opened, tear_down);
  g_test_add ("/ui/window/idle-job-bar", Setup, NULL, set_up, test_idle_job_bar, tear_down);
  return g_test_run ();
}
