/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "slope-ui-resources.h"

#include "slope-thumbnailer.h"
#include "slope-tile.h"

#include <adwaita.h>

static void
assert_name (GtkWidget *widget, const char *name)
{
  char *wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                                    GTK_ACCESSIBLE_PROPERTY_LABEL, name);

  g_assert_cmpstr (wrong, ==, NULL);
}

/* The first shown child of a type, depth first. */
static GtkWidget *
find_child (GtkWidget *widget, const char *css_class)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = gtk_widget_has_css_class (child, css_class)
                             ? child
                             : find_child (child, css_class);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
tile_new (Fixture *fixture, SlopeCaptionKind kind)
{
  return g_object_ref_sink (slope_tile_new (sl_project_get_task (fixture->project),
                                            sl_project_get_classes (fixture->project), kind, 96));
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  GtkWidget *tile = tile_new (fixture, SLOPE_CAPTION_REVIEW);
  SlItem *wrong = fixture_item (fixture, "black/0.png");
  SlItem *right = fixture_item (fixture, "black/1.png");

  slope_tile_set_item (SLOPE_TILE (tile), wrong);
  assert_name (tile, "0.png, label black, model says grizzly, loss 4.00");
  g_assert_true (slope_tile_get_item (SLOPE_TILE (tile)) == wrong);
  g_assert_false (gtk_widget_get_visible (find_child (tile, "mark")));
  slope_tile_set_item (SLOPE_TILE (tile), right);
  assert_name (tile, "1.png, label black, the model agrees, loss 0.02");
  slope_tile_set_item (SLOPE_TILE (tile), NULL);
  g_assert_null (slope_tile_get_item (SLOPE_TILE (tile)));
  g_assert_finalize_object (tile);
}

static void
test_label_only (Fixture *fixture, gconstpointer data)
{
  GtkWidget *tile = tile_new (fixture, SLOPE_CAPTION_LABEL);

  slope_tile_set_item (SLOPE_TILE (tile), fixture_item (fixture, "black/0.png"));
  assert_name (tile, "0.png, label black");
  g_assert_finalize_object (tile);
}

/* The tile follows what happens to its item, and back again. */
static void
test_marks (Fixture *fixture, gconstpointer data)
{
  GtkWidget *tile = tile_new (fixture, SLOPE_CAPTION_REVIEW);
  SlItem *item = fixture_item (fixture, "black/0.png");
  const gint64 id = sl_item_get_id (item);
  g_autoptr (GError) error = NULL;
  GtkWidget *mark;

  slope_tile_set_item (SLOPE_TILE (tile), item);
  mark = find_child (tile, "mark");
  g_assert_false (slope_item_is_done (item));

  g_assert_true (sl_project_keep (fixture->project, &id, 1, TRUE, &error));
  g_assert_true (slope_item_is_done (item));
  g_assert_true (gtk_widget_get_visible (mark));
  g_assert_true (gtk_widget_has_css_class (mark, "kept"));
  assert_name (tile, "0.png, label black, model says grizzly, loss 4.00, kept");

  g_assert_true (sl_project_relabel (fixture->project, &id, 1, "grizzly", &error));
  g_assert_true (gtk_widget_has_css_class (mark, "relabelled"));
  g_assert_false (gtk_widget_has_css_class (mark, "kept"));
  assert_name (tile, "0.png, label grizzly, was black, relabelled");

  g_assert_true (sl_project_remove (fixture->project, &id, 1, &error));
  g_assert_true (gtk_widget_has_css_class (mark, "removed"));
  assert_name (tile, "0.png, label grizzly, was black, removed");

  for (guint i = 0; i < 3; i++)
    g_assert_true (sl_project_undo (fixture->project, &error));
  g_assert_no_error (error);
  g_assert_false (gtk_widget_get_visible (mark));
  assert_name (tile, "0.png, label black, model says grizzly, loss 4.00");
  g_assert_finalize_object (tile);
}

static void
assert_description (GtkWidget *widget, const char *text)
{
  char *wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);

  g_assert_cmpstr (wrong, ==, NULL);
}

/* It belongs to one picture, and goes when the tile shows another. */
static void
test_heat_map (Fixture *fixture, gconstpointer data)
{
  static const guint8 red[] = { 255, 0, 0 };
  const graphene_rect_t where = GRAPHENE_RECT_INIT (0, 0, 1, 1);
  g_autoptr (GdkTexture) map = slope_texture_new_from_rgb (red, 1, 1);
  GtkWidget *tile = tile_new (fixture, SLOPE_CAPTION_REVIEW);

  slope_tile_set_item (SLOPE_TILE (tile), fixture_item (fixture, "black/0.png"));
  slope_tile_set_heat_map (SLOPE_TILE (tile), map, &where, "black");
  assert_description (tile, "With the heat map for black");
  slope_tile_set_item (SLOPE_TILE (tile), fixture_item (fixture, "black/0.png"));
  assert_description (tile, "With the heat map for black");
  slope_tile_set_item (SLOPE_TILE (tile), fixture_item (fixture, "black/1.png"));
  assert_description (tile, "");
  slope_tile_set_heat_map (SLOPE_TILE (tile), map, &where, "grizzly");
  slope_tile_set_heat_map (SLOPE_TILE (tile), NULL, NULL, NULL);
  assert_description (tile, "");
  g_assert_finalize_object (tile);
  g_assert_finalize_object (g_steal_pointer (&map));
}

/* A tile that goes away before its item does not hear of it any more. */
static void
test_outlived (Fixture *fixture, gconstpointer data)
{
  GtkWidget *tile = tile_new (fixture, SLOPE_CAPTION_REVIEW);
  SlItem *item = fixture_item (fixture, "teddy/0.png");
  const gint64 id = sl_item_get_id (item);
  g_autoptr (GError) error = NULL;

  slope_tile_set_item (SLOPE_TILE (tile), item);
  g_assert_finalize_object (tile);
  g_assert_true (sl_project_keep (fixture->project, &id, 1, TRUE, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv);
  adw_init ();
  g_resources_register (slope_ui_get_resource ());
  g_test_add ("/ui/tile/names", Fixture, GINT_TO_POINTER (FIXTURE_EVALUATED), fixture_set_up,
              test_names, fixture_tear_down);
  g_test_add ("/ui/tile/label-only", Fixture, GINT_TO_POINTER (FIXTURE_EVALUATED), fixture_set_up,
              test_label_only, fixture_tear_down);
  g_test_add ("/ui/tile/marks", Fixture, GINT_TO_POINTER (FIXTURE_EVALUATED), fixture_set_up,
              test_marks, fixture_tear_down);
  g_test_add ("/ui/tile/heat-map", Fixture, GINT_TO_POINTER (FIXTURE_EVALUATED), fixture_set_up,
              test_heat_map, fixture_tear_down);
  g_test_add ("/ui/tile/outlived", Fixture, GINT_TO_POINTER (FIXTURE_EVALUATED), fixture_set_up,
              test_outlived, fixture_tear_down);
  return g_test_run ();
}
