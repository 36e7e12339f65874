/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-data-list.h"

struct _SlopeDataList
{
  GObject parent_instance;
  GListModel *items;       /* owned; holds the items */
  SlopeDataFilter *filter; /* owned */
  GPtrArray *ordered;      /* all items, in order; not owned */
  GPtrArray *shown;        /* those that match, in order; not owned */
};

static void slope_data_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SlopeDataList, slope_data_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      slope_data_list_model_init))

/* ---- Order */

typedef struct
{
  guint64 key;
  SlItem *item;
} Shuffled;

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
compare_shuffled (gconstpointer a, gconstpointer b)
{
  const guint64 x = ((const Shuffled *)a)->key, y = ((const Shuffled *)b)->key;

  return (x > y) - (x < y);
}

static int
compare_name (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (sl_item_get_name (*(SlItem **)a), sl_item_get_name (*(SlItem **)b));
}

static int
compare_class (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (sl_item_get_target (*(SlItem **)a), sl_item_get_target (*(SlItem **)b));
}

static void
shuffle (GPtrArray *items)
{
  g_autofree Shuffled *order = g_new (Shuffled, items->len);

  for (guint i = 0; i < items->len; i++)
    order[i] = (Shuffled){ scatter (sl_item_get_id (items->pdata[i])), items->pdata[i] };
  qsort (order, items->len, sizeof *order, compare_shuffled);
  for (guint i = 0; i < items->len; i++)
    items->pdata[i] = order[i].item;
}

static void
read_ordered (SlopeDataList *self, SlopeDataOrder order)
{
  const guint n = g_list_model_get_n_items (self->items);

  g_ptr_array_set_size (self->ordered, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (self->items, i);

      self->ordered->pdata[i] = item; /* stays in the project's list */
    }
  if (order == SLOPE_ORDER_SHUFFLED)
    shuffle (self->ordered);
  else if (order == SLOPE_ORDER_NAME)
    g_ptr_array_sort (self->ordered, compare_name);
  else if (order == SLOPE_ORDER_CLASS)
    g_ptr_array_sort (self->ordered, compare_class);
}

/* ---- What is shown */

static void
sift (SlopeDataList *self)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->shown);
  GPtrArray *now = g_ptr_array_sized_new (old->len);
  guint same_start = 0, same_end = 0, shorter;

  for (guint i = 0; i < self->ordered->len; i++)
    if (gtk_filter_match (GTK_FILTER (self->filter), self->ordered->pdata[i]))
      g_ptr_array_add (now, self->ordered->pdata[i]);
  self->shown = now;

  shorter = MIN (old->len, now->len);
  while (same_start < shorter && old->pdata[same_start] == now->pdata[same_start])
    same_start++;
  while (same_end < shorter - same_start
         && old->pdata[old->len - 1 - same_end] == now->pdata[now->len - 1 - same_end])
    same_end++;
  if (same_start < MAX (old->len, now->len))
    g_list_model_items_changed (G_LIST_MODEL (self), same_start, old->len - same_start - same_end,
                                now->len - same_start - same_end);
}

/* ---- Class */

static GType
slope_data_list_get_item_type (GListModel *model)
{
  return SL_TYPE_ITEM;
}

static guint
slope_data_list_get_n_items (GListModel *model)
{
  return SLOPE_DATA_LIST (model)->shown->len;
}

static gpointer
slope_data_list_get_item (GListModel *model, guint position)
{
  SlopeDataList *self = SLOPE_DATA_LIST (model);

  return position < self->shown->len ? g_object_ref (self->shown->pdata[position]) : NULL;
}

static void
slope_data_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = slope_data_list_get_item_type;
  iface->get_n_items = slope_data_list_get_n_items;
  iface->get_item = slope_data_list_get_item;
}

static void
slope_data_list_finalize (GObject *object)
{
  SlopeDataList *self = SLOPE_DATA_LIST (object);

  g_clear_object (&self->items);
  g_clear_object (&self->filter);
  g_ptr_array_unref (self->ordered);
  g_ptr_array_unref (self->shown);
  G_OBJECT_CLASS (slope_data_list_parent_class)->finalize (object);
}

static void
slope_data_list_class_init (SlopeDataListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_data_list_finalize;
}

static void
slope_data_list_init (SlopeDataList *self)
{
  self->ordered = g_ptr_array_new ();
  self->shown = g_ptr_array_new ();
}

SlopeDataList *
slope_data_list_new (GListModel *items, SlopeDataFilter *filter, SlopeDataOrder order)
{
  SlopeDataList *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (items), NULL);
  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (filter), NULL);

  self = g_object_new (SLOPE_TYPE_DATA_LIST, NULL);
  self->items = g_object_ref (items);
  self->filter = g_object_ref (filter);
  g_signal_connect_object (filter, "changed", G_CALLBACK (sift), self, G_CONNECT_SWAPPED);
  slope_data_list_set_order (self, order);
  return self;
}

void
slope_data_list_set_order (SlopeDataList *self, SlopeDataOrder order)
{
  g_return_if_fail (SLOPE_IS_DATA_LIST (self));

  read_ordered (self, order);
  sift (self);
}
