/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test.h"

#include "slope-share-bar.h"
#include "slope-swatch.h"

static void
count (guint *n)
{
  (*n)++;
}

static void
test_properties (void)
{
  GtkWidget *swatch = g_object_ref_sink (slope_swatch_new (2, 20));
  guint n = 0;
  int index, size, natural;

  g_object_get (swatch, "index", &index, "size", &size, NULL);
  g_assert_cmpint (index, ==, 2);
  g_assert_cmpint (size, ==, 20);
  g_assert_true (gtk_widget_get_visible (swatch));
  gtk_widget_measure (swatch, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpint (natural, ==, 20);

  g_signal_connect_swapped (swatch, "notify::index", G_CALLBACK (count), &n);
  slope_swatch_set_index (SLOPE_SWATCH (swatch), 2);
  g_assert_cmpuint (n, ==, 0);
  slope_swatch_set_index (SLOPE_SWATCH (swatch), -1);
  g_assert_cmpuint (n, ==, 1);
  g_assert_false (gtk_widget_get_visible (swatch));
  g_assert_finalize_object (swatch);
}

/* Draws @widget and returns the pixel at a place, as 0xRRGGBB. */
static guint32
pixel_of (GtkWidget *widget, int width, int height, int x, int y)
{
  GtkWidget *window = gtk_window_new ();
  g_autoptr (GdkPaintable) paintable = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  guint32 pixel;

  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  paintable = gtk_widget_paintable_new (widget);
  ui_test_wait_for (gtk_widget_get_width (widget) > 0);
  gtk_widget_queue_draw (widget); /* for the paintable */
  ui_test_wait_for_frame (widget);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  gsk_render_node_draw (node, cr);
  cairo_surface_flush (surface);
  pixel = *(guint32 *)(cairo_image_surface_get_data (surface)
                       + y * cairo_image_surface_get_stride (surface) + 4 * x);
  gsk_render_node_unref (node);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  gtk_window_destroy (GTK_WINDOW (window));
  return pixel & 0xffffff;
}

static void
test_colour_is_drawn (void)
{
  GtkWidget *swatch = slope_swatch_new (0, 20);

  gtk_widget_set_halign (swatch, GTK_ALIGN_START);
  gtk_widget_set_valign (swatch, GTK_ALIGN_START);
  /* Beside the number and inside the corner. */
  g_assert_cmphex (pixel_of (swatch, 20, 20, 10, 1), ==, 0x3a6ae8);
}

/* Half of the bar is training: solid there, something else to the right of it. */
static void
test_share_bar (void)
{
  GtkWidget *bar = slope_share_bar_new ();

  gtk_widget_set_size_request (bar, 100, 6);
  slope_share_bar_set (SLOPE_SHARE_BAR (bar), 1, 50, 25, 100);
  g_object_ref (bar);
  g_assert_cmphex (pixel_of (bar, 100, 6, 25, 3), ==, 0xd2802b);
  gtk_widget_unparent (bar);
  g_assert_cmphex (pixel_of (bar, 100, 6, 60, 3), !=, 0xd2802b);
  g_object_unref (bar);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/swatch/properties", test_properties);
  g_test_add_func ("/ui/swatch/colour-is-drawn", test_colour_is_drawn);
  g_test_add_func ("/ui/share-bar/parts", test_share_bar);
  return g_test_run ();
}
