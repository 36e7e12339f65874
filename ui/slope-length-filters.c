/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-length-filters.h"

#include "slope-share-bar.h"

#include <glib/gi18n.h>

struct _SlopeLengthFilters
{
  AdwBin parent_instance;
  SlopeDataFilter *filter; /* owned, nullable */
  GtkToggleButton *buttons[SLOPE_N_LENGTHS];
  GtkLabel *counts[SLOPE_N_LENGTHS];
  SlopeShareBar *bars[SLOPE_N_LENGTHS];
};

G_DEFINE_FINAL_TYPE (SlopeLengthFilters, slope_length_filters, ADW_TYPE_BIN)

static void
toggled_cb (SlopeLengthFilters *self, GtkToggleButton *button)
{
  for (guint i = 0; i < SLOPE_N_LENGTHS; i++)
    if (self->buttons[i] == button && self->filter != NULL)
      slope_data_filter_set_length (self->filter, i, gtk_toggle_button_get_active (button));
}

static GtkWidget *
make_button (SlopeLengthFilters *self, guint i)
{
  g_autofree char *name = slope_length_label (i);
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *count = gtk_label_new (NULL);
  GtkWidget *bar = slope_share_bar_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), count);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "class-filter");
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (toggled_cb), self);
  self->buttons[i] = GTK_TOGGLE_BUTTON (button);
  self->counts[i] = GTK_LABEL (count);
  self->bars[i] = SLOPE_SHARE_BAR (bar);
  return button;
}

static void
let_go (SlopeLengthFilters *self)
{
  if (self->filter != NULL)
    g_signal_handlers_disconnect_by_data (self->filter, self);
  g_clear_object (&self->filter);
}

static void
slope_length_filters_dispose (GObject *object)
{
  let_go (SLOPE_LENGTH_FILTERS (object));
  G_OBJECT_CLASS (slope_length_filters_parent_class)->dispose (object);
}

static void
slope_length_filters_class_init (SlopeLengthFiltersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_length_filters_dispose;
}

static void
slope_length_filters_init (SlopeLengthFilters *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = gtk_label_new (_ ("Length"));

  gtk_label_set_xalign (GTK_LABEL (title), 0.f);
  gtk_widget_set_margin_start (title, 9);
  gtk_widget_set_margin_top (title, 12);
  gtk_widget_set_margin_bottom (title, 6);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (box), title);
  for (guint i = 0; i < SLOPE_N_LENGTHS; i++)
    gtk_box_append (GTK_BOX (box), make_button (self, i));
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
slope_length_filters_set_filter (SlopeLengthFilters *self, SlopeDataFilter *filter)
{
  g_return_if_fail (SLOPE_IS_LENGTH_FILTERS (self));

  let_go (self);
  slope_length_filters_clear (self); /* a filter begins with none on */
  g_set_object (&self->filter, filter);
  if (filter != NULL)
    g_signal_connect_swapped (filter, "scanned", G_CALLBACK (slope_length_filters_update), self);
  slope_length_filters_update (self);
}

void
slope_length_filters_update (SlopeLengthFilters *self)
{
  gsize counts[SLOPE_N_LENGTHS], most = 1;
  gboolean known;

  g_return_if_fail (SLOPE_IS_LENGTH_FILTERS (self));

  known = self->filter != NULL && slope_data_filter_count_lengths (self->filter, counts);
  gtk_widget_set_visible (GTK_WIDGET (self), known);
  for (guint i = 0; known && i < SLOPE_N_LENGTHS; i++)
    most = MAX (most, counts[i]);
  for (guint i = 0; known && i < SLOPE_N_LENGTHS; i++)
    {
      g_autofree char *name = slope_length_label (i);
      g_autofree char *count = g_strdup_printf ("%'" G_GSIZE_FORMAT, counts[i]);
      /* translators: how long texts are, and how many are so: "25 to 49 words: 103 texts" */
      g_autofree char *spoken = g_strdup_printf (
          ngettext ("%s: %lu text", "%s: %lu texts", counts[i]), name, (unsigned long)counts[i]);

      gtk_label_set_text (self->counts[i], count);
      slope_share_bar_set (self->bars[i], -1, counts[i], 0, most);
      gtk_widget_set_visible (GTK_WIDGET (self->buttons[i]),
                              counts[i] > 0 || gtk_toggle_button_get_active (self->buttons[i]));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons[i]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }
}

void
slope_length_filters_clear (SlopeLengthFilters *self)
{
  g_return_if_fail (SLOPE_IS_LENGTH_FILTERS (self));

  for (guint i = 0; i < SLOPE_N_LENGTHS; i++)
    gtk_toggle_button_set_active (self->buttons[i], FALSE);
}
