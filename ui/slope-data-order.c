/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-data-order.h"

#include <slope/slope.h>

/* The finaliser of splitmix64: neighbours land far apart, and always in the same place. */
static guint64
scatter (gint64 id)
{
  guint64 x = (guint64)id * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  x = (x ^ x >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ x >> 31;
}

static int
compare_shuffled (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const guint64 x = scatter (sl_item_get_id ((SlItem *)a));
  const guint64 y = scatter (sl_item_get_id ((SlItem *)b));

  return (x > y) - (x < y);
}

static int
compare_name (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return g_strcmp0 (sl_item_get_name ((SlItem *)a), sl_item_get_name ((SlItem *)b));
}

static int
compare_class (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return g_strcmp0 (sl_item_get_target ((SlItem *)a), sl_item_get_target ((SlItem *)b));
}

GtkSorter *
slope_data_order_new_sorter (SlopeDataOrder order)
{
  static const GCompareDataFunc compare[] = { [SLOPE_ORDER_SHUFFLED] = compare_shuffled,
                                              [SLOPE_ORDER_NAME] = compare_name,
                                              [SLOPE_ORDER_CLASS] = compare_class };

  if (order >= G_N_ELEMENTS (compare))
    return NULL;
  return GTK_SORTER (gtk_custom_sorter_new (compare[order], NULL, NULL));
}
