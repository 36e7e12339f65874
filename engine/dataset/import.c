/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/archive.h"
#include "dataset/scan.h"
#include "dataset/staging.h"

#include <string.h>

#define N_SPLITS 3

struct _SlImport
{
  gatomicrefcount ref_count;
  const SlTask *task;
  char *source;
  char *name;
  char *staging;      /* (nullable): removed with the import */
  SlProblem *problem; /* (nullable): made once the classes are known */
  GPtrArray *items;   /* of SlCandidate */
  GPtrArray *skipped; /* of SlSkipped */
  gboolean has_train;
  char *valid_name; /* (nullable) */
  SlSplitSpec split;
  gsize *counts; /* (classes, N_SPLITS) */
};

static void
candidate_free (gpointer data)
{
  SlCandidate *self = data;

  g_free (self->path);
  g_free (self->rel_path);
  g_free (self->target);
  g_free (self->part);
  g_free (self);
}

/* ---- Where the pictures are */

/* "~/x" and "file:///x" come from hands and from drops. */
static char *
local_path (const char *source)
{
  g_autofree char *path = NULL;

  if (g_str_has_prefix (source, "file:"))
    path = g_filename_from_uri (source, NULL, NULL);
  else if (source[0] == '~' && (source[1] == '/' || source[1] == '\0'))
    path = g_build_filename (g_get_home_dir (), source + 1, NULL);
  return g_canonicalize_filename (path ? path : source, NULL);
}

/* "Pictures/bears.tar.gz" → "bears". */
static char *
proposed_name (const char *path)
{
  static const char *const endings[] = { ".zip", ".tar.gz", ".tgz", ".tar" };
  g_autofree char *base = g_path_get_basename (path);
  char *name = _sl_display_name (base);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize length = strlen (name), tail = strlen (endings[i]);

      if (length > tail && g_ascii_strcasecmp (name + length - tail, endings[i]) == 0)
        {
          name[length - tail] = '\0';
          break;
        }
    }
  return name;
}

static gboolean
check_no_project (const char *folder, GError **error)
{
  g_autofree char *file = g_build_filename (folder, "project.db", NULL);
  g_autofree char *shown = g_filename_display_name (folder);

  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_EXISTS, "%s is a Slope project already: open it instead",
               shown);
  return FALSE;
}

/* (transfer full): the folder to walk, after drawing or unpacking where needed. */
static char *
open_source (SlImport *self, GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
             GError **error)
{
  g_autofree char *path = NULL;
  gboolean ok;

  if (g_str_has_prefix (self->source, "sample:"))
    {
      self->name = g_strdup (self->source + strlen ("sample:"));
      self->staging = _sl_staging_new (error);
      ok = self->staging != NULL
           && sl_sample_write (self->name, self->staging, NULL, cancellable, progress, user_data,
                               error);
      return ok ? g_strdup (self->staging) : NULL;
    }

  path = local_path (self->source);
  self->name = proposed_name (path);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return check_no_project (path, error) ? g_steal_pointer (&path) : NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "%s does not exist: check the spelling, or that its disk is connected", shown);
      return NULL;
    }
  self->staging = _sl_staging_new (error);
  ok = self->staging != NULL
       && _sl_archive_extract (path, self->staging, self->skipped, 0, cancellable, progress,
                               user_data, error);
  return ok ? g_strdup (self->staging) : NULL;
}

/* ---- Items, classes, split */

static void
take_scan (SlImport *self, SlFolderScan *scan)
{
  for (guint i = 0; i < scan->files->len; i++)
    {
      SlFound *found = scan->files->pdata[i];
      SlCandidate *item;

      if (!found->usable)
        {
          SlSkipped *skipped = g_new (SlSkipped, 1);

          skipped->path = g_steal_pointer (&found->rel_path);
          skipped->reason = g_steal_pointer (&found->reason);
          g_ptr_array_add (self->skipped, skipped);
          continue;
        }
      item = g_new0 (SlCandidate, 1);
      item->path = g_steal_pointer (&found->path);
      item->rel_path = g_steal_pointer (&found->rel_path);
      item->target = g_steal_pointer (&found->label);
      item->part = g_strdup (found->part);
      item->bytes = found->bytes;
      item->info = found->info;
      g_ptr_array_add (self->items, item);
    }
  g_ptr_array_extend_and_steal (self->skipped, g_steal_pointer (&scan->skipped));
  self->has_train = scan->has_train;
  self->valid_name = g_steal_pointer (&scan->valid_name);
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
find_problem (SlImport *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->items->len; i++)
    {
      const SlCandidate *item = self->items->pdata[i];

      if (item->target != NULL && g_hash_table_add (seen, item->target))
        g_ptr_array_add (names, item->target);
    }
  g_ptr_array_sort (names, compare_strings);
  g_ptr_array_add (names, NULL);
  self->problem = sl_problem_new (self->task, (const char *const *)names->pdata, NULL);
}

static gboolean
check_contents (const SlImport *self, GError **error)
{
  guint n_classes = self->problem->n_classes;
  const SlSkipped *first = self->skipped->len > 0 ? self->skipped->pdata[0] : NULL;

  if (self->items->len == 0 && first != NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "None of the %u files in %s can be used (%s: %s): choose another source",
                 self->skipped->len, self->name, first->path, first->reason);
  else if (self->items->len == 0)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "There are no pictures in %s: choose a folder or archive with a folder of "
                 "pictures for each class",
                 self->name);
  else if (n_classes < 2)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "All %u pictures in %s %s%s%s: put those of each class into a folder named after "
                 "it, such as cat/1.jpg and dog/2.jpg (labels inside file names, which regex:… "
                 "would find, are not read yet)",
                 self->items->len, self->name,
                 n_classes == 0 ? "lie outside of any class folder" : "are in one class folder, “",
                 n_classes == 0 ? "" : self->problem->classes[0], n_classes == 0 ? "" : "”");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_targets (const SlImport *self, GError **error)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const SlCandidate *item = self->items->pdata[i];

      if (item->target != NULL && !self->task->check_target (self->problem, item->target, error))
        {
          g_prefix_error (error, "%s: ", item->rel_path);
          return FALSE;
        }
    }
  return TRUE;
}

static void
count_items (SlImport *self)
{
  guint n_classes = self->problem->n_classes;
  g_autofree guint *indices = NULL;

  g_free (self->counts);
  self->counts = g_new0 (gsize, (gsize)n_classes * N_SPLITS);
  indices = g_new (guint, n_classes);
  for (guint i = 0; i < self->items->len; i++)
    {
      const SlCandidate *item = self->items->pdata[i];
      guint n = item->target
                    ? self->task->classes_of (self->problem, item->target, indices, n_classes)
                    : 0;

      for (guint k = 0; k < n; k++)
        self->counts[indices[k] * N_SPLITS + item->split]++;
    }
}

gboolean
sl_import_set_split (SlImport *self, const SlSplitSpec *split, GError **error)
{
  guint n = self->items->len;
  g_autofree const char **targets = g_new (const char *, n);
  g_autofree const char **parts = g_new (const char *, n);
  g_autofree const char **rel_paths = g_new (const char *, n);
  g_autofree const char **hashes = g_new (const char *, n);
  g_autofree SlSplit *out = g_new (SlSplit, n);
  SlSplitSpec old = self->split;

  for (guint i = 0; i < n; i++)
    {
      const SlCandidate *item = self->items->pdata[i];

      targets[i] = item->target;
      parts[i] = item->part;
      rel_paths[i] = item->rel_path;
      hashes[i] = item->info.content_hash;
    }
  if (!sl_split_assign (split, n, targets, parts, rel_paths, hashes, out, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    ((SlCandidate *)self->items->pdata[i])->split = out[i];

  sl_split_spec_copy (split, &self->split); /* before clearing: @split may be our own */
  sl_split_spec_clear (&old);
  count_items (self);
  return TRUE;
}

/* The folders' own split where there is one, else a fifth of each class; a handful of pictures
 * that cannot be divided is taken whole. */
static gboolean
split_by_default (SlImport *self, guint64 seed, GError **error)
{
  SlSplitSpec spec = { .kind = SL_SPLIT_BY_STRATIFIED, .fraction = 0.2, .seed = seed };

  if (sl_import_has_parts (self, (const char **)&spec.name))
    {
      spec.kind = SL_SPLIT_BY_FOLDER;
      if (sl_import_set_split (self, &spec, NULL))
        return TRUE;
      spec.kind = SL_SPLIT_BY_STRATIFIED;
      spec.name = NULL;
    }
  if (sl_import_set_split (self, &spec, NULL))
    return TRUE;
  spec.kind = SL_SPLIT_BY_NONE;
  return sl_import_set_split (self, &spec, error);
}

static gboolean
is_default_split (const SlImportOptions *options)
{
  return options == NULL
         || (options->split.kind == SL_SPLIT_BY_STRATIFIED && options->split.fraction == 0.0);
}

static gboolean
check_options (const SlImportOptions *options, GError **error)
{
  if (options == NULL || options->labels == NULL || g_str_equal (options->labels, "folder"))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
               "Labels cannot be read by “%s”: use “folder”, with a folder for each class",
               options->labels);
  return FALSE;
}

static gboolean
fill (SlImport *self, const SlImportOptions *options, GCancellable *cancellable,
      SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autofree char *root = open_source (self, cancellable, progress, user_data, error);
  SlFolderScan scan = { 0 };
  gboolean ok;

  ok = root != NULL && _sl_scan_folder (root, &scan, cancellable, progress, user_data, error)
       && _sl_check_files (scan.files, cancellable, progress, user_data, error);
  if (ok)
    take_scan (self, &scan);
  _sl_folder_scan_clear (&scan);
  if (!ok)
    return FALSE;

  find_problem (self);
  if (!check_contents (self, error) || !check_targets (self, error))
    return FALSE;
  if (is_default_split (options))
    return split_by_default (self, options ? options->split.seed : 0, error);
  return sl_import_set_split (self, &options->split, error);
}

SlImport *
sl_import_scan (const char *source, const SlImportOptions *options, GCancellable *cancellable,
                SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autoptr (SlImport) self = NULL;

  g_return_val_if_fail (source != NULL, NULL);

  if (!check_options (options, error))
    return NULL;
  self = g_new0 (SlImport, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->task = options && options->task ? options->task : &sl_task_classify;
  self->source = g_strdup (source);
  self->items = g_ptr_array_new_with_free_func (candidate_free);
  self->skipped = g_ptr_array_new_with_free_func (_sl_skipped_free);
  if (!fill (self, options, cancellable, progress, user_data, error))
    return NULL;
  return g_steal_pointer (&self);
}

SlImport *
sl_import_ref (SlImport *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_import_unref (SlImport *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->staging != NULL)
    _sl_staging_remove (self->staging);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->skipped);
  g_clear_pointer (&self->problem, sl_problem_unref);
  sl_split_spec_clear (&self->split);
  g_free (self->counts);
  g_free (self->valid_name);
  g_free (self->staging);
  g_free (self->source);
  g_free (self->name);
  g_free (self);
}

/* ---- Reading it */

const SlTask *
sl_import_get_task (const SlImport *self)
{
  return self->task;
}

const char *
sl_import_get_source (const SlImport *self)
{
  return self->source;
}

const char *
sl_import_get_name (const SlImport *self)
{
  return self->name;
}

gboolean
sl_import_is_staged (const SlImport *self)
{
  return self->staging != NULL;
}

SlProblem *
sl_import_get_problem (const SlImport *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->problem;
}

const char *const *
sl_import_get_classes (const SlImport *self)
{
  return self->problem->classes;
}

gsize
sl_import_n_items (const SlImport *self)
{
  return self->items->len;
}

const SlCandidate *
sl_import_get_item (const SlImport *self, gsize i)
{
  g_return_val_if_fail (i < self->items->len, NULL);
  return self->items->pdata[i];
}

gsize
sl_import_n_skipped (const SlImport *self)
{
  return self->skipped->len;
}

const SlSkipped *
sl_import_get_skipped (const SlImport *self, gsize i)
{
  g_return_val_if_fail (i < self->skipped->len, NULL);
  return self->skipped->pdata[i];
}

gsize
sl_import_n_found (const SlImport *self)
{
  return (gsize)self->items->len + self->skipped->len;
}

gsize
sl_import_count (const SlImport *self, guint class_index, SlSplit split)
{
  g_return_val_if_fail (class_index < self->problem->n_classes && split < N_SPLITS, 0);
  return self->counts[class_index * N_SPLITS + split];
}

gboolean
sl_import_has_parts (const SlImport *self, const char **valid_name)
{
  gboolean both = self->has_train && self->valid_name != NULL;

  if (both && valid_name != NULL)
    *valid_name = self->valid_name;
  return both;
}

const SlSplitSpec *
sl_import_get_split (const SlImport *self)
{
  return &self->split;
}
