/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/kept-features.h"

#include "project/store-looks.h"
#include "project/store.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define FILE_NAME "features"
#define FILE_VERSION 1
#define MOST_BYTES ((gsize)512 << 20) /* of rows */

/* model: the one that all rows are of. */
static const char schema[] =
    "CREATE TABLE model (run INTEGER NOT NULL, modified INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    "  n_features INTEGER NOT NULL);"
    "CREATE TABLE feature (item INTEGER PRIMARY KEY, modified INTEGER NOT NULL,"
    "  bytes INTEGER NOT NULL, row BLOB NOT NULL);"; /* row: float32, in the machine's order */

struct _SlKeptFeatures
{
  SlStore *store;
  gsize n_features;
};

static char *
file_of (const char *project_folder)
{
  return g_build_filename (project_folder, FILE_NAME, NULL);
}

/* ---- Opening */

static gboolean
is_of (SlStore *store, gint64 run, const SlStoredLook *model, gsize n_features)
{
  g_autoptr (SlQuery)
      query = sl_query_new (store, "SELECT run, modified, bytes, n_features FROM model");

  return sl_query_next (query, NULL) && sl_query_int (query, 0) == run
         && sl_query_int (query, 1) == model->modified && sl_query_int (query, 2) == model->bytes
         && sl_query_int (query, 3) == (gint64)n_features;
}

static gboolean
set_model (SlStore *store, gint64 run, const SlStoredLook *model, gsize n_features, GError **error)
{
  g_autoptr (SlQuery) insert = sl_query_new (store, "INSERT INTO model VALUES (?, ?, ?, ?)");

  sl_query_bind_int (insert, 1, run);
  sl_query_bind_int (insert, 2, model->modified);
  sl_query_bind_int (insert, 3, model->bytes);
  sl_query_bind_int (insert, 4, (gint64)n_features);
  return sl_query_run (insert, error);
}

SlKeptFeatures *
sl_kept_features_open (const char *project_folder, gint64 run, const char *model, gsize n_features,
                       GError **error)
{
  g_autofree char *file = file_of (project_folder);
  g_autoptr (SlStore) store = NULL;
  SlStoredLook now = { 0 };
  SlKeptFeatures *self;

  if (!sl_stored_look_stat (&now, model))
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                           "The model's file is gone: choose another run");
      return NULL;
    }
  store = sl_store_open_cache (file, schema, FILE_VERSION, error);
  if (store != NULL && !is_of (store, run, &now, n_features))
    {
      /* The file goes, so that its room on the disk is free. */
      g_clear_pointer (&store, sl_store_free);
      g_unlink (file);
      store = sl_store_open_cache (file, schema, FILE_VERSION, error);
      if (store != NULL && !set_model (store, run, &now, n_features, error))
        return NULL;
    }
  if (store == NULL)
    return NULL;
  self = g_new (SlKeptFeatures, 1);
  self->store = g_steal_pointer (&store);
  self->n_features = n_features;
  return self;
}

void
sl_kept_features_free (SlKeptFeatures *self)
{
  if (self == NULL)
    return;
  sl_store_free (self->store);
  g_free (self);
}

void
sl_kept_features_forget (const char *project_folder, gint64 run)
{
  g_autofree char *file = file_of (project_folder);
  gboolean is_its;

  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return;
  {
    g_autoptr (SlStore) store = sl_store_open_cache (file, schema, FILE_VERSION, NULL);
    g_autoptr (SlQuery) query = store != NULL ? sl_query_new (store, "SELECT run FROM model")
                                              : NULL;

    is_its = query == NULL || !sl_query_next (query, NULL) || sl_query_int (query, 0) == run;
  }
  if (is_its)
    g_unlink (file);
}

/* ---- Reading */

static gboolean
take_row (SlQuery *query, const SlStoredLook *now, gsize n_features, float *row)
{
  gsize n;
  const void *bytes = sl_query_bytes (query, 2, &n);

  if (sl_query_int (query, 0) != now->modified || sl_query_int (query, 1) != now->bytes
      || n != n_features * sizeof *row)
    return FALSE;
  memcpy (row, bytes, n);
  for (gsize i = 0; i < n_features; i++)
    if (!isfinite (row[i]))
      {
        memset (row, 0, n);
        return FALSE;
      }
  return TRUE;
}

gboolean
sl_kept_features_read (SlKeptFeatures *self, SlSampleSet *samples, SlFeatures *raw, guint8 *known,
                       GError **error)
{
  g_autoptr (SlQuery)
      query = sl_query_new (self->store, "SELECT modified, bytes, row FROM feature WHERE item = ?");

  g_return_val_if_fail (raw->n == sl_sample_set_n (samples), FALSE);
  g_return_val_if_fail (raw->n_features == self->n_features, FALSE);

  for (gsize i = 0; i < raw->n; i++)
    {
      const SlSample *sample = sl_sample_set_get (samples, i);
      g_autoptr (GError) local = NULL;
      SlStoredLook now = { 0 };

      sl_query_reset (query);
      sl_query_bind_int (query, 1, sample->id);
      known[i] = sl_query_next (query, &local) && sl_stored_look_stat (&now, sample->path)
                 && take_row (query, &now, raw->n_features, raw->rows + i * raw->n_features);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return TRUE;
}

/* ---- Writing */

/* What is not to be kept any more is marked by its absence from a table of this connection alone. */
static gboolean
forget_others (SlKeptFeatures *self, SlSampleSet *samples, GError **error)
{
  g_autoptr (SlQuery)
      table = sl_query_new (self->store, "CREATE TEMP TABLE wanted (item INTEGER PRIMARY KEY)");
  g_autoptr (SlQuery) insert = NULL, forget = NULL;

  if (!sl_query_run (table, error))
    return FALSE;
  insert = sl_query_new (self->store, "INSERT OR IGNORE INTO wanted VALUES (?)");
  for (gsize i = 0; i < sl_sample_set_n (samples); i++)
    {
      sl_query_bind_int (insert, 1, sl_sample_set_get (samples, i)->id);
      if (!sl_query_run (insert, error))
        return FALSE;
    }
  forget = sl_query_new (self->store, "DELETE FROM feature WHERE item NOT IN wanted");
  return sl_query_run (forget, error);
}

static gboolean
insert_rows (SlKeptFeatures *self, SlSampleSet *samples, const SlFeatures *raw, const guint8 *known,
             GError **error)
{
  g_autoptr (SlQuery)
      insert = sl_query_new (self->store, "INSERT OR REPLACE INTO feature VALUES (?, ?, ?, ?)");

  for (gsize i = 0; i < raw->n; i++)
    {
      const SlSample *sample = sl_sample_set_get (samples, i);
      const float *row = raw->rows + i * raw->n_features;
      SlStoredLook now = { 0 };

      if (known[i] || sl_features_is_blank (raw, i) || !sl_stored_look_stat (&now, sample->path))
        continue;
      sl_query_bind_int (insert, 1, sample->id);
      sl_query_bind_int (insert, 2, now.modified);
      sl_query_bind_int (insert, 3, now.bytes);
      sl_query_bind_bytes (insert, 4, row, raw->n_features * sizeof *row);
      if (!sl_query_run (insert, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
sl_kept_features_write (SlKeptFeatures *self, SlSampleSet *samples, const SlFeatures *raw,
                        const guint8 *known, GError **error)
{
  const gboolean few = raw->n * raw->n_features * sizeof (float) <= MOST_BYTES;

  g_return_val_if_fail (raw->n == sl_sample_set_n (samples), FALSE);

  if (!few || !sl_store_begin (self->store, FALSE, error))
    return !few;
  if (forget_others (self, samples, error) && insert_rows (self, samples, raw, known, error))
    return sl_store_commit (self->store, error);
  sl_store_rollback (self->store);
  return FALSE;
}
