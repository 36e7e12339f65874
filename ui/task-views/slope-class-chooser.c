/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-class-chooser.h"

#include "slope-labels.h"
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
  char **classes;    /* owned */
  GPtrArray *checks; /* of GtkCheckButton, one a class, not owned; NULL: one class is picked */
  guint8 *touched;   /* owned; one a class */
  SlopeTargetChosen chosen;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (SlopeClassChooser, slope_class_chooser, GTK_TYPE_WIDGET)

/* ---- Ticks */

static void
toggle (SlopeClassChooser *self, guint index)
{
  GtkCheckButton *check = self->checks->pdata[index];
  const gboolean on = gtk_check_button_get_inconsistent (check)
                      || !gtk_check_button_get_active (check);

  gtk_check_button_set_inconsistent (check, FALSE);
  gtk_check_button_set_active (check, on);
  self->touched[index] = TRUE;
}

static void
apply (SlopeClassChooser *self)
{
  GString *edit = g_string_new (NULL);

  for (guint i = 0; i < self->checks->len; i++)
    if (self->touched[i])
      g_string_append_printf (edit, "%s%c%s", edit->len > 0 ? ";" : "",
                              gtk_check_button_get_active (self->checks->pdata[i]) ? '+' : '-',
                              self->classes[i]);
  self->chosen (edit->str, self->user_data);
  g_string_free (edit, TRUE);
}

static void
choose (SlopeClassChooser *self, guint index)
{
  if (self->checks != NULL)
    toggle (self, index);
  else
    self->chosen (self->classes[index], self->user_data);
}

/* ---- The list */

static void
row_activated_cb (SlopeClassChooser *self, GtkListBoxRow *row)
{
  choose (self, (guint)gtk_list_box_row_get_index (row));
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
          if (self->checks != NULL)
            gtk_editable_set_text (GTK_EDITABLE (self->search), "");
          return;
        }
    }
}

static gboolean
digit_pressed_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  return slope_class_chooser_press_digit (SLOPE_CLASS_CHOOSER (widget),
                                          g_variant_get_uint32 (args));
}

/* Before a row takes it for a tick; a search that is under way ticks what it has found. */
static gboolean
enter_pressed_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  SlopeClassChooser *self = SLOPE_CLASS_CHOOSER (widget);

  if (self->search != NULL && *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0')
    search_activate_cb (self);
  else
    apply (self);
  return TRUE;
}

static void
slope_class_chooser_dispose (GObject *object)
{
  SlopeClassChooser *self = SLOPE_CLASS_CHOOSER (object);

  slope_widget_unparent_children (GTK_WIDGET (self));
  g_clear_pointer (&self->classes, g_strfreev);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->touched, g_free);
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
check_new (SlopeClassChooser *self, const char *name)
{
  GtkWidget *check = gtk_check_button_new ();

  /* The row is what is pressed. */
  gtk_widget_set_can_target (check, FALSE);
  gtk_widget_set_can_focus (check, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_ptr_array_add (self->checks, check);
  return check;
}

static GtkWidget *
row_new (SlopeClassChooser *self, guint index, const char *name)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (name);

  if (self->checks != NULL)
    gtk_box_append (GTK_BOX (box), check_new (self, name));
  gtk_box_append (GTK_BOX (box), slope_swatch_new (index, 18));
  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

static void
fill (SlopeClassChooser *self, const char *const *classes, SlopeTargetChosen chosen,
      gpointer user_data)
{
  self->classes = g_strdupv ((char **)classes);
  self->chosen = chosen;
  self->user_data = user_data;
  if (g_strv_length (self->classes) >= SEARCH_FROM)
    add_search (self);
  for (guint i = 0; classes[i] != NULL; i++)
    gtk_list_box_append (self->list, row_new (self, i, classes[i]));
}

GtkWidget *
slope_class_chooser_new (const char *const *classes, SlopeTargetChosen chosen, gpointer user_data)
{
  SlopeClassChooser *self;

  g_return_val_if_fail (classes != NULL && chosen != NULL, NULL);

  self = g_object_new (SLOPE_TYPE_CLASS_CHOOSER, NULL);
  fill (self, classes, chosen, user_data);
  return GTK_WIDGET (self);
}

static void
add_apply (SlopeClassChooser *self)
{
  static const guint keys[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter };
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Apply"));
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_set_margin_start (button, 6);
  gtk_widget_set_margin_end (button, 6);
  gtk_widget_set_margin_bottom (button, 6);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (apply), self);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_keyval_trigger_new (keys[i], 0),
                          gtk_callback_action_new (enter_pressed_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

GtkWidget *
slope_class_chooser_new_several (const char *const *classes, SlopeTargetChosen chosen,
                                 gpointer user_data)
{
  SlopeClassChooser *self;

  g_return_val_if_fail (classes != NULL && chosen != NULL, NULL);

  self = g_object_new (SLOPE_TYPE_CLASS_CHOOSER, NULL);
  self->checks = g_ptr_array_new ();
  self->touched = g_new0 (guint8, g_strv_length ((char **)classes) + 1);
  fill (self, classes, chosen, user_data);
  add_apply (self);
  return GTK_WIDGET (self);
}

void
slope_class_chooser_set_items (SlopeClassChooser *self, GPtrArray *items)
{
  g_return_if_fail (SLOPE_IS_CLASS_CHOOSER (self) && items != NULL);
  g_return_if_fail (self->checks != NULL);

  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkCheckButton *check = self->checks->pdata[i];
      guint n = 0;

      for (guint k = 0; k < items->len; k++)
        n += slope_labels_have (sl_item_get_target (items->pdata[k]), self->classes[i]);
      gtk_check_button_set_active (check, n > 0 && n == items->len);
      gtk_check_button_set_inconsistent (check, n > 0 && n < items->len);
      self->touched[i] = FALSE;
    }
  if (self->search != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

gboolean
slope_class_chooser_press_digit (SlopeClassChooser *self, guint digit)
{
  g_return_val_if_fail (SLOPE_IS_CLASS_CHOOSER (self), FALSE);

  if (digit == 0 || digit > g_strv_length (self->classes))
    return FALSE;
  choose (self, digit - 1);
  return TRUE;
}
