/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/journal.h"

#include "project/files.h"
#include "project/journal-moves.h"

#include <time.h>

/* The column of an item that a step without files changes. */
static const char *
column_of (SlStepKind kind)
{
  switch (kind)
    {
    case SL_STEP_RELABEL:
      return "target";
    case SL_STEP_KEEP:
      return "kept";
    case SL_STEP_SPLIT:
      return "split";
    case SL_STEP_REMOVE:
    case SL_STEP_PUT_BACK:
      break;
    }
  return NULL;
}

static gboolean
moves_files (SlStepKind kind)
{
  return kind == SL_STEP_REMOVE || kind == SL_STEP_PUT_BACK;
}

static gboolean
touch_items (SlStore *store, gint64 step, GArray *touched, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (store, "SELECT item FROM change WHERE step = ?");
  g_autoptr (GError) local = NULL;

  sl_query_bind_int (query, 1, step);
  while (sl_query_next (query, &local))
    {
      gint64 id = sl_query_int (query, 0);

      g_array_append_val (touched, id);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* ---- A new step */

static gboolean
insert_step (SlStore *store, SlStepKind kind, const char *detail, const char *split, gint64 *step,
             GError **error)
{
  g_autoptr (SlQuery) forget_changes = sl_query_new (
      store, "DELETE FROM change WHERE step IN (SELECT id FROM step WHERE undone)");
  g_autoptr (SlQuery) forget_steps = sl_query_new (store, "DELETE FROM step WHERE undone");
  g_autoptr (SlQuery) insert = sl_query_new (
      store, "INSERT INTO step (kind, time, detail, split_before, split_after, undone, pending)"
             " VALUES (?1, ?2, ?3, CASE WHEN ?4 IS NULL THEN NULL"
             "  ELSE (SELECT value FROM meta WHERE key = 'split') END, ?4, 0, ?5)");

  sl_query_bind_int (insert, 1, kind);
  sl_query_bind_int (insert, 2, time (NULL));
  sl_query_bind_text (insert, 3, detail);
  sl_query_bind_text (insert, 4, split);
  sl_query_bind_int (insert, 5, moves_files (kind) ? SL_PENDING_DO : SL_PENDING_NONE);
  if (!sl_query_run (forget_changes, error) || !sl_query_run (forget_steps, error)
      || !sl_query_run (insert, error))
    return FALSE;
  *step = sl_store_last_id (store);
  return TRUE;
}

/* What the item's value or state is now; %FALSE with @error when there is no such item. */
static gboolean
read_before (SlQuery *select, gint64 id, char **before, GError **error)
{
  g_autoptr (GError) local = NULL;

  sl_query_reset (select);
  sl_query_bind_int (select, 1, id);
  if (sl_query_next (select, &local))
    {
      *before = g_strdup (sl_query_text (select, 0));
      return TRUE;
    }
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "There is no item %" G_GINT64_FORMAT ": choose one of the project's", id);
  return FALSE;
}

static gboolean
is_so_already (SlStepKind kind, const char *before, const char *after)
{
  gboolean removed = g_strcmp0 (before, "1") == 0; /* SL_ITEM_REMOVED */

  if (kind == SL_STEP_REMOVE)
    return removed;
  if (kind == SL_STEP_PUT_BACK)
    return !removed;
  return g_strcmp0 (before, after) == 0;
}

/* *@n_changed: how many items are not so already. */
static gboolean
insert_changes (SlStore *store, SlStepKind kind, gint64 step, const gint64 *ids, gsize n,
                const char *const *after, gsize *n_changed, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM item WHERE id = ?",
                                          moves_files (kind) ? "state" : column_of (kind));
  g_autoptr (SlQuery) select = sl_query_new (store, sql);
  g_autoptr (SlQuery)
      insert = sl_query_new (store, "INSERT OR IGNORE INTO change VALUES (?, ?, ?, ?)");

  *n_changed = 0;
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *before = NULL;
      const char *to = after != NULL ? after[i] : NULL;

      if (!read_before (select, ids[i], &before, error))
        return FALSE;
      if (is_so_already (kind, before, to))
        continue;
      sl_query_bind_int (insert, 1, step);
      sl_query_bind_int (insert, 2, ids[i]);
      sl_query_bind_text (insert, 3, before);
      sl_query_bind_text (insert, 4, to);
      if (!sl_query_run (insert, error))
        return FALSE;
      (*n_changed)++;
    }
  return TRUE;
}

static gboolean
set_split (SlStore *store, gint64 step, gboolean forward, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("INSERT OR REPLACE INTO meta SELECT 'split', %s FROM step"
                                          " WHERE id = ? AND %s IS NOT NULL",
                                          forward ? "split_after" : "split_before",
                                          forward ? "split_after" : "split_before");
  g_autoptr (SlQuery) query = sl_query_new (store, sql);

  sl_query_bind_int (query, 1, step);
  return sl_query_run (query, error);
}

static gboolean
apply_values (SlStore *store, SlStepKind kind, gint64 step, gboolean forward, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "UPDATE item SET %s = (SELECT %s FROM change WHERE step = ?1 AND item = item.id)"
      " WHERE id IN (SELECT item FROM change WHERE step = ?1)",
      column_of (kind), forward ? "after" : "before");
  g_autoptr (SlQuery) update = sl_query_new (store, sql);
  g_autoptr (SlQuery) mark = sl_query_new (store, "UPDATE step SET undone = ? WHERE id = ?");

  sl_query_bind_int (update, 1, step);
  sl_query_bind_int (mark, 1, !forward);
  sl_query_bind_int (mark, 2, step);
  return sl_query_run (update, error) && sl_query_run (mark, error)
         && set_split (store, step, forward, error);
}

/* The part of a new step that is one transaction: all of it, or for moves the announcement. */
static gboolean
write_step (SlStore *store, const char *folder, SlStepKind kind, const gint64 *ids, gsize n,
            const char *const *after, const char *detail, const char *split, gint64 *step,
            gsize *n_changed, GPtrArray *moves, GError **error)
{
  if (!insert_step (store, kind, detail, split, step, error)
      || !insert_changes (store, kind, *step, ids, n, after, n_changed, error))
    return FALSE;
  if (moves_files (kind))
    return sl_moves_announce (store, folder, *step, kind == SL_STEP_REMOVE, moves, error);
  return apply_values (store, kind, *step, TRUE, error);
}

gboolean
sl_journal_do (SlStore *store, const char *folder, SlStepKind kind, const gint64 *ids, gsize n,
               const char *const *after, const char *detail, const char *split, GArray *touched,
               GError **error)
{
  g_autoptr (GPtrArray) moves = sl_moves_new ();
  gint64 step = 0;
  gsize n_changed = 0;

  if (!sl_journal_recover (store, folder, touched, error) || !sl_store_begin (store, TRUE, error))
    return FALSE;
  if (!write_step (store, folder, kind, ids, n, after, detail, split, &step, &n_changed, moves,
                   error))
    {
      sl_store_rollback (store);
      return FALSE;
    }
  if (n_changed == 0)
    {
      /* The redo branch stays too: nothing has happened. */
      sl_store_rollback (store);
      return TRUE;
    }
  if (!sl_store_commit (store, error) || !touch_items (store, step, touched, error))
    return FALSE;
  if (!moves_files (kind))
    return TRUE;
  sl_moves_between_steps ();
  return sl_moves_finish (store, folder, step, SL_PENDING_DO, kind == SL_STEP_REMOVE, moves, error);
}

/* ---- Undo and redo */

static gboolean
replay_in_transaction (SlStore *store, const char *folder, const SlJournalStep *step,
                       gboolean forward, GPtrArray *moves, GError **error)
{
  g_autoptr (SlQuery) mark = NULL;

  if (!moves_files (step->kind))
    return apply_values (store, step->kind, step->id, forward, error);
  mark = sl_query_new (store, "UPDATE step SET pending = ? WHERE id = ?");
  sl_query_bind_int (mark, 1, forward ? SL_PENDING_REDO : SL_PENDING_UNDO);
  sl_query_bind_int (mark, 2, step->id);
  return sl_query_run (mark, error)
         && sl_moves_announce (store, folder, step->id, (step->kind == SL_STEP_REMOVE) == forward,
                               moves, error);
}

static gboolean
replay (SlStore *store, const char *folder, gboolean forward, GArray *touched, GError **error)
{
  g_autoptr (GPtrArray) moves = sl_moves_new ();
  g_autoptr (GError) local = NULL;
  SlJournalStep step;
  gboolean ok;

  if (!sl_journal_recover (store, folder, touched, error))
    return FALSE;
  if (!sl_journal_peek (store, forward, &step, &local))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error (error, SL_ERROR, SL_ERROR_STATE,
                     "There is nothing to %s: change something first", forward ? "redo" : "undo");
      return FALSE;
    }
  sl_journal_step_clear (&step);
  if (!touch_items (store, step.id, touched, error) || !sl_store_begin (store, TRUE, error))
    return FALSE;
  ok = replay_in_transaction (store, folder, &step, forward, moves, error);
  if (!ok)
    sl_store_rollback (store);
  ok = ok && sl_store_commit (store, error);
  if (!ok || !moves_files (step.kind))
    return ok;
  sl_moves_between_steps ();
  return sl_moves_finish (store, folder, step.id, forward ? SL_PENDING_REDO : SL_PENDING_UNDO,
                          (step.kind == SL_STEP_REMOVE) == forward, moves, error);
}

gboolean
sl_journal_undo (SlStore *store, const char *folder, GArray *touched, GError **error)
{
  return replay (store, folder, FALSE, touched, error);
}

gboolean
sl_journal_redo (SlStore *store, const char *folder, GArray *touched, GError **error)
{
  return replay (store, folder, TRUE, touched, error);
}

gboolean
sl_journal_recover (SlStore *store, const char *folder, GArray *touched, GError **error)
{
  g_autoptr (SlQuery)
      query = sl_query_new (store, "SELECT id, kind, pending FROM step WHERE pending != 0 LIMIT 1");
  g_autoptr (GPtrArray) moves = sl_moves_new ();
  g_autoptr (GError) local = NULL;
  gint64 step, kind, pending;
  gboolean to_bin;

  if (!sl_query_next (query, &local))
    {
      if (local == NULL)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  step = sl_query_int (query, 0);
  if (!sl_query_int_in (query, 1, SL_STEP_REMOVE, SL_STEP_PUT_BACK, "an unfinished step", &kind,
                        error)
      || !sl_query_int_in (query, 2, SL_PENDING_DO, SL_PENDING_UNDO, "an unfinished step", &pending,
                           error))
    return FALSE;
  to_bin = (kind == SL_STEP_REMOVE) == (pending != SL_PENDING_UNDO);
  g_clear_pointer (&query, sl_query_free);
  if (!touch_items (store, step, touched, error)
      || !sl_moves_load (store, folder, step, to_bin, moves, error))
    return FALSE;
  /* What could not be completed is taken back: either way the journal is right again. */
  if (!sl_moves_finish (store, folder, step, pending, to_bin, moves, &local))
    g_info ("An unfinished step was taken back: %s", local->message);
  return TRUE;
}

/* ---- Reading */

void
sl_journal_step_clear (SlJournalStep *step)
{
  g_return_if_fail (step != NULL);
  g_clear_pointer (&step->detail, g_free);
}

static void
free_step (gpointer data)
{
  sl_journal_step_clear (data);
  g_free (data);
}

#define STEP_COLUMNS \
  "id, kind, time, (SELECT COUNT(*) FROM change WHERE step = step.id), detail, undone"

static gboolean
read_step (SlQuery *query, SlJournalStep *step, GError **error)
{
  const char *detail;
  gint64 kind;

  if (!sl_query_int_in (query, 1, SL_STEP_REMOVE, SL_STEP_SPLIT, "the kind of a step", &kind,
                        error))
    return FALSE;
  detail = sl_query_text (query, 4);
  step->id = sl_query_int (query, 0);
  step->kind = (SlStepKind)kind;
  step->time = sl_query_int (query, 2);
  step->n_items = (gsize)sl_query_int (query, 3);
  step->detail = detail != NULL ? g_utf8_make_valid (detail, -1) : NULL;
  step->undone = sl_query_int (query, 5) != 0;
  return TRUE;
}

gboolean
sl_journal_peek (SlStore *store, gboolean redo, SlJournalStep *step, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (
      store, redo ? "SELECT " STEP_COLUMNS " FROM step WHERE undone != 0 ORDER BY id LIMIT 1"
                  : "SELECT " STEP_COLUMNS " FROM step WHERE undone = 0 ORDER BY id DESC LIMIT 1");

  return sl_query_next (query, error) && read_step (query, step, error);
}

GPtrArray *
sl_journal_dup (SlStore *store, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (free_step);
  g_autoptr (SlQuery) query = sl_query_new (store, "SELECT " STEP_COLUMNS " FROM step ORDER BY id");
  g_autoptr (GError) local = NULL;

  while (sl_query_next (query, &local))
    {
      SlJournalStep *step = g_new0 (SlJournalStep, 1);

      g_ptr_array_add (steps, step);
      if (!read_step (query, step, &local))
        break;
    }
  if (local == NULL)
    return g_steal_pointer (&steps);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
