/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/files.h"
#include "project/journal.h"
#include "project/lock.h"
#include "project/project-private.h"
#include "project/store-runs.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* How long another program's file move may take before opening gives up. */
#define WAIT_CLEAN_MS 3000

static gboolean
set_damaged (SlProject *self, GError **error, const char *what)
{
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "“%s” is damaged (%s): restore it from a copy",
               self->title, what);
  return FALSE;
}

static gboolean
end_of_rows (GError *local, GError **error)
{
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

/* ---- How the set is split: "SEED SPEC" */

char *
sl_split_to_stored (const SlSplitSpec *split)
{
  g_autofree char *text = sl_split_spec_to_string (split);

  return g_strdup_printf ("%" G_GUINT64_FORMAT " %s", split->seed, text);
}

gboolean
sl_split_from_stored (SlSplitSpec *split, const char *stored, GError **error)
{
  char *end = NULL;
  guint64 seed = g_ascii_strtoull (stored, &end, 10);

  while (*end == ' ')
    end++;
  return sl_split_spec_parse (split, end, seed, error);
}

/* ---- Reading the parts */

static gboolean
load_meta (SlProject *self, GError **error)
{
  g_autofree char *split = sl_store_dup_meta (self->store, "split", NULL);
  g_autofree char *evaluated = sl_store_dup_meta (self->store, "evaluated", NULL);
  g_autofree char *tta = sl_store_dup_meta (self->store, "evaluated-tta", NULL);

  if (split == NULL)
    return set_damaged (self, error, "its description is missing");
  sl_split_spec_clear (&self->split);
  if (!sl_split_from_stored (&self->split, split, NULL))
    return set_damaged (self, error, "its split cannot be read");
  self->evaluated_run = evaluated != NULL ? g_ascii_strtoll (evaluated, NULL, 10) : 0;
  self->evaluated_tta = self->evaluated_run != 0 && g_strcmp0 (tta, "1") == 0;
  self->recipe = sl_store_dup_meta (self->store, "recipe", NULL);
  return TRUE;
}

/* (transfer full): NULL-terminated */
static GPtrArray *
load_classes (SlProject *self, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SlQuery)
      query = sl_query_new (self->store, "SELECT name FROM class ORDER BY position");
  GError *local = NULL;

  while (sl_query_next (query, &local))
    {
      const char *name = sl_query_text (query, 0);

      if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL))
        {
          set_damaged (self, error, "a class has no readable name");
          return NULL;
        }
      g_ptr_array_add (names, g_strdup (name));
    }
  if (!end_of_rows (local, error))
    return NULL;
  g_ptr_array_add (names, NULL);
  return g_steal_pointer (&names);
}

static gboolean
load_problem (SlProject *self, GError **error)
{
  g_autofree char *id = sl_store_dup_meta (self->store, "task", NULL);
  g_autofree char *stored = sl_store_dup_meta (self->store, "ranges", NULL);
  const SlTask *task = id != NULL ? sl_task_find (id) : NULL;
  g_autoptr (GPtrArray) classes = NULL;
  g_autofree SlRange *ranges = NULL;

  if (id == NULL)
    return set_damaged (self, error, "its description is missing");
  if (task == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NEWER,
                   "“%s” is of a kind that this version does not know: update Slope to open it",
                   self->title);
      return FALSE;
    }
  classes = load_classes (self, error);
  if (classes == NULL)
    return FALSE;
  if (stored != NULL)
    ranges = sl_problem_ranges_from_json (stored, classes->len - 1, NULL);
  if (task->has_ranges && ranges == NULL)
    return set_damaged (self, error, "the ranges of its numbers cannot be read");
  self->problem = sl_problem_new (task, (const char *const *)classes->pdata, ranges);
  self->counts = g_new0 (gsize, (self->problem->n_classes + 1) * SL_N_SPLITS);
  return TRUE;
}

/* Before the items, which are added to them. */
static void
open_texts (SlProject *self)
{
  g_autofree char *store = g_build_filename (self->path, SL_TEXTS_FILE, NULL);
  g_autofree char *tokens = g_build_filename (self->path, SL_TOKENS_FILE, NULL);

  if (self->problem->task->texts)
    self->texts = sl_texts_new (store, tokens);
}

static gboolean
load_skipped (SlProject *self, GError **error)
{
  g_autoptr (SlQuery)
      query = sl_query_new (self->store, "SELECT path, reason FROM skipped ORDER BY id");
  GError *local = NULL;

  while (sl_query_next (query, &local))
    {
      const char *path = sl_query_text (query, 0), *reason = sl_query_text (query, 1);
      SlSkipped file = { .path = g_utf8_make_valid (path != NULL ? path : "", -1) };

      file.reason = g_utf8_make_valid (reason != NULL ? reason : "", -1);
      g_array_append_val (self->skipped, file);
    }
  return end_of_rows (local, error);
}

/* ---- Items */

#define ITEM_COLUMNS                                                                     \
  "item.id, item.path, item.bin, item.rel_path, item.part, item.target, item.original, " \
  "item.split,"                                                                          \
  " item.state, item.kept, item.width, item.height, item.bytes, item.format, item.twin"
#define TEXT_COLUMNS "item.place, item.hash"

/* One copy of each label and format name. (transfer full) */
static char *
shared_text (GHashTable *cache, const char *text)
{
  char *shared;

  if (text == NULL)
    return NULL;
  shared = g_hash_table_lookup (cache, text);
  if (shared == NULL)
    {
      shared = g_ref_string_new (text);
      g_hash_table_add (cache, shared);
    }
  return g_ref_string_acquire (shared);
}

static gboolean
check_target (SlProject *self, GHashTable *cache, const char *target, GError **error)
{
  if (target == NULL || g_hash_table_contains (cache, target))
    return TRUE;
  return (g_utf8_validate (target, -1, NULL)
          && self->problem->task->check_target (self->problem, target, NULL))
         || set_damaged (self, error, "a picture has a label that is no class");
}

static gboolean
read_numbers (SlQuery *query, SlItem *item, GError **error)
{
  gint64 split, state, kept, width, height, bytes;

  if (!sl_query_int_in (query, 0, 1, G_MAXINT64, "an item", &item->id, error)
      || !sl_query_int_in (query, 7, 0, SL_SPLIT_TEST, "a split", &split, error)
      || !sl_query_int_in (query, 8, 0, SL_ITEM_UNREADABLE, "the state of an item", &state, error)
      || !sl_query_int_in (query, 9, 0, 1, "a mark", &kept, error)
      || !sl_query_int_in (query, 10, 0, G_MAXINT, "a width", &width, error)
      || !sl_query_int_in (query, 11, 0, G_MAXINT, "a height", &height, error)
      || !sl_query_int_in (query, 12, 0, G_MAXINT64, "the size of a file", &bytes, error))
    return FALSE;
  item->split = (SlSplit)split;
  item->state = (SlItemState)state;
  item->kept = kept != 0;
  item->width = (int)width;
  item->height = (int)height;
  item->bytes = bytes;
  item->twin = (guint64)sl_query_int (query, 14);
  return TRUE;
}

/* A name in bin/ must stay in bin/. */
static gboolean
is_plain_name (const char *name)
{
  return name == NULL
         || (*name != '\0' && strchr (name, '/') == NULL && strcmp (name, ".") != 0
             && strcmp (name, "..") != 0);
}

/* (transfer full) (nullable): as the task reads it; paths are stored relative to the project. */
static char *
dup_target (SlProject *self, SlQuery *query, int column)
{
  const char *stored = sl_query_text (query, column);

  if (stored == NULL || !self->problem->task->target_is_file || *stored == '\0')
    return g_strdup (stored);
  return sl_path_from_stored (self->path, stored);
}

static SlItem *
read_item (SlProject *self, SlQuery *query, GHashTable *cache, GError **error)
{
  g_autoptr (SlItem) item = g_object_new (SL_TYPE_ITEM, NULL);
  const char *path = sl_query_text (query, 1), *bin = sl_query_text (query, 2);
  const char *rel_path = sl_query_text (query, 3), *format = sl_query_text (query, 13);
  g_autofree char *target = dup_target (self, query, 5), *original = dup_target (self, query, 6);

  if (!read_numbers (query, item, error))
    return NULL;
  if (path == NULL || *path == '\0' || rel_path == NULL || *rel_path == '\0'
      || !is_plain_name (bin))
    {
      set_damaged (self, error, "a picture has no readable path");
      return NULL;
    }
  if (!check_target (self, cache, target, error) || !check_target (self, cache, original, error))
    return NULL;
  item->folder = g_ref_string_acquire (self->path);
  item->stored = g_strdup (path);
  item->bin = g_strdup (bin);
  item->rel_path = g_utf8_make_valid (rel_path, -1);
  item->part = g_strdup (sl_query_text (query, 4));
  item->target = shared_text (cache, target);
  item->original = shared_text (cache, original);
  item->format = shared_text (cache,
                              format != NULL && g_utf8_validate (format, -1, NULL) ? format : "");
  return g_steal_pointer (&item);
}

/* What sl_item_get_outputs() says, or none. */
static void
read_outputs (SlQuery *query, SlItem *item, const SlProblem *problem)
{
  const guint each = problem->task->dense ? sizeof (SlOverlap) / sizeof (float) : 1;
  const float most = problem->task->has_threshold ? 1 : G_MAXFLOAT;
  const gboolean may_lack = !problem->task->has_threshold && !problem->task->dense;
  guint n;
  g_autofree float *outputs = sl_query_dup_floats (query, 18, &n);

  if (outputs == NULL || n != each * problem->n_classes)
    return;
  for (guint i = 0; i < n; i++)
    if (!(outputs[i] >= 0 && outputs[i] <= most) && !(may_lack && isnan (outputs[i])))
      return;
  item->outputs = g_steal_pointer (&outputs);
  item->n_outputs = n;
}

/* Columns from 15; out-of-range numbers make the item unevaluated, which is no loss. */
static void
read_prediction (SlQuery *query, SlItem *item, const SlProblem *problem, GHashTable *cache)
{
  const char *predicted = sl_query_text (query, 17);
  double loss = sl_query_real (query, 15), probability = sl_query_real (query, 16);

  if (predicted == NULL || !g_utf8_validate (predicted, -1, NULL) || !(loss >= 0) || probability < 0
      || probability > 1) /* it may be none: NaN */
    return;
  item->predicted = shared_text (cache, predicted);
  item->loss = loss;
  item->probability = probability;
  item->evaluated = TRUE;
  read_outputs (query, item, problem);
}

/* Where the text lies: columns from 19. */
static gboolean
read_text (SlProject *self, SlQuery *query, SlItem *item, GError **error)
{
  const char *hash = sl_query_text (query, 20);
  gint64 offset;

  if (!sl_query_int_in (query, 19, 0, G_MAXINT64, "the place of a text", &offset, error))
    return FALSE;
  if (item->bytes > SL_MAX_TEXT_BYTES)
    return set_damaged (self, error, "a text is longer than any");
  item->row = sl_texts_n (self->texts);
  sl_texts_add (self->texts, (guint64)offset, (guint32)item->bytes, hash != NULL ? hash : "");
  return TRUE;
}

/* A picture comes back with the disk that it lies on. */
static gboolean
is_back (SlProject *self, SlItem *item)
{
  return item->state == SL_ITEM_UNREADABLE && !self->read_only && self->texts == NULL
         && sl_picture_check (sl_item_get_path (item), NULL, NULL);
}

static gboolean
write_back (SlProject *self, const GArray *ids, GError **error)
{
  g_autoptr (SlQuery)
      update = sl_query_new (self->store, "UPDATE item SET state = 0 WHERE id = ? AND state = 2");

  for (guint i = 0; i < ids->len; i++)
    {
      sl_query_bind_int (update, 1, g_array_index (ids, gint64, i));
      if (!sl_query_run (update, error))
        return FALSE;
    }
  return TRUE;
}

/* Pictures are found by number: a damaged table may have one twice, whatever it was asked to sort by. */
static gboolean
comes_next (SlProject *self, const SlItem *item)
{
  const guint n = sl_item_list_n (self->items);

  return n == 0 || sl_item_list_at (self->items, n - 1)->id < item->id;
}

static gboolean
load_items (SlProject *self, GError **error)
{
  g_autoptr (GArray) back = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) targets = g_hash_table_new_full (
      g_str_hash, g_str_equal, (GDestroyNotify)g_ref_string_release, NULL);
  g_autoptr (GHashTable) predictions = g_hash_table_new_full (
      g_str_hash, g_str_equal, (GDestroyNotify)g_ref_string_release, NULL);
  g_autoptr (SlQuery) query = sl_query_new (
      self->store,
      "SELECT " ITEM_COLUMNS
      ", prediction.loss, prediction.probability, predicted, outputs, " TEXT_COLUMNS " FROM item"
      " LEFT JOIN prediction ON prediction.item = item.id ORDER BY item.id");
  GError *local = NULL;

  while (sl_query_next (query, &local))
    {
      SlItem *item = read_item (self, query, targets, error);

      if (item == NULL)
        return FALSE;
      if (!comes_next (self, item))
        {
          g_object_unref (item);
          return set_damaged (self, error, "a picture is there twice");
        }
      read_prediction (query, item, self->problem, predictions);
      if (self->texts != NULL && !read_text (self, query, item, error))
        {
          g_object_unref (item);
          return FALSE;
        }
      if (is_back (self, item))
        {
          item->state = SL_ITEM_PRESENT;
          g_array_append_val (back, item->id);
        }
      sl_item_list_append (self->items, item);
      sl_project_count_item (self, item, 1);
    }
  g_clear_pointer (&query, sl_query_free); /* reading has ended */
  return end_of_rows (local, error) && write_back (self, back, error);
}

gboolean
sl_project_reload_items (SlProject *self, const gint64 *ids, gsize n, GError **error)
{
  g_autoptr (GHashTable) cache = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                        (GDestroyNotify)g_ref_string_release, NULL);
  g_autoptr (SlQuery)
      query = sl_query_new (self->store, "SELECT " ITEM_COLUMNS " FROM item WHERE id = ?");

  sl_project_forget_answers (self);
  for (gsize i = 0; i < n; i++)
    {
      SlItem *item = sl_item_list_find (self->items, ids[i]);
      g_autoptr (SlItem) fresh = NULL;
      gboolean relabelled;

      sl_query_reset (query);
      sl_query_bind_int (query, 1, ids[i]);
      if (item == NULL || !sl_query_next (query, error))
        continue;
      fresh = read_item (self, query, cache, error);
      if (fresh == NULL)
        return FALSE;
      relabelled = g_strcmp0 (item->target, fresh->target) != 0;
      sl_project_count_item (self, item, -1);
      sl_item_change (item, &(SlItemChange){ .stored = fresh->stored,
                                             .bin = fresh->bin,
                                             .target = fresh->target,
                                             .split = fresh->split,
                                             .state = fresh->state,
                                             .kept = fresh->kept });
      sl_project_count_item (self, item, 1);
      if (relabelled)
        sl_project_measure_item (self, item);
    }
  sl_project_forget_answers (self); /* whoever was notified may have asked */
  return TRUE;
}

/* ---- Runs and sweeps */

static gboolean
load_runs (SlProject *self, GError **error)
{
  g_autoptr (GPtrArray) runs = sl_store_read_runs (self->store, self->path, error);
  g_autoptr (GPtrArray) sweeps = NULL;

  if (runs == NULL)
    return FALSE;
  sweeps = sl_store_read_sweeps (self->store, error);
  if (sweeps == NULL)
    return FALSE;
  for (guint i = 0; i < runs->len; i++)
    g_list_store_insert (self->runs, 0, g_ptr_array_index (runs, i));
  for (guint i = 0; i < sweeps->len; i++)
    g_list_store_insert (self->sweeps, 0, g_ptr_array_index (sweeps, i));
  return TRUE;
}

/* ---- Opening */

static gboolean
mark_interrupted (SlProject *self, GError **error)
{
  g_autoptr (SlQuery) update = NULL;
  gboolean ok;

  /* Somebody trains: then the run is not abandoned. */
  if (!sl_lock_take (self->lock, SL_LOCK_JOB, 0, self->title, NULL))
    return TRUE;
  update = sl_query_new (self->store, "UPDATE run SET state = ? WHERE state = ?");
  sl_query_bind_int (update, 1, SL_RUN_INTERRUPTED);
  sl_query_bind_int (update, 2, SL_RUN_RUNNING);
  ok = sl_query_run (update, error);
  sl_lock_release (self->lock, SL_LOCK_JOB);
  return ok;
}

static gboolean
repair (SlProject *self, GError **error)
{
  g_autoptr (GArray) touched = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean ok;

  self->lock = sl_lock_open (self->path, error);
  if (self->lock < 0
      || !sl_lock_take (self->lock, SL_LOCK_CLEAN, WAIT_CLEAN_MS, self->title, error))
    return FALSE;
  ok = sl_journal_recover (self->store, self->path, touched, error);
  sl_lock_release (self->lock, SL_LOCK_CLEAN);
  return ok && mark_interrupted (self, error);
}

static char *
title_of (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *title = g_filename_display_name (base);

  if (g_str_has_suffix (title, ".slope") && strlen (title) > strlen (".slope"))
    title[strlen (title) - strlen (".slope")] = '\0';
  return g_steal_pointer (&title);
}

SlProject *
sl_project_load (const char *path, gboolean read_only, GMainContext *context, GError **error)
{
  g_autoptr (SlProject) self = g_object_new (SL_TYPE_PROJECT, NULL);
  g_autofree char *folder = g_canonicalize_filename (path, NULL);
  g_autofree char *file = NULL;

  if (g_str_has_suffix (folder, "/project.db"))
    *strrchr (folder, '/') = '\0';
  file = g_build_filename (folder, "project.db", NULL);
  self->context = g_main_context_ref (context);
  self->path = g_ref_string_new (folder);
  self->title = title_of (folder);
  self->read_only = read_only || access (folder, W_OK) != 0
                    || (access (file, F_OK) == 0 && access (file, W_OK) != 0);
  self->store = sl_store_open (file, self->read_only, error);
  if (self->store == NULL || (!self->read_only && !repair (self, error)))
    return NULL;
  if (!load_meta (self, error) || !load_problem (self, error))
    return NULL;
  open_texts (self);
  if (!load_skipped (self, error) || !load_items (self, error) || !load_runs (self, error))
    return NULL;
  if (self->texts != NULL && !self->read_only && !sl_project_tidy_words (self, error))
    return NULL;
  sl_project_load_threshold (self);
  sl_project_update_undo (self);
  return g_steal_pointer (&self);
}

SlProject *
sl_project_open (const char *path, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_return_val_if_fail (path != NULL, NULL);
  return sl_project_load (path, FALSE, context, error);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  GError *error = NULL;
  SlProject *self = sl_project_load (path, FALSE, g_task_get_context (task), &error);

  if (self != NULL)
    g_task_return_pointer (task, self, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
sl_project_open_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (path != NULL);
  g_task_set_source_tag (task, sl_project_open_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, open_in_thread);
}

SlProject *
sl_project_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_project_open_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
