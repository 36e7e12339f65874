/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-note.h"

#include "slope-widgets.h"

#include <glib/gi18n.h>

struct _SlopeNote
{
  GtkWidget parent_instance;
  GtkImage *icon;
  GtkLabel *heading;
  GtkLabel *text;
  GtkButton *button;
  GtkWidget *close;
};

enum
{
  ACTIVATED,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *css, *icon;
} kinds[] = {
  [SLOPE_NOTE_INFO] = { "info", "dialog-information-symbolic" },
  [SLOPE_NOTE_SUCCESS] = { "success", "emblem-ok-symbolic" },
  [SLOPE_NOTE_WARNING] = { "warning", "dialog-warning-symbolic" },
  [SLOPE_NOTE_ERROR] = { "error", "dialog-error-symbolic" },
};

G_DEFINE_FINAL_TYPE (SlopeNote, slope_note, GTK_TYPE_WIDGET)

static void
button_clicked_cb (SlopeNote *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
close_clicked_cb (SlopeNote *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
slope_note_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_NOTE);
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_note_parent_class)->dispose (object);
}

static void
slope_note_class_init (SlopeNoteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_note_dispose;
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/slopeml/Slope/slope-note.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeNote, icon);
  gtk_widget_class_bind_template_child (widget_class, SlopeNote, heading);
  gtk_widget_class_bind_template_child (widget_class, SlopeNote, text);
  gtk_widget_class_bind_template_child (widget_class, SlopeNote, button);
  gtk_widget_class_bind_template_child (widget_class, SlopeNote, close);
  gtk_widget_class_bind_template_callback (widget_class, button_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "note");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
slope_note_init (SlopeNote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  slope_note_set (self, SLOPE_NOTE_INFO, "", NULL, NULL, FALSE);
}

GtkWidget *
slope_note_new (void)
{
  return g_object_new (SLOPE_TYPE_NOTE, NULL);
}

void
slope_note_set (SlopeNote *self, SlopeNoteKind kind, const char *heading, const char *text,
                const char *button, gboolean closable)
{
  g_return_if_fail (SLOPE_IS_NOTE (self));
  g_return_if_fail ((guint)kind < G_N_ELEMENTS (kinds));

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), kinds[i].css);
  gtk_widget_add_css_class (GTK_WIDGET (self), kinds[kind].css);
  gtk_image_set_from_icon_name (self->icon, kinds[kind].icon);

  gtk_label_set_text (self->heading, heading != NULL ? heading : "");
  gtk_label_set_text (self->text, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), text != NULL && *text != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  if (button != NULL)
    gtk_button_set_label (self->button, button);
  gtk_widget_set_visible (self->close, closable);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, heading != NULL ? heading : "",
      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text != NULL ? text : "", -1);
}
