/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-application.h"

#include "slope-click-guard.h"
#include "slope-measure.h"
#include "slope-preferences.h"
#include "slope-settings.h"
#include "slope-window.h"

#include <glib/gi18n.h>

#define SAMPLE_PREFIX "sample:"

struct _SlopeApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (SlopeApplication, slope_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL,
    N_ ("[PROJECT|FOLDER|ARCHIVE|sample:NAME…]") },
  { NULL },
};

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  /* Each window asks for itself while something trains; the last one to go ends the program. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static void
new_window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (slope_window_new (user_data)));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (user_data);

  gtk_window_present (GTK_WINDOW (slope_preferences_new (parent)));
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (user_data);

  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-help-overlay", NULL);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data), "application-name",
                         _ ("Slope"), "application-icon", SLOPE_APP_ID, "developer-name",
                         _ ("The Slope project"), "version", SLOPE_VERSION, "license-type",
                         GTK_LICENSE_GPL_3_0, "comments",
                         _ ("Train a neural network on your own pictures, on your own computer."),
                         /* translators: your names, one a line */
                         "translator-credits", _ ("translator-credits"), NULL);
}

static const GActionEntry actions[] = {
  { .name = "quit", .activate = quit_action },
  { .name = "new-window", .activate = new_window_action },
  { .name = "preferences", .activate = preferences_action },
  { .name = "help", .activate = help_action },
  { .name = "about", .activate = about_action },
};

static const struct
{
  const char *action;
  const char *accels[3];
} accels[] = {
  { "app.quit", { "<Control>q" } },
  { "app.new-window", { "<Control><Shift>n" } },
  { "app.preferences", { "<Control>comma" } },
  { "app.help", { "F1" } },
  { "win.show-help-overlay", { "<Control>question" } },
  { "window.close", { "<Control>w" } },
  { "win.show-page('data')", { "<Alt>1" } },
  { "win.show-page('train')", { "<Alt>2" } },
  { "win.show-page('clean')", { "<Alt>3" } },
  { "win.show-page('predict')", { "<Alt>4" } },
  { "win.new-project", { "<Control>n" } },
  { "win.open-project", { "<Control>o" } },
  { "win.undo", { "<Control>z" } },
  { "win.redo", { "<Control><Shift>z", "<Control>y" } },
  { "win.search", { "<Control>f" } },
  { "win.toggle-sidebar", { "F9" } },
};

static void
slope_application_startup (GApplication *app)
{
  G_APPLICATION_CLASS (slope_application_parent_class)->startup (app);

  g_action_map_add_action_entries (G_ACTION_MAP (app), actions, G_N_ELEMENTS (actions), app);
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (app), accels[i].action,
                                           accels[i].accels);
  gtk_window_set_default_icon_name (SLOPE_APP_ID);
  slope_settings_apply ();
  slope_click_guard_start ();
  slope_measure_start ();
}

static void
slope_application_shutdown (GApplication *app)
{
  slope_measure_print ();
  G_APPLICATION_CLASS (slope_application_parent_class)->shutdown (app);
}

/* A window that only shows the start page, to be filled. */
static SlopeWindow *
find_empty_window (GtkApplication *app)
{
  for (GList *l = gtk_application_get_windows (app); l != NULL; l = l->next)
    if (SLOPE_IS_WINDOW (l->data) && slope_window_is_empty (l->data))
      return l->data;
  return NULL;
}

static void
slope_application_activate (GApplication *app)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));

  if (window == NULL)
    window = GTK_WINDOW (slope_window_new (ADW_APPLICATION (app)));
  gtk_window_present (window);
}

static void
open_one (SlopeApplication *self, const char *path)
{
  SlopeWindow *window = find_empty_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = SLOPE_WINDOW (slope_window_new (ADW_APPLICATION (self)));
  gtk_window_present (GTK_WINDOW (window));
  slope_window_open_path (window, path);
}

static void
slope_application_open (GApplication *app, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);

      if (path != NULL)
        open_one (SLOPE_APPLICATION (app), path);
    }
}

static int
slope_application_command_line (GApplication *app, GApplicationCommandLine *command_line)
{
  g_autofree const char **paths = NULL;
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);

  if (!g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&ay", &paths) || paths[0] == NULL)
    {
      g_application_activate (app);
      return 0;
    }
  for (guint i = 0; paths[i] != NULL; i++)
    if (g_str_has_prefix (paths[i], SAMPLE_PREFIX))
      open_one (SLOPE_APPLICATION (app), paths[i]);
    else
      {
        g_autoptr (GFile)
            file = g_application_command_line_create_file_for_arg (command_line, paths[i]);
        g_autofree char *path = g_file_get_path (file);

        open_one (SLOPE_APPLICATION (app), path != NULL ? path : paths[i]);
      }
  return 0;
}

static int
slope_application_handle_local_options (GApplication *app, GVariantDict *dict)
{
  if (!g_variant_dict_contains (dict, "version"))
    return -1;
  g_print ("slope %s\n", SLOPE_VERSION);
  return 0;
}

static void
slope_application_class_init (SlopeApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  app_class->startup = slope_application_startup;
  app_class->shutdown = slope_application_shutdown;
  app_class->activate = slope_application_activate;
  app_class->open = slope_application_open;
  app_class->command_line = slope_application_command_line;
  app_class->handle_local_options = slope_application_handle_local_options;
}

static void
slope_application_init (SlopeApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

SlopeApplication *
slope_application_new (void)
{
  return g_object_new (SLOPE_TYPE_APPLICATION, "application-id", SLOPE_APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/org/slopeml/Slope", NULL);
}
