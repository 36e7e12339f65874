/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-address-box.h"

#include <glib/gi18n.h>

struct _SlopeAddressBox
{
  GtkBox parent_instance;
  GtkEditable *label;
  GtkWidget *remove;
  GtkWidget *text;
  GtkTextBuffer *buffer;
  GtkLabel *count;
  guint n_usable; /* addresses that can be asked for */
};

enum
{
  CHANGED,
  REMOVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeAddressBox, slope_address_box, GTK_TYPE_BOX)

/* ---- What was typed */

char *
slope_address_box_dup_text (SlopeAddressBox *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (SLOPE_IS_ADDRESS_BOX (self), NULL);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

/* The addresses as the engine reads them; what is wrong with each is in it. */
static SlAddressList *
read_list (SlopeAddressBox *self)
{
  g_autoptr (SlAddressList) list = sl_address_list_new ();
  g_autofree char *text = slope_address_box_dup_text (self);

  sl_address_list_add_text (list, text, gtk_editable_get_text (self->label), "", NULL);
  return g_steal_pointer (&list);
}

char *
slope_address_box_dup_label (SlopeAddressBox *self)
{
  g_autoptr (SlAddressList) list = sl_address_list_new ();

  g_return_val_if_fail (SLOPE_IS_ADDRESS_BOX (self), NULL);
  sl_address_list_add_text (list, "https://localhost", gtk_editable_get_text (self->label), "",
                            NULL);
  return g_strdup (sl_address_list_get (list, 0)->label);
}

static char *
describe (guint n_usable, guint n_again, guint n_bad)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u address", "%u addresses", n_usable), n_usable);
  if (n_again > 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, ngettext ("%u given twice", "%u given twice", n_again),
                              n_again);
    }
  if (n_bad > 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (
          text, ngettext ("%u line that is no address", "%u lines that are no address", n_bad),
          n_bad);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
changed_cb (SlopeAddressBox *self)
{
  g_autoptr (SlAddressList) list = read_list (self);
  g_autofree char *text = NULL;
  const guint n = sl_address_list_n (list);
  guint n_again = 0;

  self->n_usable = 0;
  for (guint i = 0; i < n; i++)
    {
      const SlAddress *address = sl_address_list_get (list, i);

      self->n_usable += address->reason == NULL;
      n_again += address->again;
    }
  text = describe (self->n_usable, n_again, n - self->n_usable - n_again);
  gtk_label_set_text (self->count, text);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
remove_cb (SlopeAddressBox *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

/* ---- Class */

static void
slope_address_box_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_ADDRESS_BOX);
  G_OBJECT_CLASS (slope_address_box_parent_class)->dispose (object);
}

static gboolean
slope_address_box_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SLOPE_ADDRESS_BOX (widget)->label));
}

static void
slope_address_box_class_init (SlopeAddressBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_address_box_dispose;
  widget_class->grab_focus = slope_address_box_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVED] = g_signal_new ("removed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-address-box.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeAddressBox, label);
  gtk_widget_class_bind_template_child (widget_class, SlopeAddressBox, remove);
  gtk_widget_class_bind_template_child (widget_class, SlopeAddressBox, text);
  gtk_widget_class_bind_template_child (widget_class, SlopeAddressBox, buffer);
  gtk_widget_class_bind_template_child (widget_class, SlopeAddressBox, count);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
slope_address_box_init (SlopeAddressBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  changed_cb (self);
}

GtkWidget *
slope_address_box_new (void)
{
  return g_object_new (SLOPE_TYPE_ADDRESS_BOX, NULL);
}

gboolean
slope_address_box_is_empty (SlopeAddressBox *self)
{
  g_return_val_if_fail (SLOPE_IS_ADDRESS_BOX (self), TRUE);
  return gtk_editable_get_text (self->label)[0] == '\0'
         && gtk_text_buffer_get_char_count (self->buffer) == 0;
}

gboolean
slope_address_box_is_ready (SlopeAddressBox *self)
{
  g_return_val_if_fail (SLOPE_IS_ADDRESS_BOX (self), FALSE);
  return gtk_editable_get_text (self->label)[0] != '\0' && self->n_usable > 0;
}

void
slope_address_box_add (SlopeAddressBox *self, const char *label, const char *lines)
{
  GtkTextIter end;

  g_return_if_fail (SLOPE_IS_ADDRESS_BOX (self));
  gtk_editable_set_text (self->label, label);
  gtk_text_buffer_get_end_iter (self->buffer, &end);
  if (!gtk_text_iter_starts_line (&end))
    gtk_text_buffer_insert (self->buffer, &end, "\n", 1);
  gtk_text_buffer_insert (self->buffer, &end, lines, -1);
}

gboolean
slope_address_box_save (SlopeAddressBox *self, const char *folder, GError **error)
{
  g_autofree char *text = slope_address_box_dup_text (self);
  g_autofree char *label = slope_address_box_dup_label (self);
  g_autofree char *name = g_strconcat ("urls_", label, ".txt", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_set_contents (path, text, -1, error);
}

void
slope_address_box_set_removable (SlopeAddressBox *self, gboolean removable)
{
  g_return_if_fail (SLOPE_IS_ADDRESS_BOX (self));
  gtk_widget_set_visible (self->remove, removable);
}
