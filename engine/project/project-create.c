/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "project/files.h"
#include "project/lock.h"
#include "project/progress.h"
#include "project/project-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_US (G_USEC_PER_SEC / 30)

/* One creation: everything is made in @build, a hidden folder beside the target. */
typedef struct
{
  const char *folder; /* where the project will be */
  char *build;
  SlImport *import;
  gboolean copy;
  SlStore *store;
  int lock;          /* on @build */
  GHashTable *taken; /* paths already given to pictures */
  GCancellable *cancellable;
  SlProgressFunc progress;
  gpointer progress_data;
  gint64 told_at;
} Creation;

static void
tell_progress (Creation *self, gsize done, gsize total, const char *what)
{
  gint64 now = g_get_monotonic_time ();

  if (self->progress == NULL || (done < total && now - self->told_at < PROGRESS_US))
    return;
  self->told_at = now;
  self->progress (done, total, what, self->progress_data);
}

static gboolean
make_folder (const char *parent, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (parent, name, NULL);
  int code;

  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  code = errno;
  {
    g_autofree char *shown = g_filename_display_name (path);

    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                 "“%s” could not be made (%s): choose a folder that you may write to", shown,
                 g_strerror (code));
  }
  return FALSE;
}

/* ---- Pictures */

static gboolean
stays_inside (const char *rel_path)
{
  g_auto (GStrv) parts = g_strsplit (rel_path, "/", -1);

  return !g_path_is_absolute (rel_path) && !g_strv_contains ((const char *const *)parts, "..");
}

/* Brings a file into pictures/ under its path in the source, and returns what to store. */
static char *
take_file (Creation *self, const char *path, const char *rel_path, GError **error)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *inside = g_build_filename (self->build, "pictures",
                                              stays_inside (rel_path) ? rel_path : base, NULL);
  g_autofree char *home = g_path_get_dirname (inside);
  g_autofree char *name = g_path_get_basename (inside);
  g_autofree char *to = NULL;

  if (!make_folder (home, "", error))
    return NULL;
  to = sl_file_free_name (home, name, self->taken);
  /* Staged pictures get a second name: should this fail later, the import still has them. */
  if (!(sl_import_is_staged (self->import) ? sl_file_link_or_copy (path, to, error)
                                           : sl_file_copy (path, to, FALSE, error)))
    return NULL;
  return sl_path_to_stored (self->build, to);
}

/* (transfer full) (nullable): what to store for the target; the file that it may be comes along with
 * its picture.  @ok: whether that went well. */
static char *
take_target (Creation *self, const SlCandidate *candidate, gboolean *ok, GError **error)
{
  const char *target = candidate->target;
  g_autofree char *rel_path = NULL;
  char *stored;

  *ok = TRUE;
  if (target == NULL || !sl_import_get_task (self->import)->target_is_file)
    return g_strdup (target);
  if (!self->copy)
    return sl_path_to_stored (self->folder, target);
  /* Where the picture's path ends in its rel_path, the source's root is what stands before. */
  if (g_str_has_suffix (candidate->path, candidate->rel_path))
    {
      gsize root = strlen (candidate->path) - strlen (candidate->rel_path);

      if (strncmp (target, candidate->path, root) == 0)
        rel_path = g_strdup (target + root);
    }
  if (rel_path == NULL)
    {
      g_autofree char *base = g_path_get_basename (target);

      rel_path = g_build_filename ("masks", base, NULL);
    }
  stored = take_file (self, target, rel_path, error);
  *ok = stored != NULL;
  return stored;
}

/* ---- Rows */

static gint64
twin_of (const SlCandidate *candidate, GHashTable *seen)
{
  const char *hash = candidate->info.content_hash;

  if (GPOINTER_TO_UINT (g_hash_table_lookup (seen, hash)) < 2)
    return 0;
  {
    g_autofree char *half = g_strndup (hash, 15); /* 60 bits: fits a signed row */

    return (gint64)g_ascii_strtoull (half, NULL, 16);
  }
}

static GHashTable *
count_hashes (SlImport *import)
{
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < sl_import_n_items (import); i++)
    {
      const char *hash = sl_import_get_item (import, i)->info.content_hash;
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (seen, hash));

      if (*hash != '\0')
        g_hash_table_insert (seen, (gpointer)hash, GUINT_TO_POINTER (n + 1));
    }
  return seen;
}

static gboolean
write_item (Creation *self, SlQuery *insert, gint64 id, const SlCandidate *candidate, gint64 twin,
            GError **error)
{
  g_autofree char *path = NULL, *target = NULL;
  g_autofree char *shown = g_filename_display_name (candidate->rel_path);
  gboolean ok;

  if (sl_import_get_task (self->import)->texts)
    path = g_strdup_printf (SL_TEXTS_FILE "/%" G_GINT64_FORMAT, id);
  else
    path = self->copy ? take_file (self, candidate->path, candidate->rel_path, error)
                      : sl_path_to_stored (self->folder, candidate->path);
  if (path == NULL)
    return FALSE;
  target = take_target (self, candidate, &ok, error);
  if (!ok)
    return FALSE;
  sl_query_bind_int (insert, 1, id);
  sl_query_bind_text (insert, 2, path);
  sl_query_bind_text (insert, 3, shown);
  sl_query_bind_text (insert, 4, candidate->part);
  sl_query_bind_text (insert, 5, target);
  sl_query_bind_int (insert, 6, candidate->split);
  sl_query_bind_int (insert, 7, candidate->info.width);
  sl_query_bind_int (insert, 8, candidate->info.height);
  sl_query_bind_int (insert, 9, candidate->bytes);
  sl_query_bind_text (insert, 10, candidate->info.format);
  sl_query_bind_int (insert, 11, twin);
  sl_query_bind_int (insert, 12, (gint64)candidate->offset);
  sl_query_bind_text (insert, 13,
                      *candidate->info.content_hash != '\0' ? candidate->info.content_hash : NULL);
  return sl_query_run (insert, error);
}

static gboolean
write_items (Creation *self, GError **error)
{
  g_autoptr (GHashTable) seen = count_hashes (self->import);
  g_autoptr (SlQuery) insert = sl_query_new (
      self->store,
      "INSERT INTO item (id, path, rel_path, part, target, original, split, state, kept,"
      " width, height, bytes, format, twin, place, hash)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, 0, 0, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
  gsize n = sl_import_n_items (self->import);

  for (gsize i = 0; i < n; i++)
    {
      const SlCandidate *candidate = sl_import_get_item (self->import, i);

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
          || !write_item (self, insert, (gint64)i + 1, candidate, twin_of (candidate, seen), error))
        return FALSE;
      tell_progress (self, i + 1, n, candidate->rel_path);
    }
  return TRUE;
}

static gboolean
write_classes (Creation *self, GError **error)
{
  const char *const *classes = sl_import_get_problem (self->import)->classes;
  g_autoptr (SlQuery) insert = sl_query_new (self->store, "INSERT INTO class VALUES (?, ?)");

  for (gint64 i = 0; classes[i] != NULL; i++)
    {
      sl_query_bind_int (insert, 1, i);
      sl_query_bind_text (insert, 2, classes[i]);
      if (!sl_query_run (insert, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_skipped (Creation *self, GError **error)
{
  g_autoptr (SlQuery)
      insert = sl_query_new (self->store, "INSERT INTO skipped (path, reason) VALUES (?, ?)");

  for (gsize i = 0; i < sl_import_n_skipped (self->import); i++)
    {
      const SlSkipped *file = sl_import_get_skipped (self->import, i);
      g_autofree char *shown = g_filename_display_name (file->path);

      sl_query_bind_text (insert, 1, shown);
      sl_query_bind_text (insert, 2, file->reason);
      if (!sl_query_run (insert, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_meta (Creation *self, GError **error)
{
  g_autofree char *split = sl_split_to_stored (sl_import_get_split (self->import));
  g_autofree char *ranges = sl_problem_ranges_to_json (sl_import_get_problem (self->import));
  g_autofree char *made = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64)time (NULL));
  const SlUnderstanding *understood = sl_import_get_understanding (self->import);

  return sl_store_set_meta (self->store, "task", sl_import_get_task (self->import)->id, error)
         && (ranges == NULL || sl_store_set_meta (self->store, "ranges", ranges, error))
         && (understood == NULL
             || sl_store_set_meta (self->store, "labels", understood->labels, error))
         && sl_store_set_meta (self->store, "split", split, error)
         && sl_store_set_meta (self->store, "source", sl_import_get_source (self->import), error)
         && sl_store_set_meta (self->store, "made", made, error);
}

static gboolean
write_database (Creation *self, GError **error)
{
  g_autofree char *file = g_build_filename (self->build, "project.db", NULL);

  self->store = sl_store_create (file, error);
  if (self->store == NULL || !sl_store_begin (self->store, TRUE, error))
    return FALSE;
  if (!write_meta (self, error) || !write_classes (self, error) || !write_skipped (self, error)
      || !write_items (self, error))
    return FALSE;
  return sl_store_commit (self->store, error);
}

/* ---- The folder */

static gboolean
set_exists (const char *folder, GError **error)
{
  g_autofree char *shown = g_filename_display_name (folder);

  g_set_error (error, SL_ERROR, SL_ERROR_EXISTS, "“%s” exists already: choose another name", shown);
  return FALSE;
}

/* What a creation of the same project left that was killed: folders that nobody holds. */
static void
remove_leftovers (const char *parent, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);
      g_autofree char *file = g_build_filename (path, "lock", NULL);
      int lock;

      if (!g_str_has_prefix (name, prefix) || !g_file_test (file, G_FILE_TEST_IS_REGULAR))
        continue;
      lock = sl_lock_open (path, NULL);
      if (lock >= 0 && sl_lock_take (lock, SL_LOCK_CLEAN, 0, path, NULL))
        sl_file_remove_tree (path, NULL);
      if (lock >= 0)
        close (lock);
    }
}

/* A hidden folder beside the target, held as long as it is being filled. */
static gboolean
make_build_folder (Creation *self, const char *parent, GError **error)
{
  g_autofree char *base = g_path_get_basename (self->folder);
  g_autofree char *prefix = g_strdup_printf (".%s.", base);
  g_autofree char *pattern = g_strdup_printf ("%s/%sXXXXXX", parent, prefix);
  g_autofree char *shown = g_filename_display_name (self->folder);
  int code;

  remove_leftovers (parent, prefix);
  if (g_mkdtemp_full (pattern, 0777) == NULL)
    {
      code = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "“%s” could not be made (%s): choose a folder that you may write to", shown,
                   g_strerror (code));
      return FALSE;
    }
  self->build = g_steal_pointer (&pattern);
  self->lock = sl_lock_open (self->build, error);
  return self->lock >= 0 && sl_lock_take (self->lock, SL_LOCK_CLEAN, 0, shown, error);
}

/* A second name for the store: should this fail later, the import still has it. */
static gboolean
take_texts (Creation *self, GError **error)
{
  const char *store = sl_import_get_text_store (self->import);
  g_autofree char *to = g_build_filename (self->build, SL_TEXTS_FILE, NULL);

  return store == NULL || sl_file_link_or_copy (store, to, error);
}

static gboolean
build (Creation *self, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->folder);

  if (sl_file_exists (self->folder))
    return set_exists (self->folder, error);
  return make_folder (parent, "", error) && make_build_folder (self, parent, error)
         && make_folder (self->build, "bin", error) && make_folder (self->build, "runs", error)
         && take_texts (self, error) && write_database (self, error);
}

/* Under its real name only when it is whole. */
static gboolean
publish (Creation *self, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->folder);
  g_autofree char *shown = g_filename_display_name (self->folder);
  int code;

  g_clear_pointer (&self->store, sl_store_free);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  /* All pictures at once reach the disk sooner than one by one. */
  if (self->copy && syncfs (self->lock) != 0)
    g_debug ("Could not sync “%s”: %s", self->build, g_strerror (errno));
  if (renameat2 (AT_FDCWD, self->build, AT_FDCWD, self->folder, RENAME_NOREPLACE) != 0)
    {
      code = errno;
      if (code == EINVAL || code == ENOSYS)
        code = g_rename (self->build, self->folder) == 0 ? 0 : errno;
      if (code == EEXIST || code == ENOTEMPTY)
        return set_exists (self->folder, error);
      if (code != 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                       "“%s” could not be made (%s): choose another folder", shown,
                       g_strerror (code));
          return FALSE;
        }
    }
  g_clear_pointer (&self->build, g_free);
  sl_file_sync_folder (parent);
  return TRUE;
}

static void
sweep_up (Creation *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->store, sl_store_free);
  g_clear_pointer (&self->taken, g_hash_table_unref);
  if (self->build != NULL && !sl_file_remove_tree (self->build, &error))
    g_info ("Left behind: %s", error->message);
  g_clear_pointer (&self->build, g_free);
  if (self->lock >= 0)
    close (self->lock);
}

static SlProject *
create (const char *path, SlImport *import, gboolean copy, GMainContext *context,
        GCancellable *cancellable, SlProgressFunc progress, gpointer data, GError **error)
{
  g_autofree char *plain = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_str_has_suffix (plain, ".slope")
                                ? g_strdup (plain)
                                : g_strconcat (plain, ".slope", NULL);
  Creation self = { .folder = folder,
                    .import = import,
                    .lock = -1,
                    .copy = copy || sl_import_is_staged (import),
                    .cancellable = cancellable,
                    .progress = progress,
                    .progress_data = data };
  gboolean ok;

  self.taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ok = build (&self, error) && publish (&self, error);
  sweep_up (&self);
  return ok ? sl_project_load (folder, FALSE, context, error) : NULL;
}

SlProject *
sl_project_create (const char *path, SlImport *import, gboolean copy, GCancellable *cancellable,
                   SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_return_val_if_fail (path != NULL && import != NULL, NULL);
  g_return_val_if_fail (sl_import_get_trouble (import) == NULL, NULL);
  return create (path, import, copy, context, cancellable, progress, user_data, error);
}

/* ---- Asynchronous */

typedef struct
{
  char *path;
  SlImport *import;
  gboolean copy;
  SlProgressRelay *relay;
} CreateData;

static void
create_data_free (gpointer data)
{
  CreateData *self = data;

  sl_import_unref (self->import);
  sl_progress_relay_close (self->relay);
  g_free (self->path);
  g_free (self);
}

static void
create_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CreateData *data = task_data;
  GError *error = NULL;
  SlProject *project = create (data->path, data->import, data->copy, g_task_get_context (task),
                               cancellable, sl_progress_relay_post, data->relay, &error);

  if (project != NULL)
    g_task_return_pointer (task, project, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
sl_project_create_async (const char *path, SlImport *import, gboolean copy,
                         GCancellable *cancellable, SlProgressFunc progress, gpointer progress_data,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  CreateData *data = g_new0 (CreateData, 1);

  g_return_if_fail (path != NULL && import != NULL && sl_import_get_trouble (import) == NULL);

  data->path = g_strdup (path);
  data->import = sl_import_ref (import);
  data->copy = copy;
  data->relay = sl_progress_relay_new (g_task_get_context (task), progress, progress_data);
  g_task_set_source_tag (task, sl_project_create_async);
  g_task_set_task_data (task, data, create_data_free);
  g_task_run_in_thread (task, create_in_thread);
}

SlProject *
sl_project_create_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_project_create_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
