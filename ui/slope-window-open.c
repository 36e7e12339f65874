/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-window-private.h"

#include "slope-measure.h"
#include "slope-settings.h"
#include "slope-web-dialog.h"

#include <glib/gi18n.h>

#define SAMPLE_PREFIX "sample:"

/* By its name too: one whose database is gone is to be called damaged, not imported. */
static gboolean
is_project (const char *path)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *database = g_build_filename (whole, "project.db", NULL);

  return g_file_test (database, G_FILE_TEST_EXISTS)
         || (g_str_has_suffix (whole, ".slope") && g_file_test (whole, G_FILE_TEST_IS_DIR));
}

SlopeWindow *
slope_window_find (GtkApplication *application, const char *path)
{
  g_autofree char *wanted = g_canonicalize_filename (path, NULL);

  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    {
      SlopeWindow *window = SLOPE_IS_WINDOW (l->data) ? l->data : NULL;
      const char *its = NULL;

      if (window != NULL)
        its = window->project != NULL ? sl_project_get_path (window->project) : window->pending;
      if (g_strcmp0 (its, wanted) == 0)
        return window;
    }
  return NULL;
}

/* @path is busy elsewhere, or @self has something already: which window is it to be? */
static SlopeWindow *
window_for (SlopeWindow *self, const char *path)
{
  GtkApplication *app = gtk_window_get_application (GTK_WINDOW (self));
  SlopeWindow *there = app != NULL ? slope_window_find (app, path) : NULL;

  if (there != NULL)
    {
      gtk_window_present (GTK_WINDOW (there));
      return NULL;
    }
  if (slope_window_is_empty (self) || app == NULL)
    return self;
  there = SLOPE_WINDOW (slope_window_new (ADW_APPLICATION (app)));
  gtk_window_present (GTK_WINDOW (there));
  return there;
}

static void
begin (SlopeWindow *self, const char *path)
{
  g_free (self->pending);
  self->pending = g_canonicalize_filename (path, NULL);
  slope_start_page_clear_error (self->start_page);
}

static void
project_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) project = sl_project_open_finish (result, &error);
  g_autofree char *path = g_steal_pointer (&self->pending);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the window is gone */
  g_clear_object (&self->opening);
  slope_start_page_set_busy (self->start_page, FALSE);
  if (project != NULL)
    {
      _slope_window_set_project (self, project);
      slope_measure_open_done (GTK_WIDGET (self));
      return;
    }
  slope_start_page_show_error (self->start_page, _ ("The project cannot be opened."),
                               error->message);
  gtk_stack_set_visible_child_name (self->stack, "start");
}

static void
open_project (SlopeWindow *self, const char *path)
{
  self = window_for (self, path);
  if (self == NULL)
    return;
  begin (self, path);
  slope_start_page_set_busy (self->start_page, TRUE);
  self->opening = g_cancellable_new ();
  slope_measure_open_begin ();
  sl_project_open_async (self->pending, self->opening, project_opened_cb, g_object_ref (self));
}

static void
import_source (SlopeWindow *self, const char *source)
{
  self = window_for (self, source);
  if (self == NULL)
    return;
  begin (self, source);
  slope_import_page_scan (self->import_page, source);
  gtk_stack_set_visible_child_name (self->stack, "import");
}

void
slope_window_open_path (SlopeWindow *self, const char *path)
{
  g_return_if_fail (SLOPE_IS_WINDOW (self));
  g_return_if_fail (path != NULL);

  if (g_str_has_prefix (path, SAMPLE_PREFIX))
    slope_window_open_sample (self, path + strlen (SAMPLE_PREFIX));
  else if (is_project (path))
    open_project (self, path);
  else
    import_source (self, path);
}

void
slope_window_open_sample (SlopeWindow *self, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".slope", NULL);
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "slope", "samples", file, NULL);
  g_autofree char *source = g_strconcat (SAMPLE_PREFIX, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_return_if_fail (SLOPE_IS_WINDOW (self));
  g_return_if_fail (name != NULL);

  if (is_project (path))
    {
      open_project (self, path);
      return;
    }
  self = window_for (self, path);
  if (self == NULL)
    return;
  begin (self, path);
  g_mkdir_with_parents (folder, 0755); /* where it fails, making the project says why */
  slope_import_page_make (self->import_page, source, path);
  gtk_stack_set_visible_child_name (self->stack, "import");
}

void
_slope_window_import_cancelled (SlopeWindow *self)
{
  g_clear_pointer (&self->pending, g_free);
  gtk_stack_set_visible_child_name (self->stack, "start");
}

void
_slope_window_import_created (SlopeWindow *self, SlProject *project)
{
  g_clear_pointer (&self->pending, g_free);
  _slope_window_set_project (self, project);
}

/* ---- Choosers */

static void
chooser_response_cb (SlopeWindow *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    slope_window_open_path (self, path);
}

static void
choose (SlopeWindow *self, const char *title, GtkFileChooserAction action, const char *accept)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, accept,
                                               _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

void
_slope_window_new_project_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (SLOPE_WINDOW (widget), _ ("Choose a Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
          _ ("_Import"));
}

void
_slope_window_new_archive_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeWindow *self = SLOPE_WINDOW (widget);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  choose (self, _ ("Choose an Archive"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"));
  gtk_file_filter_set_name (filter, _ ("Archives"));
  gtk_file_filter_add_suffix (filter, "zip");
  gtk_file_filter_add_suffix (filter, "tgz");
  gtk_file_filter_add_suffix (filter, "tar.gz");
  gtk_file_filter_add_suffix (filter, "tar");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
}

void
_slope_window_new_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const suffixes[] = { "csv", "tsv", "txt" };
  SlopeWindow *self = SLOPE_WINDOW (widget);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  choose (self, _ ("Choose a Table or a Text"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"));
  gtk_file_filter_set_name (filter, _ ("Tables and texts"));
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
}

void
_slope_window_new_web_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *dialog = slope_web_dialog_new (GTK_WINDOW (widget),
                                            g_variant_get_string (parameter, NULL));

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (slope_window_open_path), widget,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
_slope_window_open_project_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (SLOPE_WINDOW (widget), _ ("Choose a Project"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
          _ ("_Open"));
}
