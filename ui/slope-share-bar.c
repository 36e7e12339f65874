/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-share-bar.h"

#include "slope-colors.h"

#include <adwaita.h>

#define BAR_HEIGHT_PX 6
#define VALID_ALPHA .42f
#define TROUGH_ALPHA .09f
#define NEUTRAL_ALPHA .6f

struct _SlopeShareBar
{
  GtkWidget parent_instance;
  int class_index; /* -1: neutral */
  double train;    /* 0 … 1 of the width */
  double valid;
};

G_DEFINE_FINAL_TYPE (SlopeShareBar, slope_share_bar, GTK_TYPE_WIDGET)

static void
slope_share_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? BAR_HEIGHT_PX : 48;
}

static void
append_part (GtkSnapshot *snapshot, double from, double width, float height, float y,
             const GdkRGBA *color)
{
  gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (from, y, width, height));
}

static void
slope_share_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeShareBar *self = SLOPE_SHARE_BAR (widget);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const double width = gtk_widget_get_width (widget);
  const float y = (gtk_widget_get_height (widget) - BAR_HEIGHT_PX) / 2.f;
  const double train = width * self->train, valid = width * self->valid;
  GskRoundedRect clip;
  GdkRGBA ink, trough, solid, pale;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  trough = solid = ink;
  trough.alpha *= TROUGH_ALPHA;
  solid.alpha *= NEUTRAL_ALPHA;
  if (self->class_index >= 0)
    slope_class_color (self->class_index,
                       adw_style_manager_get_dark (adw_style_manager_get_default ()), &solid);
  pale = solid;
  pale.alpha *= VALID_ALPHA;

  gsk_rounded_rect_init_from_rect (&clip, &GRAPHENE_RECT_INIT (0, y, width, BAR_HEIGHT_PX),
                                   BAR_HEIGHT_PX / 2.f);
  gtk_snapshot_push_rounded_clip (snapshot, &clip);
  append_part (snapshot, 0, width, BAR_HEIGHT_PX, y, &trough);
  append_part (snapshot, rtl ? width - train : 0, train, BAR_HEIGHT_PX, y, &solid);
  append_part (snapshot, rtl ? width - train - valid : train, valid, BAR_HEIGHT_PX, y, &pale);
  gtk_snapshot_pop (snapshot);
}

static void
slope_share_bar_class_init (SlopeShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = slope_share_bar_measure;
  widget_class->snapshot = slope_share_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "sharebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
slope_share_bar_init (SlopeShareBar *self)
{
  self->class_index = -1;
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
slope_share_bar_new (void)
{
  return g_object_new (SLOPE_TYPE_SHARE_BAR, NULL);
}

void
slope_share_bar_set (SlopeShareBar *self, int class_index, gsize train, gsize valid, gsize whole)
{
  g_return_if_fail (SLOPE_IS_SHARE_BAR (self));

  whole = MAX (whole, MAX (train + valid, 1));
  self->class_index = class_index;
  self->train = (double)train / whole;
  self->valid = (double)valid / whole;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
