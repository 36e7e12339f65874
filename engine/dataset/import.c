/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/import-source.h"
#include "dataset/labeller.h"
#include "dataset/path-regex.h"

#include <string.h>

#define N_SPLITS 3

/* What one reading of the labels makes of the files. */
typedef struct
{
  SlLabels *labels;
  SlProblem *problem;
  GPtrArray *items;   /* of SlCandidate */
  GPtrArray *skipped; /* of SlSkipped */
  SlSplitSpec split;
  gsize *counts; /* (classes, N_SPLITS) */
} Contents;

struct _SlImport
{
  gatomicrefcount ref_count;
  char *text; /* the source, as given */
  SlImportSource source;
  SlFolderScan scan;
  GPtrArray *left_out; /* of SlSkipped, that an archive could not give */
  guint64 seed;
  Contents *now;
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

static void
contents_free (Contents *self)
{
  g_clear_pointer (&self->labels, _sl_labels_free);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->skipped, g_ptr_array_unref);
  g_clear_pointer (&self->problem, sl_problem_unref);
  sl_split_spec_clear (&self->split);
  g_free (self->counts);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Contents, contents_free)

/* ---- Items and what is skipped */

/* One pass over the files that are pictures. */
typedef struct
{
  const SlLabels *labels;
  GPtrArray *files;
  SlLabel *found; /* of each file */
} LabelPass;

static void
label_one (guint index, gpointer data)
{
  LabelPass *self = data;
  const SlFound *file = self->files->pdata[index];

  if (file->usable && (self->labels->is_label == NULL || !self->labels->is_label[index]))
    self->labels->way->label (self->labels, index, file, &self->found[index]);
}

static const char *
name_of (guint index, gpointer data)
{
  const LabelPass *self = data;

  return ((const SlFound *)self->files->pdata[index])->rel_path;
}

static void
skip (Contents *self, const char *rel_path, const char *reason)
{
  g_ptr_array_add (self->skipped, _sl_skipped_new (rel_path, reason));
}

static void
take_file (Contents *self, const SlFound *file, SlLabel *label)
{
  SlCandidate *item;

  if (!file->usable || label->reason != NULL)
    {
      skip (self, file->rel_path, file->usable ? label->reason : file->reason);
      return;
    }
  item = g_new0 (SlCandidate, 1);
  item->path = g_strdup (file->path);
  item->rel_path = g_strdup (file->rel_path);
  item->target = g_steal_pointer (&label->target);
  item->part = g_strdup (label->part != NULL ? label->part : file->part);
  item->bytes = file->bytes;
  item->info = file->info;
  g_ptr_array_add (self->items, item);
}

static void
copy_skipped (Contents *self, GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    {
      const SlSkipped *file = from->pdata[i];

      skip (self, file->path, file->reason);
    }
}

static void
take_files (Contents *self, const SlImport *import, SlLabel *found)
{
  const guint8 *is_label = self->labels->is_label;

  for (guint i = 0; i < import->scan.files->len; i++)
    if (is_label == NULL || !is_label[i])
      take_file (self, import->scan.files->pdata[i], &found[i]);
  copy_skipped (self, import->left_out);
  copy_skipped (self, import->scan.skipped);
  if (self->labels->way->leftover != NULL)
    self->labels->way->leftover (self->labels, self->skipped);
}

/* Decodes the pictures where that has not been done, and asks for the label of each. */
static gboolean
label_files (Contents *self, const SlImport *import, GCancellable *cancellable,
             SlProgressFunc progress, gpointer user_data, GError **error)
{
  GPtrArray *files = import->scan.files;
  const guint8 *is_label = self->labels->is_label;
  g_autoptr (GPtrArray) pictures = g_ptr_array_new ();
  g_autofree SlLabel *found = g_new0 (SlLabel, MAX (files->len, 1));
  LabelPass pass = { self->labels, files, found };
  gboolean ok;

  for (guint i = 0; i < files->len; i++)
    if (is_label == NULL || !is_label[i])
      g_ptr_array_add (pictures, files->pdata[i]);
  ok = _sl_check_files (pictures, cancellable, progress, user_data, error)
       && _sl_for_each (files->len, label_one, name_of, &pass, cancellable, progress, user_data,
                        error);
  if (ok)
    take_files (self, import, found);
  for (guint i = 0; i < files->len; i++)
    {
      g_free (found[i].target);
      g_free (found[i].reason);
    }
  return ok;
}

static gboolean
check_items (const Contents *self, const char *name, GError **error)
{
  const SlSkipped *first = self->skipped->len > 0 ? self->skipped->pdata[0] : NULL;

  if (self->items->len > 0)
    return TRUE;
  if (first != NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "None of the %u files in %s can be used (%s: %s): choose another source",
                 self->skipped->len, name, first->path, first->reason);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "There are no pictures in %s: choose a folder or archive with a folder of "
                 "pictures for each class",
                 name);
  return FALSE;
}

/* ---- The problem */

static gboolean
find_problem (Contents *self, GError **error)
{
  const SlTask *task = self->labels->task;
  g_autofree const char **targets = g_new (const char *, MAX (self->items->len, 1));
  g_auto (GStrv) classes = NULL;
  g_autofree SlRange *ranges = NULL;

  for (guint i = 0; i < self->items->len; i++)
    targets[i] = ((const SlCandidate *)self->items->pdata[i])->target;
  classes = _sl_labels_classes (self->labels, targets, self->items->len);
  if (task->has_ranges)
    {
      ranges = g_new (SlRange, g_strv_length (classes) + 1);
      if (!task->find_ranges ((const char *const *)classes, targets, self->items->len, ranges,
                              error))
        return FALSE;
    }
  self->problem = sl_problem_new (task, (const char *const *)classes, ranges);
  return TRUE;
}

/* All pictures of one class, or of none. */
static void
set_too_few_classes (const Contents *self, const char *name, GError **error)
{
  const char *first = self->problem->classes[0];

  if (self->labels->way == &_sl_labeller_folder)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "All %u pictures in %s %s%s%s: put those of each class into a folder named after "
                 "it, such as cat/1.jpg and dog/2.jpg, or say where their labels are (regex:… "
                 "finds them in file names, csv:… in a table)",
                 self->items->len, name,
                 first == NULL ? "lie outside of any class folder" : "are in one class folder, “",
                 first == NULL ? "" : first, first == NULL ? "" : "”");
  else if (first == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "No picture in %s has a label by “%s”: say where labels are in another way", name,
                 self->labels->understood->labels);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "All %u pictures in %s have one label, “%s”, by “%s”: say where labels are in "
                 "another way",
                 self->items->len, name, first, self->labels->understood->labels);
}

static gboolean
check_classes (const Contents *self, const char *name, GError **error)
{
  if (self->problem->n_classes >= (self->labels->task->one_class ? 2 : 1))
    return TRUE;
  set_too_few_classes (self, name, error);
  return FALSE;
}

static gboolean
check_targets (const Contents *self, GError **error)
{
  const SlTask *task = self->labels->task;

  for (guint i = 0; i < self->items->len; i++)
    {
      const SlCandidate *item = self->items->pdata[i];

      if (item->target != NULL && !task->check_target (self->problem, item->target, error))
        {
          g_prefix_error (error, "%s: ", item->rel_path);
          return FALSE;
        }
    }
  return TRUE;
}

static void
count_items (Contents *self)
{
  const SlTask *task = self->labels->task;
  guint n_classes = self->problem->n_classes;
  g_autofree guint *indices = NULL;

  g_free (self->counts);
  self->counts = g_new0 (gsize, (gsize)n_classes * N_SPLITS);
  indices = g_new (guint, n_classes);
  for (guint i = 0; i < self->items->len; i++)
    {
      const SlCandidate *item = self->items->pdata[i];
      guint n = item->target ? task->classes_of (self->problem, item->target, indices, n_classes)
                             : 0;

      for (guint k = 0; k < n; k++)
        self->counts[indices[k] * N_SPLITS + item->split]++;
    }
}

/* ---- Split */

static gboolean
assign_split (Contents *self, const SlSplitSpec *split, GError **error)
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

/* (transfer none) (nullable): a list of the validation pictures that lies beside them. */
static const char *
find_list (const SlImport *import)
{
  static const char *const names[] = { "valid.txt", "val.txt", "validation.txt" };

  for (guint i = 0; i < import->scan.texts->len; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
      {
        const SlSideFile *file = import->scan.texts->pdata[i];

        if (g_ascii_strcasecmp (file->rel_path, names[k]) == 0)
          return file->path;
      }
  return NULL;
}

/* What the source itself says, by a column, by folders, by a list; else a fifth; a handful of
 * pictures that cannot be divided is taken whole. */
static gboolean
split_by_default (Contents *self, const SlImport *import, GError **error)
{
  const SlTableInfo *table = self->labels->understood->table;
  const char *column = table != NULL && table->split_column >= 0
                           ? table->columns[table->split_column]
                           : NULL;
  const char *folder = import->scan.has_train ? import->scan.valid_name : NULL;
  const struct
  {
    SlSplitKind kind;
    const char *name;
  } own[] = { { SL_SPLIT_BY_COLUMN, column },
              { SL_SPLIT_BY_FOLDER, folder },
              { SL_SPLIT_BY_LIST, find_list (import) } };
  SlSplitSpec spec = { .fraction = 0.2, .seed = import->seed };

  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    {
      spec.kind = own[i].kind;
      spec.name = (char *)own[i].name;
      if (spec.name != NULL && assign_split (self, &spec, NULL))
        return TRUE;
    }
  spec.name = NULL;
  spec.kind = self->labels->task->one_class ? SL_SPLIT_BY_STRATIFIED : SL_SPLIT_BY_RANDOM;
  if (assign_split (self, &spec, NULL))
    return TRUE;
  spec.kind = SL_SPLIT_BY_NONE;
  return assign_split (self, &spec, error);
}

static gboolean
is_default_split (const SlSplitSpec *split)
{
  return split == NULL || (split->kind == SL_SPLIT_BY_STRATIFIED && split->fraction == 0.0);
}

/* ---- All together */

/* Reads the labels and replaces what was read before, or leaves it. */
static gboolean
read_contents (SlImport *self, const char *text, const SlTask *task, const SlSplitSpec *split,
               GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
               GError **error)
{
  g_autoptr (Contents) fresh = g_new0 (Contents, 1);
  SlLabelSource source = {
    .root = self->scan.root,
    .files = self->scan.files,
    .texts = self->scan.texts,
    .table = self->source.table,
    .task = task,
    .split_column = split != NULL && split->kind == SL_SPLIT_BY_COLUMN ? split->name : NULL,
  };

  fresh->items = g_ptr_array_new_with_free_func (candidate_free);
  fresh->skipped = g_ptr_array_new_with_free_func (_sl_skipped_free);
  fresh->labels = _sl_labels_open (&source, text, error);
  if (fresh->labels == NULL || !label_files (fresh, self, cancellable, progress, user_data, error))
    return FALSE;
  if (!check_items (fresh, self->source.name, error) || !find_problem (fresh, error)
      || !check_classes (fresh, self->source.name, error) || !check_targets (fresh, error)
      || !(is_default_split (split) ? split_by_default (fresh, self, error)
                                    : assign_split (fresh, split, error)))
    return FALSE;
  g_clear_pointer (&self->now, contents_free);
  self->now = g_steal_pointer (&fresh);
  return TRUE;
}

gboolean
sl_import_set_labels (SlImport *self, const char *labels, const SlTask *task,
                      GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                      GError **error)
{
  return read_contents (self, labels, task, NULL, cancellable, progress, user_data, error);
}

/* Another column of the table is read with the labels, which are read anew. */
gboolean
sl_import_set_split (SlImport *self, const SlSplitSpec *split, GError **error)
{
  g_autofree char *labels = g_strdup (self->now->labels->understood->labels);

  if (split->kind == SL_SPLIT_BY_COLUMN && self->now->labels->understood->table != NULL)
    return read_contents (self, labels, self->now->labels->task, split, NULL, NULL, NULL, error);
  return assign_split (self->now, split, error);
}

SlImport *
sl_import_scan (const char *source, const SlImportOptions *options, GCancellable *cancellable,
                SlProgressFunc progress, gpointer user_data, GError **error)
{
  static const SlImportOptions none;
  g_autoptr (SlImport) self = NULL;

  g_return_val_if_fail (source != NULL, NULL);

  if (options == NULL)
    options = &none;
  self = g_new0 (SlImport, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (source);
  self->seed = options->split.seed;
  self->left_out = g_ptr_array_new_with_free_func (_sl_skipped_free);
  if (!_sl_import_source_open (&self->source, source, self->left_out, cancellable, progress,
                               user_data, error)
      || !_sl_scan_folder (self->source.folder, &self->scan, cancellable, progress, user_data,
                           error)
      || !read_contents (self, options->labels, options->task, &options->split, cancellable,
                         progress, user_data, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
sl_import_preview_regex (const SlImport *self, const char *pattern, SlRegexPreview *preview)
{
  g_return_if_fail (self != NULL && pattern != NULL && preview != NULL);
  _sl_path_regex_preview (pattern, self->scan.files, preview);
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
  g_clear_pointer (&self->now, contents_free);
  _sl_folder_scan_clear (&self->scan);
  _sl_import_source_clear (&self->source);
  g_ptr_array_unref (self->left_out);
  g_free (self->text);
  g_free (self);
}

/* ---- Reading it */

const SlTask *
sl_import_get_task (const SlImport *self)
{
  return self->now->labels->task;
}

const char *
sl_import_get_source (const SlImport *self)
{
  return self->text;
}

const char *
sl_import_get_name (const SlImport *self)
{
  return self->source.name;
}

gboolean
sl_import_is_staged (const SlImport *self)
{
  return self->source.staging != NULL;
}

SlProblem *
sl_import_get_problem (const SlImport *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->now->problem;
}

const char *const *
sl_import_get_classes (const SlImport *self)
{
  return self->now->problem->classes;
}

gsize
sl_import_n_items (const SlImport *self)
{
  return self->now->items->len;
}

const SlCandidate *
sl_import_get_item (const SlImport *self, gsize i)
{
  g_return_val_if_fail (i < self->now->items->len, NULL);
  return self->now->items->pdata[i];
}

gsize
sl_import_n_skipped (const SlImport *self)
{
  return self->now->skipped->len;
}

const SlSkipped *
sl_import_get_skipped (const SlImport *self, gsize i)
{
  g_return_val_if_fail (i < self->now->skipped->len, NULL);
  return self->now->skipped->pdata[i];
}

gsize
sl_import_n_found (const SlImport *self)
{
  return (gsize)self->now->items->len + self->now->skipped->len;
}

gsize
sl_import_count (const SlImport *self, guint class_index, SlSplit split)
{
  g_return_val_if_fail (class_index < self->now->problem->n_classes && split < N_SPLITS, 0);
  return self->now->counts[class_index * N_SPLITS + split];
}

gboolean
sl_import_has_parts (const SlImport *self, const char **valid_name)
{
  gboolean both = self->scan.has_train && self->scan.valid_name != NULL;

  if (both && valid_name != NULL)
    *valid_name = self->scan.valid_name;
  return both;
}

const SlSplitSpec *
sl_import_get_split (const SlImport *self)
{
  return &self->now->split;
}

const SlUnderstanding *
sl_import_get_understanding (const SlImport *self)
{
  return self->now->labels->understood;
}
