/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-files.h"

typedef struct
{
  GtkWindow *window; /* owned, nullable */
  char *path;
} ShowJob;

static void
show_job_free (ShowJob *job)
{
  g_clear_object (&job->window);
  g_free (job->path);
  g_free (job);
}

static void
open_folder (ShowJob *job)
{
  g_autofree char *folder = g_path_get_dirname (job->path);
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  gtk_show_uri (job->window, uri, GDK_CURRENT_TIME);
  show_job_free (job);
}

static void
items_shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant)
      answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (answer != NULL)
    show_job_free (user_data);
  else
    open_folder (user_data);
}

void
slope_show_in_files (GtkWidget *widget, const char *path)
{
  GApplication *app = g_application_get_default ();
  GDBusConnection *bus = app != NULL ? g_application_get_dbus_connection (app) : NULL;
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  GtkRoot *root;
  ShowJob *job;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (uri != NULL);

  root = gtk_widget_get_root (widget);
  job = g_new0 (ShowJob, 1);
  job->window = GTK_IS_WINDOW (root) ? g_object_ref (GTK_WINDOW (root)) : NULL;
  job->path = g_strdup (path);
  if (bus != NULL)
    g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                            "org.freedesktop.FileManager1", "ShowItems",
                            g_variant_new ("(^ass)", (const char *[]){ uri, NULL }, ""), NULL,
                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, items_shown_cb, job);
  else
    open_folder (job);
}

char *
slope_path_for_display (const char *path)
{
  const char *home = g_get_home_dir ();
  const gsize n = strlen (home);

  g_return_val_if_fail (path != NULL, NULL);

  if (g_str_has_prefix (path, home) && path[n] == G_DIR_SEPARATOR && path[n + 1] != '\0')
    return g_filename_display_name (path + n + 1);
  return g_filename_display_name (path);
}
