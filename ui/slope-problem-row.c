/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-problem-row.h"

#include <glib/gi18n.h>

static void
add_button (GtkWidget *row, GtkWidget *button, GCallback clicked, gpointer data)
{
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", clicked, data);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

GtkWidget *
slope_problem_row_new (const SlopeProblemButton buttons[2], GCallback closed, gpointer data)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-warning-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  for (guint i = 0; i < 2; i++)
    if (buttons[i].label != NULL)
      add_button (row, gtk_button_new_with_label (buttons[i].label), buttons[i].clicked, data);
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_set_tooltip_text (close, _ ("Hide This Problem"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Hide This Problem"), -1);
  add_button (row, close, closed, data);
  return row;
}
