/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"

#include "slope-review-list.h"

#include <adwaita.h>

static SlopeReviewList *
list_new (Fixture *fixture)
{
  SlopeReviewList *list = slope_review_list_new ();

  slope_review_list_take (list, fixture->project);
  return list;
}

/* The ends of the paths that are shown, "black/0 grizzly/0 …". */
static char *
shown (SlopeReviewList *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      g_auto (GStrv) parts = g_strsplit (sl_item_get_rel_path (item), "/", -1);
      const guint n = g_strv_length (parts);

      g_string_append_printf (text, "%s%s/%.1s", i > 0 ? " " : "", parts[n - 2], parts[n - 1]);
    }
  return g_string_free (text, FALSE);
}

static void
assert_shown (SlopeReviewList *list, const char *expected)
{
  g_autofree char *text = shown (list);

  g_assert_cmpstr (text, ==, expected);
}

#define WORST                                                                         \
  "black/0 grizzly/0 grizzly/1 teddy/2 teddy/1 teddy/0 grizzly/4 grizzly/3 grizzly/2" \
  " black/3 black/2 black/1"

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeReviewList) list = list_new (fixture);

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == SL_TYPE_ITEM);
  assert_shown (list, WORST);
  slope_review_list_set_order (list, SLOPE_REVIEW_BY_NAME);
  assert_shown (list, "black/0 black/1 black/2 black/3 grizzly/0 grizzly/1 grizzly/2 grizzly/3"
                      " grizzly/4 teddy/0 teddy/1 teddy/2");
  slope_review_list_set_order (list, SLOPE_REVIEW_LEAST_SURE);
  assert_shown (list, "grizzly/1 teddy/2 teddy/1 teddy/0 grizzly/4 grizzly/3 grizzly/2 grizzly/0"
                      " black/3 black/2 black/1 black/0");
}

static void
test_not_evaluated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeReviewList) list = list_new (fixture);
  guint done = 7;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 0));
  g_assert_cmpuint (slope_review_list_count (list, &done), ==, 0);
  g_assert_cmpuint (done, ==, 0);
}

/* Nothing moves while one works; what is done goes only when it is to be hidden. */
static void
test_stands_still (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeReviewList) list = list_new (fixture);
  const gint64 first = sl_item_get_id (fixture_item (fixture, "black/0.png"));
  const gint64 second = sl_item_get_id (fixture_item (fixture, "grizzly/0.png"));
  guint done;

  g_assert_true (sl_project_remove (fixture->project, &first, 1, NULL));
  g_assert_true (sl_project_relabel (fixture->project, &second, 1, "black", NULL));
  slope_review_list_refilter (list);
  assert_shown (list, WORST);
  g_assert_cmpuint (slope_review_list_count (list, &done), ==, FIXTURE_N);
  g_assert_cmpuint (done, ==, 2);

  slope_review_list_set_hide_done (list, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, FIXTURE_N - 2);
  g_assert_true (sl_project_undo (fixture->project, NULL));
  slope_review_list_refilter (list);
  assert_shown (list, "grizzly/0 grizzly/1 teddy/2 teddy/1 teddy/0 grizzly/4 grizzly/3 grizzly/2"
                      " black/3 black/2 black/1");
}

static void
test_filters (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeReviewList) list = list_new (fixture);
  SlItem *item = fixture_item (fixture, "grizzly/1.png");
  const gint64 id = sl_item_get_id (item);
  guint n_valid = sl_project_count (fixture->project, G_MAXUINT, SL_SPLIT_VALID);

  slope_review_list_set_split (list, SL_SPLIT_VALID);
  g_assert_cmpuint (n_valid, >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n_valid);
  slope_review_list_set_split (list, -1);

  g_assert_false (slope_review_list_has_filter (list));
  slope_review_list_set_pair (list, 1, 0);
  g_assert_true (slope_review_list_has_filter (list));
  assert_shown (list, "grizzly/0 grizzly/1");
  /* Found before it was relabelled: it stays, so that one can see what was done. */
  g_assert_true (sl_project_relabel (fixture->project, &id, 1, "black", NULL));
  slope_review_list_refilter (list);
  assert_shown (list, "grizzly/0 grizzly/1");
  g_assert_cmpuint (slope_review_list_find (list, item), ==, 1);
  slope_review_list_set_pair (list, 2, 2);
  assert_shown (list, "teddy/2 teddy/1 teddy/0");
  g_assert_cmpuint (slope_review_list_find (list, item), ==, G_MAXUINT);

  slope_review_list_set_twin (list, sl_item_get_twin (fixture_item (fixture, "teddy/2.png")));
  assert_shown (list, "teddy/2 teddy/1");
  slope_review_list_clear_filter (list);
  assert_shown (list, WORST);
}

typedef struct
{
  guint position, removed, added, n;
} Change;

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Change *change = data;

  *change = (Change){ position, removed, added, change->n + 1 };
}

/* Only what goes is told, so that the grid keeps its place. */
static void
test_small_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SlopeReviewList) list = list_new (fixture);
  const gint64 id = sl_item_get_id (fixture_item (fixture, "grizzly/1.png"));
  Change change = { 0 };

  slope_review_list_set_hide_done (list, TRUE);
  g_signal_connect (list, "items-changed", G_CALLBACK (changed_cb), &change);
  slope_review_list_refilter (list);
  g_assert_cmpuint (change.n, ==, 0);
  g_assert_true (sl_project_keep (fixture->project, &id, 1, TRUE, NULL));
  slope_review_list_refilter (list);
  g_assert_cmpuint (change.n, ==, 1);
  g_assert_cmpuint (change.position, ==, 2);
  g_assert_cmpuint (change.removed, ==, 1);
  g_assert_cmpuint (change.added, ==, 0);
  slope_review_list_take (list, NULL);
  g_assert_cmpuint (change.removed, ==, FIXTURE_N - 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

int
main (int argc, char **argv)
{
  gpointer evaluated = GINT_TO_POINTER (FIXTURE_EVALUATED);

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ui/review-list/order", Fixture, evaluated, fixture_set_up, test_order,
              fixture_tear_down);
  g_test_add ("/ui/review-list/not-evaluated", Fixture, GINT_TO_POINTER (FIXTURE_TRAINED),
              fixture_set_up, test_not_evaluated, fixture_tear_down);
  g_test_add ("/ui/review-list/stands-still", Fixture, evaluated, fixture_set_up, test_stands_still,
              fixture_tear_down);
  g_test_add ("/ui/review-list/filters", Fixture, evaluated, fixture_set_up, test_filters,
              fixture_tear_down);
  g_test_add ("/ui/review-list/small-changes", Fixture, evaluated, fixture_set_up,
              test_small_changes, fixture_tear_down);
  return g_test_run ();
}
