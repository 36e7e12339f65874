/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/journal-moves.h"

#include "project/files.h"
#include "project/journal.h"

#include <glib/gstdio.h>
#include <string.h>

void (*sl_journal_between_steps) (void);

typedef struct
{
  gint64 item;
  char *src;      /* (nullable): nothing to move, the file had vanished */
  char *dst;      /* (nullable) likewise */
  gboolean moved; /* the item is where the step wants it */
} Move;

static void
free_move (gpointer data)
{
  Move *move = data;

  g_free (move->src);
  g_free (move->dst);
  g_free (move);
}

GPtrArray *
sl_moves_new (void)
{
  return g_ptr_array_new_with_free_func (free_move);
}

void
sl_moves_between_steps (void)
{
  if (sl_journal_between_steps != NULL)
    sl_journal_between_steps ();
}

/* ---- Announcing */

/* @place: where the picture belongs; @binned: where it is in bin/ (nullable). */
static Move *
plan_move (const char *folder, gint64 item, const char *place, const char *binned, gboolean to_bin,
           GHashTable *taken)
{
  Move *move = g_new0 (Move, 1);
  const char *from = to_bin ? place : binned;

  move->item = item;
  if (from == NULL || !sl_file_exists (from))
    return move;
  move->src = g_strdup (from);
  if (to_bin)
    {
      g_autofree char *bin = g_build_filename (folder, "bin", NULL);
      g_autofree char *base = g_path_get_basename (place);

      move->dst = sl_file_free_name (bin, base, taken);
    }
  else
    {
      g_autofree char *home = g_path_get_dirname (place);
      g_autofree char *base = g_path_get_basename (place);

      move->dst = sl_file_free_name (home, base, taken);
    }
  return move;
}

static gboolean
write_moves (SlStore *store, const char *folder, gint64 step, GPtrArray *moves, GError **error)
{
  g_autoptr (SlQuery) insert = sl_query_new (store, "INSERT INTO move VALUES (?, ?, ?, ?)");

  for (guint i = 0; i < moves->len; i++)
    {
      const Move *move = g_ptr_array_index (moves, i);
      g_autofree char *src = move->src != NULL ? sl_path_to_stored (folder, move->src) : NULL;
      g_autofree char *dst = move->dst != NULL ? sl_path_to_stored (folder, move->dst) : NULL;

      sl_query_bind_int (insert, 1, move->item);
      sl_query_bind_int (insert, 2, step);
      sl_query_bind_text (insert, 3, src);
      sl_query_bind_text (insert, 4, dst);
      if (!sl_query_run (insert, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
sl_moves_announce (SlStore *store, const char *folder, gint64 step, gboolean to_bin,
                   GPtrArray *moves, GError **error)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (SlQuery) query = sl_query_new (store, "SELECT item.id, item.path, item.bin FROM change"
                                                   " JOIN item ON item.id = change.item"
                                                   " WHERE change.step = ? ORDER BY item.id");
  g_autoptr (GError) local = NULL;

  sl_query_bind_int (query, 1, step);
  while (sl_query_next (query, &local))
    {
      const char *bin = sl_query_text (query, 2);
      g_autofree char *place = sl_path_from_stored (folder, sl_query_text (query, 1));
      g_autofree char *binned = bin != NULL ? g_build_filename (folder, "bin", bin, NULL) : NULL;

      g_ptr_array_add (moves,
                       plan_move (folder, sl_query_int (query, 0), place, binned, to_bin, taken));
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return write_moves (store, folder, step, moves, error);
}

/* One end in bin/, the other in the folder where the item's picture belongs: a project file that
 * says otherwise is not obeyed. */
static gboolean
is_own_move (const char *folder, const Move *move, const char *place, gboolean to_bin)
{
  g_autofree char *bin = g_build_filename (folder, "bin", NULL);
  g_autofree char *home = g_path_get_dirname (place);
  g_autofree char *from = g_path_get_dirname (move->src);
  g_autofree char *to = g_path_get_dirname (move->dst);

  return strcmp (from, to_bin ? home : bin) == 0 && strcmp (to, to_bin ? bin : home) == 0;
}

static gboolean
read_move (SlQuery *query, const char *folder, gboolean to_bin, GPtrArray *moves, GError **error)
{
  Move *move = g_new0 (Move, 1);
  g_autofree char *place = NULL;

  g_ptr_array_add (moves, move);
  move->item = sl_query_int (query, 0);
  if (sl_query_is_null (query, 1) || sl_query_is_null (query, 2))
    return TRUE;
  move->src = sl_path_from_stored (folder, sl_query_text (query, 1));
  move->dst = sl_path_from_stored (folder, sl_query_text (query, 2));
  if (!sl_query_is_null (query, 3))
    place = sl_path_from_stored (folder, sl_query_text (query, 3));
  if (place != NULL && is_own_move (folder, move, place, to_bin))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "“%s” is damaged (an unfinished step moves other files than its own): restore it "
               "from a copy",
               folder);
  return FALSE;
}

gboolean
sl_moves_load (SlStore *store, const char *folder, gint64 step, gboolean to_bin, GPtrArray *moves,
               GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (
      store, "SELECT move.item, src, dst, item.path FROM move"
             " LEFT JOIN item ON item.id = move.item WHERE step = ? ORDER BY 1");
  g_autoptr (GError) local = NULL;

  sl_query_bind_int (query, 1, step);
  while (sl_query_next (query, &local))
    if (!read_move (query, folder, to_bin, moves, error))
      return FALSE;
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* ---- Moving */

/* A copy to another file system was whole but the original still there when the program was
 * killed; or a stranger took the name meanwhile. */
static gboolean
move_onto_taken_name (Move *move, GError **error)
{
  g_autofree char *home = g_path_get_dirname (move->dst);
  g_autofree char *base = g_path_get_basename (move->dst);

  if (sl_file_same_bytes (move->src, move->dst) && g_unlink (move->src) == 0)
    return TRUE;
  g_free (move->dst);
  move->dst = sl_file_free_name (home, base, NULL);
  return sl_file_move (move->src, move->dst, error);
}

static gboolean
move_one (Move *move, GError **error)
{
  g_autofree char *home = NULL;

  if (move->src == NULL)
    return TRUE;
  if (!sl_file_exists (move->src))
    {
      /* Moved before the program was killed, or gone altogether. */
      if (!sl_file_exists (move->dst))
        g_clear_pointer (&move->dst, g_free);
      return TRUE;
    }
  home = g_path_get_dirname (move->dst);
  if (g_mkdir_with_parents (home, 0777) != 0)
    {
      g_autofree char *name = g_filename_display_name (home);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "The folder “%s” could not be made: check its permissions", name);
      return FALSE;
    }
  if (sl_file_exists (move->dst))
    return move_onto_taken_name (move, error);
  return sl_file_move (move->src, move->dst, error);
}

static void
sync_folders (GPtrArray *moves)
{
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer folder;

  for (guint i = 0; i < moves->len; i++)
    {
      const Move *move = g_ptr_array_index (moves, i);

      if (move->src != NULL)
        g_hash_table_add (folders, g_path_get_dirname (move->src));
      if (move->dst != NULL)
        g_hash_table_add (folders, g_path_get_dirname (move->dst));
    }
  g_hash_table_iter_init (&iter, folders);
  while (g_hash_table_iter_next (&iter, &folder, NULL))
    sl_file_sync_folder (folder);
}

static gboolean
move_all (GPtrArray *moves, GError **error)
{
  for (guint i = 0; i < moves->len; i++)
    {
      Move *move = g_ptr_array_index (moves, i);

      if (!move_one (move, error))
        return FALSE;
      move->moved = TRUE;
      sl_moves_between_steps ();
    }
  return TRUE;
}

/* What cannot be taken back stays moved, and is recorded so. */
static void
take_back (GPtrArray *moves)
{
  for (guint i = moves->len; i-- > 0;)
    {
      Move *move = g_ptr_array_index (moves, i);
      g_autoptr (GError) error = NULL;

      if (!move->moved)
        continue;
      if (move->src == NULL || move->dst == NULL || sl_file_move (move->dst, move->src, &error))
        move->moved = FALSE;
      else
        g_info ("Could not take back: %s", error->message);
    }
}

/* ---- Ending the step */

static gboolean
write_binned (SlStore *store, const Move *move, GError **error)
{
  g_autoptr (SlQuery)
      update = sl_query_new (store, "UPDATE item SET bin = ?, state = ? WHERE id = ?");
  g_autofree char *base = move->dst != NULL ? g_path_get_basename (move->dst) : NULL;

  sl_query_bind_text (update, 1, base);
  sl_query_bind_int (update, 2, SL_ITEM_REMOVED);
  sl_query_bind_int (update, 3, move->item);
  return sl_query_run (update, error);
}

static gboolean
write_put_back (SlStore *store, const char *folder, gint64 step, const Move *move, GError **error)
{
  /* Whatever it was before it was removed; a file that vanished is there no more, but a text has none. */
  g_autoptr (SlQuery) update = sl_query_new (
      store,
      "UPDATE item SET bin = NULL, path = coalesce (?1, path), state ="
      " CASE WHEN ?1 IS NULL AND format != '" SL_TEXT_FORMAT "' THEN 2"
      " WHEN (SELECT before FROM change WHERE step = ?2 AND item = ?3) = '2' THEN 2 ELSE 0 END"
      " WHERE id = ?3");
  g_autofree char *stored = move->dst != NULL ? sl_path_to_stored (folder, move->dst) : NULL;

  sl_query_bind_text (update, 1, stored);
  sl_query_bind_int (update, 2, step);
  sl_query_bind_int (update, 3, move->item);
  return sl_query_run (update, error);
}

static gboolean
run_for (SlStore *store, const char *sql, gint64 step, gint64 item, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (store, sql);

  sl_query_bind_int (query, 1, step);
  if (item != 0)
    sl_query_bind_int (query, 2, item);
  return sl_query_run (query, error);
}

/* The step as it now is: done, undone, or (@whole FALSE) as it was before, less the items that
 * could not be taken back; a new step then keeps just those. */
static gboolean
write_step_end (SlStore *store, gint64 step, int pending, gboolean whole, GPtrArray *moves,
                GError **error)
{
  gboolean undone = (pending == SL_PENDING_UNDO) == whole;

  if (pending == SL_PENDING_DO)
    undone = FALSE;
  for (guint i = 0; i < moves->len && !whole; i++)
    {
      const Move *move = g_ptr_array_index (moves, i);

      if (move->moved != (pending == SL_PENDING_DO)
          && !run_for (store, "DELETE FROM change WHERE step = ? AND item = ?", step, move->item,
                       error))
        return FALSE;
    }
  return run_for (store, "DELETE FROM move WHERE step = ?", step, 0, error)
         && run_for (store,
                     undone ? "UPDATE step SET pending = 0, undone = 1 WHERE id = ?"
                            : "UPDATE step SET pending = 0, undone = 0 WHERE id = ?",
                     step, 0, error)
         && run_for (store,
                     "DELETE FROM step WHERE id = ?1"
                     " AND NOT EXISTS (SELECT 1 FROM change WHERE step = ?1)",
                     step, 0, error);
}

static gboolean
write_end (SlStore *store, const char *folder, gint64 step, int pending, gboolean to_bin,
           gboolean whole, GPtrArray *moves, GError **error)
{
  for (guint i = 0; i < moves->len; i++)
    {
      const Move *move = g_ptr_array_index (moves, i);

      if (!move->moved)
        continue;
      if (!(to_bin ? write_binned (store, move, error)
                   : write_put_back (store, folder, step, move, error)))
        return FALSE;
    }
  return write_step_end (store, step, pending, whole, moves, error);
}

gboolean
sl_moves_finish (SlStore *store, const char *folder, gint64 step, int pending, gboolean to_bin,
                 GPtrArray *moves, GError **error)
{
  gboolean whole = move_all (moves, error);

  if (!whole)
    take_back (moves);
  sync_folders (moves);
  sl_moves_between_steps ();
  /* A failure from here on leaves the announcement, which the next call or start completes. */
  if (!sl_store_begin (store, TRUE, whole ? error : NULL))
    return FALSE;
  if (!write_end (store, folder, step, pending, to_bin, whole, moves, whole ? error : NULL))
    {
      sl_store_rollback (store);
      return FALSE;
    }
  return sl_store_commit (store, whole ? error : NULL) && whole;
}
