/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test.h"

#include "slope-preferences.h"
#include "slope-settings.h"

#include <slope/slope.h>

static void
test_apply_at_once (void)
{
  GtkWidget *preferences;
  GtkWidget *style, *all, *threads;
  AdwStyleManager *manager = adw_style_manager_get_default ();

  slope_settings_apply ();
  preferences = slope_preferences_new (NULL);
  style = ui_test_find_type (preferences, "AdwComboRow");
  all = ui_test_find_type (preferences, "GtkSwitch");
  threads = ui_test_find_type (preferences, "GtkSpinButton");
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (all)));
  g_assert_false (gtk_widget_is_sensitive (threads));

  adw_combo_row_set_selected (ADW_COMBO_ROW (style), 2);
  g_assert_cmpint (adw_style_manager_get_color_scheme (manager), ==, ADW_COLOR_SCHEME_FORCE_DARK);
  adw_combo_row_set_selected (ADW_COMBO_ROW (style), 1);
  g_assert_cmpint (adw_style_manager_get_color_scheme (manager), ==, ADW_COLOR_SCHEME_FORCE_LIGHT);

  gtk_switch_set_active (GTK_SWITCH (all), FALSE);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (threads), 1);
  g_assert_cmpuint (g_settings_get_uint (slope_settings (), "threads"), ==, 1);
  g_assert_cmpuint (sl_parallel_get_threads (), ==, 1);
  gtk_switch_set_active (GTK_SWITCH (all), TRUE);
  g_assert_cmpuint (g_settings_get_uint (slope_settings (), "threads"), ==, 0);
  g_assert_cmpuint (sl_parallel_get_threads (), >=, 1);

  ui_test_assert_named (ui_test_find_type (preferences, "AdwPreferencesPage"));
  gtk_window_destroy (GTK_WINDOW (preferences));
}

/* A window opened later shows what was chosen, and changes nothing by opening. */
static void
test_shows_settings (void)
{
  GtkWidget *preferences;
  GtkWidget *style;

  g_settings_set_string (slope_settings (), "color-scheme", "dark");
  g_settings_set_uint (slope_settings (), "threads", 1);
  preferences = slope_preferences_new (NULL);
  style = ui_test_find_type (preferences, "AdwComboRow");
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (style)), ==, 2);
  g_assert_false (
      gtk_switch_get_active (GTK_SWITCH (ui_test_find_type (preferences, "GtkSwitch"))));
  g_assert_cmpuint (g_settings_get_uint (slope_settings (), "threads"), ==, 1);
  gtk_window_destroy (GTK_WINDOW (preferences));
}

static void
test_recent (void)
{
  g_auto (GStrv) paths = NULL;

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *path = g_strdup_printf ("/p/%u.slope", i);

      slope_recent_add (path);
    }
  slope_recent_add ("/p/5.slope");
  slope_recent_remove ("/p/11.slope");
  paths = slope_recent_dup ();
  g_assert_cmpuint (g_strv_length (paths), ==, 9);
  g_assert_cmpstr (paths[0], ==, "/p/5.slope");
  g_assert_cmpstr (paths[1], ==, "/p/10.slope");
  g_assert_false (g_strv_contains ((const char *const *)paths + 1, "/p/5.slope"));
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/preferences/apply-at-once", test_apply_at_once);
  g_test_add_func ("/ui/preferences/show-settings", test_shows_settings);
  g_test_add_func ("/ui/settings/recent", test_recent);
  return g_test_run ();
}
