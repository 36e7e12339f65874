/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/item-list.h"
#include "project/item-private.h"
#include "review/review.h"

#include <math.h>

static const char *const classes[] = { "black", "grizzly", "teddy", NULL };

static void
add_item (SlItemList *list, gint64 id, const char *target, SlSplit split, SlItemState state,
          double loss, const char *predicted)
{
  SlItem *item = g_object_new (SL_TYPE_ITEM, NULL);

  item->id = id;
  item->target = target != NULL ? g_ref_string_new (target) : NULL;
  item->split = split;
  item->state = state;
  if (predicted != NULL)
    {
      char *shared = g_ref_string_new (predicted);

      sl_item_set_prediction (item, loss, 0.5, shared);
      g_ref_string_release (shared);
    }
  sl_item_list_append (list, item);
}

static SlItemList *
make_items (void)
{
  SlItemList *list = sl_item_list_new ();

  add_item (list, 1, "black", SL_SPLIT_TRAIN, SL_ITEM_PRESENT, 0.5, "black");
  add_item (list, 2, "black", SL_SPLIT_VALID, SL_ITEM_PRESENT, 3.0, "teddy");
  add_item (list, 3, "teddy", SL_SPLIT_VALID, SL_ITEM_PRESENT, 0.5, "teddy");
  add_item (list, 4, "teddy", SL_SPLIT_TRAIN, SL_ITEM_REMOVED, 9.0, "black");
  add_item (list, 5, "teddy", SL_SPLIT_TRAIN, SL_ITEM_PRESENT, 0, NULL);
  add_item (list, 6, "grizzly", SL_SPLIT_TEST, SL_ITEM_PRESENT, 7.0, "black");
  add_item (list, 7, "grizzly", SL_SPLIT_TRAIN, SL_ITEM_PRESENT, 4.0, "black");
  add_item (list, 8, NULL, SL_SPLIT_TRAIN, SL_ITEM_PRESENT, 1.0, "black");
  add_item (list, 9, "grizzly", SL_SPLIT_VALID, SL_ITEM_UNREADABLE, 8.0, "black");
  return list;
}

static void
assert_ids (GPtrArray *items, const gint64 *ids, guint n)
{
  g_assert_cmpuint (items->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (sl_item_get_id (g_ptr_array_index (items, i)), ==, ids[i]);
}

static void
test_top_losses (void)
{
  g_autoptr (SlItemList) list = make_items ();
  const gint64 both[] = { 7, 2, 8, 1, 3 }, valid[] = { 2, 3 }, test[] = { 6 };
  g_autoptr (GPtrArray) all = sl_review_top_losses (G_LIST_MODEL (list), -1, 100);
  g_autoptr (GPtrArray) two = sl_review_top_losses (G_LIST_MODEL (list), -1, 2);
  g_autoptr (GPtrArray) of_valid = sl_review_top_losses (G_LIST_MODEL (list), SL_SPLIT_VALID, 100);
  g_autoptr (GPtrArray) of_test = sl_review_top_losses (G_LIST_MODEL (list), SL_SPLIT_TEST, 100);

  assert_ids (all, both, G_N_ELEMENTS (both));
  assert_ids (two, both, 2);
  assert_ids (of_valid, valid, G_N_ELEMENTS (valid));
  assert_ids (of_test, test, G_N_ELEMENTS (test));
}

static void
test_confusion (void)
{
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_classify, classes, NULL);
  g_autoptr (SlItemList) list = make_items ();
  const guint both[] = { 1, 0, 1, 1, 0, 0, 0, 0, 1 };
  const guint train[] = { 1, 0, 0, 1, 0, 0, 0, 0, 0 };
  g_autofree guint *all = sl_review_confusion (G_LIST_MODEL (list), problem, -1);
  g_autofree guint *of_train = sl_review_confusion (G_LIST_MODEL (list), problem, SL_SPLIT_TRAIN);

  g_assert_cmpmem (all, sizeof both, both, sizeof both);
  g_assert_cmpmem (of_train, sizeof train, train, sizeof train);
}

static void
test_empty (void)
{
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_classify, classes, NULL);
  g_autoptr (SlItemList) list = sl_item_list_new ();
  g_autoptr (GPtrArray) none = sl_review_top_losses (G_LIST_MODEL (list), -1, 10);
  g_autofree guint *counts = sl_review_confusion (G_LIST_MODEL (list), problem, -1);

  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < 9; i++)
    g_assert_cmpuint (counts[i], ==, 0);
}

/* ---- Several labels */

static void
add_labels (SlItemList *list, gint64 id, const char *target, SlSplit split, const char *predicted,
            const float *outputs, guint n_outputs)
{
  add_item (list, id, target, split, SL_ITEM_PRESENT, 1.0, predicted);
  sl_item_set_outputs (sl_item_list_find (list, id), outputs, n_outputs);
}

static SlItemList *
make_labels (void)
{
  static const float first[] = { 0.9f, 0.3f, 0.1f }, second[] = { 0.1f, 0.6f, 0.6f };
  SlItemList *list = sl_item_list_new ();

  add_labels (list, 1, "black;grizzly", SL_SPLIT_VALID, "black", first, 3);
  add_labels (list, 2, "teddy", SL_SPLIT_VALID, "grizzly;teddy", second, 3);
  add_labels (list, 3, "", SL_SPLIT_TRAIN, "black", first, 3);
  add_labels (list, 4, NULL, SL_SPLIT_VALID, "black", first, 3);
  add_labels (list, 5, "teddy", SL_SPLIT_VALID, "teddy", NULL,
              0); /* evaluated before outputs were kept */
  return list;
}

static void
test_label_errors (void)
{
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_multilabel, classes, NULL);
  g_autoptr (SlItemList) list = make_labels ();
  const SlLabelErrors both[] = { { 1, 0, 1 }, { 0, 1, 1 }, { 2, 0, 0 } };
  const SlLabelErrors valid[] = { { 1, 0, 0 }, { 0, 1, 1 }, { 2, 0, 0 } };
  g_autofree SlLabelErrors *all = sl_review_label_errors (G_LIST_MODEL (list), problem, -1);
  g_autofree SlLabelErrors *of_valid = sl_review_label_errors (G_LIST_MODEL (list), problem,
                                                               SL_SPLIT_VALID);

  g_assert_cmpmem (all, sizeof both, both, sizeof both);
  g_assert_cmpmem (of_valid, sizeof valid, valid, sizeof valid);
}

/* The second metric is the share of cells that are right. */
static void
assert_right (SlItemList *list, double threshold, int split, double expected)
{
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_multilabel, classes, NULL);
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  double metrics[SL_MAX_METRICS];

  recipe->threshold = threshold;
  g_assert_true (sl_review_score (G_LIST_MODEL (list), problem, recipe, split, metrics));
  g_assert_cmpfloat_with_epsilon (metrics[1], expected, 1e-6);
}

static void
test_threshold (void)
{
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_multilabel, classes, NULL);
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (SlItemList) list = make_labels ();
  g_autoptr (SlItemList) none = sl_item_list_new ();
  double metrics[SL_MAX_METRICS], probability;
  g_autofree char *answer = NULL;

  assert_right (list, 0.5, SL_SPLIT_VALID, (2 / 3. + 2 / 3.) / 2);
  assert_right (list, 0.2, SL_SPLIT_VALID, (1 + 2 / 3.) / 2);
  assert_right (list, 0.2, -1, (1 + 2 / 3. + 1 / 3.) / 3);
  g_assert_false (sl_review_score (G_LIST_MODEL (none), problem, recipe, -1, metrics));

  recipe->threshold = 0.2;
  answer = sl_review_answer (sl_item_list_find (list, 1), problem, recipe, &probability);
  g_assert_cmpstr (answer, ==, "black;grizzly");
  g_assert_cmpfloat_with_epsilon (probability, 0.3, 1e-6); /* the cell that fits the label least */
  g_assert_null (sl_review_answer (sl_item_list_find (list, 5), problem, recipe, &probability));
}

/* ---- Masks, points, numbers */

static void
test_overlaps (void)
{
  static const float first[] = { 1, 2, 4, 0, 0, 0, 3, 3, 3 },
                     second[] = { 2, 3, 2, 0, 0, 0, 1, 2, 1 };
  const double valid[] = { 3, 5, 6, 0, 0, 0, 4, 5, 4 };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_segment, classes, NULL);
  g_autoptr (SlItemList) list = sl_item_list_new ();
  g_autofree double *sums = NULL, *of_train = NULL;
  SlOverlap overlap;

  add_labels (list, 1, "a.png", SL_SPLIT_VALID, "black", first, 9);
  add_labels (list, 2, "b.png", SL_SPLIT_VALID, "teddy", second, 9);
  add_labels (list, 3, "c.png", SL_SPLIT_TRAIN, "teddy", NULL, 0);
  sums = sl_review_overlaps (G_LIST_MODEL (list), problem, SL_SPLIT_VALID);
  g_assert_cmpmem (sums, sizeof valid, valid, sizeof valid);
  of_train = sl_review_overlaps (G_LIST_MODEL (list), problem, SL_SPLIT_TRAIN);
  for (guint i = 0; i < 9; i++)
    g_assert_cmpfloat (of_train[i], ==, 0);
  g_assert_true (sl_item_get_overlap (sl_item_list_find (list, 2), 2, &overlap));
  g_assert_cmpfloat (overlap.actual, ==, 2);
  g_assert_false (sl_item_get_overlap (sl_item_list_find (list, 2), 3, &overlap));
  g_assert_false (sl_item_get_overlap (sl_item_list_find (list, 3), 0, &overlap));
}

static void
test_distances (void)
{
  static const float first[] = { 1, NAN, 4 }, second[] = { 3, NAN, 0 }, third[] = { 50, 50, 50 };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_points, classes, NULL);
  g_autoptr (SlItemList) list = sl_item_list_new ();
  g_autofree SlDistance *distances = NULL;

  add_labels (list, 1, "1,1 - 1,1", SL_SPLIT_VALID, "", first, 3);
  add_labels (list, 2, "2,2 - 2,2", SL_SPLIT_TRAIN, "", second, 3);
  add_labels (list, 3, "3,3 3,3 3,3", SL_SPLIT_TEST, "", third, 3);
  add_labels (list, 4, "4,4 4,4 4,4", SL_SPLIT_TRAIN, "", NULL, 0);
  distances = sl_review_distances (G_LIST_MODEL (list), problem, -1);
  g_assert_cmpuint (distances[0].n, ==, 2);
  g_assert_cmpfloat (distances[0].mean, ==, 2);
  g_assert_cmpfloat (distances[0].worst, ==, 3);
  g_assert_cmpint (distances[0].worst_id, ==, 2);
  g_assert_cmpuint (distances[1].n, ==, 0);
  g_assert_true (isnan (distances[1].mean) && isnan (distances[1].worst));
  g_assert_cmpint (distances[2].worst_id, ==, 1);
}

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, guint *sum)
{
  g_assert_cmpuint (removed, ==, 1);
  g_assert_cmpuint (added, ==, 0);
  *sum += position;
}

static void
test_list (void)
{
  g_autoptr (SlItemList) list = make_items ();
  const gint64 gone[] = { 2, 77, 9 };
  guint positions = 0;

  g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), &positions);
  g_assert_cmpuint (sl_item_list_n (list), ==, 9);
  g_assert_cmpint (sl_item_get_id (sl_item_list_find (list, 6)), ==, 6);
  sl_item_list_remove (list, gone, G_N_ELEMENTS (gone));
  g_assert_cmpuint (positions, ==, 1 + 7);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 7);
  g_assert_null (sl_item_list_find (list, 2));
  g_assert_cmpint (sl_item_get_id (sl_item_list_find (list, 8)), ==, 8);
  g_assert_cmpint (sl_item_get_id (sl_item_list_at (list, 1)), ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/review/top-losses", test_top_losses);
  g_test_add_func ("/engine/review/confusion", test_confusion);
  g_test_add_func ("/engine/review/empty", test_empty);
  g_test_add_func ("/engine/review/label-errors", test_label_errors);
  g_test_add_func ("/engine/review/threshold", test_threshold);
  g_test_add_func ("/engine/review/overlaps", test_overlaps);
  g_test_add_func ("/engine/review/distances", test_distances);
  g_test_add_func ("/engine/review/list", test_list);
  return g_test_run ();
}
