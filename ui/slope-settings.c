/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-settings.h"

#include <adwaita.h>
#include <slope/slope.h>

#define MAX_RECENT 10

GSettings *
slope_settings (void)
{
  static GSettings *settings;

  if (settings == NULL)
    settings = g_settings_new (SLOPE_APP_ID);
  return settings;
}

char **
slope_recent_dup (void)
{
  return g_settings_get_strv (slope_settings (), "recent-projects");
}

static void
store_recent (const char *first, const char *without)
{
  g_auto (GStrv) old = slope_recent_dup ();
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  if (first != NULL)
    g_ptr_array_add (paths, (gpointer)first);
  for (guint i = 0; old[i] != NULL && paths->len < MAX_RECENT; i++)
    if (g_strcmp0 (old[i], without) != 0)
      g_ptr_array_add (paths, old[i]);
  g_ptr_array_add (paths, NULL);
  g_settings_set_strv (slope_settings (), "recent-projects", (const char *const *)paths->pdata);
}

void
slope_recent_add (const char *path)
{
  g_return_if_fail (path != NULL);
  store_recent (path, path);
}

void
slope_recent_remove (const char *path)
{
  g_return_if_fail (path != NULL);
  store_recent (NULL, path);
}

static void
apply_threads (GSettings *settings)
{
  sl_parallel_set_threads (g_settings_get_uint (settings, "threads"));
}

static void
apply_color_scheme (GSettings *settings)
{
  g_autofree char *scheme = g_settings_get_string (settings, "color-scheme");
  AdwColorScheme wanted = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (scheme, "light"))
    wanted = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (scheme, "dark"))
    wanted = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), wanted);
}

void
slope_settings_apply (void)
{
  GSettings *settings = slope_settings ();

  g_signal_connect (settings, "changed::threads", G_CALLBACK (apply_threads), NULL);
  g_signal_connect (settings, "changed::color-scheme", G_CALLBACK (apply_color_scheme), NULL);
  apply_threads (settings);
  apply_color_scheme (settings);
}
