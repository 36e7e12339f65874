/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-class-bars.h"

#include "slope-colors.h"
#include "slope-swatch.h"
#include "slope-widgets.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define NAME_CHARS 12
#define BAR_PX 8

/* ---- One bar: a rounded trough, filled from the start in the class's colour. */

#define SLOPE_TYPE_CLASS_BAR (slope_class_bar_get_type ())
G_DECLARE_FINAL_TYPE (SlopeClassBar, slope_class_bar, SLOPE, CLASS_BAR, GtkWidget)

struct _SlopeClassBar
{
  GtkWidget parent_instance;
  guint index;
  float share;     /* 0 … 1 */
  float threshold; /* NaN: none */
};

G_DEFINE_FINAL_TYPE (SlopeClassBar, slope_class_bar, GTK_TYPE_WIDGET)

static void
append_pill (GtkSnapshot *snapshot, float x, float y, float width, const GdkRGBA *color)
{
  GskRoundedRect pill;

  gsk_rounded_rect_init_from_rect (&pill, &GRAPHENE_RECT_INIT (x, y, width, BAR_PX), BAR_PX / 2.f);
  gtk_snapshot_push_rounded_clip (snapshot, &pill);
  gtk_snapshot_append_color (snapshot, color, &pill.bounds);
  gtk_snapshot_pop (snapshot);
}

/* Taller than the bar, so that it is seen on a full one. */
static void
append_threshold (SlopeClassBar *self, GtkSnapshot *snapshot, float width, float y)
{
  const gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  const float x = roundf ((rtl ? 1.f - self->threshold : self->threshold) * width);
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (x - 1.f, y - 3.f, 2.f, BAR_PX + 6.f));
}

static void
slope_class_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeClassBar *self = SLOPE_CLASS_BAR (widget);
  const float width = gtk_widget_get_width (widget);
  const float y = floorf ((gtk_widget_get_height (widget) - BAR_PX) / 2.f);
  const float filled = MAX (BAR_PX, self->share * width);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GdkRGBA color;

  if (width < BAR_PX)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= .1f;
  append_pill (snapshot, 0.f, y, width, &color);
  /* Half a per mille is the least that is worth a dot. */
  if (self->share >= .0005f)
    {
      slope_class_color (self->index, adw_style_manager_get_dark (adw_style_manager_get_default ()),
                         &color);
      append_pill (snapshot, rtl ? width - filled : 0.f, y, filled, &color);
    }
  if (!isnan (self->threshold))
    append_threshold (self, snapshot, width, y);
}

static void
slope_class_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : BAR_PX;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : BAR_PX;
}

static void
slope_class_bar_class_init (SlopeClassBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = slope_class_bar_snapshot;
  widget_class->measure = slope_class_bar_measure;
  gtk_widget_class_set_css_name (widget_class, "classbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
slope_class_bar_init (SlopeClassBar *self)
{
  self->threshold = NAN;
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

/* ---- The list. */

struct _SlopeClassBars
{
  GtkWidget parent_instance;
  GtkListBox *list; /* child: not owned */
};

G_DEFINE_FINAL_TYPE (SlopeClassBars, slope_class_bars, GTK_TYPE_WIDGET)

static void
slope_class_bars_dispose (GObject *object)
{
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_class_bars_parent_class)->dispose (object);
}

static void
slope_class_bars_class_init (SlopeClassBarsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_class_bars_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "classbars");
}

static void
slope_class_bars_init (SlopeClassBars *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Likeliest classes"), -1);
  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));
}

GtkWidget *
slope_class_bars_new (void)
{
  return g_object_new (SLOPE_TYPE_CLASS_BARS, NULL);
}

static GtkWidget *
label_new (const char *text, gboolean heading, float xalign, int chars)
{
  GtkWidget *label = gtk_label_new (text);

  g_object_set (label, "xalign", xalign, "width-chars", chars, "ellipsize",
                xalign == 0.f ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE, NULL);
  if (heading)
    gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
row_new (guint index, const char *name, float share, gboolean first)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  SlopeClassBar *bar = g_object_new (SLOPE_TYPE_CLASS_BAR, NULL);
  g_autofree char *percent = slope_format_percent (share);
  /* translators: a class and its probability, for screen readers */
  g_autofree char *spoken = g_strdup_printf (_ ("%1$s, %2$s"), name, percent);

  bar->index = index;
  bar->share = CLAMP (share, 0.f, 1.f);
  gtk_box_append (GTK_BOX (box), slope_swatch_new (index, 20));
  gtk_box_append (GTK_BOX (box), label_new (name, first, 0.f, NAME_CHARS));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (bar));
  gtk_box_append (GTK_BOX (box), label_new (percent, first, 1.f, 7));
  gtk_widget_add_css_class (box, "class-bar-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_tooltip_text (row, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

void
slope_class_bars_set (SlopeClassBars *self, const char *const *classes, const float *values,
                      guint n, guint max)
{
  g_autofree gboolean *shown = NULL;
  GtkListBoxRow *row;

  g_return_if_fail (SLOPE_IS_CLASS_BARS (self));
  g_return_if_fail (classes != NULL);
  g_return_if_fail (n == 0 || values != NULL);
  g_return_if_fail (n <= g_strv_length ((char **)classes));

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  shown = g_new0 (gboolean, n);
  for (guint rank = 0; rank < MIN (n, max); rank++)
    {
      guint best = n;

      for (guint i = 0; i < n; i++)
        if (!shown[i] && (best == n || values[i] > values[best]))
          best = i;
      shown[best] = TRUE;
      gtk_list_box_append (self->list, row_new (best, classes[best], values[best], rank == 0));
    }
}

void
slope_class_bars_set_threshold (SlopeClassBars *self, double threshold)
{
  GtkListBoxRow *row;

  g_return_if_fail (SLOPE_IS_CLASS_BARS (self));

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      GtkWidget *name = gtk_widget_get_next_sibling (
          gtk_widget_get_first_child (gtk_list_box_row_get_child (row)));
      SlopeClassBar *bar = SLOPE_CLASS_BAR (gtk_widget_get_next_sibling (name));

      bar->threshold = (float)threshold;
      if (bar->share > threshold)
        gtk_widget_add_css_class (name, "heading");
      else
        gtk_widget_remove_css_class (name, "heading");
      gtk_widget_queue_draw (GTK_WIDGET (bar));
    }
}
