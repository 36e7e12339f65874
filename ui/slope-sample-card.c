/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-sample-card.h"

#include <glib/gi18n.h>
#include <math.h>

#define CARD_WIDTH_PX 158
#define DRAWING_HEIGHT_PX 104

struct _SlopeSampleCard
{
  GtkButton parent_instance;
  const SlSampleInfo *sample; /* static */
};

G_DEFINE_FINAL_TYPE (SlopeSampleCard, slope_sample_card, GTK_TYPE_BUTTON)

static void
set_color (cairo_t *cr, guint32 rgb)
{
  cairo_set_source_rgb (cr, (rgb >> 16 & 0xff) / 255., (rgb >> 8 & 0xff) / 255.,
                        (rgb & 0xff) / 255.);
}

static void
disc (cairo_t *cr, double x, double y, double radius, guint32 rgb)
{
  set_color (cr, rgb);
  cairo_new_path (cr);
  cairo_arc (cr, x, y, radius, 0., 2. * G_PI);
  cairo_fill (cr);
}

/* A bear's face around the origin, about 40 px wide. */
static void
bear (cairo_t *cr, guint32 fur, guint32 muzzle)
{
  for (int side = -1; side <= 1; side += 2)
    {
      disc (cr, side * 13.5, -13., 8., fur);
      disc (cr, side * 13.5, -13., 4., muzzle);
    }
  disc (cr, 0., 0., 19.5, fur);
  disc (cr, 0., 6., 8.5, muzzle);
  disc (cr, 0., 4.5, 3., 0x201a17);
  for (int side = -1; side <= 1; side += 2)
    disc (cr, side * 7.5, -4., 2.2, 0x201a17);
}

static void
draw_bears (cairo_t *cr, int width, int height)
{
  static const struct
  {
    guint32 wall, fur, muzzle;
  } bears[] = {
    { 0xe8dcc8, 0x6b4423, 0xb08a63 }, /* grizzly */
    { 0xcde0d6, 0x26242a, 0x7f7a80 }, /* black */
    { 0xf6d5cd, 0xc98a4b, 0xf0d3a8 }, /* teddy */
  };
  const double share = width / 3.;

  for (guint i = 0; i < G_N_ELEMENTS (bears); i++)
    {
      set_color (cr, bears[i].wall);
      cairo_rectangle (cr, floor (i * share), 0, ceil (share) + 1, height);
      cairo_fill (cr);
      cairo_save (cr);
      cairo_translate (cr, (i + .5) * share, height / 2. + 4);
      bear (cr, bears[i].fur, bears[i].muzzle);
      cairo_restore (cr);
    }
}

/* A picture for each sample; the others show plain paper. */
static const struct
{
  const char *name;
  void (*draw) (cairo_t *cr, int width, int height);
} drawings[] = {
  { "bears", draw_bears },
};

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  const SlSampleInfo *sample = user_data;

  set_color (cr, 0xe0e4ec);
  cairo_paint (cr);
  for (gsize i = 0; i < G_N_ELEMENTS (drawings); i++)
    if (g_str_equal (drawings[i].name, sample->name))
      drawings[i].draw (cr, width, height);
}

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
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, (gpointer)sample, NULL);
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
