/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/files.h"
#include "project/journal.h"
#include "project/lock.h"
#include "project/project-private.h"

#include <glib/gstdio.h>

/* A step of another program is over in moments. */
#define WAIT_CLEAN_MS 2000

/* What one step needs; @after as sl_journal_do(). */
typedef struct
{
  SlStepKind kind;
  const gint64 *ids;
  gsize n;
  const char *const *after;
  const char *detail;
  const char *split;
} Step;

typedef enum
{
  DO,
  UNDO,
  REDO
} Direction;

static gboolean
call_journal (SlProject *self, Direction direction, const Step *step, GArray *touched,
              GError **error)
{
  if (direction == UNDO)
    return sl_journal_undo (self->store, self->path, touched, error);
  if (direction == REDO)
    return sl_journal_redo (self->store, self->path, touched, error);
  return sl_journal_do (self->store, self->path, step->kind, step->ids, step->n, step->after,
                        step->detail, step->split, touched, error);
}

static void
reload_split (SlProject *self)
{
  g_autofree char *stored = sl_store_dup_meta (self->store, "split", NULL);
  SlSplitSpec split = { 0 };

  if (stored == NULL || !sl_split_from_stored (&split, stored, NULL))
    return;
  sl_split_spec_clear (&self->split);
  self->split = split;
}

/* One step, and the items as the database then has them, whether it worked or not. */
static gboolean
clean (SlProject *self, Direction direction, const Step *step, GError **error)
{
  g_autoptr (GArray) touched = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean ok;

  if (!sl_project_check_writable (self, error)
      || !sl_lock_take (self->lock, SL_LOCK_CLEAN, WAIT_CLEAN_MS, self->title, error))
    return FALSE;
  ok = call_journal (self, direction, step, touched, error);
  sl_lock_release (self->lock, SL_LOCK_CLEAN);
  ok = sl_project_reload_items (self, (const gint64 *)touched->data, touched->len,
                                ok ? error : NULL)
       && ok;
  reload_split (self);
  sl_project_update_undo (self);
  if (touched->len > 0)
    sl_project_notify (self, SL_PROJECT_PROP_COUNTS);
  return ok;
}

/* The same new text for all items. */
static gboolean
clean_all_alike (SlProject *self, SlStepKind kind, const gint64 *ids, gsize n, const char *after,
                 const char *detail, GError **error)
{
  g_autofree const char **texts = g_new (const char *, n + 1);
  Step step = { .kind = kind, .ids = ids, .n = n, .after = texts, .detail = detail };

  for (gsize i = 0; i < n; i++)
    texts[i] = after;
  return clean (self, DO, &step, error);
}

gboolean
sl_project_remove (SlProject *self, const gint64 *ids, gsize n, GError **error)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && (ids != NULL || n == 0), FALSE);
  return clean_all_alike (self, SL_STEP_REMOVE, ids, n, NULL, NULL, error);
}

gboolean
sl_project_put_back (SlProject *self, const gint64 *ids, gsize n, GError **error)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && (ids != NULL || n == 0), FALSE);
  return clean_all_alike (self, SL_STEP_PUT_BACK, ids, n, NULL, NULL, error);
}

/* (transfer full): as the project file has it: the path of a mask is stored like that of a picture. */
static char *
dup_stored_target (SlProject *self, const char *target)
{
  return self->problem->task->target_is_file ? sl_path_to_stored (self->path, target)
                                             : g_strdup (target);
}

gboolean
sl_project_relabel (SlProject *self, const gint64 *ids, gsize n, const char *target, GError **error)
{
  g_autofree char *stored = NULL;

  g_return_val_if_fail (SL_IS_PROJECT (self) && (ids != NULL || n == 0) && target != NULL, FALSE);

  if (!self->problem->task->check_target (self->problem, target, error))
    return FALSE;
  stored = dup_stored_target (self, target);
  return clean_all_alike (self, SL_STEP_RELABEL, ids, n, stored, stored, error);
}

gboolean
sl_project_relabel_each (SlProject *self, const gint64 *ids, const char *const *targets, gsize n,
                         GError **error)
{
  g_autoptr (GPtrArray) stored = g_ptr_array_new_with_free_func (g_free);
  Step step = { .kind = SL_STEP_RELABEL, .ids = ids, .n = n };

  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  g_return_val_if_fail (n == 0 || (ids != NULL && targets != NULL), FALSE);

  for (gsize i = 0; i < n; i++)
    {
      if (!self->problem->task->check_target (self->problem, targets[i], error))
        return FALSE;
      g_ptr_array_add (stored, dup_stored_target (self, targets[i]));
    }
  step.after = (const char *const *)stored->pdata;
  return clean (self, DO, &step, error);
}

gboolean
sl_project_keep (SlProject *self, const gint64 *ids, gsize n, gboolean kept, GError **error)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && (ids != NULL || n == 0), FALSE);
  return clean_all_alike (self, SL_STEP_KEEP, ids, n, kept ? "1" : "0", kept ? "1" : "0", error);
}

static const char *
split_text (SlSplit split)
{
  static const char *const texts[SL_N_SPLITS] = { "0", "1", "2" };

  return texts[split];
}

gboolean
sl_project_set_item_split (SlProject *self, const gint64 *ids, gsize n, SlSplit split,
                           GError **error)
{
  static const char *const names[SL_N_SPLITS] = { "train", "valid", "test" };

  g_return_val_if_fail (SL_IS_PROJECT (self) && (ids != NULL || n == 0), FALSE);
  g_return_val_if_fail ((guint)split < SL_N_SPLITS, FALSE);
  return clean_all_alike (self, SL_STEP_SPLIT, ids, n, split_text (split), names[split], error);
}

/* (transfer full): of an item's id, the first of the pictures that it stays with. */
static GHashTable *
map_groups (const SlAudit *audit)
{
  GHashTable *groups = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (gsize i = 0; i < audit->n; i++)
    g_hash_table_insert (groups, &audit->ids[i], &audit->ids[audit->groups[i]]);
  return groups;
}

/* (transfer full) (nullable): equal for pictures that must not be parted. */
static char *
bond_of (const SlItem *item, GHashTable *groups)
{
  const gint64 *first = groups != NULL ? g_hash_table_lookup (groups, &item->id) : NULL;

  if (first != NULL)
    return g_strdup_printf ("group %" G_GINT64_FORMAT, *first);
  return item->twin == 0 ? NULL : g_strdup_printf ("%" G_GUINT64_FORMAT, item->twin);
}

static gboolean
resplit (SlProject *self, const SlSplitSpec *split, GHashTable *groups, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) targets = g_ptr_array_new ();
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autoptr (GPtrArray) rel_paths = g_ptr_array_new ();
  g_autoptr (GPtrArray) bonds = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autofree SlSplit *assigned = NULL;
  g_autofree char *stored = NULL, *detail = NULL;
  Step step = { .kind = SL_STEP_SPLIT };

  for (guint i = 0; i < sl_item_list_n (self->items); i++)
    {
      SlItem *item = sl_item_list_at (self->items, i);

      if (item->state != SL_ITEM_PRESENT)
        continue;
      g_array_append_val (ids, item->id);
      g_ptr_array_add (targets, item->target);
      g_ptr_array_add (parts, item->part);
      g_ptr_array_add (rel_paths, item->rel_path);
      g_ptr_array_add (bonds, bond_of (item, groups));
    }
  assigned = g_new0 (SlSplit, ids->len + 1);
  if (!sl_split_assign (split, ids->len, (const char *const *)targets->pdata,
                        (const char *const *)parts->pdata, (const char *const *)rel_paths->pdata,
                        (const char *const *)bonds->pdata, assigned, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    g_ptr_array_add (texts, (gpointer)split_text (assigned[i]));
  step.ids = (const gint64 *)ids->data;
  step.n = ids->len;
  step.after = (const char *const *)texts->pdata;
  step.detail = detail = sl_split_spec_to_string (split);
  step.split = stored = sl_split_to_stored (split);
  return clean (self, DO, &step, error);
}

gboolean
sl_project_resplit (SlProject *self, const SlSplitSpec *split, GError **error)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && split != NULL, FALSE);
  return resplit (self, split, NULL, error);
}

gboolean
sl_project_resplit_together (SlProject *self, const SlAudit *audit, GError **error)
{
  SlSplitSpec split = { .kind = SL_SPLIT_BY_STRATIFIED, .fraction = 0.2 };
  g_autoptr (GHashTable) groups = NULL;

  g_return_val_if_fail (SL_IS_PROJECT (self) && audit != NULL, FALSE);

  if (self->split.kind == SL_SPLIT_BY_RANDOM || self->split.kind == SL_SPLIT_BY_STRATIFIED)
    {
      split.kind = self->split.kind;
      split.fraction = self->split.fraction;
    }
  split.seed = self->split.seed;
  groups = map_groups (audit);
  return resplit (self, &split, groups, error);
}

gboolean
sl_project_undo (SlProject *self, GError **error)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  return clean (self, UNDO, NULL, error);
}

gboolean
sl_project_redo (SlProject *self, GError **error)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  return clean (self, REDO, NULL, error);
}

gboolean
sl_project_can_undo (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  return self->can_undo;
}

gboolean
sl_project_can_redo (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  return self->can_redo;
}

static gboolean
peek (SlProject *self, gboolean redo, SlJournalStep *step)
{
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return FALSE;
  if (sl_journal_peek (self->store, redo, step, &error))
    return TRUE;
  if (error != NULL)
    g_info ("The journal could not be read: %s", error->message);
  return FALSE;
}

gboolean
sl_project_peek_undo (SlProject *self, SlJournalStep *step)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && step != NULL, FALSE);
  return peek (self, FALSE, step);
}

gboolean
sl_project_peek_redo (SlProject *self, SlJournalStep *step)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && step != NULL, FALSE);
  return peek (self, TRUE, step);
}

GPtrArray *
sl_project_dup_journal (SlProject *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *steps = NULL;

  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);

  if (self->store != NULL)
    steps = sl_journal_dup (self->store, &error);
  if (error != NULL)
    g_info ("The journal could not be read: %s", error->message);
  return steps != NULL ? steps : g_ptr_array_new ();
}

/* ---- Emptying the bin */

/* To the desktop's trash.  A file that is gone already, by an earlier try or by hand, is no
 * obstacle. */
static gboolean
trash (SlItem *item, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (sl_item_get_path (item));
  g_autoptr (GError) local = NULL;

  if (item->bin == NULL || g_file_trash (file, NULL, &local)
      || g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  g_set_error (
      error, local->domain, local->code,
      "“%s” could not be moved to the desktop's trash (%s): move it out of the folder “bin” by "
      "hand",
      sl_item_get_name (item), local->message);
  return FALSE;
}

static gboolean
forget_items (SlProject *self, GArray *ids, GError **error)
{
  static const char *const statements[] = {
    "DELETE FROM prediction WHERE item = ?",
    "DELETE FROM change WHERE item = ?",
    "DELETE FROM item WHERE id = ?",
  };

  for (guint s = 0; s < G_N_ELEMENTS (statements); s++)
    {
      g_autoptr (SlQuery) query = sl_query_new (self->store, statements[s]);

      for (guint i = 0; i < ids->len; i++)
        {
          sl_query_bind_int (query, 1, g_array_index (ids, gint64, i));
          if (!sl_query_run (query, error))
            return FALSE;
        }
    }
  {
    g_autoptr (SlQuery) query = sl_query_new (
        self->store, "DELETE FROM step WHERE id NOT IN (SELECT step FROM change)");

    return sl_query_run (query, error);
  }
}

static gboolean
forget_in_transaction (SlProject *self, GArray *ids, GError **error)
{
  if (!sl_store_begin (self->store, TRUE, error))
    return FALSE;
  if (!forget_items (self, ids, error))
    {
      sl_store_rollback (self->store);
      return FALSE;
    }
  return sl_store_commit (self->store, error);
}

gboolean
sl_project_empty_bin (SlProject *self, gsize *n_trashed, GError **error)
{
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean ok = TRUE, forgotten;

  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);

  if (n_trashed != NULL)
    *n_trashed = 0;
  if (!sl_project_check_writable (self, error)
      || !sl_lock_take (self->lock, SL_LOCK_CLEAN, WAIT_CLEAN_MS, self->title, error))
    return FALSE;
  for (guint i = 0; i < sl_item_list_n (self->items) && ok; i++)
    {
      SlItem *item = sl_item_list_at (self->items, i);

      if (item->state != SL_ITEM_REMOVED)
        continue;
      ok = trash (item, error);
      if (ok)
        g_array_append_val (gone, item->id);
    }
  /* Those that went are gone, also when the next one failed. */
  forgotten = forget_in_transaction (self, gone, ok ? error : NULL);
  sl_lock_release (self->lock, SL_LOCK_CLEAN);
  if (!forgotten)
    return FALSE;
  self->n_removed -= gone->len;
  sl_item_list_remove (self->items, (const gint64 *)gone->data, gone->len);
  sl_project_forget_answers (self);
  if (n_trashed != NULL)
    *n_trashed = gone->len;
  sl_project_update_undo (self);
  sl_project_notify (self, SL_PROJECT_PROP_COUNTS);
  return ok;
}
