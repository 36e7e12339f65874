/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/similar.h>

#include "kernels/kernels.h"
#include "train/control.h"

#include <math.h>
#include <string.h>

/* A block of likenesses is 10 MiB: rows enough that the library's packing of the columns pays, columns
 * in sixteen of the kernel's blocks for all threads to have some. */
#define ROWS ((gsize)256)
#define COLUMNS ((gsize)10240)

typedef struct
{
  float likeness;
  guint32 other;
} Near;

typedef struct
{
  const SlFeatures *features;
  Near *near;          /* (n, SL_SIMILAR_NEIGHBOURS), nearest first */
  const guint8 *blank; /* (n): unreadable, like nothing */
} Search;

static double
likeness_of (const SlFeatures *self, const float *x, gsize row)
{
  const float *y = self->rows + row * self->n_features;
  double sum = 0;

  for (gsize i = 0; i < self->n_features; i++)
    sum += (double)x[i] * y[i];
  return sum;
}

/* ---- Pairs */

/* Others come to each picture in rising order, so that of equals the first stay. */
static inline void
offer (Search *self, guint32 to, guint32 other, float likeness)
{
  Near *near = self->near + (gsize)to * SL_SIMILAR_NEIGHBOURS;
  guint at = SL_SIMILAR_NEIGHBOURS - 1;

  if (!(likeness > near[at].likeness) || self->blank[to] || self->blank[other])
    return;
  for (; at > 0 && likeness > near[at - 1].likeness; at--)
    near[at] = near[at - 1];
  near[at] = (Near){ likeness, other };
}

/* @likeness: of rows @first … to columns @left … */
static void
look_through (Search *self, const float *likeness, gsize first, gsize n_rows, gsize left,
              gsize n_columns)
{
  for (gsize r = 0; r < n_rows; r++)
    for (gsize c = first + r < left ? 0 : first + r - left + 1; c < n_columns; c++)
      {
        float value = likeness[r * n_columns + c];

        offer (self, (guint32)(first + r), (guint32)(left + c), value);
        offer (self, (guint32)(left + c), (guint32)(first + r), value);
      }
}

static gboolean
search (Search *self, SlTrainControl *control, SlProgressFunc progress, gpointer progress_data,
        GCancellable *cancellable, GError **error)
{
  const SlFeatures *features = self->features;
  const gsize n = features->n, width = features->n_features;
  g_autofree float *likeness = g_new (float, MIN (ROWS, n) * MIN (COLUMNS, n) + 1);

  for (gsize first = 0; first < n; first += ROWS)
    {
      gsize rows = MIN (ROWS, n - first);

      for (gsize left = first; left < n; left += COLUMNS)
        {
          const SlWordShape shape = { rows, MIN (COLUMNS, n - left), width };

          if (!sl_train_control_wait (control, cancellable))
            {
              g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                   "Stopped before all pictures were compared");
              return FALSE;
            }
          sl_kernels ()->word_logits (&shape, features->rows + first * width,
                                      features->rows + left * width, NULL, likeness);
          look_through (self, likeness, first, rows, left, shape.words);
        }
      if (progress != NULL)
        progress (first + rows, n, NULL, progress_data);
    }
  return TRUE;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const SlSimilar *x = a, *y = b;

  if (x->a != y->a)
    return x->a < y->a ? -1 : 1;
  return x->b < y->b ? -1 : x->b > y->b;
}

static int
compare_likeness (gconstpointer a, gconstpointer b)
{
  const SlSimilar *x = a, *y = b;

  if (x->likeness != y->likeness)
    return x->likeness > y->likeness ? -1 : 1;
  return compare_places (a, b);
}

/* Each once, though both may be near to each other. */
static GArray *
gather (const Search *self)
{
  const SlFeatures *features = self->features;
  g_autoptr (GArray) both = g_array_new (FALSE, FALSE, sizeof (SlSimilar));
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (SlSimilar));

  for (guint32 i = 0; i < features->n; i++)
    for (guint k = 0; k < SL_SIMILAR_NEIGHBOURS; k++)
      {
        const Near *near = &self->near[(gsize)i * SL_SIMILAR_NEIGHBOURS + k];
        SlSimilar pair = { MIN (i, near->other), MAX (i, near->other), near->likeness };

        if (near->likeness > -INFINITY) /* there were so many */
          g_array_append_val (both, pair);
      }
  g_array_sort (both, compare_places);
  for (guint i = 0; i < both->len; i++)
    {
      SlSimilar pair = g_array_index (both, SlSimilar, i);

      if (i > 0 && compare_places (&pair, &g_array_index (both, SlSimilar, i - 1)) == 0)
        continue;
      pair.likeness = likeness_of (features, features->rows + pair.a * features->n_features,
                                   pair.b);
      g_array_append_val (pairs, pair);
    }
  return pairs;
}

GArray *
sl_similar_pairs (const SlFeatures *self, guint count, SlTrainControl *control,
                  SlProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
                  GError **error)
{
  g_autofree Near *near = NULL;
  g_autofree guint8 *blank = NULL;
  Search all = { .features = self };
  GArray *pairs;

  g_return_val_if_fail (self != NULL && self->n < G_MAXUINT32, NULL);

  all.near = near = g_new (Near, self->n * SL_SIMILAR_NEIGHBOURS + 1);
  all.blank = blank = g_new (guint8, self->n + 1);
  for (gsize i = 0; i < self->n; i++)
    blank[i] = sl_features_is_blank (self, i);
  for (gsize i = 0; i < self->n * SL_SIMILAR_NEIGHBOURS; i++)
    near[i] = (Near){ -INFINITY, 0 };
  if (!search (&all, control, progress, progress_data, cancellable, error))
    return NULL;
  pairs = gather (&all);
  g_array_sort (pairs, compare_likeness);
  g_array_set_size (pairs, MIN (pairs->len, count));
  return pairs;
}

/* ---- The nearest of one */

GArray *
sl_similar_nearest (const SlFeatures *self, const SlFeatures *query, gsize at, const guint8 *among,
                    guint count)
{
  GArray *nearest = g_array_new (FALSE, FALSE, sizeof (SlNearest));

  g_return_val_if_fail (self != NULL && query != NULL, nearest);
  g_return_val_if_fail (at < query->n && self->n_features == query->n_features, nearest);

  for (guint32 i = 0; i < self->n; i++)
    {
      SlNearest found = { i, 0 };
      guint place = nearest->len;

      if ((among != NULL && !among[i]) || sl_features_is_blank (self, i))
        continue;
      found.likeness = likeness_of (self, query->rows + at * query->n_features, i);
      while (place > 0 && found.likeness > g_array_index (nearest, SlNearest, place - 1).likeness)
        place--;
      if (place >= count)
        continue;
      g_array_insert_val (nearest, place, found);
      if (nearest->len > count)
        g_array_set_size (nearest, count);
    }
  return nearest;
}
