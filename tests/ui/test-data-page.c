/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-augment-view.h"
#include "slope-data-filters.h"
#include "slope-data-page.h"
#include "slope-data-problems.h"
#include "slope-item-panel.h"

typedef struct
{
  GtkWidget *window;
  GtkWidget *page;
  GtkGridView *grid;
} Shown;

static Shown
show (Fixture *fixture)
{
  Shown shown = { gtk_window_new (), slope_data_page_new (), NULL };

  gtk_window_set_default_size (GTK_WINDOW (shown.window), 1200, 700);
  gtk_window_set_child (GTK_WINDOW (shown.window), shown.page);
  slope_data_page_set_project (SLOPE_DATA_PAGE (shown.page), fixture->project);
  gtk_window_present (GTK_WINDOW (shown.window));
  shown.grid = GTK_GRID_VIEW (ui_test_find_type (shown.page, "GtkGridView"));
  ui_test_wait_for (gtk_grid_view_get_model (shown.grid) != NULL);
  return shown;
}

static guint
n_shown (const Shown *shown)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_grid_view_get_model (shown->grid)));
}

static void
assert_text (const Shown *shown, const char *text)
{
  if (ui_test_find (shown->page, ui_test_has_text, text) == NULL)
    g_error ("the page does not say “%s”", text);
}

static gboolean
is_class_button (GtkWidget *widget, gconstpointer name)
{
  return GTK_IS_TOGGLE_BUTTON (widget) && gtk_widget_has_css_class (widget, "class-filter")
         && ui_test_find (widget, ui_test_has_text, name) != NULL;
}

static void
test_shows_and_filters (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  GtkWidget *teddy = ui_test_find (shown.page, is_class_button, "teddy");
  GtkWidget *search = ui_test_find_type (ui_test_find_type (shown.page, "SlopeDataFilters"),
                                         "GtkSearchEntry");

  g_assert_cmpuint (n_shown (&shown), ==, FIXTURE_N);
  assert_text (&shown, "12 pictures");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (teddy), TRUE);
  g_assert_cmpuint (n_shown (&shown), ==, FIXTURE_N_TEDDY);
  assert_text (&shown, "3 pictures");
  gtk_editable_set_text (GTK_EDITABLE (search), "no such name");
  ui_test_wait_for (n_shown (&shown) == 0);
  gtk_widget_activate_action (shown.page, "data.show-all", NULL);
  ui_test_wait_for (n_shown (&shown) == FIXTURE_N);
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (teddy)));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

/* Remove: the picture goes, the next one is selected; undo brings it back. */
static void
test_remove (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  GtkSelectionModel *model = gtk_grid_view_get_model (shown.grid);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlItem) item = NULL;
  g_autoptr (SlItem) follower = NULL;

  gtk_selection_model_select_item (model, 4, TRUE);
  item = g_list_model_get_item (G_LIST_MODEL (model), 4);
  follower = g_list_model_get_item (G_LIST_MODEL (model), 5);
  gtk_widget_activate_action (shown.page, "data.remove", NULL);
  g_assert_cmpint (sl_item_get_state (item), ==, SL_ITEM_REMOVED);
  ui_test_wait_for (n_shown (&shown) == FIXTURE_N - 1);
  g_assert_true (gtk_selection_model_is_selected (model, 4));
  {
    g_autoptr (SlItem) now = g_list_model_get_item (G_LIST_MODEL (model), 4);

    g_assert_true (now == follower);
  }
  gtk_widget_activate_action (shown.page, "data.show-removed", NULL);
  ui_test_wait_for (n_shown (&shown) == 1);
  gtk_selection_model_select_item (model, 0, TRUE);
  gtk_widget_activate_action (shown.page, "data.remove", NULL); /* puts back what is removed */
  g_assert_cmpint (sl_item_get_state (item), ==, SL_ITEM_PRESENT);
  g_assert_true (sl_project_undo (fixture->project, &error));
  g_assert_cmpint (sl_item_get_state (item), ==, SL_ITEM_REMOVED);
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

/* The rows beside the picture change all that is selected, in one step. */
static void
test_relabel_several (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  GtkSelectionModel *model = gtk_grid_view_get_model (shown.grid);
  GtkWidget *panel = ui_test_find_type (shown.page, "SlopeItemPanel");
  GtkWidget *label_row = ui_test_find_type (panel, "AdwComboRow");
  g_autoptr (GError) error = NULL;
  gsize before;

  gtk_selection_model_select_range (model, 0, 3, TRUE);
  assert_text (&shown, "3 pictures selected");
  before = sl_project_count (fixture->project, 1, SL_SPLIT_TRAIN)
           + sl_project_count (fixture->project, 1, SL_SPLIT_VALID);
  adw_combo_row_set_selected (ADW_COMBO_ROW (label_row), GTK_INVALID_LIST_POSITION);
  adw_combo_row_set_selected (ADW_COMBO_ROW (label_row), 1);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (G_LIST_MODEL (model), i);

      g_assert_cmpstr (sl_item_get_target (item), ==, "grizzly");
    }
  g_assert_true (sl_project_undo (fixture->project, &error));
  g_assert_cmpuint (sl_project_count (fixture->project, 1, SL_SPLIT_TRAIN)
                        + sl_project_count (fixture->project, 1, SL_SPLIT_VALID),
                    ==, before);
  g_assert_false (sl_project_can_undo (fixture->project));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
is_keep_together (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_BUTTON (widget)
         && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "Keep Together") == 0;
}

static void
test_keep_together (Fixture *fixture, gconstpointer data)
{
  SlItem *one = fixture_item (fixture, "teddy/1.png");
  SlItem *two = fixture_item (fixture, "teddy/2.png");
  const gint64 first = sl_item_get_id (one), second = sl_item_get_id (two);
  g_autoptr (GError) error = NULL;
  Shown shown;
  GtkWidget *button;

  sl_project_set_item_split (fixture->project, &first, 1, SL_SPLIT_TRAIN, &error);
  sl_project_set_item_split (fixture->project, &second, 1, SL_SPLIT_VALID, &error);
  g_assert_no_error (error);
  shown = show (fixture);
  button = ui_test_find (shown.page, is_keep_together, NULL);
  ui_test_wait_for (gtk_widget_get_mapped (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpint (sl_item_get_split (one), ==, SL_SPLIT_TRAIN);
  g_assert_cmpint (sl_item_get_split (two), ==, SL_SPLIT_TRAIN);
  ui_test_wait_for (!gtk_widget_get_mapped (button));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
is_weigh (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_BUTTON (widget)
         && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "Weigh Rare Classes") == 0;
}

static void
count_activation (GSimpleAction *action, GVariant *parameter, guint *n)
{
  (*n)++;
}

/* Classes of five and four are nothing to speak of; five to one are, until they are weighed. */
static void
test_unequal_classes (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  GtkWidget *button = ui_test_find (shown.page, is_weigh, NULL);
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("weigh-classes", NULL);
  g_autoptr (GError) error = NULL;
  GListModel *items = sl_project_get_items (fixture->project);
  gint64 ids[FIXTURE_N];
  guint n = 0;

  g_signal_connect (action, "activate", G_CALLBACK (count_activation), &n);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (shown.window, "win", G_ACTION_GROUP (group));
  for (guint i = 0; i < FIXTURE_N; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      ids[i] = sl_item_get_id (item);
    }
  sl_project_set_item_split (fixture->project, ids, FIXTURE_N, SL_SPLIT_TRAIN, &error);
  g_assert_no_error (error);
  ui_test_wait_for (!gtk_widget_get_visible (row));

  ids[0] = sl_item_get_id (fixture_item (fixture, "teddy/0.png"));
  ids[1] = sl_item_get_id (fixture_item (fixture, "teddy/1.png"));
  sl_project_set_item_split (fixture->project, ids, 2, SL_SPLIT_VALID, &error);
  g_assert_no_error (error);
  ui_test_wait_for (gtk_widget_get_visible (row));
  assert_text (&shown, "“grizzly” has 5 to learn from, “teddy” only 1");
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (n, ==, 1);
  g_assert_false (gtk_widget_get_visible (row));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static void
test_names_and_end (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  gboolean sidebar;

  gtk_selection_model_select_item (gtk_grid_view_get_model (shown.grid), 0, TRUE);
  ui_test_wait_for_frame (shown.page);
  ui_test_assert_named (shown.page);
  g_object_get (shown.page, "show-sidebar", &sidebar, NULL);
  g_assert_true (sidebar);
  g_object_set (shown.page, "show-sidebar", FALSE, NULL);
  g_object_get (shown.page, "show-sidebar", &sidebar, NULL);
  g_assert_false (sidebar);

  /* Twice: a page outlives its project, and takes another. */
  slope_data_page_set_project (SLOPE_DATA_PAGE (shown.page), NULL);
  slope_data_page_set_project (SLOPE_DATA_PAGE (shown.page), fixture->project);
  ui_test_wait_for (gtk_grid_view_get_model (shown.grid) != NULL);
  g_assert_cmpuint (n_shown (&shown), ==, FIXTURE_N);
  g_object_ref (shown.page);
  ui_test_destroy (shown.window);
  ui_test_finalize (shown.page);
}

static void
test_parts_end (void)
{
  GtkWidget *(*const make[]) (void) = { slope_augment_view_new, slope_data_filters_new,
                                        slope_data_problems_new, slope_item_panel_new,
                                        slope_data_page_new };

  for (guint i = 0; i < G_N_ELEMENTS (make); i++)
    {
      GtkWidget *widget = g_object_ref_sink (make[i]());

      g_test_message ("%s", G_OBJECT_TYPE_NAME (widget));
      g_assert_finalize_object (widget);
    }
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/data-page/parts-end", test_parts_end);
  g_test_add ("/ui/data-page/shows-and-filters", Fixture, GINT_TO_POINTER (FIXTURE_NEW),
              fixture_set_up, test_shows_and_filters, fixture_tear_down);
  g_test_add ("/ui/data-page/remove", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_remove, fixture_tear_down);
  g_test_add ("/ui/data-page/relabel-several", Fixture, GINT_TO_POINTER (FIXTURE_NEW),
              fixture_set_up, test_relabel_several, fixture_tear_down);
  g_test_add ("/ui/data-page/keep-together", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_keep_together, fixture_tear_down);
  g_test_add ("/ui/data-page/unequal-classes", Fixture, GINT_TO_POINTER (FIXTURE_NEW),
              fixture_set_up, test_unequal_classes, fixture_tear_down);
  g_test_add ("/ui/data-page/names-and-end", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_names_and_end, fixture_tear_down);
  return g_test_run ();
}
