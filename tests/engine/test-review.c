/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/answers.h"
#include "project/item-list.h"
#include "project/item-private.h"
#include "project/store-runs.h"
#include "review/review.h"

#include <math.h>
#include <slope/random.h>

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

/* (transfer full) */
static SlAnswers *
answers_of (SlItemList *list)
{
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_multilabel, classes, NULL);

  return sl_answers_new (sl_item_list_all (list), sl_item_list_n (list), problem);
}

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
  g_autoptr (SlItemList) list = make_labels ();
  g_autoptr (SlAnswers) answers = answers_of (list);
  const SlLabelErrors both[] = { { 1, 0, 1 }, { 0, 1, 1 }, { 2, 0, 0 } };
  const SlLabelErrors valid[] = { { 1, 0, 0 }, { 0, 1, 1 }, { 2, 0, 0 } };
  g_autofree SlLabelErrors *all = sl_answers_label_errors (answers, -1);
  g_autofree SlLabelErrors *of_valid = sl_answers_label_errors (answers, SL_SPLIT_VALID);

  g_assert_cmpmem (all, sizeof both, both, sizeof both);
  g_assert_cmpmem (of_valid, sizeof valid, valid, sizeof valid);
}

/* The second metric is the share of cells that are right. */
static void
assert_right (SlItemList *list, double threshold, int split, double expected)
{
  g_autoptr (SlAnswers) answers = answers_of (list);
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  double metrics[SL_MAX_METRICS];

  recipe->threshold = threshold;
  g_assert_true (sl_answers_score (answers, recipe, split, metrics));
  g_assert_cmpfloat_with_epsilon (metrics[1], expected, 1e-6);
}

static void
assert_answer (const SlAnswer *answer, gint64 id, const char *predicted, double probability)
{
  g_assert_cmpint (answer->id, ==, id);
  g_assert_cmpstr (answer->predicted, ==, predicted);
  g_assert_cmpfloat_with_epsilon (answer->probability, probability, 1e-6);
}

/* The probability is that of the cell that fits the label least; without a label, what is said least
 * surely. */
static void
test_threshold (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (SlItemList) list = make_labels ();
  g_autoptr (SlItemList) none = sl_item_list_new ();
  g_autoptr (SlAnswers) answers = answers_of (list), of_none = answers_of (none);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GArray) read = NULL;
  double metrics[SL_MAX_METRICS];

  assert_right (list, 0.5, SL_SPLIT_VALID, (2 / 3. + 2 / 3.) / 2);
  assert_right (list, 0.2, SL_SPLIT_VALID, (1 + 2 / 3.) / 2);
  assert_right (list, 0.2, -1, (1 + 2 / 3. + 1 / 3.) / 3);
  g_assert_false (sl_answers_score (of_none, recipe, -1, metrics));

  /* The second stays what it was, and the last has no outputs. */
  recipe->threshold = 0.2;
  read = sl_answers_read (answers, recipe, NULL);
  g_assert_cmpuint (read->len, ==, 3);
  assert_answer (&g_array_index (read, SlAnswer, 0), 1, "black;grizzly", 0.3);
  assert_answer (&g_array_index (read, SlAnswer, 1), 3, "black;grizzly", 0.1);
  assert_answer (&g_array_index (read, SlAnswer, 2), 4, "black;grizzly", 0.3);
  g_cancellable_cancel (cancelled);
  g_assert_null (sl_answers_read (answers, recipe, cancelled));
}

/* 300 pictures with random outputs, at several thresholds: what is said are the names above it, whatever
 * was said before. */
static void
test_many (void)
{
  static const double thresholds[] = { 0, 0.01, 0.5, 0.25, 0.99, 1 };
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (SlItemList) list = sl_item_list_new ();
  SlRandom random;

  sl_random_init (&random, 7);
  for (gint64 id = 1; id <= 300; id++)
    {
      const float outputs[] = { (float)sl_random_uniform (&random, 0, 1),
                                (float)sl_random_uniform (&random, 0, 1), 0.25f };

      add_labels (list, id, "black", SL_SPLIT_VALID, "", outputs, 3);
    }
  for (gsize t = 0; t < G_N_ELEMENTS (thresholds); t++)
    {
      g_autoptr (SlAnswers) answers = answers_of (list);
      g_autoptr (GArray) read = NULL;
      guint at = 0;

      recipe->threshold = thresholds[t];
      read = sl_answers_read (answers, recipe, NULL);
      for (guint i = 0; i < sl_item_list_n (list); i++)
        {
          SlItem *item = sl_item_list_at (list, i);
          const float *p = item->outputs;
          g_autoptr (GString) said = g_string_new (NULL);

          for (guint c = 0; c < 3; c++)
            if (p[c] > thresholds[t])
              g_string_append_printf (said, "%s%s", said->len > 0 ? ";" : "", classes[c]);
          if (g_str_equal (said->str, item->predicted))
            continue;
          assert_answer (&g_array_index (read, SlAnswer, at), item->id, said->str,
                         MIN (MIN (p[0], 1 - p[1]), 0.75));
          sl_item_set_prediction (item, 1, 0.5, g_array_index (read, SlAnswer, at++).predicted);
        }
      g_assert_cmpuint (read->len, ==, at);
    }
}

/* What an evaluation ends with: texts and outputs change hands, in the one turn that all items have for it. */
static void
test_take_predictions (void)
{
  g_autoptr (SlItemList) list = make_labels ();
  g_autoptr (GArray) predictions = g_array_new (FALSE, FALSE, sizeof (SlStoredPrediction));
  const gint64 ids[] = { 0, 1, 3, 1000 }; /* the first and the last have gone */
  float *outputs[G_N_ELEMENTS (ids)];
  char *said = g_ref_string_new ("teddy");
  SlItem *first = sl_item_list_find (list, 1), *second = sl_item_list_find (list, 2);
  float *old = first->outputs;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      const SlStoredPrediction p = { .item = ids[i],
                                     .loss = 0.25,
                                     .probability = 0.75,
                                     .predicted = said,
                                     .outputs = outputs[i] = g_new0 (float, 2),
                                     .n_outputs = 2 };

      g_array_append_val (predictions, p);
    }
  g_assert_true (old != NULL && second->evaluated);
  sl_item_list_take_predictions (list, predictions);
  g_assert_true (first->outputs == outputs[1] && first->predicted == said);
  g_assert_true (sl_item_list_find (list, 3)->outputs == outputs[2]);
  g_assert_cmpuint (first->n_outputs, ==, 2);
  g_assert_cmpfloat (first->loss, ==, 0.25);
  g_assert_false (second->evaluated);
  g_assert_null (second->outputs);
  g_assert_true (g_array_index (predictions, SlStoredPrediction, 1).outputs == old);
  g_assert_cmpuint (g_array_index (predictions, SlStoredPrediction, 1).n_outputs, ==, 3);
  for (guint i = 0; i < predictions->len; i++)
    g_free (g_array_index (predictions, SlStoredPrediction, i).outputs);
  g_ref_string_release (said);
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
  g_test_add_func ("/engine/review/take-predictions", test_take_predictions);
  g_test_add_func ("/engine/review/top-losses", test_top_losses);
  g_test_add_func ("/engine/review/confusion", test_confusion);
  g_test_add_func ("/engine/review/empty", test_empty);
  g_test_add_func ("/engine/review/label-errors", test_label_errors);
  g_test_add_func ("/engine/review/threshold", test_threshold);
  g_test_add_func ("/engine/review/many", test_many);
  g_test_add_func ("/engine/review/overlaps", test_overlaps);
  g_test_add_func ("/engine/review/distances", test_distances);
  g_test_add_func ("/engine/review/list", test_list);
  return g_test_run ();
}
