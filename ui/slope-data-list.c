/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-data-list.h"

#include <string.h>

struct _SlopeDataList
{
  GObject parent_instance;
  GListModel *items;       /* owned */
  SlopeDataFilter *filter; /* owned */
  SlopeDataOrder order_by;
  gboolean stale;   /* items came or went since they were read */
  GPtrArray *all;   /* owned items, as they were read */
  guint *order;     /* positions in all, in order */
  GPtrArray *shown; /* those that match, in order; not owned */
};

static void slope_data_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SlopeDataList, slope_data_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      slope_data_list_model_init))

/* ---- Order
 *
 * All that is compared is taken from the items first, one after the other as they lie in memory: a
 * project of 100,000 pictures is opened, and put in another order, within a few frames. */

typedef struct
{
  guint64 head;
  const char *text;
  guint position;
} Key;

/* The finaliser of splitmix64: neighbours land far apart, and always in the same place. */
static guint64
scatter (gint64 id)
{
  guint64 x = (guint64)id * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  x = (x ^ x >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ x >> 31;
}

/* The first eight bytes, which compare as strcmp() does. */
static guint64
head_of (const char *text)
{
  guint64 head = 0;

  for (guint i = 0; i < 8 && text[i] != '\0'; i++)
    head |= (guint64)(guchar)text[i] << (56 - 8 * i);
  return head;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const Key *x = a, *y = b;
  int order = (x->head > y->head) - (x->head < y->head);

  if (order == 0 && x->text != y->text) /* the pictures of a class share its text */
    order = strcmp (x->text, y->text);
  return order != 0 ? order : (x->position > y->position) - (x->position < y->position);
}

static void
sort_by_text (SlopeDataList *self)
{
  const guint n = self->all->len;
  g_autofree Key *keys = g_new (Key, n);

  for (guint i = 0; i < n; i++)
    {
      SlItem *item = g_ptr_array_index (self->all, i);
      const char *text = self->order_by == SLOPE_ORDER_NAME ? sl_item_get_name (item)
                                                            : sl_item_get_target (item);

      if (text == NULL)
        text = "";
      keys[i] = (Key){ head_of (text), text, i };
    }
  qsort (keys, n, sizeof *keys, compare_keys);
  for (guint i = 0; i < n; i++)
    self->order[i] = keys[i].position;
}

/* One of two passes of a radix sort, by 16 bits of each word. */
static void
sort_pass (const guint64 *from, guint64 *to, guint n, guint shift)
{
  g_autofree guint *place = g_new0 (guint, 65537);

  for (guint i = 0; i < n; i++)
    place[(from[i] >> shift & 0xffff) + 1]++;
  for (guint i = 1; i <= 65535; i++)
    place[i] += place[i - 1];
  for (guint i = 0; i < n; i++)
    to[place[from[i] >> shift & 0xffff]++] = from[i];
}

/* By the upper half of a random word; what is equal in it stays in the order of the import. */
static void
shuffle (SlopeDataList *self)
{
  const guint n = self->all->len;
  g_autofree guint64 *words = g_new (guint64, n);
  g_autofree guint64 *half = g_new (guint64, n);

  for (guint i = 0; i < n; i++)
    words[i] = scatter (sl_item_get_id (self->all->pdata[i])) >> 32 << 32 | i;
  sort_pass (words, half, n, 32);
  sort_pass (half, words, n, 48);
  for (guint i = 0; i < n; i++)
    self->order[i] = (guint)words[i];
}

static void
put_in_order (SlopeDataList *self)
{
  self->order = g_renew (guint, self->order, self->all->len);
  if (self->order_by == SLOPE_ORDER_SHUFFLED)
    shuffle (self);
  else if (self->order_by == SLOPE_ORDER_IMPORTED)
    for (guint i = 0; i < self->all->len; i++)
      self->order[i] = i;
  else
    sort_by_text (self);
}

static void
read_items (SlopeDataList *self)
{
  const guint n = g_list_model_get_n_items (self->items);

  g_ptr_array_unref (self->all);
  self->all = g_ptr_array_new_full (n, g_object_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->all, g_list_model_get_item (self->items, i));
  self->stale = FALSE;
  put_in_order (self);
}

/* The page looks again after each step of the person: once for all items that went. */
static void
items_changed_cb (SlopeDataList *self)
{
  self->stale = TRUE;
}

/* ---- What is shown */

static GPtrArray *
find_matches (SlopeDataList *self)
{
  const guint n = self->all->len;
  GPtrArray *found = g_ptr_array_sized_new (n);
  g_autofree guint8 *matches = g_new (guint8, n);

  for (guint i = 0; i < n; i++)
    matches[i] = gtk_filter_match (GTK_FILTER (self->filter), self->all->pdata[i]);
  for (guint i = 0; i < n; i++)
    if (matches[self->order[i]])
      g_ptr_array_add (found, self->all->pdata[self->order[i]]);
  return found;
}

static void
sift (SlopeDataList *self)
{
  g_autoptr (GPtrArray) old_items = g_ptr_array_ref (self->all); /* old has pointers to them */
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->shown);
  GPtrArray *now;
  guint same_start = 0, same_end = 0, shorter;

  if (self->stale)
    read_items (self);
  now = self->shown = find_matches (self);

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
  g_ptr_array_unref (self->all);
  g_free (self->order);
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
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown = g_ptr_array_new ();
  self->stale = TRUE;
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
  self->order_by = order;
  g_signal_connect_object (items, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (filter, "changed", G_CALLBACK (sift), self, G_CONNECT_SWAPPED);
  sift (self);
  return self;
}

void
slope_data_list_set_order (SlopeDataList *self, SlopeDataOrder order)
{
  g_return_if_fail (SLOPE_IS_DATA_LIST (self));

  self->order_by = order;
  put_in_order (self);
  sift (self);
}
