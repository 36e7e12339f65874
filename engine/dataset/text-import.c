/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/import-source.h"
#include "dataset/labeller.h"
#include "dataset/staging.h"
#include "dataset/text-sink.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* Files without labels that are larger than this, taken together with their number, are corpora. */
#define CORPUS_MEAN_BYTES (64 * 1024)

struct _SlTextImport
{
  gatomicrefcount ref_count;
  SlImportSource source;
  SlFolderScan scan;
  char *staging; /* where the store lies */
  SlTextSink sink;
  char *labels;
  char *split_column; /* (nullable): of the table */
  char **classes;
  SlSplitSpec split;
  SlUnderstanding notes; /* its notes alone */
  SlTableInfo *table;    /* (nullable): that texts were read of */
};

SlTextImport *
sl_text_import_ref (SlTextImport *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_text_import_unref (SlTextImport *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  _sl_text_sink_clear (&self->sink);
  if (self->staging != NULL)
    _sl_staging_remove (self->staging);
  _sl_import_source_clear (&self->source);
  _sl_folder_scan_clear (&self->scan);
  sl_split_spec_clear (&self->split);
  g_strfreev (self->classes);
  g_strfreev (self->notes.notes);
  g_clear_pointer (&self->table, _sl_table_info_free);
  g_free (self->split_column);
  g_free (self->labels);
  g_free (self->staging);
  g_free (self);
}

/* ---- The source */

static gboolean
open_source (SlTextImport *self, const char *source, GError **error)
{
  SlTextSink *sink = &self->sink;
  g_autofree char *store = NULL;

  self->staging = _sl_staging_new (error);
  if (self->staging == NULL)
    return FALSE;
  store = g_build_filename (self->staging, "texts", NULL);
  if (!_sl_text_sink_init (sink, store, error))
    return FALSE;
  if (!_sl_import_source_open (&self->source, source, sink->skipped, sink->cancellable,
                               sink->progress, sink->user_data, error))
    return FALSE;
  if (self->source.text == NULL)
    return _sl_scan_folder (self->source.folder, &self->scan, sink->cancellable, sink->progress,
                            sink->user_data, error);
  _sl_scan_text (self->source.text, &self->scan);
  return TRUE;
}

/* ---- Which way */

static guint
count_labels (const SlTextImport *self)
{
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->scan.texts->len; i++)
    {
      const SlSideFile *file = self->scan.texts->pdata[i];

      if (_sl_text_is_text (file) && file->label != NULL && !_sl_text_is_unlabelled (file->label))
        g_hash_table_add (labels, file->label);
    }
  return g_hash_table_size (labels);
}

static const char *
guess_way (const SlTextImport *self)
{
  gint64 bytes = 0, n = 0;
  gboolean has_table = FALSE;

  for (guint i = 0; i < self->scan.texts->len; i++)
    {
      const SlSideFile *file = self->scan.texts->pdata[i];

      has_table |= file->is_table;
      n += _sl_text_is_text (file);
      bytes += _sl_text_is_text (file) ? file->bytes : 0;
    }
  if (self->source.table != NULL)
    return "csv";
  if (count_labels (self) > 1)
    return "folder";
  if (has_table)
    return "csv";
  return n > 0 && bytes / n > CORPUS_MEAN_BYTES ? "corpus" : "none";
}

static gboolean
read_texts (SlTextImport *self, const char *labels, const char *split_column, GError **error)
{
  SlTextSink *sink = &self->sink;
  const char *way = labels != NULL ? labels : guess_way (self);

  if (g_str_equal (way, "csv") || g_str_has_prefix (way, "csv:"))
    return _sl_text_read_table (sink, &self->scan, way[3] == ':' ? way + 4 : NULL,
                                self->source.table, split_column, &self->labels,
                                &self->split_column, &self->table, error);
  self->labels = g_strdup (way);
  if (g_str_equal (way, "folder") || g_str_equal (way, "none"))
    return _sl_text_read_files (sink, &self->scan, g_str_equal (way, "folder"), error);
  if (g_str_equal (way, "corpus"))
    return _sl_text_read_corpus (sink, &self->scan, error);
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "Labels of texts cannot be read by “%s”: write one of folder, "
               "csv:[FILE:]TEXT,LABEL, none, corpus",
               way);
  return FALSE;
}

/* ---- What came of it */

static gboolean
check_items (const SlTextImport *self, GError **error)
{
  const SlTextSink *sink = &self->sink;
  const SlSkipped *first = sink->skipped->len > 0 ? sink->skipped->pdata[0] : NULL;

  if (sink->items->len > 0)
    return TRUE;
  if (first != NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "None of the %u texts in %s can be used (%s: %s): choose another source",
                 sink->skipped->len, self->source.name, first->path, first->reason);
  else
    g_set_error (
        error, SL_ERROR, SL_ERROR_DATA,
        "There are no texts in %s: choose a .txt file, a table of texts, or a folder with them",
        self->source.name);
  return FALSE;
}

static gboolean
find_classes (SlTextImport *self, GError **error)
{
  GPtrArray *items = self->sink.items;
  g_autofree const char **targets = g_new (const char *, items->len);

  for (guint i = 0; i < items->len; i++)
    targets[i] = ((const SlTextItem *)items->pdata[i])->target;
  self->classes = _sl_sorted_set (targets, items->len);
  if (self->classes[0] == NULL || self->classes[1] != NULL)
    return TRUE;
  g_set_error (
      error, SL_ERROR, SL_ERROR_DATA,
      "All texts in %s that have a label have one, “%s”, by “%s”: say where labels are in another "
      "way, or “none” for a language model alone",
      self->source.name, self->classes[0], self->labels);
  return FALSE;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
make_notes (SlTextImport *self)
{
  const SlTextSink *sink = &self->sink;
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (sink->encodings), compare_keys);

  for (GList *l = names; l != NULL; l = l->next)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (sink->encodings, l->data));

      _sl_understanding_note (&self->notes,
                              n == 1 ? "%u file is not UTF-8 but %s; it was converted"
                                     : "%u files are not UTF-8 but %s; they were converted",
                              n, (const char *)l->data);
    }
  if (self->classes[0] != NULL && sink->n_unlabelled > 0)
    _sl_understanding_note (
        &self->notes,
        sink->n_unlabelled == 1
            ? "%" G_GSIZE_FORMAT " text has no label: it teaches the language model alone"
            : "%" G_GSIZE_FORMAT " texts have no label: they teach the language model alone",
        sink->n_unlabelled);
  if (self->notes.notes == NULL)
    self->notes.notes = g_new0 (char *, 1);
}

/* ---- Split */

/* Without labels every text may be trained on: all count as labelled then. */
static gboolean
assign_split (SlTextImport *self, const SlSplitSpec *split, GError **error)
{
  GPtrArray *items = self->sink.items;
  guint n = items->len;
  g_autofree const char **targets = g_new (const char *, n), **parts = g_new (const char *, n);
  g_autofree const char **names = g_new (const char *, n), **hashes = g_new (const char *, n);
  g_autofree SlSplit *out = g_new (SlSplit, n);

  for (guint i = 0; i < n; i++)
    {
      const SlTextItem *item = items->pdata[i];

      targets[i] = self->classes[0] != NULL ? item->target : "";
      parts[i] = item->part;
      names[i] = item->name;
      hashes[i] = item->hash;
    }
  if (!sl_split_assign (split, n, targets, parts, names, hashes, out, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    ((SlTextItem *)items->pdata[i])->split = out[i];
  sl_split_spec_clear (&self->split);
  sl_split_spec_copy (split, &self->split);
  return TRUE;
}

static gboolean
split_by_default (SlTextImport *self, guint64 seed, GError **error)
{
  gboolean labelled = self->classes[0] != NULL;
  const SlSplitSpec ways[] = {
    { SL_SPLIT_BY_COLUMN, 0.0, self->split_column, seed },
    { SL_SPLIT_BY_FOLDER, 0.0, self->scan.has_train ? self->scan.valid_name : NULL, seed },
    { SL_SPLIT_BY_FOLDER, 0.0, self->scan.has_train ? (char *)"test" : NULL, seed },
    { labelled ? SL_SPLIT_BY_STRATIFIED : SL_SPLIT_BY_RANDOM, labelled ? 0.2 : 0.1, NULL, seed },
    { SL_SPLIT_BY_NONE, 0.0, NULL, seed },
  };
  gsize last = G_N_ELEMENTS (ways) - 1;

  for (gsize i = 0; i < last; i++)
    if ((ways[i].name != NULL || ways[i].fraction > 0.0) && assign_split (self, &ways[i], NULL))
      return TRUE;
  return assign_split (self, &ways[last], error);
}

static gboolean
make_split (SlTextImport *self, const SlSplitSpec *split, GError **error)
{
  if (split->kind == SL_SPLIT_BY_STRATIFIED && split->fraction == 0.0)
    return split_by_default (self, split->seed, error);
  return assign_split (self, split, error);
}

static gboolean
close_store (SlTextImport *self, GError **error)
{
  if (fclose (g_steal_pointer (&self->sink.file)) == 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_FAILED, "%s cannot be written (%s): free some space there",
               self->sink.path, g_strerror (errno));
  return FALSE;
}

SlTextImport *
sl_text_import_scan (const char *source, const SlTextImportOptions *options,
                     GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                     GError **error)
{
  static const SlTextImportOptions none;
  g_autoptr (SlTextImport) self = g_new0 (SlTextImport, 1);
  const char *column;

  g_return_val_if_fail (source != NULL, NULL);

  if (options == NULL)
    options = &none;
  column = options->split.kind == SL_SPLIT_BY_COLUMN ? options->split.name : NULL;
  g_atomic_ref_count_init (&self->ref_count);
  self->sink.cancellable = cancellable;
  self->sink.progress = progress;
  self->sink.user_data = user_data;
  if (!open_source (self, source, error) || !read_texts (self, options->labels, column, error)
      || !close_store (self, error) || !check_items (self, error) || !find_classes (self, error)
      || !make_split (self, &options->split, error))
    return NULL;
  make_notes (self);
  return g_steal_pointer (&self);
}

/* ---- Answers */

SlTableInfo *
_sl_text_import_take_table (SlTextImport *self)
{
  return g_steal_pointer (&self->table);
}

const char *
sl_text_import_get_name (const SlTextImport *self)
{
  return self->source.name;
}

const char *
sl_text_import_get_labels (const SlTextImport *self)
{
  return self->labels;
}

const char *const *
sl_text_import_get_notes (const SlTextImport *self)
{
  return (const char *const *)self->notes.notes;
}

const char *const *
sl_text_import_get_classes (const SlTextImport *self)
{
  return (const char *const *)self->classes;
}

gsize
sl_text_import_n_items (const SlTextImport *self)
{
  return self->sink.items->len;
}

const SlTextItem *
sl_text_import_get_item (const SlTextImport *self, gsize i)
{
  g_return_val_if_fail (i < self->sink.items->len, NULL);
  return self->sink.items->pdata[i];
}

gsize
sl_text_import_n_skipped (const SlTextImport *self)
{
  return self->sink.skipped->len;
}

const SlSkipped *
sl_text_import_get_skipped (const SlTextImport *self, gsize i)
{
  g_return_val_if_fail (i < self->sink.skipped->len, NULL);
  return self->sink.skipped->pdata[i];
}

gsize
sl_text_import_n_found (const SlTextImport *self)
{
  return sl_text_import_n_items (self) + sl_text_import_n_skipped (self);
}

const SlSplitSpec *
sl_text_import_get_split (const SlTextImport *self)
{
  return &self->split;
}

char *
sl_text_import_dup_text (const SlTextImport *self, gsize i, GError **error)
{
  const SlTextItem *item = sl_text_import_get_item (self, i);
  g_autoptr (SlTextStore) store = sl_text_store_open (self->sink.path, error);

  return store != NULL ? sl_text_store_read (store, item->offset, item->bytes, error) : NULL;
}

const char *
sl_text_import_get_store (const SlTextImport *self)
{
  return self->sink.path;
}

gboolean
sl_text_import_take_store (SlTextImport *self, const char *path, GError **error)
{
  g_autoptr (GFile) from = g_file_new_for_path (self->sink.path);
  g_autoptr (GFile) to = g_file_new_for_path (path);

  return g_file_move (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, error);
}
