/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/import-private.h"
#include "dataset/path-regex.h"

static const SlImportOptions no_options;

/* Reads the labels and replaces what was read before, or leaves it. */
static gboolean
read_contents (SlImport *self, const SlImportOptions *options, GCancellable *cancellable,
               SlProgressFunc progress, gpointer user_data, GError **error)
{
  SlContents *fresh = _sl_contents_new (self, options, cancellable, progress, user_data, error);

  if (fresh == NULL)
    return FALSE;
  g_clear_pointer (&self->now, _sl_contents_unref);
  self->now = fresh;
  return TRUE;
}

gboolean
sl_import_set_labels (SlImport *self, const char *labels, const SlTask *task,
                      GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                      GError **error)
{
  const SlImportOptions options = { .labels = (char *)labels, .task = task };

  return read_contents (self, &options, cancellable, progress, user_data, error);
}

/* Another column of the table is read with the labels, which are read anew. */
gboolean
sl_import_set_split (SlImport *self, const SlSplitSpec *split, GError **error)
{
  g_autoptr (SlSplitPlan) plan = NULL;

  g_return_val_if_fail (self->now->labels != NULL, FALSE);

  if (_sl_contents_split_needs_labels (self->now, split))
    {
      g_autofree char *labels = g_strdup (self->now->labels->understood->labels);
      const SlImportOptions options = { .labels = labels,
                                        .task = self->now->labels->task,
                                        .split = *split };

      return read_contents (self, &options, NULL, NULL, NULL, error);
    }
  plan = _sl_split_plan_new (self->now, split, error);
  if (plan != NULL)
    _sl_split_plan_take (plan, self->now);
  return plan != NULL;
}

/* What the person left out is as the catalogue says of its data sets. */
static gboolean
read_as_told (SlImport *self, const SlImportOptions *options, GCancellable *cancellable,
              SlProgressFunc progress, gpointer user_data, GError **error)
{
  const SlImportSource *source = &self->source;
  SlImportOptions told = *options;
  gboolean ok;

  if (source->task == NULL || options->task != NULL || options->labels != NULL)
    return read_contents (self, options, cancellable, progress, user_data, error);
  told.task = sl_task_find (source->task);
  told.labels = source->labels;
  if (told.task == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "%s is for the task “%s”, which this version of Slope does not know: use a "
                   "newer one",
                   source->name, source->task);
      return FALSE;
    }
  if (source->split == NULL || !_sl_split_is_default (&options->split))
    return read_contents (self, &told, cancellable, progress, user_data, error);
  if (!sl_split_spec_parse (&told.split, source->split, self->seed, error))
    return FALSE;
  ok = read_contents (self, &told, cancellable, progress, user_data, error);
  sl_split_spec_clear (&told.split);
  return ok;
}

static gboolean
scan (SlImport *self, GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
      GError **error)
{
  if (self->source.text == NULL)
    return _sl_scan_folder (self->source.folder, &self->scan, cancellable, progress, user_data,
                            error);
  _sl_scan_text (self->source.text, &self->scan);
  return TRUE;
}

SlImport *
sl_import_scan (const char *source, const SlImportOptions *options, GCancellable *cancellable,
                SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autoptr (SlImport) self = NULL;

  g_return_val_if_fail (source != NULL, NULL);

  if (options == NULL)
    options = &no_options;
  self = g_new0 (SlImport, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (source);
  self->seed = options->split.seed;
  self->left_out = g_ptr_array_new_with_free_func (_sl_skipped_free);
  if (!_sl_import_source_open (&self->source, source, self->left_out, cancellable, progress,
                               user_data, error)
      || !scan (self, cancellable, progress, user_data, error)
      || !read_as_told (self, options, cancellable, progress, user_data, error))
    return NULL;
  self->tables = _sl_table_looks_new (self->scan.texts);
  return g_steal_pointer (&self);
}

void
sl_import_preview_regex (const SlImport *self, const char *pattern, SlRegexPreview *preview)
{
  g_return_if_fail (self != NULL && pattern != NULL && preview != NULL);
  _sl_path_regex_preview (pattern, self->scan.files, SL_PATHS_OF_FILES, NULL, preview);
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
  g_clear_pointer (&self->now, _sl_contents_unref);
  g_clear_pointer (&self->tables, g_array_unref);
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
  return self->now->labels != NULL ? self->now->labels->task : NULL;
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
  return self->source.staging != NULL || self->source.is_fetched || self->now->texts != NULL;
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
  static const char *const none[] = { NULL };

  return self->now->problem != NULL ? self->now->problem->classes : none;
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
  const guint n_classes = self->now->problem != NULL ? self->now->problem->n_classes : 0;
  const guint row = class_index == G_MAXUINT ? n_classes : class_index;

  g_return_val_if_fail (row <= n_classes && split < SL_N_SPLITS, 0);
  return self->now->counts != NULL ? self->now->counts[row * SL_N_SPLITS + split] : 0;
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
  return self->now->labels != NULL ? self->now->labels->understood : NULL;
}

const char *
sl_import_get_trouble (const SlImport *self)
{
  return self->now->trouble;
}

const SlTableLook *
sl_import_get_tables (const SlImport *self, guint *n)
{
  *n = self->tables->len;
  return (const SlTableLook *)(void *)self->tables->data;
}
