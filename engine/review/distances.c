/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/review.h"

#include <math.h>

/* How the stored answers lie on masks, and how far they are from points and numbers. */

double *
sl_review_overlaps (GListModel *items, const SlProblem *problem, int split)
{
  double *sums = g_new0 (double, 3 * (gsize)problem->n_classes + 1);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      SlOverlap overlap;

      if (!sl_review_counts (item, split))
        continue;
      for (guint c = 0; c < problem->n_classes && sl_item_get_overlap (item, c, &overlap); c++)
        {
          sums[3 * c] += overlap.right;
          sums[3 * c + 1] += overlap.actual;
          sums[3 * c + 2] += overlap.said;
        }
    }
  return sums;
}

static void
add (SlDistance *distance, double value, gint64 id)
{
  if (isnan (value))
    return;
  if (distance->n == 0 || value > distance->worst)
    {
      distance->worst = value;
      distance->worst_id = id;
    }
  distance->mean += value;
  distance->n++;
}

SlDistance *
sl_review_distances (GListModel *items, const SlProblem *problem, int split)
{
  SlDistance *distances = g_new0 (SlDistance, problem->n_classes + 1);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      guint n;
      const float *values = sl_item_get_outputs (item, &n);

      if (!sl_review_counts (item, split) || n != problem->n_classes)
        continue;
      for (guint c = 0; c < n; c++)
        add (&distances[c], values[c], sl_item_get_id (item));
    }
  for (guint c = 0; c < problem->n_classes; c++)
    {
      SlDistance *distance = &distances[c];

      distance->mean = distance->n > 0 ? distance->mean / distance->n : NAN;
      distance->worst = distance->n > 0 ? distance->worst : NAN;
    }
  return distances;
}
