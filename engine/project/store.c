/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/store.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>

struct _SlStore
{
  sqlite3 *db;
  char *path; /* for messages */
  gboolean durable;
};

struct _SlQuery
{
  SlStore *store;
  sqlite3_stmt *stmt;
  int result; /* first failure since the last reset */
};

/* "Slop": file(1) and we tell a project's database from any other by it. */
#define APPLICATION_ID 0x536c6f70

/* item.path: where the picture belongs, relative to the project folder or absolute; item.bin: its
 * name in bin/ while it is removed.  move: file moves that a step has announced and not finished. */
static const char schema[] =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE class (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE item (id INTEGER PRIMARY KEY, path TEXT NOT NULL, bin TEXT, rel_path TEXT NOT "
    "NULL,"
    "  part TEXT, target TEXT, original TEXT, split INTEGER NOT NULL, state INTEGER NOT NULL,"
    "  kept INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,"
    "  bytes INTEGER NOT NULL, format TEXT NOT NULL, twin INTEGER NOT NULL);"
    "CREATE TABLE skipped (id INTEGER PRIMARY KEY, path TEXT NOT NULL, reason TEXT NOT NULL);"
    "CREATE TABLE step (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,"
    "  time INTEGER NOT NULL, detail TEXT, split_before TEXT, split_after TEXT,"
    "  undone INTEGER NOT NULL, pending INTEGER NOT NULL);"
    "CREATE TABLE change (step INTEGER NOT NULL, item INTEGER NOT NULL, before TEXT, after TEXT,"
    "  PRIMARY KEY (step, item)) WITHOUT ROWID;"
    "CREATE TABLE move (item INTEGER PRIMARY KEY, step INTEGER NOT NULL, src TEXT, dst TEXT);"
    "CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL,"
    "  recipe TEXT NOT NULL, started INTEGER NOT NULL, from_run INTEGER NOT NULL,"
    "  steps_per_epoch INTEGER NOT NULL, batch INTEGER NOT NULL, peak_bytes INTEGER NOT NULL,"
    "  last_change INTEGER NOT NULL, checkpoint_step INTEGER, error TEXT);"
    "CREATE TABLE batch (run INTEGER NOT NULL, step INTEGER NOT NULL, epoch REAL, loss REAL,"
    "  smooth REAL, lr REAL, lr_first REAL, momentum REAL, PRIMARY KEY (run, step)) WITHOUT ROWID;"
    "CREATE TABLE epoch (run INTEGER NOT NULL, epoch INTEGER NOT NULL, stage INTEGER NOT NULL,"
    "  step INTEGER NOT NULL, train_loss REAL, valid_loss REAL, m0 REAL, m1 REAL, m2 REAL, m3 REAL,"
    "  m4 REAL, m5 REAL, seconds REAL, PRIMARY KEY (run, epoch)) WITHOUT ROWID;"
    "CREATE TABLE sweep (id INTEGER PRIMARY KEY AUTOINCREMENT, started INTEGER NOT NULL,"
    "  stage INTEGER NOT NULL);"
    "CREATE TABLE point (sweep INTEGER NOT NULL, position INTEGER NOT NULL, lr REAL, loss REAL,"
    "  smooth REAL, PRIMARY KEY (sweep, position)) WITHOUT ROWID;"
    "CREATE TABLE prediction (item INTEGER PRIMARY KEY, loss REAL, probability REAL,"
    "  predicted TEXT);";

/* From each version to the next; a new project takes them all, so that they are always tried. */
static const char *const upgrades[SL_STORE_VERSION] = {
  [1] = "ALTER TABLE epoch ADD COLUMN train_eval_loss REAL;"
        "ALTER TABLE epoch ADD COLUMN kept INTEGER NOT NULL DEFAULT 1;"
        "ALTER TABLE run ADD COLUMN from_stage INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE run ADD COLUMN fingerprint TEXT;"
        "ALTER TABLE sweep ADD COLUMN freeze_to INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sweep ADD COLUMN seed INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sweep ADD COLUMN from_run INTEGER NOT NULL DEFAULT 0;",
  [2] =
      "ALTER TABLE prediction ADD COLUMN outputs BLOB;", /* float32, in the machine's order: sl_item_get_outputs() */
  [3] = "CREATE TABLE look (item INTEGER PRIMARY KEY, modified INTEGER NOT NULL,"
        "  bytes INTEGER NOT NULL, bits INTEGER NOT NULL, flat INTEGER NOT NULL,"
        "  tiny BLOB NOT NULL);",
  /* Nothing but the version: one that knows no nine views would leave this as it is when it
   * replaces the predictions. */
  [4] = "INSERT OR REPLACE INTO meta VALUES ('evaluated-tta', '0');",
  /* Of texts: where they begin in the file "texts", and the hash of what they are. */
  [5] = "ALTER TABLE item ADD COLUMN place INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE item ADD COLUMN hash TEXT;",
  /* One that does not know this would show what was said with an older threshold. */
  [6] = "INSERT OR REPLACE INTO meta VALUES ('threshold-moved', '0');",
};

static gboolean
set_error (SlStore *self, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);
  const char *detail = self->db != NULL ? sqlite3_errmsg (self->db) : sqlite3_errstr (code);

  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, SL_ERROR, SL_ERROR_BUSY,
                   "“%s” is being written by another program: try again when it has finished",
                   name);
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY,
                   "“%s” cannot be written: change the folder's permissions", name);
      break;
    case SQLITE_FULL:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   "No space left to write “%s”: make room on the disk", name);
      break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "“%s” could not be read or written (%s): check the disk", name, detail);
      break;
    case SQLITE_NOMEM:
      g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
                   "Not enough memory to read “%s”: close other programs", name);
      break;
    default:
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "“%s” is damaged or no project (%s): restore it from a copy", name, detail);
    }
  return FALSE;
}

static gboolean
execute (SlStore *self, const char *sql, GError **error)
{
  int code = sqlite3_exec (self->db, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || set_error (self, code, error);
}

static SlStore *
connect_file (const char *path, int flags, gboolean immutable, GError **error)
{
  g_autoptr (SlStore) self = g_new0 (SlStore, 1);
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *uri = g_strdup_printf ("file:%s%s", escaped, immutable ? "?immutable=1" : "");
  int code;

  self->path = g_strdup (path);
  code = sqlite3_open_v2 (uri, &self->db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      return NULL;
    }
  sqlite3_busy_timeout (self->db, 5000);
  /* The file may come from anywhere: it brings data, never code. */
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  if (!execute (self, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;", error))
    return NULL;
  return g_steal_pointer (&self);
}

/* @version: of the tables as they are. */
static gboolean
apply_upgrades (SlStore *self, int version, GError **error)
{
  for (; version < SL_STORE_VERSION; version++)
    {
      g_autofree char *next = g_strdup_printf ("PRAGMA user_version = %d;", version + 1);

      if (!execute (self, upgrades[version], error) || !execute (self, next, error))
        return FALSE;
    }
  return TRUE;
}

SlStore *
sl_store_create (const char *path, GError **error)
{
  g_autoptr (SlStore) self = NULL;
  g_autofree char *id = g_strdup_printf ("PRAGMA application_id = %d;", APPLICATION_ID);

  self = connect_file (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, FALSE, error);
  if (self == NULL
      || !execute (self, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;", error)
      || !execute (self, id, error) || !execute (self, schema, error)
      || !apply_upgrades (self, 1, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
check_versions (SlStore *self, int *found, GError **error)
{
  g_autoptr (SlQuery) application = sl_query_new (self, "PRAGMA application_id");
  g_autoptr (SlQuery) version = sl_query_new (self, "PRAGMA user_version");
  g_autoptr (GError) local = NULL;
  g_autofree char *name = g_filename_display_name (self->path);

  if (!sl_query_next (application, &local) || !sl_query_next (version, &local))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else
        set_error (self, SQLITE_NOTADB, error);
      return FALSE;
    }
  if (sl_query_int (application, 0) != APPLICATION_ID || sl_query_int (version, 0) < 1)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "“%s” is not a project of Slope: choose a folder that Slope has made", name);
      return FALSE;
    }
  if (sl_query_int (version, 0) > SL_STORE_VERSION)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NEWER,
                   "“%s” was written by a newer version of Slope: update Slope to open it", name);
      return FALSE;
    }
  *found = (int)sl_query_int (version, 0);
  return TRUE;
}

/* In the file.  Another program may have done it meanwhile, so the version is read again inside. */
static gboolean
upgrade_file (SlStore *self, GError **error)
{
  int version;

  if (!sl_store_begin (self, TRUE, error))
    return FALSE;
  if (check_versions (self, &version, error) && apply_upgrades (self, version, error))
    return sl_store_commit (self, error);
  sl_store_rollback (self);
  return FALSE;
}

/* In a copy in memory, for a file that may only be read. */
static gboolean
upgrade_copy (SlStore *self, int version, GError **error)
{
  sqlite3 *copy = NULL;
  sqlite3_backup *backup;
  int code = sqlite3_open_v2 (":memory:", &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

  backup = code == SQLITE_OK ? sqlite3_backup_init (copy, "main", self->db, "main") : NULL;
  if (backup == NULL || sqlite3_backup_step (backup, -1) != SQLITE_DONE)
    code = sqlite3_errcode (copy);
  sqlite3_backup_finish (backup);
  if (code != SQLITE_OK)
    {
      sqlite3_close (copy);
      return set_error (self, code, error);
    }
  sqlite3_close (self->db);
  self->db = copy;
  return apply_upgrades (self, version, error);
}

SlStore *
sl_store_open (const char *path, gboolean read_only, GError **error)
{
  g_autoptr (SlStore) self = NULL;
  int version;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *folder = g_path_get_dirname (path);
      g_autofree char *name = g_filename_display_name (folder);
      gboolean exists = g_file_test (folder, G_FILE_TEST_EXISTS);

      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   exists
                       ? "“%s” is not a Slope project, there is no project.db in it: choose a "
                         "folder NAME.slope that Slope has made"
                       : "“%s” does not exist: check the spelling, or that its disk is connected",
                   name);
      return NULL;
    }
  self = connect_file (path, read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, FALSE,
                       error);
  if (self == NULL)
    return NULL;
  if (read_only)
    {
      g_autoptr (SlQuery) probe = sl_query_new (self, "PRAGMA application_id");

      /* WAL needs a file beside the database; where none can be made, read it as it lies. */
      if (!sl_query_next (probe, NULL))
        {
          g_clear_pointer (&probe, sl_query_free);
          g_clear_pointer (&self, sl_store_free);
          self = connect_file (path, SQLITE_OPEN_READONLY, TRUE, error);
          if (self == NULL)
            return NULL;
        }
    }
  if (!check_versions (self, &version, error))
    return NULL;
  if (!read_only && !execute (self, "PRAGMA synchronous = NORMAL;", error))
    return NULL;
  if (version < SL_STORE_VERSION
      && !(read_only ? upgrade_copy (self, version, error) : upgrade_file (self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

/* @version: of what is in the file. */
static gboolean
is_cache (SlStore *self, int version)
{
  g_autoptr (SlQuery) application = sl_query_new (self, "PRAGMA application_id");
  g_autoptr (SlQuery) user = sl_query_new (self, "PRAGMA user_version");

  return sl_query_next (application, NULL) && sl_query_int (application, 0) == APPLICATION_ID
         && sl_query_next (user, NULL) && sl_query_int (user, 0) == version;
}

SlStore *
sl_store_open_cache (const char *path, const char *tables, int version, GError **error)
{
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  g_autoptr (SlStore) self = connect_file (path, flags, FALSE, NULL);
  g_autofree char *mark = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                           APPLICATION_ID, version);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);

  if (self != NULL && is_cache (self, version))
    return g_steal_pointer (&self);
  g_clear_pointer (&self, sl_store_free);
  g_unlink (path);
  g_unlink (journal);
  self = connect_file (path, flags, FALSE, error);
  if (self == NULL || !execute (self, tables, error) || !execute (self, mark, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
sl_store_free (SlStore *self)
{
  if (self == NULL)
    return;
  sqlite3_close (self->db);
  g_free (self->path);
  g_free (self);
}

gboolean
sl_store_begin (SlStore *self, gboolean durable, GError **error)
{
  if (durable != self->durable)
    {
      /* Not possible inside a transaction, so before it. */
      if (!execute (self, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                    error))
        return FALSE;
      self->durable = durable;
    }
  return execute (self, "BEGIN IMMEDIATE", error);
}

gboolean
sl_store_commit (SlStore *self, GError **error)
{
  if (execute (self, "COMMIT", error))
    return TRUE;
  sl_store_rollback (self);
  return FALSE;
}

void
sl_store_rollback (SlStore *self)
{
  if (!sqlite3_get_autocommit (self->db))
    execute (self, "ROLLBACK", NULL);
}

gint64
sl_store_last_id (SlStore *self)
{
  return sqlite3_last_insert_rowid (self->db);
}

char *
sl_store_dup_meta (SlStore *self, const char *key, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (self, "SELECT value FROM meta WHERE key = ?");

  sl_query_bind_text (query, 1, key);
  return sl_query_next (query, error) ? g_strdup (sl_query_text (query, 0)) : NULL;
}

gboolean
sl_store_set_meta (SlStore *self, const char *key, const char *value, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (self, "INSERT OR REPLACE INTO meta VALUES (?, ?)");

  sl_query_bind_text (query, 1, key);
  sl_query_bind_text (query, 2, value);
  return sl_query_run (query, error);
}

/* ---- Queries */

SlQuery *
sl_query_new (SlStore *store, const char *sql)
{
  SlQuery *self = g_new0 (SlQuery, 1);

  self->store = store;
  self->result = sqlite3_prepare_v2 (store->db, sql, -1, &self->stmt, NULL);
  return self;
}

void
sl_query_free (SlQuery *self)
{
  if (self == NULL)
    return;
  sqlite3_finalize (self->stmt);
  g_free (self);
}

static void
note_result (SlQuery *self, int code)
{
  if (self->result == SQLITE_OK)
    self->result = code;
}

void
sl_query_bind_int (SlQuery *self, int i, gint64 value)
{
  note_result (self, sqlite3_bind_int64 (self->stmt, i, value));
}

void
sl_query_bind_real (SlQuery *self, int i, double value)
{
  note_result (self, isnan (value) ? sqlite3_bind_null (self->stmt, i)
                                   : sqlite3_bind_double (self->stmt, i, value));
}

void
sl_query_bind_text (SlQuery *self, int i, const char *value)
{
  note_result (self, sqlite3_bind_text (self->stmt, i, value, -1, SQLITE_TRANSIENT));
}

void
sl_query_bind_floats (SlQuery *self, int i, const float *values, guint n)
{
  note_result (self, values == NULL
                         ? sqlite3_bind_null (self->stmt, i)
                         : sqlite3_bind_blob (self->stmt, i, values, (int)(n * sizeof *values),
                                              SQLITE_TRANSIENT));
}

void
sl_query_bind_bytes (SlQuery *self, int i, gconstpointer bytes, gsize n)
{
  note_result (self, sqlite3_bind_blob (self->stmt, i, bytes, (int)n, SQLITE_TRANSIENT));
}

gboolean
sl_query_next (SlQuery *self, GError **error)
{
  int code = self->result != SQLITE_OK ? self->result : sqlite3_step (self->stmt);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    {
      note_result (self, code);
      set_error (self->store, code, error);
    }
  return FALSE;
}

void
sl_query_reset (SlQuery *self)
{
  if (self->stmt == NULL)
    return;
  sqlite3_reset (self->stmt);
  self->result = SQLITE_OK;
}

gboolean
sl_query_run (SlQuery *self, GError **error)
{
  int code = self->result;

  while (code == SQLITE_OK || code == SQLITE_ROW)
    code = sqlite3_step (self->stmt);
  if (code != SQLITE_DONE)
    set_error (self->store, code, error);
  sl_query_reset (self);
  return code == SQLITE_DONE;
}

gboolean
sl_query_is_null (SlQuery *self, int column)
{
  return sqlite3_column_type (self->stmt, column) == SQLITE_NULL;
}

gint64
sl_query_int (SlQuery *self, int column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

double
sl_query_real (SlQuery *self, int column)
{
  return sl_query_is_null (self, column) ? NAN : sqlite3_column_double (self->stmt, column);
}

const char *
sl_query_text (SlQuery *self, int column)
{
  return (const char *)sqlite3_column_text (self->stmt, column);
}

gboolean
sl_query_int_in (SlQuery *self, int column, gint64 low, gint64 high, const char *what,
                 gint64 *value, GError **error)
{
  gint64 found = sl_query_int (self, column);

  if (found < low || found > high)
    {
      g_autofree char *name = g_filename_display_name (self->store->path);

      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "“%s” is damaged (%s is %" G_GINT64_FORMAT "): restore it from a copy", name,
                   what, found);
      return FALSE;
    }
  *value = found;
  return TRUE;
}

float *
sl_query_dup_floats (SlQuery *self, int column, guint *n)
{
  const void *values = sqlite3_column_blob (self->stmt, column);
  const int bytes = sqlite3_column_bytes (self->stmt, column);

  *n = (guint)bytes / sizeof (float);
  return values != NULL && *n > 0 ? g_memdup2 (values, *n * sizeof (float)) : NULL;
}

gconstpointer
sl_query_bytes (SlQuery *self, int column, gsize *n)
{
  gconstpointer bytes = sqlite3_column_blob (self->stmt, column);

  *n = bytes != NULL ? (gsize)sqlite3_column_bytes (self->stmt, column) : 0;
  return bytes;
}
