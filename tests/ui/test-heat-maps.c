/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-clean-page-private.h"
#include "slope-settings.h"
#include "slope-tile.h"

/* Of the pictures that a network was trained with for a moment: the least that have maps, and too
 * small ones. */
#define SIDE_PX 80
#define TOO_SMALL_PX 64

/* ---- A project with a model of its own; a picture of 48 × 24 is in it */

static void
train (SlProject *project, int side_px)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GError) error = NULL;
  gint64 run;

  g_free (recipe->arch);
  recipe->arch = g_strdup ("squeezenet1-1");
  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("none");
  recipe->height = recipe->width = side_px;
  recipe->batch = 4;
  recipe->stages[0].epochs = 1;
  g_assert_true (sl_project_train (project, recipe, 0, NULL, &run, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (sl_project_evaluate (project, run, FALSE, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
write_wide_picture (const char *path)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 48, 24);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, 0x804020ff);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, int side_px)
{
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *pictures = NULL, *path = NULL, *wide = NULL;

  self->folder = g_dir_make_tmp ("slope-heat-XXXXXX", &error);
  g_assert_no_error (error);
  pictures = g_build_filename (self->folder, "bears", NULL);
  fixture_write_pictures (pictures);
  wide = g_build_filename (pictures, "teddy", "wide.png", NULL);
  write_wide_picture (wide);
  import = sl_import_scan (pictures, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  path = g_build_filename (self->folder, "bears.slope", NULL);
  self->project = sl_project_create (path, import, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  train (self->project, side_px);
}

/* One project for each size: what a test changes it takes back. */
static Fixture projects[2];

static Fixture *
project_of (gconstpointer side_px)
{
  Fixture *fixture = &projects[GPOINTER_TO_INT (side_px) == TOO_SMALL_PX];

  if (fixture->project == NULL)
    set_up (fixture, GPOINTER_TO_INT (side_px));
  return fixture;
}

static SlopeAnswers *
maps_new (Fixture *fixture)
{
  SlopeAnswers *maps = slope_heat_maps_new ();

  slope_answers_set_run (maps, fixture->project, 1);
  return maps;
}

static gboolean
has_map (SlopeAnswers *maps, SlItem *item)
{
  graphene_rect_t where;

  return slope_heat_maps_lookup (maps, item, &where) != NULL;
}

/* ---- The source of maps */

static void
test_label (gconstpointer side_px)
{
  Fixture *fixture = project_of (side_px);
  SlopeAnswers *maps = maps_new (fixture);
  SlItem *items[] = { fixture_item (fixture, "black/0.png"),
                      fixture_item (fixture, "teddy/1.png") };
  const gint64 id = sl_item_get_id (items[0]);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (slope_heat_maps_class_of (fixture->project, items[0]), ==, "black");
  g_assert_false (has_map (maps, items[0]));
  slope_answers_want (maps, items, 2);
  ui_test_wait_for (has_map (maps, items[0]) && has_map (maps, items[1]));

  /* Another label, another map; with the old label the old one is still there. */
  g_assert_true (sl_project_relabel (fixture->project, &id, 1, "grizzly", &error));
  g_assert_cmpstr (slope_heat_maps_class_of (fixture->project, items[0]), ==, "grizzly");
  g_assert_false (has_map (maps, items[0]));
  slope_answers_want (maps, items, 1);
  ui_test_wait_for (has_map (maps, items[0]));
  g_assert_true (sl_project_undo (fixture->project, &error));
  g_assert_true (has_map (maps, items[0]));

  /* A new run: none of them counts any more. */
  slope_answers_set_run (maps, fixture->project, 1);
  g_assert_false (has_map (maps, items[0]));
  g_assert_finalize_object (maps);
}

/* What is not wanted any more is not made; and wanted again, it is. */
static void
test_scrolled_away (gconstpointer side_px)
{
  Fixture *fixture = project_of (side_px);
  SlopeAnswers *maps = maps_new (fixture);
  SlItem *first = fixture_item (fixture, "black/0.png");
  SlItem *second = fixture_item (fixture, "black/1.png");
  SlItem *third = fixture_item (fixture, "black/2.png");

  slope_answers_want (maps, (SlItem *[]){ first, second }, 2);
  slope_answers_want (maps, (SlItem *[]){ third }, 1);
  ui_test_wait_for (has_map (maps, third));
  ui_test_settle ();
  g_assert_false (has_map (maps, first));
  g_assert_false (has_map (maps, second));

  slope_answers_want (maps, (SlItem *[]){ first }, 1);
  slope_answers_want (maps, NULL, 0);
  slope_answers_want (maps, (SlItem *[]){ first }, 1);
  ui_test_wait_for (has_map (maps, first));
  g_assert_finalize_object (maps);
}

/* The network sees the middle square, and that is what a tile shows. */
static void
test_crop (gconstpointer side_px)
{
  Fixture *fixture = project_of (side_px);
  SlopeAnswers *maps = maps_new (fixture);
  SlItem *wide = fixture_item (fixture, "teddy/wide.png");
  graphene_rect_t where;

  g_assert_cmpint (sl_item_get_width (wide), ==, 48);
  slope_answers_want (maps, &wide, 1);
  ui_test_wait_for (slope_heat_maps_lookup (maps, wide, &where) != NULL);
  g_assert_cmpfloat_with_epsilon (where.origin.x, 0, .05);
  g_assert_cmpfloat_with_epsilon (where.origin.y, 0, .05);
  g_assert_cmpfloat_with_epsilon (where.size.width, 1, .05);
  g_assert_cmpfloat_with_epsilon (where.size.height, 1, .05);
  g_assert_finalize_object (maps);
}

/* A file that is gone has none; the one behind it has. */
static void
test_lost_file (gconstpointer side_px)
{
  Fixture *fixture = project_of (side_px);
  SlopeAnswers *maps = maps_new (fixture);
  SlItem *items[] = { fixture_item (fixture, "black/0.png"),
                      fixture_item (fixture, "black/1.png") };

  g_autofree char *aside = g_strconcat (sl_item_get_path (items[0]), ".aside", NULL);

  g_assert_cmpint (g_rename (sl_item_get_path (items[0]), aside), ==, 0);
  slope_answers_want (maps, items, 2);
  ui_test_wait_for (has_map (maps, items[1]));
  g_assert_false (has_map (maps, items[0]));
  g_assert_null (slope_answers_get_problem (maps));
  g_assert_cmpint (g_rename (aside, sl_item_get_path (items[0])), ==, 0);
  g_assert_finalize_object (maps);
}

/* Gone while a map is being made: nothing comes back to it. */
static void
test_closed (gconstpointer side_px)
{
  Fixture *fixture = project_of (side_px);
  SlopeAnswers *maps = maps_new (fixture);
  SlItem *item = fixture_item (fixture, "black/0.png");

  slope_answers_want (maps, &item, 1);
  slope_answers_set_run (maps, NULL, 0);
  ui_test_wait_for (G_OBJECT (maps)->ref_count == 1);
  g_assert_false (has_map (maps, item));
  g_assert_finalize_object (maps);
}

static void
test_too_small (gconstpointer side_px)
{
  Fixture *fixture = project_of (side_px);
  SlopeAnswers *maps = maps_new (fixture);
  SlItem *items[] = { fixture_item (fixture, "black/0.png"),
                      fixture_item (fixture, "black/1.png") };

  g_assert_null (slope_answers_get_problem (maps));
  slope_answers_want (maps, items, 2);
  ui_test_wait_for (slope_answers_get_problem (maps) != NULL);
  g_assert_nonnull (strstr (slope_answers_get_problem (maps), "at least 80 pixels"));
  /* Not asked again, for none of them. */
  slope_answers_want (maps, items, 2);
  g_assert_cmpuint (G_OBJECT (maps)->ref_count, ==, 1);
  slope_answers_set_run (maps, fixture->project, 1);
  g_assert_null (slope_answers_get_problem (maps));
  g_assert_finalize_object (maps);
}

/* ---- Over the grid */

typedef struct
{
  Fixture *fixture; /* shared */
  GtkWidget *window;
  SlopeCleanPage *page;
} Page;

static void
page_set_up (Page *self, gconstpointer side_px)
{
  g_settings_reset (slope_settings (), "clean-heat-maps");
  self->fixture = project_of (side_px);
  self->window = gtk_window_new ();
  /* Room for one row and a half. */
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1000, 480);
  self->page = SLOPE_CLEAN_PAGE (slope_clean_page_new ());
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->page));
  slope_clean_page_set_project (self->page, self->fixture->project);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_wait_for_frame (GTK_WIDGET (self->page));
  ui_test_wait_for (self->page->fill_id == 0 && self->page->refresh_id == 0);
  ui_test_wait_for_frame (GTK_WIDGET (self->page)); /* with tiles */
}

static void
page_tear_down (Page *self, gconstpointer side_px)
{
  SlopeCleanPage *page = g_object_ref (self->page);

  ui_test_destroy (self->window);
  ui_test_finalize (page);
}

/* The tile of the @position-th row of the grid. */
static GtkWidget *
tile_at (Page *self, guint position)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->page->grid));

  for (guint i = 0; i < position; i++)
    row = gtk_widget_get_next_sibling (row);
  return gtk_widget_get_first_child (row);
}

static gboolean
tile_has_map (GtkWidget *tile)
{
  g_autofree char *text = g_strdup_printf (
      "With the heat map for %s", sl_item_get_target (slope_tile_get_item (SLOPE_TILE (tile))));
  g_autofree char *wrong = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);

  return wrong == NULL;
}

static guint
count_maps (Page *self)
{
  guint n = 0;

  for (guint i = 0; i < FIXTURE_N + 1; i++)
    n += tile_has_map (tile_at (self, i));
  return n;
}

static void
test_seen_alone (Page *self, gconstpointer data)
{
  GtkAdjustment *scroll = gtk_scrolled_window_get_vadjustment (self->page->scroller);
  guint seen;

  g_assert_false (gtk_revealer_get_reveal_child (self->page->heat_revealer));
  g_assert_cmpuint (count_maps (self), ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (self->page), "clean.heat-maps", NULL);
  ui_test_wait_for (tile_has_map (tile_at (self, 0)) && count_maps (self) > 1);
  ui_test_settle (); /* none that is not seen */
  g_assert_true (gtk_revealer_get_reveal_child (self->page->heat_revealer));
  seen = count_maps (self);
  g_assert_cmpuint (seen, >, 1);
  g_assert_cmpuint (seen, <, FIXTURE_N + 1);
  g_assert_false (tile_has_map (tile_at (self, FIXTURE_N)));

  gtk_adjustment_set_value (scroll, gtk_adjustment_get_upper (scroll));
  ui_test_wait_for (tile_has_map (tile_at (self, FIXTURE_N)));

  /* Kept for the next time the program starts, and gone when they are not wanted. */
  g_assert_true (g_settings_get_boolean (slope_settings (), "clean-heat-maps"));
  gtk_toggle_button_set_active (self->page->heat_toggle, FALSE);
  ui_test_wait_for (count_maps (self) == 0);
  g_assert_false (gtk_revealer_get_reveal_child (self->page->heat_revealer));
}

static void
test_relabelled (Page *self, gconstpointer data)
{
  SlItem *item = slope_tile_get_item (SLOPE_TILE (tile_at (self, 0)));
  const gboolean teddy = g_str_equal (sl_item_get_target (item), "teddy");
  const gint64 id = sl_item_get_id (item);
  g_autoptr (GError) error = NULL;

  gtk_toggle_button_set_active (self->page->heat_toggle, TRUE);
  ui_test_wait_for (tile_has_map (tile_at (self, 0)));
  g_assert_true (
      sl_project_relabel (self->fixture->project, &id, 1, teddy ? "black" : "teddy", &error));
  g_assert_no_error (error);
  ui_test_wait_for (tile_has_map (tile_at (self, 0)));
  g_assert_true (sl_project_undo (self->fixture->project, &error));
}

static void
trained_cb (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (SlRun) run = sl_project_train_finish (SL_PROJECT (source), result, NULL);

  *(gboolean *)done = TRUE;
}

/* It says why there are none, and that ends with the training. */
static void
test_while_training (Page *self, gconstpointer data)
{
  g_autoptr (GListModel) runs = g_object_ref (sl_project_get_runs (self->fixture->project));
  g_autoptr (SlRun) run = g_list_model_get_item (runs, 0);
  gboolean done = FALSE;

  gtk_toggle_button_set_active (self->page->heat_toggle, TRUE);
  ui_test_wait_for (tile_has_map (tile_at (self, 0)));
  sl_project_train_async (self->fixture->project, sl_run_get_recipe (run), 0, NULL, trained_cb,
                          &done);
  ui_test_wait_for (g_str_has_prefix (gtk_label_get_text (self->page->heat_line),
                                      "Heat maps wait until training has ended"));
  g_assert_cmpuint (count_maps (self), ==, 0);
  ui_test_wait_for (done);
  /* The page looks at the pictures with the new model by itself. */
  ui_test_wait_for (sl_project_get_evaluated_run (self->fixture->project) == 2);
  ui_test_wait_for (tile_has_map (tile_at (self, 0)));
}

static void
test_says_why (Page *self, gconstpointer data)
{
  gtk_toggle_button_set_active (self->page->heat_toggle, TRUE);
  ui_test_wait_for (strstr (gtk_label_get_text (self->page->heat_line), "80 pixels") != NULL);
  g_assert_cmpuint (count_maps (self), ==, 0);
}

static void
add_page (const char *path, int side_px, void (*test) (Page *, gconstpointer))
{
  g_test_add (path, Page, GINT_TO_POINTER (side_px), page_set_up, test, page_tear_down);
}

int
main (int argc, char **argv)
{
  const gpointer side = GINT_TO_POINTER (SIDE_PX), too_small = GINT_TO_POINTER (TOO_SMALL_PX);
  int result;

  ui_test_init (&argc, &argv);
  g_test_add_data_func ("/ui/heat-maps/label", side, test_label);
  g_test_add_data_func ("/ui/heat-maps/scrolled-away", side, test_scrolled_away);
  g_test_add_data_func ("/ui/heat-maps/crop", side, test_crop);
  g_test_add_data_func ("/ui/heat-maps/lost-file", side, test_lost_file);
  g_test_add_data_func ("/ui/heat-maps/closed", side, test_closed);
  g_test_add_data_func ("/ui/heat-maps/too-small", too_small, test_too_small);
  add_page ("/ui/heat-maps/seen-alone", SIDE_PX, test_seen_alone);
  add_page ("/ui/heat-maps/relabelled", SIDE_PX, test_relabelled);
  add_page ("/ui/heat-maps/while-training", SIDE_PX, test_while_training);
  add_page ("/ui/heat-maps/says-why", TOO_SMALL_PX, test_says_why);
  result = g_test_run ();
  for (guint i = 0; i < G_N_ELEMENTS (projects); i++)
    if (projects[i].project != NULL)
      fixture_tear_down (&projects[i], NULL);
  return result;
}
