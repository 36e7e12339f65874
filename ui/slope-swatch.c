/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-swatch.h"

#include "slope-colors.h"
#include "slope-layouts.h"

#include <adwaita.h>

struct _SlopeSwatch
{
  GtkWidget parent_instance;
  int index;
  int size; /* px */
};

enum
{
  PROP_INDEX = 1,
  PROP_SIZE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SlopeSwatch, slope_swatch, GTK_TYPE_WIDGET)

static void
slope_swatch_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SLOPE_SWATCH (widget)->size;
}

static void
draw_number (GtkWidget *widget, GtkSnapshot *snapshot, int index, int size, gboolean dark)
{
  char text[16];
  const GdkRGBA ink = dark ? (GdkRGBA){ 0, 0, 0, .85f } : (GdkRGBA){ 1, 1, 1, 1 };
  PangoLayout *layout;
  PangoRectangle box;
  double share;

  g_snprintf (text, sizeof text, "%d", index + 1);
  /* Three digits still fit into the square. */
  share = strlen (text) > 2 ? .44 : .62;
  layout = slope_layouts_get (widget, text,
                              (SlopeLayoutLook){ .bold_size = (int)(share * size * PANGO_SCALE) });
  pango_layout_get_pixel_extents (layout, &box, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((size - box.width) / 2.f - box.x,
                                                          (size - box.height) / 2.f - box.y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

void
slope_swatch_draw (GtkWidget *widget, GtkSnapshot *snapshot, int index, int size)
{
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  const GdkRGBA ring = dark ? (GdkRGBA){ 0, 0, 0, .55f } : (GdkRGBA){ 1, 1, 1, .75f };
  GskRoundedRect square;
  GdkRGBA color;

  g_return_if_fail (GTK_IS_WIDGET (widget) && index >= 0);

  slope_class_color (index, dark, &color);
  gsk_rounded_rect_init_from_rect (&square, &GRAPHENE_RECT_INIT (0, 0, size, size),
                                   MIN (5.f, size * .28f));
  gtk_snapshot_push_rounded_clip (snapshot, &square);
  gtk_snapshot_append_color (snapshot, &color, &square.bounds);
  gtk_snapshot_pop (snapshot);
  if (index >= SLOPE_N_CLASS_COLORS) /* they repeat, with a ring */
    {
      gsk_rounded_rect_shrink (&square, 1, 1, 1, 1);
      gtk_snapshot_append_border (snapshot, &square, (float[4]){ 2, 2, 2, 2 },
                                  (GdkRGBA[4]){ ring, ring, ring, ring });
    }
  draw_number (widget, snapshot, index, size, dark);
}

static void
slope_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeSwatch *self = SLOPE_SWATCH (widget);

  if (self->index < 0)
    return;
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((gtk_widget_get_width (widget) - self->size) / 2.f,
                                      (gtk_widget_get_height (widget) - self->size) / 2.f));
  slope_swatch_draw (widget, snapshot, self->index, self->size);
}

static void
slope_swatch_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SlopeSwatch *self = SLOPE_SWATCH (object);

  if (id == PROP_INDEX)
    g_value_set_int (value, self->index);
  else if (id == PROP_SIZE)
    g_value_set_int (value, self->size);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_swatch_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SlopeSwatch *self = SLOPE_SWATCH (object);

  if (id == PROP_INDEX)
    slope_swatch_set_index (self, g_value_get_int (value));
  else if (id == PROP_SIZE)
    {
      if (self->size == g_value_get_int (value))
        return;
      self->size = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      g_object_notify_by_pspec (object, pspec);
    }
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_swatch_class_init (SlopeSwatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = slope_swatch_get_property;
  object_class->set_property = slope_swatch_set_property;
  widget_class->measure = slope_swatch_measure;
  widget_class->snapshot = slope_swatch_snapshot;

  props[PROP_INDEX] = g_param_spec_int ("index", NULL, NULL, -1, G_MAXINT, -1,
                                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                            | G_PARAM_STATIC_STRINGS);
  props[PROP_SIZE] = g_param_spec_int ("size", NULL, NULL, 4, 256, 18,
                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                           | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "swatch");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
slope_swatch_init (SlopeSwatch *self)
{
  self->index = -1;
  self->size = 18;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
slope_swatch_new (int index, int size)
{
  return g_object_new (SLOPE_TYPE_SWATCH, "index", index, "size", size, NULL);
}

void
slope_swatch_set_index (SlopeSwatch *self, int index)
{
  g_return_if_fail (SLOPE_IS_SWATCH (self));
  g_return_if_fail (index >= -1);

  if (self->index == index)
    return;
  self->index = index;
  gtk_widget_set_visible (GTK_WIDGET (self), index >= 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_INDEX]);
}
