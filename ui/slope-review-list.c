/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-review-list.h"

#include "slope-tile.h"

#include <math.h>

typedef struct
{
  SlItem *item;   /* owned */
  gint64 id;      /* of the item: asked for at every comparison */
  double key;     /* smaller comes first; loss or certainty */
  char *name_key; /* owned; only when sorted by name */
  gboolean found; /* by pair or twin, when that filter was set */
} Entry;

typedef enum
{
  FILTER_NONE,
  FILTER_PAIR,
  FILTER_MISSED, /* label "actual" */
  FILTER_EXTRA,
  FILTER_SEEN, /* class "actual" is in the mask, or was said to be */
  FILTER_TWIN
} FilterKind;

struct _SlopeReviewList
{
  GObject parent_instance;
  SlProblem *problem; /* (nullable) owned reference */
  GArray *entries;    /* of Entry, in order */
  GPtrArray *shown;   /* of SlItem; the entries own them */
  SlopeReviewOrder order;
  int split;
  gboolean hide_done;
  FilterKind filter;
  guint actual, predicted;
  guint64 twin;
};

static void slope_review_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SlopeReviewList, slope_review_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      slope_review_list_model_init))

/* ---- GListModel */

static GType
get_item_type (GListModel *model)
{
  return SL_TYPE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return SLOPE_REVIEW_LIST (model)->shown->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  SlopeReviewList *self = SLOPE_REVIEW_LIST (model);

  return position < self->shown->len ? g_object_ref (self->shown->pdata[position]) : NULL;
}

static void
slope_review_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- Object */

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  g_clear_object (&entry->item);
  g_clear_pointer (&entry->name_key, g_free);
}

static GArray *
entries_new (void)
{
  GArray *entries = g_array_new (FALSE, TRUE, sizeof (Entry));

  g_array_set_clear_func (entries, entry_clear);
  return entries;
}

static void
slope_review_list_finalize (GObject *object)
{
  SlopeReviewList *self = SLOPE_REVIEW_LIST (object);

  g_ptr_array_unref (self->shown);
  g_array_unref (self->entries);
  g_clear_pointer (&self->problem, sl_problem_unref);
  G_OBJECT_CLASS (slope_review_list_parent_class)->finalize (object);
}

static void
slope_review_list_class_init (SlopeReviewListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_review_list_finalize;
}

static void
slope_review_list_init (SlopeReviewList *self)
{
  self->entries = entries_new ();
  self->shown = g_ptr_array_new ();
  self->split = -1;
}

SlopeReviewList *
slope_review_list_new (void)
{
  return g_object_new (SLOPE_TYPE_REVIEW_LIST, NULL);
}

/* ---- Order */

/* How sure the model is of what it says: exact where it agrees with the label, else the most that
 * the label leaves to what it says. */
static double
certainty (SlItem *item, double probability, const char *predicted)
{
  return g_strcmp0 (sl_item_get_target (item), predicted) == 0 ? probability : 1. - probability;
}

static void
set_keys (SlopeReviewList *self, Entry *entry)
{
  double loss = 0., probability = 0.;
  const char *predicted = NULL;

  sl_item_get_prediction (entry->item, &loss, &probability, &predicted);
  g_clear_pointer (&entry->name_key, g_free);
  switch (self->order)
    {
    case SLOPE_REVIEW_WORST_FIRST:
      entry->key = isfinite (loss) ? -loss : -INFINITY;
      break;
    case SLOPE_REVIEW_LEAST_SURE:
      entry->key = certainty (entry->item, probability, predicted);
      break;
    case SLOPE_REVIEW_BY_NAME:
    default:
      entry->key = 0.;
      entry->name_key = g_utf8_collate_key_for_filename (sl_item_get_rel_path (entry->item), -1);
      break;
    }
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *first = a, *second = b;

  if (first->name_key != NULL && second->name_key != NULL)
    {
      const int order = strcmp (first->name_key, second->name_key);

      if (order != 0)
        return order;
    }
  if (first->key != second->key)
    return first->key < second->key ? -1 : 1;
  return first->id < second->id ? -1 : first->id > second->id;
}

static void
sort (SlopeReviewList *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    set_keys (self, &g_array_index (self->entries, Entry, i));
  g_array_sort (self->entries, compare_entries);
}

/* ---- Filters */

static gboolean
target_has_class (SlopeReviewList *self, const char *target, guint index)
{
  guint indices[64];
  guint n;

  if (target == NULL)
    return FALSE;
  n = self->problem->task->classes_of (self->problem, target, indices, G_N_ELEMENTS (indices));
  for (guint i = 0; i < n; i++)
    if (indices[i] == index)
      return TRUE;
  return FALSE;
}

static gboolean
is_found (SlopeReviewList *self, SlItem *item)
{
  const char *predicted = NULL;

  switch (self->filter)
    {
    case FILTER_MISSED:
      return sl_item_get_prediction (item, NULL, NULL, &predicted)
             && target_has_class (self, sl_item_get_target (item), self->actual)
             && !target_has_class (self, predicted, self->actual);
    case FILTER_EXTRA:
      return sl_item_get_prediction (item, NULL, NULL, &predicted)
             && sl_item_get_target (item) != NULL
             && !target_has_class (self, sl_item_get_target (item), self->actual)
             && target_has_class (self, predicted, self->actual);
    case FILTER_PAIR:
      return sl_item_get_prediction (item, NULL, NULL, &predicted)
             && target_has_class (self, sl_item_get_target (item), self->actual)
             && target_has_class (self, predicted, self->predicted);
    case FILTER_SEEN:
      {
        SlOverlap overlap;

        return sl_item_get_overlap (item, self->actual, &overlap)
               && overlap.actual + overlap.said > 0;
      }
    case FILTER_TWIN:
      return sl_item_get_twin (item) == self->twin;
    case FILTER_NONE:
    default:
      return TRUE;
    }
}

static void
find (SlopeReviewList *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);

      entry->found = is_found (self, entry->item);
    }
}

static gboolean
is_in_set (SlopeReviewList *self, const Entry *entry)
{
  return entry->found && (self->split < 0 || (int)sl_item_get_split (entry->item) == self->split);
}

/* One change that leaves the equal beginning and end alone, so that selection, focus and the
 * place where one has scrolled to stay. */
static void
show (SlopeReviewList *self, GPtrArray *shown)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->shown);
  guint head = 0, tail = 0;
  const guint least = MIN (old->len, shown->len);

  self->shown = shown;
  while (head < least && old->pdata[head] == shown->pdata[head])
    head++;
  while (tail < least - head
         && old->pdata[old->len - 1 - tail] == shown->pdata[shown->len - 1 - tail])
    tail++;
  if (old->len - head - tail > 0 || shown->len - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail,
                                shown->len - head - tail);
}

void
slope_review_list_refilter (SlopeReviewList *self)
{
  GPtrArray *shown;

  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  shown = g_ptr_array_sized_new (self->entries->len);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (is_in_set (self, entry) && !(self->hide_done && slope_item_is_done (entry->item)))
        g_ptr_array_add (shown, entry->item);
    }
  show (self, shown);
}

/* ---- Public */

void
slope_review_list_take (SlopeReviewList *self, SlProject *project)
{
  g_autoptr (GArray) old = NULL;
  GListModel *items;

  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  old = g_steal_pointer (&self->entries); /* owns what is still shown */
  self->entries = entries_new ();
  g_clear_pointer (&self->problem, sl_problem_unref);
  if (project != NULL)
    {
      self->problem = sl_problem_ref (sl_project_get_problem (project));
      items = sl_project_get_items (project);
      for (guint i = 0; i < g_list_model_get_n_items (items); i++)
        {
          Entry entry = { .item = g_list_model_get_item (items, i) };

          entry.id = sl_item_get_id (entry.item);
          if (sl_item_get_state (entry.item) != SL_ITEM_UNREADABLE
              && sl_item_get_prediction (entry.item, NULL, NULL, NULL))
            g_array_append_val (self->entries, entry);
          else
            g_object_unref (entry.item);
        }
    }
  sort (self);
  find (self);
  slope_review_list_refilter (self);
}

void
slope_review_list_set_order (SlopeReviewList *self, SlopeReviewOrder order)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  self->order = order;
  sort (self);
  slope_review_list_refilter (self);
}

void
slope_review_list_set_split (SlopeReviewList *self, int split)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  self->split = split;
  slope_review_list_refilter (self);
}

void
slope_review_list_set_hide_done (SlopeReviewList *self, gboolean hide)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  self->hide_done = hide;
  slope_review_list_refilter (self);
}

static void
set_filter (SlopeReviewList *self, FilterKind kind)
{
  self->filter = kind;
  find (self);
  slope_review_list_refilter (self);
}

void
slope_review_list_set_pair (SlopeReviewList *self, guint actual, guint predicted)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  self->actual = actual;
  self->predicted = predicted;
  set_filter (self, FILTER_PAIR);
}

void
slope_review_list_set_label (SlopeReviewList *self, guint index, gboolean missed)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  self->actual = index;
  set_filter (self, missed ? FILTER_MISSED : FILTER_EXTRA);
}

void
slope_review_list_set_seen (SlopeReviewList *self, guint index)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  self->actual = index;
  set_filter (self, FILTER_SEEN);
}

void
slope_review_list_find_again (SlopeReviewList *self)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  set_filter (self, self->filter);
}

void
slope_review_list_set_twin (SlopeReviewList *self, guint64 twin)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  self->twin = twin;
  set_filter (self, FILTER_TWIN);
}

void
slope_review_list_clear_filter (SlopeReviewList *self)
{
  g_return_if_fail (SLOPE_IS_REVIEW_LIST (self));

  set_filter (self, FILTER_NONE);
}

gboolean
slope_review_list_has_filter (SlopeReviewList *self)
{
  g_return_val_if_fail (SLOPE_IS_REVIEW_LIST (self), FALSE);

  return self->filter != FILTER_NONE;
}

guint
slope_review_list_count (SlopeReviewList *self, guint *n_done)
{
  guint n = 0, done = 0;

  g_return_val_if_fail (SLOPE_IS_REVIEW_LIST (self), 0);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (!is_in_set (self, entry))
        continue;
      n++;
      done += slope_item_is_done (entry->item);
    }
  if (n_done != NULL)
    *n_done = done;
  return n;
}

guint
slope_review_list_find (SlopeReviewList *self, SlItem *item)
{
  guint position;

  g_return_val_if_fail (SLOPE_IS_REVIEW_LIST (self), G_MAXUINT);

  return g_ptr_array_find (self->shown, item, &position) ? position : G_MAXUINT;
}
