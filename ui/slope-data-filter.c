/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* strcasestr() */
#include "config.h"

#include "slope-data-filter.h"

#include "slope-text-scan.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_TARGET_CLASSES 64
/* Below which the first of the lengths is; each ends at twice the one before. */
#define SHORTEST_WORDS 25u

struct _SlopeDataFilter
{
  GtkFilter parent_instance;
  SlProject *project; /* owned */
  SlopeDataView view;
  guint8 *class_on; /* one a class */
  guint n_classes, n_on;
  GHashTable *targets; /* label → whether it names a class that is on; as far as they were met */
  char *search;        /* NULL: none */
  GHashTable *sides;   /* guint64 twin → bit set of splits; twins that lie on several sides */
  gsize n_far_twins, n_unreadable, n_problems;
  GHashTable *found; /* gint64: items that are a problem for another reason */

  /* Of texts alone. */
  GHashTable *said;        /* those that say what is searched; NULL: not searched */
  GHashTable *words;       /* how many each has; NULL: not known yet */
  GCancellable *searching; /* owned; of the search that goes on; NULL: none does */
  GCancellable *counting;  /* owned; of the lengths */
  guint lengths_on;        /* bit set */
};

static guint scanned_signal;

G_DEFINE_FINAL_TYPE (SlopeDataFilter, slope_data_filter, GTK_TYPE_FILTER)

gboolean
slope_data_filter_has_far_twin (SlopeDataFilter *self, SlItem *item)
{
  const guint64 twin = sl_item_get_twin (item);

  return twin != 0 && sl_item_get_state (item) == SL_ITEM_PRESENT
         && g_hash_table_contains (self->sides, &twin);
}

static gboolean
is_problem (SlopeDataFilter *self, SlItem *item)
{
  const gint64 id = sl_item_get_id (item);

  return sl_item_get_state (item) == SL_ITEM_UNREADABLE
         || slope_data_filter_has_far_twin (self, item)
         || (sl_item_get_state (item) == SL_ITEM_PRESENT
             && g_hash_table_contains (self->found, &id));
}

static gboolean
is_in_view (SlopeDataFilter *self, SlItem *item)
{
  const SlItemState state = sl_item_get_state (item);

  switch (self->view)
    {
    case SLOPE_VIEW_TRAIN:
      return state == SL_ITEM_PRESENT && sl_item_get_split (item) == SL_SPLIT_TRAIN;
    case SLOPE_VIEW_VALID:
      return state == SL_ITEM_PRESENT && sl_item_get_split (item) == SL_SPLIT_VALID;
    case SLOPE_VIEW_TEST:
      return state == SL_ITEM_PRESENT && sl_item_get_split (item) == SL_SPLIT_TEST;
    case SLOPE_VIEW_PROBLEMS:
      return is_problem (self, item);
    case SLOPE_VIEW_REMOVED:
      return state == SL_ITEM_REMOVED;
    case SLOPE_VIEW_ALL:
    case SLOPE_N_VIEWS:
    default:
      return state != SL_ITEM_REMOVED;
    }
}

static gboolean
names_class (SlopeDataFilter *self, const char *target)
{
  const SlProblem *problem = sl_project_get_problem (self->project);
  guint indices[MAX_TARGET_CLASSES];
  const guint n = problem->task->classes_of (problem, target, indices, MAX_TARGET_CLASSES);

  for (guint i = 0; i < n; i++)
    if (indices[i] < self->n_classes && self->class_on[indices[i]])
      return TRUE;
  return FALSE;
}

static gboolean
is_of_class (SlopeDataFilter *self, SlItem *item)
{
  const char *target = sl_item_get_target (item);
  gpointer known;

  if (target == NULL)
    return FALSE;
  if (!g_hash_table_lookup_extended (self->targets, target, NULL, &known))
    {
      known = GINT_TO_POINTER (names_class (self, target));
      g_hash_table_insert (self->targets, g_strdup (target), known);
    }
  return GPOINTER_TO_INT (known);
}

static gboolean
has_text (SlopeDataFilter *self, SlItem *item)
{
  const char *target = sl_item_get_target (item);

  return strcasestr (sl_item_get_rel_path (item), self->search) != NULL
         || (target != NULL && strcasestr (target, self->search) != NULL)
         || (self->said != NULL && g_hash_table_contains (self->said, SLOPE_SCAN_KEY (item)));
}

static guint
length_of (SlopeDataFilter *self, SlItem *item)
{
  const guint words = GPOINTER_TO_UINT (g_hash_table_lookup (self->words, SLOPE_SCAN_KEY (item)));
  guint length = 0;

  while (length + 1 < SLOPE_N_LENGTHS && words >= SHORTEST_WORDS << length)
    length++;
  return length;
}

static gboolean
slope_data_filter_match (GtkFilter *filter, gpointer item)
{
  SlopeDataFilter *self = SLOPE_DATA_FILTER (filter);

  return is_in_view (self, item) && (self->n_on == 0 || is_of_class (self, item))
         && (self->lengths_on == 0 || (self->lengths_on & 1u << length_of (self, item)) != 0)
         && (self->search == NULL || has_text (self, item));
}

static void
stop_search (SlopeDataFilter *self)
{
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
}

static void
slope_data_filter_dispose (GObject *object)
{
  SlopeDataFilter *self = SLOPE_DATA_FILTER (object);

  stop_search (self);
  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  G_OBJECT_CLASS (slope_data_filter_parent_class)->dispose (object);
}

static void
slope_data_filter_finalize (GObject *object)
{
  SlopeDataFilter *self = SLOPE_DATA_FILTER (object);

  g_clear_object (&self->project);
  g_clear_pointer (&self->sides, g_hash_table_unref);
  g_clear_pointer (&self->found, g_hash_table_unref);
  g_clear_pointer (&self->targets, g_hash_table_unref);
  g_clear_pointer (&self->said, g_hash_table_unref);
  g_clear_pointer (&self->words, g_hash_table_unref);
  g_free (self->class_on);
  g_free (self->search);
  G_OBJECT_CLASS (slope_data_filter_parent_class)->finalize (object);
}

static void
slope_data_filter_class_init (SlopeDataFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_data_filter_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_data_filter_finalize;
  scanned_signal = g_signal_new ("scanned", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  GTK_FILTER_CLASS (klass)->match = slope_data_filter_match;
}

static void
slope_data_filter_init (SlopeDataFilter *self)
{
  self->sides = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->found = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* Which sides of the split each content lies on. */
static void
collect_sides (SlopeDataFilter *self, GListModel *items)
{
  const guint n = g_list_model_get_n_items (items);

  g_hash_table_remove_all (self->sides);
  self->n_unreadable = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      const guint64 twin = sl_item_get_twin (item);
      const SlItemState state = sl_item_get_state (item);
      guint sides;

      self->n_unreadable += state == SL_ITEM_UNREADABLE;
      if (twin == 0 || state != SL_ITEM_PRESENT)
        continue;
      sides = GPOINTER_TO_UINT (g_hash_table_lookup (self->sides, &twin));
      sides |= 1u << sl_item_get_split (item);
      g_hash_table_insert (self->sides, g_memdup2 (&twin, sizeof twin), GUINT_TO_POINTER (sides));
    }
}

static gboolean
is_one_side (gpointer key, gpointer value, gpointer user_data)
{
  const guint sides = GPOINTER_TO_UINT (value);

  return (sides & (sides - 1)) == 0;
}

static void
find_problems (SlopeDataFilter *self)
{
  GListModel *items = sl_project_get_items (self->project);
  const guint n = g_list_model_get_n_items (items);

  collect_sides (self, items);
  g_hash_table_foreach_remove (self->sides, is_one_side, NULL);
  self->n_far_twins = 0;
  self->n_problems = self->n_unreadable;
  if (g_hash_table_size (self->sides) + g_hash_table_size (self->found) == 0)
    return;
  self->n_problems = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      self->n_far_twins += slope_data_filter_has_far_twin (self, item);
      self->n_problems += is_problem (self, item);
    }
}

/* ---- What texts say, and how long they are */

/* Both keep no reference: the filter that has gone has cancelled them. */
static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) said = slope_text_search_finish (result, &error);
  SlopeDataFilter *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (said == NULL) /* a text that cannot be read says so in its row */
    g_debug ("searching texts: %s", error->message);
  g_clear_object (&self->searching);
  g_clear_pointer (&self->said, g_hash_table_unref);
  self->said = g_steal_pointer (&said);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
  g_signal_emit (self, scanned_signal, 0);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) words = slope_text_lengths_finish (result, &error);
  SlopeDataFilter *self = user_data;

  if (words == NULL)
    return;
  self->words = g_steal_pointer (&words);
  g_signal_emit (self, scanned_signal, 0);
}

/* What was found before stays until the new is. */
static void
search_texts (SlopeDataFilter *self)
{
  stop_search (self);
  if (self->search == NULL)
    g_clear_pointer (&self->said, g_hash_table_unref);
  else
    {
      self->searching = g_cancellable_new ();
      slope_text_search_async (self->project, self->search, self->searching, searched_cb, self);
    }
  g_signal_emit (self, scanned_signal, 0);
}

SlopeDataFilter *
slope_data_filter_new (SlProject *project)
{
  SlopeDataFilter *self;

  g_return_val_if_fail (SL_IS_PROJECT (project), NULL);

  self = g_object_new (SLOPE_TYPE_DATA_FILTER, NULL);
  self->project = g_object_ref (project);
  self->n_classes = g_strv_length ((char **)sl_project_get_classes (project));
  self->class_on = g_new0 (guint8, self->n_classes + 1);
  find_problems (self);
  if (sl_project_get_texts (project) != NULL)
    {
      self->counting = g_cancellable_new ();
      slope_text_lengths_async (project, self->counting, counted_cb, self);
    }
  return self;
}

SlopeDataView
slope_data_filter_get_view (SlopeDataFilter *self)
{
  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (self), SLOPE_VIEW_ALL);
  return self->view;
}

void
slope_data_filter_set_view (SlopeDataFilter *self, SlopeDataView view)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTER (self));

  if (self->view == view)
    return;
  self->view = view;
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

void
slope_data_filter_set_class (SlopeDataFilter *self, guint index, gboolean on)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTER (self));
  g_return_if_fail (index < self->n_classes);

  on = on != FALSE;
  if (self->class_on[index] == on)
    return;
  self->class_on[index] = on;
  self->n_on += on ? 1 : -1;
  g_hash_table_remove_all (self->targets);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

gboolean
slope_data_filter_get_class (SlopeDataFilter *self, guint index)
{
  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (self), FALSE);
  return index < self->n_classes && self->class_on[index];
}

void
slope_data_filter_set_search (SlopeDataFilter *self, const char *text)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTER (self));

  if (text != NULL && *text == '\0')
    text = NULL;
  if (g_strcmp0 (self->search, text) == 0)
    return;
  g_free (self->search);
  self->search = g_strdup (text);
  if (sl_project_get_texts (self->project) != NULL)
    search_texts (self);
  if (self->searching == NULL)
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

gboolean
slope_data_filter_is_searching (SlopeDataFilter *self)
{
  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (self), FALSE);
  return self->searching != NULL;
}

void
slope_data_filter_set_length (SlopeDataFilter *self, guint length, gboolean on)
{
  const guint before = self->lengths_on;

  g_return_if_fail (SLOPE_IS_DATA_FILTER (self));
  g_return_if_fail (length < SLOPE_N_LENGTHS && self->words != NULL);

  self->lengths_on = on ? before | 1u << length : before & ~(1u << length);
  if (self->lengths_on != before)
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

gboolean
slope_data_filter_count_lengths (SlopeDataFilter *self, gsize counts[SLOPE_N_LENGTHS])
{
  GListModel *items = sl_project_get_items (self->project);
  const guint n = g_list_model_get_n_items (items);

  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (self), FALSE);

  memset (counts, 0, SLOPE_N_LENGTHS * sizeof *counts);
  if (self->words == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      counts[length_of (self, item)] += sl_item_get_state (item) == SL_ITEM_PRESENT;
    }
  return TRUE;
}

char *
slope_length_label (guint length)
{
  const guint from = length > 0 ? SHORTEST_WORDS << (length - 1) : 0;
  const guint to = SHORTEST_WORDS << length;

  g_return_val_if_fail (length < SLOPE_N_LENGTHS, NULL);

  if (length == 0)
    return g_strdup_printf (_ ("Under %'u words"), to);
  if (length + 1 == SLOPE_N_LENGTHS)
    return g_strdup_printf (_ ("%'u words and more"), from);
  /* translators: how long texts are: "25 to 49 words" */
  return g_strdup_printf (_ ("%'u to %'u words"), from, to - 1);
}

gboolean
slope_data_filter_is_wide_open (SlopeDataFilter *self)
{
  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (self), TRUE);
  return self->n_on == 0 && self->lengths_on == 0 && self->search == NULL;
}

void
slope_data_filter_refresh (SlopeDataFilter *self)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTER (self));

  find_problems (self);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

void
slope_data_filter_set_found (SlopeDataFilter *self, const gint64 *ids, gsize n)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTER (self));
  g_return_if_fail (ids != NULL || n == 0);

  g_hash_table_remove_all (self->found);
  for (gsize i = 0; i < n; i++)
    g_hash_table_add (self->found, g_memdup2 (&ids[i], sizeof *ids));
  find_problems (self);
  if (self->view == SLOPE_VIEW_PROBLEMS)
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

gsize
slope_data_filter_n_problems (SlopeDataFilter *self)
{
  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (self), 0);
  return self->n_problems;
}

gsize
slope_data_filter_n_far_twins (SlopeDataFilter *self)
{
  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (self), 0);
  return self->n_far_twins;
}

gsize
slope_data_filter_n_unreadable (SlopeDataFilter *self)
{
  g_return_val_if_fail (SLOPE_IS_DATA_FILTER (self), 0);
  return self->n_unreadable;
}
