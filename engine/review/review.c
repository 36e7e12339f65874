/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/review.h"

/* Classes that one target may name. */
#define MAX_CLASSES 64

gboolean
sl_review_counts (SlItem *item, int split)
{
  SlSplit here = sl_item_get_split (item);

  if (sl_item_get_state (item) != SL_ITEM_PRESENT
      || !sl_item_get_prediction (item, NULL, NULL, NULL))
    return FALSE;
  return split < 0 ? here == SL_SPLIT_TRAIN || here == SL_SPLIT_VALID : here == (SlSplit)split;
}

/* (transfer full): the model's array of those that count. */
static GPtrArray *
collect (GListModel *items, int split)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      if (sl_review_counts (item, split))
        g_ptr_array_add (found, g_steal_pointer (&item));
    }
  return found;
}

static int
compare_losses (gconstpointer a, gconstpointer b)
{
  SlItem *item_a = *(SlItem *const *)a, *item_b = *(SlItem *const *)b;
  double loss_a, loss_b;

  sl_item_get_prediction (item_a, &loss_a, NULL, NULL);
  sl_item_get_prediction (item_b, &loss_b, NULL, NULL);
  if (loss_a != loss_b)
    return loss_a > loss_b ? -1 : 1;
  return sl_item_get_id (item_a) < sl_item_get_id (item_b) ? -1 : 1;
}

GPtrArray *
sl_review_top_losses (GListModel *items, int split, gsize max)
{
  GPtrArray *found = collect (items, split);

  g_ptr_array_sort (found, compare_losses);
  if (found->len > max)
    g_ptr_array_set_size (found, (int)max);
  return found;
}

guint *
sl_review_confusion (GListModel *items, const SlProblem *problem, int split)
{
  g_autoptr (GPtrArray) found = collect (items, split);
  const SlTask *task = problem->task;
  guint n = problem->n_classes;
  guint *counts = g_new0 (guint, (gsize)n * n + 1);

  for (guint i = 0; i < found->len; i++)
    {
      SlItem *item = g_ptr_array_index (found, i);
      guint actual[MAX_CLASSES], predicted[MAX_CLASSES], n_actual, n_predicted;
      const char *target = sl_item_get_target (item), *answer;

      if (target == NULL)
        continue;
      sl_item_get_prediction (item, NULL, NULL, &answer);
      n_actual = task->classes_of (problem, target, actual, MAX_CLASSES);
      n_predicted = task->classes_of (problem, answer, predicted, MAX_CLASSES);
      for (guint a = 0; a < n_actual; a++)
        for (guint p = 0; p < n_predicted; p++)
          counts[(gsize)actual[a] * n + predicted[p]]++;
    }
  return counts;
}
