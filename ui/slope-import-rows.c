/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-rows.h"

AdwComboRow *
slope_import_combo_row (const char *title, GCallback changed, gpointer data)
{
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  g_signal_connect_swapped (row, "notify::selected", changed, data);
  return ADW_COMBO_ROW (row);
}

static gboolean
has_texts (GListModel *model, const char *const *texts)
{
  const guint n = g_strv_length ((char **)texts);

  if (!GTK_IS_STRING_LIST (model) || g_list_model_get_n_items (model) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (gtk_string_list_get_string (GTK_STRING_LIST (model), i), texts[i]) != 0)
      return FALSE;
  return TRUE;
}

void
slope_import_combo_row_fill (AdwComboRow *row, const char *const *texts, guint selected)
{
  if (!has_texts (adw_combo_row_get_model (row), texts))
    {
      g_autoptr (GtkStringList) model = gtk_string_list_new (texts);

      adw_combo_row_set_model (row, G_LIST_MODEL (model));
    }
  adw_combo_row_set_selected (row, selected);
}

GtkSpinButton *
slope_import_spin_row (const char *title, const char *subtitle, double low, double high,
                       double step, GCallback changed, gpointer data, GtkWidget **row)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (low, high, step);

  *row = adw_action_row_new ();
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_swapped (spin, "value-changed", changed, data);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (*row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (*row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (*row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (*row), spin);
  return GTK_SPIN_BUTTON (spin);
}

GtkWidget *
slope_import_error_row_new (void)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title-lines", 0,
                                 "activatable", FALSE, "visible", FALSE, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-error-symbolic");

  gtk_widget_add_css_class (row, "error");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  return row;
}

void
slope_import_error_row_set (GtkWidget *row, const char *text)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text != NULL ? text : "");
  gtk_widget_set_visible (row, text != NULL);
}

GtkWidget *
slope_import_plain_row_new (GtkWidget *child)
{
  return g_object_new (ADW_TYPE_PREFERENCES_ROW, "child", child, "activatable", FALSE, "focusable",
                       FALSE, NULL);
}
