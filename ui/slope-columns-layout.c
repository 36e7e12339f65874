/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-columns-layout.h"

#define SPACING_PX 36
#define STACKED_GAP_PX 18
#define FIRST_MIN_PX 300 /* narrower than this, the first child goes above the second */

struct _SlopeColumnsLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (SlopeColumnsLayout, slope_columns_layout, GTK_TYPE_LAYOUT_MANAGER)

static int
natural_width (GtkWidget *child)
{
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

static gboolean
is_wide (GtkWidget *second, int width)
{
  return width < 0 || width >= FIRST_MIN_PX + SPACING_PX + natural_width (second);
}

static GtkSizeRequestMode
get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_height (GtkWidget *first, GtkWidget *second, int width, int *minimum, int *natural)
{
  const gboolean wide = is_wide (second, width);
  const int second_width = wide ? natural_width (second) : width;
  const int first_width = !wide ? width : width < 0 ? -1 : width - SPACING_PX - second_width;
  int first_min, first_nat, second_min, second_nat;

  gtk_widget_measure (first, GTK_ORIENTATION_VERTICAL, first_width, &first_min, &first_nat, NULL,
                      NULL);
  gtk_widget_measure (second, GTK_ORIENTATION_VERTICAL, second_width, &second_min, &second_nat,
                      NULL, NULL);
  *minimum = wide ? MAX (first_min, second_min) : first_min + STACKED_GAP_PX + second_min;
  *natural = wide ? MAX (first_nat, second_nat) : first_nat + STACKED_GAP_PX + second_nat;
}

static void
measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size,
         int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  GtkWidget *second = gtk_widget_get_last_child (widget);
  int first_min, first_nat, second_min, second_nat;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      measure_height (first, second, for_size, minimum, natural);
      return;
    }
  gtk_widget_measure (first, orientation, -1, &first_min, &first_nat, NULL, NULL);
  gtk_widget_measure (second, orientation, -1, &second_min, &second_nat, NULL, NULL);
  *minimum = MAX (first_min, second_min);
  *natural = first_nat + SPACING_PX + second_nat;
}

static void
allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  GtkWidget *second = gtk_widget_get_last_child (widget);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation first_box = { 0, 0, width, height }, second_box = { 0, 0, width, height };

  if (is_wide (second, width))
    {
      second_box.width = natural_width (second);
      first_box.width = width - SPACING_PX - second_box.width;
      second_box.x = rtl ? 0 : first_box.width + SPACING_PX;
      first_box.x = rtl ? second_box.width + SPACING_PX : 0;
    }
  else
    {
      int second_min;

      gtk_widget_measure (second, GTK_ORIENTATION_VERTICAL, width, &second_min, NULL, NULL, NULL);
      first_box.height = MAX (0, height - STACKED_GAP_PX - second_min);
      second_box.y = first_box.height + STACKED_GAP_PX;
      second_box.height = second_min;
    }
  gtk_widget_size_allocate (first, &first_box, -1);
  gtk_widget_size_allocate (second, &second_box, -1);
}

static void
slope_columns_layout_class_init (SlopeColumnsLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = get_request_mode;
  layout_class->measure = measure;
  layout_class->allocate = allocate;
}

static void
slope_columns_layout_init (SlopeColumnsLayout *self)
{
}

GtkLayoutManager *
slope_columns_layout_new (void)
{
  return g_object_new (SLOPE_TYPE_COLUMNS_LAYOUT, NULL);
}
