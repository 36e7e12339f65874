/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-class-chooser.h"

#include "slope-swatch.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>

#define SEARCH_FROM 13 /* classes */

struct _SlopeClassChooser
{
  GtkWidget parent_instance;
  GtkSearchEntry *search; /* children: not owned */
  GtkListBox *list;
  GtkWidget *scroller;
  char **classes; /* owned */
  SlopeTargetChosen chosen;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (SlopeClassChooser, slope_class_chooser, GTK_TYPE_WIDGET)

static void
row_activated_cb (SlopeClassChooser *self, GtkListBoxRow *row)
{
  self->chosen (self->classes[gtk_list_box_row_get_index (row)], self->user_data);
}

static gboolean
row_matches (GtkListBoxRow *row, gpointer user_data)
{
  SlopeClassChooser *self = user_data;
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;

  if (self->search == NULL)
    return TRUE;
  key = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  name = g_utf8_casefold (self->classes[gtk_list_box_row_get_index (row)], -1);
  return strstr (name, key) != NULL;
}

static void
search_activate_cb (SlopeClassChooser *self)
{
  for (int i = 0; self->classes[i] != NULL; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);

      if (row_matches (row, self))
        {
          row_activated_cb (self, row);
          return;
        }
    }
}

static gboolean
digit_pressed_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  SlopeClassChooser *self = SLOPE_CLASS_CHOOSER (widget);
  const guint digit = g_variant_get_uint32 (args);

  if (digit > g_strv_length (self->classes))
    return FALSE;
  self->chosen (self->classes[digit - 1], self->user_data);
  return TRUE;
}

static void
slope_class_chooser_dispose (GObject *object)
{
  SlopeClassChooser *self = SLOPE_CLASS_CHOOSER (object);

  slope_widget_unparent_children (GTK_WIDGET (self));
  g_clear_pointer (&self->classes, g_strfreev);
  G_OBJECT_CLASS (slope_class_chooser_parent_class)->dispose (object);
}

static void
slope_class_chooser_class_init (SlopeClassChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_class_chooser_dispose;
  for (guint digit = 1; digit <= 9; digit++)
    {
      gtk_widget_class_add_binding (widget_class, GDK_KEY_0 + digit, 0, digit_pressed_cb, "u",
                                    digit);
      gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_0 + digit, 0, digit_pressed_cb, "u",
                                    digit);
    }
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "classchooser");
}

static void
slope_class_chooser_init (SlopeClassChooser *self)
{
  GtkLayoutManager *box = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (box), 6);
  self->scroller = gtk_scrolled_window_new ();
  g_object_set (self->scroller, "hscrollbar-policy", GTK_POLICY_NEVER, "max-content-height", 320,
                "propagate-natural-height", TRUE, "propagate-natural-width", TRUE, NULL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Classes"), -1);
  gtk_list_box_set_filter_func (self->list, row_matches, self, NULL);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->list));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
add_search (SlopeClassChooser *self)
{
  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search, "placeholder-text", _ ("Find a class"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Find a class"), -1);
  g_signal_connect_swapped (self->search, "search-changed",
                            G_CALLBACK (gtk_list_box_invalidate_filter), self->list);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (search_activate_cb), self);
  gtk_widget_insert_before (GTK_WIDGET (self->search), GTK_WIDGET (self), self->scroller);
}

static GtkWidget *
row_new (guint index, const char *name)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (name);

  gtk_box_append (GTK_BOX (box), slope_swatch_new (index, 18));
  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

GtkWidget *
slope_class_chooser_new (const char *const *classes, SlopeTargetChosen chosen, gpointer user_data)
{
  SlopeClassChooser *self;

  g_return_val_if_fail (classes != NULL && chosen != NULL, NULL);

  self = g_object_new (SLOPE_TYPE_CLASS_CHOOSER, NULL);
  self->classes = g_strdupv ((char **)classes);
  self->chosen = chosen;
  self->user_data = user_data;
  if (g_strv_length (self->classes) >= SEARCH_FROM)
    add_search (self);
  for (guint i = 0; classes[i] != NULL; i++)
    gtk_list_box_append (self->list, row_new (i, classes[i]));
  return GTK_WIDGET (self);
}
