/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels that are drawn over their pictures: points, which can be moved, and masks. */

#include "project-fixture.h"
#include "ui-test.h"

#include "slope-colors.h"
#include "slope-label-preview.h"
#include "slope-mask-paintable.h"
#include "slope-points-paintable.h"

#include <math.h>

#define SIDE 100

/* ---- Points as text */

static void
test_parse (void)
{
  g_autoptr (GArray) points = slope_points_parse ("12.5,30 - 44,61.5");
  g_autoptr (GArray) none = slope_points_parse (NULL);
  g_autoptr (GArray) broken = slope_points_parse ("1,2 three 4,5");

  g_assert_cmpuint (points->len, ==, 3);
  g_assert_cmpfloat (g_array_index (points, graphene_point_t, 0).x, ==, 12.5);
  g_assert_true (isnan (g_array_index (points, graphene_point_t, 1).x));
  g_assert_cmpfloat (g_array_index (points, graphene_point_t, 2).y, ==, 61.5);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (broken->len, ==, 1);
}

static void
test_move (void)
{
  g_autofree char *moved = slope_points_move ("12.5,30 - 44,61.5", 2, 43.126, 60.);
  g_autofree char *known = slope_points_move ("12.5,30 - 44,61.5", 1, 1., 2.);

  g_assert_cmpstr (moved, ==, "12.5,30 - 43.13,60.00");
  g_assert_cmpstr (known, ==, "12.5,30 1.00,2.00 44,61.5");
}

/* ---- What is drawn */

/* As Cairo has it: alpha, red, green, blue. */
static guint32
pixel_of (GdkPaintable *paintable, int x, int y)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SIDE, SIDE);
  cairo_t *cr = cairo_create (surface);
  GskRenderNode *node;
  guint32 pixel;

  gdk_paintable_snapshot (paintable, snapshot, SIDE, SIDE);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    {
      gsk_render_node_draw (node, cr);
      gsk_render_node_unref (node);
    }
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  pixel = *(guint32 *)(void *)(cairo_image_surface_get_data (surface)
                               + y * cairo_image_surface_get_stride (surface) + 4 * x);
  cairo_surface_destroy (surface);
  return pixel;
}

static guint32
class_pixel (guint index, gboolean dark)
{
  GdkRGBA color;

  slope_class_color (index, dark, &color);
  return 0xffu << 24 | (guint32)lrintf (255.f * color.red) << 16
         | (guint32)lrintf (255.f * color.green) << 8 | (guint32)lrintf (255.f * color.blue);
}

/* In a picture of 200 × 200 pixels, drawn at half its size. */
static void
test_points_drawn (void)
{
  g_autoptr (GdkPaintable)
      paintable = slope_points_paintable_new ("40,100 -", "160,100 40,40", 200, 200);

  g_assert_cmphex (pixel_of (paintable, 20, 50), ==, class_pixel (0, TRUE)); /* a dot */
  g_assert_cmphex (pixel_of (paintable, 80, 42), ==, 0);
  g_assert_cmphex (pixel_of (paintable, 50, 50), !=, 0); /* the line between */
  g_assert_cmphex (pixel_of (paintable, 20, 20), ==, 0); /* hollow, and without a line */
  g_assert_cmphex (pixel_of (paintable, 20, 16), !=, 0);
  g_assert_cmphex (pixel_of (paintable, 35, 35), ==, 0);
}

/* Values 0, 1 and 255 in columns. */
static char *
write_mask (const char *folder)
{
  char *path = g_build_filename (folder, "mask.png", NULL);
  g_autoptr (SlPicture) mask = sl_picture_new (90, 60);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 90 * 60; i++)
    memset (mask->pixels + 3 * i, i % 90 < 30 ? 0 : i % 90 < 60 ? 1 : 255, 3);
  sl_picture_save_png (mask, path, &error);
  g_assert_no_error (error);
  return path;
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_mask_drawn (void)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-test-XXXXXX", NULL);
  g_autofree char *path = write_mask (folder);
  g_autoptr (GdkPaintable) two = slope_mask_paintable_new (path, 2);
  g_autoptr (GdkPaintable) many = slope_mask_paintable_new (path, 12);
  guint n_two = 0, n_many = 0;

  g_signal_connect_swapped (two, "invalidate-contents", G_CALLBACK (count_cb), &n_two);
  g_signal_connect_swapped (many, "invalidate-contents", G_CALLBACK (count_cb), &n_many);
  g_assert_cmphex (pixel_of (two, 10, 50), ==, 0); /* asks for it */
  g_assert_cmphex (pixel_of (many, 10, 50), ==, 0);
  ui_test_wait_for (n_two > 0 && n_many > 0);
  g_assert_cmphex (pixel_of (two, 10, 50), ==, class_pixel (0, FALSE));
  g_assert_cmphex (pixel_of (two, 50, 50), ==, class_pixel (1, FALSE));
  g_assert_cmphex (pixel_of (two, 90, 50), ==, class_pixel (1, FALSE)); /* white: the second */
  g_assert_cmphex (pixel_of (many, 90, 50), ==, class_pixel (255, FALSE));
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_DARK);
  pixel_of (two, 10, 50);
  ui_test_wait_for (pixel_of (two, 10, 50) == class_pixel (0, TRUE));
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  fixture_remove_tree (folder);
}

static void
test_mask_missing (void)
{
  g_autoptr (GdkPaintable) paintable = slope_mask_paintable_new ("/nowhere/mask.png", 2);
  guint n = 0;

  g_signal_connect_swapped (paintable, "invalidate-contents", G_CALLBACK (count_cb), &n);
  pixel_of (paintable, 10, 50);
  ui_test_wait_for (n > 0);
  g_assert_cmphex (pixel_of (paintable, 10, 50), ==, 0);
}

/* ---- The preview */

typedef struct
{
  Fixture fixture;
  GtkWidget *window, *preview;
  SlItem *item;
  char *edited; /* what the signal said last */
} Preview;

static void
edited_cb (Preview *self, const char *target)
{
  g_free (self->edited);
  self->edited = g_strdup (target);
}

static void
preview_set_up (Preview *self, gconstpointer kind)
{
  fixture_set_up_kind (&self->fixture, kind);
  self->item = fixture_item (&self->fixture, "black/0.png");
  self->window = gtk_window_new ();
  self->preview = g_object_new (SLOPE_TYPE_LABEL_PREVIEW, NULL);
  g_signal_connect_swapped (self->preview, "edited", G_CALLBACK (edited_cb), self);
  gtk_window_set_child (GTK_WINDOW (self->window), self->preview);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 300, 400);
  slope_label_preview_set (SLOPE_LABEL_PREVIEW (self->preview), self->fixture.project, self->item,
                           TRUE);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_wait_for_frame (self->preview);
}

static void
preview_tear_down (Preview *self, gconstpointer kind)
{
  g_free (self->edited);
  ui_test_destroy (self->window);
  fixture_tear_down (&self->fixture, kind);
}

static GtkEventController * /* (transfer none) */
controller_of (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_error ("no %s", g_type_name (type));
}

static gboolean
press (Preview *self, guint key, GdkModifierType state)
{
  GtkEventController *keys = controller_of (self->preview, GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean taken = FALSE;

  g_signal_emit_by_name (keys, "key-pressed", key, 0, state, &taken);
  return taken;
}

static void
release (Preview *self, guint key)
{
  g_signal_emit_by_name (controller_of (self->preview, GTK_TYPE_EVENT_CONTROLLER_KEY),
                         "key-released", key, 0, 0);
}

/* Pictures have 24 × 24 pixels. */
static void
test_keys (Preview *self, gconstpointer kind)
{
  g_autofree char *target = g_strdup (sl_item_get_target (self->item));
  g_autofree char *first = NULL;

  g_assert_false (press (self, GDK_KEY_Right, 0)); /* no point is chosen: the focus may move on */
  g_assert_true (press (self, GDK_KEY_Page_Down, 0));
  first = slope_points_move (target, 0, g_ascii_strtod (target, NULL) + 2.,
                             g_ascii_strtod (strchr (target, ',') + 1, NULL));
  g_assert_true (press (self, GDK_KEY_Right, 0));
  g_assert_true (press (self, GDK_KEY_Right, 0));
  g_assert_null (self->edited); /* held: one step */
  release (self, GDK_KEY_Right);
  g_assert_cmpstr (self->edited, ==, first);
  g_assert_true (press (self, GDK_KEY_Escape, 0));
  g_assert_false (press (self, GDK_KEY_Escape, 0));
}

/* It does not leave the picture. */
static void
test_edge (Preview *self, gconstpointer kind)
{
  press (self, GDK_KEY_Page_Up, 0); /* the last one */
  for (guint i = 0; i < 4; i++)
    {
      press (self, GDK_KEY_Right, GDK_SHIFT_MASK);
      press (self, GDK_KEY_Down, GDK_SHIFT_MASK);
    }
  release (self, GDK_KEY_Down);
  g_assert_true (g_str_has_suffix (self->edited, " 24.00,24.00"));
}

static void
test_drag (Preview *self, gconstpointer kind)
{
  GtkEventController *drag = controller_of (self->preview, GTK_TYPE_GESTURE_DRAG);
  GtkWidget *picture = gtk_widget_get_first_child (self->preview);
  const char *target = sl_item_get_target (self->item);
  const double x = g_ascii_strtod (target, NULL);
  const double y = g_ascii_strtod (strchr (target, ',') + 1, NULL);
  const double scale = gtk_widget_get_height (picture) / 24.;
  const double left = (gtk_widget_get_width (picture) - 24. * scale) / 2.;
  g_autofree char *moved = slope_points_move (target, 0, x + 3., y + 6.);

  g_assert_cmpint (gtk_widget_get_height (picture), <, gtk_widget_get_width (picture));
  g_signal_emit_by_name (drag, "drag-begin", left + x * scale, y * scale);
  g_signal_emit_by_name (drag, "drag-update", 3. * scale, 6. * scale);
  g_assert_null (self->edited);
  g_signal_emit_by_name (drag, "drag-end", 3. * scale, 6. * scale);
  g_assert_cmpstr (self->edited, ==, moved);
}

/* A label of several pictures, or of one in the bin, is only looked at. */
static void
test_not_editable (Preview *self, gconstpointer kind)
{
  slope_label_preview_set (SLOPE_LABEL_PREVIEW (self->preview), self->fixture.project, self->item,
                           FALSE);
  g_assert_false (press (self, GDK_KEY_Page_Down, 0));
  g_assert_false (gtk_widget_get_focusable (self->preview));
}

/* Masks have a legend and a slider, and nothing to drag. */
static void
test_legend (Preview *self, gconstpointer kind)
{
  GtkWidget *legend = ui_test_find_type (self->preview, "GtkFlowBox");
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (legend); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n++;
  g_assert_cmpuint (n, ==, 3);
  g_assert_true (gtk_widget_get_mapped (legend));
  g_assert_true (gtk_widget_get_mapped (ui_test_find_type (self->preview, "GtkScale")));
  g_assert_false (press (self, GDK_KEY_Page_Down, 0));
  ui_test_assert_named (self->preview);
}

int
main (int argc, char *argv[])
{
  const FixtureKind *masks = &fixture_kinds[1], *points = &fixture_kinds[2];

  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/label-preview/parse", test_parse);
  g_test_add_func ("/ui/label-preview/move", test_move);
  g_test_add_func ("/ui/label-preview/points-drawn", test_points_drawn);
  g_test_add_func ("/ui/label-preview/mask-drawn", test_mask_drawn);
  g_test_add_func ("/ui/label-preview/mask-missing", test_mask_missing);
  g_test_add ("/ui/label-preview/keys", Preview, points, preview_set_up, test_keys,
              preview_tear_down);
  g_test_add ("/ui/label-preview/edge", Preview, points, preview_set_up, test_edge,
              preview_tear_down);
  g_test_add ("/ui/label-preview/drag", Preview, points, preview_set_up, test_drag,
              preview_tear_down);
  g_test_add ("/ui/label-preview/not-editable", Preview, points, preview_set_up, test_not_editable,
              preview_tear_down);
  g_test_add ("/ui/label-preview/legend", Preview, masks, preview_set_up, test_legend,
              preview_tear_down);
  return g_test_run ();
}
