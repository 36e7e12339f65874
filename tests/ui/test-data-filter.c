/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-data-filter.h"
#include "slope-data-list.h"

static guint
n_matches (Fixture *fixture, SlopeDataFilter *filter)
{
  GListModel *items = sl_project_get_items (fixture->project);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      n += gtk_filter_match (GTK_FILTER (filter), item);
    }
  return n;
}

static void
test_views (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeDataFilter) filter = slope_data_filter_new (fixture->project);
  const gint64 ids[] = { sl_item_get_id (fixture_item (fixture, "black/0.png")),
                         sl_item_get_id (fixture_item (fixture, "teddy/0.png")) };
  const gsize n_valid = sl_project_count (fixture->project, G_MAXUINT, SL_SPLIT_VALID);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (n_matches (fixture, filter), ==, FIXTURE_N);
  slope_data_filter_set_view (filter, SLOPE_VIEW_VALID);
  g_assert_cmpuint (n_matches (fixture, filter), ==, n_valid);
  slope_data_filter_set_view (filter, SLOPE_VIEW_TRAIN);
  g_assert_cmpuint (n_matches (fixture, filter), ==, FIXTURE_N - n_valid);
  slope_data_filter_set_view (filter, SLOPE_VIEW_REMOVED);
  g_assert_cmpuint (n_matches (fixture, filter), ==, 0);

  g_assert_true (sl_project_remove (fixture->project, ids, 2, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_matches (fixture, filter), ==, 2);
  slope_data_filter_set_view (filter, SLOPE_VIEW_ALL);
  g_assert_cmpuint (n_matches (fixture, filter), ==, FIXTURE_N - 2);
}

static void
test_classes_and_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeDataFilter) filter = slope_data_filter_new (fixture->project);

  g_assert_true (slope_data_filter_is_wide_open (filter));
  slope_data_filter_set_class (filter, 0, TRUE);
  g_assert_cmpuint (n_matches (fixture, filter), ==, FIXTURE_N_BLACK);
  slope_data_filter_set_class (filter, 2, TRUE);
  g_assert_cmpuint (n_matches (fixture, filter), ==, FIXTURE_N_BLACK + FIXTURE_N_TEDDY);
  g_assert_false (slope_data_filter_is_wide_open (filter));
  slope_data_filter_set_search (filter, "TEDDY");
  g_assert_cmpuint (n_matches (fixture, filter), ==, FIXTURE_N_TEDDY);
  slope_data_filter_set_class (filter, 0, FALSE);
  slope_data_filter_set_class (filter, 2, FALSE);
  slope_data_filter_set_search (filter, "/1.png");
  g_assert_cmpuint (n_matches (fixture, filter), ==, 3);
  slope_data_filter_set_search (filter, "");
  g_assert_true (slope_data_filter_is_wide_open (filter));
}

/* The two equal teddies: a problem only while they lie on different sides. */
static void
test_far_twins (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeDataFilter) filter = slope_data_filter_new (fixture->project);
  SlItem *one = fixture_item (fixture, "teddy/1.png");
  SlItem *two = fixture_item (fixture, "teddy/2.png");
  const gint64 first = sl_item_get_id (one), second = sl_item_get_id (two);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (sl_item_get_twin (one), ==, sl_item_get_twin (two));
  sl_project_set_item_split (fixture->project, &first, 1, SL_SPLIT_TRAIN, &error);
  sl_project_set_item_split (fixture->project, &second, 1, SL_SPLIT_VALID, &error);
  g_assert_no_error (error);
  slope_data_filter_refresh (filter);
  g_assert_cmpuint (slope_data_filter_n_far_twins (filter), ==, 2);
  g_assert_true (slope_data_filter_has_far_twin (filter, one));
  slope_data_filter_set_view (filter, SLOPE_VIEW_PROBLEMS);
  g_assert_cmpuint (n_matches (fixture, filter), ==, 2);

  g_assert_true (sl_project_undo (fixture->project, &error));
  sl_project_set_item_split (fixture->project, &second, 1, SL_SPLIT_TRAIN, &error);
  g_assert_no_error (error);
  slope_data_filter_refresh (filter);
  g_assert_cmpuint (slope_data_filter_n_far_twins (filter), ==, 0);
  g_assert_cmpuint (n_matches (fixture, filter), ==, 0);
}

static void
assert_sorted (GListModel *model, const char *property)
{
  for (guint i = 1; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (SlItem) before = g_list_model_get_item (model, i - 1);
      g_autoptr (SlItem) item = g_list_model_get_item (model, i);

      if (g_str_equal (property, "name"))
        g_assert_cmpstr (sl_item_get_name (before), <=, sl_item_get_name (item));
      else
        g_assert_cmpstr (sl_item_get_target (before), <=, sl_item_get_target (item));
    }
}

typedef struct
{
  guint n, position, removed, added;
} Change;

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, Change *change)
{
  *change = (Change){ change->n + 1, position, removed, added };
}

static void
test_orders (Fixture *fixture, gconstpointer data)
{
  GListModel *items = sl_project_get_items (fixture->project);
  g_autoptr (SlopeDataFilter) filter = slope_data_filter_new (fixture->project);
  g_autoptr (SlopeDataList) list = slope_data_list_new (items, filter, SLOPE_ORDER_NAME);
  guint moved = 0;

  assert_sorted (G_LIST_MODEL (list), "name");
  slope_data_list_set_order (list, SLOPE_ORDER_CLASS);
  assert_sorted (G_LIST_MODEL (list), "target");
  slope_data_list_set_order (list, SLOPE_ORDER_SHUFFLED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, FIXTURE_N);
  for (guint i = 0; i < FIXTURE_N; i++)
    {
      g_autoptr (SlItem) here = g_list_model_get_item (G_LIST_MODEL (list), i);
      g_autoptr (SlItem) there = g_list_model_get_item (items, i);

      moved += here != there;
    }
  g_assert_cmpuint (moved, >, FIXTURE_N / 2);
}

/* One signal, from the first to the last difference, and none where nothing differs. */
static void
test_changes_in_one_piece (Fixture *fixture, gconstpointer data)
{
  GListModel *items = sl_project_get_items (fixture->project);
  g_autoptr (SlopeDataFilter) filter = slope_data_filter_new (fixture->project);
  g_autoptr (SlopeDataList) list = slope_data_list_new (items, filter, SLOPE_ORDER_CLASS);
  const gint64 id = sl_item_get_id (fixture_item (fixture, "grizzly/0.png"));
  g_autoptr (GError) error = NULL;
  Change change = { 0 };

  g_signal_connect (list, "items-changed", G_CALLBACK (changed_cb), &change);
  slope_data_filter_refresh (filter);
  g_assert_cmpuint (change.n, ==, 0);
  slope_data_filter_set_class (filter, 1, TRUE); /* the middle one stays */
  g_assert_cmpuint (change.n, ==, 1);
  g_assert_cmpuint (change.removed - change.added, ==, FIXTURE_N - FIXTURE_N_GRIZZLY);
  slope_data_filter_set_class (filter, 1, FALSE);
  g_assert_cmpuint (change.n, ==, 2);

  g_assert_true (sl_project_remove (fixture->project, &id, 1, &error));
  g_assert_no_error (error);
  slope_data_filter_refresh (filter);
  g_assert_cmpuint (change.n, ==, 3);
  g_assert_cmpuint (change.removed, ==, 1);
  g_assert_cmpuint (change.added, ==, 0);
}

/* What was thrown away is gone from the list too, and whoever looked at it may let go of it later. */
static void
test_items_go (Fixture *fixture, gconstpointer data)
{
  GListModel *items = sl_project_get_items (fixture->project);
  g_autoptr (SlopeDataFilter) filter = slope_data_filter_new (fixture->project);
  const gint64 id = sl_item_get_id (fixture_item (fixture, "teddy/0.png"));
  g_autoptr (GError) error = NULL;
  SlopeDataList *list;

  slope_data_filter_set_view (filter, SLOPE_VIEW_REMOVED);
  list = slope_data_list_new (items, filter, SLOPE_ORDER_SHUFFLED);
  g_assert_true (sl_project_remove (fixture->project, &id, 1, &error));
  g_assert_no_error (error);
  slope_data_filter_refresh (filter);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  g_assert_true (sl_project_empty_bin (fixture->project, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (items), ==, FIXTURE_N - 1);
  slope_data_filter_refresh (filter);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  slope_data_filter_set_view (filter, SLOPE_VIEW_ALL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, FIXTURE_N - 1);
  g_assert_finalize_object (list);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/data-filter/views", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_views, fixture_tear_down);
  g_test_add ("/ui/data-filter/classes-and-text", Fixture, GINT_TO_POINTER (FIXTURE_NEW),
              fixture_set_up, test_classes_and_text, fixture_tear_down);
  g_test_add ("/ui/data-filter/far-twins", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_far_twins, fixture_tear_down);
  g_test_add ("/ui/data-list/orders", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_orders, fixture_tear_down);
  g_test_add ("/ui/data-list/changes-in-one-piece", Fixture, GINT_TO_POINTER (FIXTURE_NEW),
              fixture_set_up, test_changes_in_one_piece, fixture_tear_down);
  g_test_add ("/ui/data-list/items-go", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_items_go, fixture_tear_down);
  return g_test_run ();
}
