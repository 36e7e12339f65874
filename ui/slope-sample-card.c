/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-sample-card.h"

#include "slope-sample-drawing.h"

#include <glib/gi18n.h>

#define CARD_WIDTH_PX 158
#define DRAWING_HEIGHT_PX 104

struct _SlopeSampleCard
{
  GtkButton parent_instance;
  const SlSampleInfo *sample; /* static */
};

G_DEFINE_FINAL_TYPE (SlopeSampleCard, slope_sample_card, GTK_TYPE_BUTTON)

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
slope_sample_card_class_init (SlopeSampleCardClass *klass)
{
}

static void
slope_sample_card_init (SlopeSampleCard *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "sample");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
slope_sample_card_new (const SlSampleInfo *sample)
{
  SlopeSampleCard *self = g_object_new (SLOPE_TYPE_SAMPLE_CARD, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *area = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *hint = make_label (_ (sample->hint), "caption");

  self->sample = sample;
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), CARD_WIDTH_PX);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), DRAWING_HEIGHT_PX);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), slope_sample_drawing_cb,
                                  (gpointer)sample->name, NULL);
  gtk_widget_add_css_class (texts, "texts");
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_box_append (GTK_BOX (texts), make_label (_ (sample->title), "heading"));
  gtk_box_append (GTK_BOX (texts), hint);
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (sample->title), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ (sample->hint), -1);
  return GTK_WIDGET (self);
}

const char *
slope_sample_card_get_name (SlopeSampleCard *self)
{
  g_return_val_if_fail (SLOPE_IS_SAMPLE_CARD (self), NULL);
  return self->sample->name;
}
