/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-preferences.h"

#include "slope-settings.h"

struct _SlopePreferences
{
  AdwPreferencesWindow parent_instance;
  AdwComboRow *style_row;
  GtkSwitch *all_cores;
  GtkWidget *threads_row;
  GtkSpinButton *threads;
  GtkAdjustment *threads_adjustment;
  gboolean ready; /* the widgets show the settings: changes are the person's */
};

G_DEFINE_FINAL_TYPE (SlopePreferences, slope_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* In the order of the row's choices. */
static const char *const schemes[] = { "default", "light", "dark" };

static void
style_selected_cb (SlopePreferences *self)
{
  const guint selected = adw_combo_row_get_selected (self->style_row);

  if (self->ready && selected < G_N_ELEMENTS (schemes))
    g_settings_set_string (slope_settings (), "color-scheme", schemes[selected]);
}

static void
threads_changed_cb (SlopePreferences *self)
{
  const gboolean all = gtk_switch_get_active (self->all_cores);

  gtk_widget_set_sensitive (self->threads_row, !all);
  if (self->ready)
    g_settings_set_uint (slope_settings (), "threads",
                         all ? 0 : (guint)gtk_spin_button_get_value_as_int (self->threads));
}

static void
slope_preferences_dispose (GObject *object)
{
  SLOPE_PREFERENCES (object)->ready = FALSE;
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_PREFERENCES);
  G_OBJECT_CLASS (slope_preferences_parent_class)->dispose (object);
}

static void
slope_preferences_class_init (SlopePreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopePreferences, style_row);
  gtk_widget_class_bind_template_child (widget_class, SlopePreferences, all_cores);
  gtk_widget_class_bind_template_child (widget_class, SlopePreferences, threads_row);
  gtk_widget_class_bind_template_child (widget_class, SlopePreferences, threads);
  gtk_widget_class_bind_template_child (widget_class, SlopePreferences, threads_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, style_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, threads_changed_cb);
}

static void
slope_preferences_init (SlopePreferences *self)
{
  const guint cores = g_get_num_processors ();
  const guint threads = g_settings_get_uint (slope_settings (), "threads");
  g_autofree char *scheme = g_settings_get_string (slope_settings (), "color-scheme");

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_adjustment_set_upper (self->threads_adjustment, MAX (cores, threads));
  gtk_spin_button_set_value (self->threads, threads != 0 ? threads : cores);
  gtk_switch_set_active (self->all_cores, threads == 0);
  gtk_widget_set_sensitive (self->threads_row, threads != 0);
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (scheme, schemes[i]))
      adw_combo_row_set_selected (self->style_row, i);
  self->ready = TRUE;
}

GtkWidget *
slope_preferences_new (GtkWindow *parent)
{
  return g_object_new (SLOPE_TYPE_PREFERENCES, "transient-for", parent, NULL);
}
