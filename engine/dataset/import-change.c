/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of an import that a window asks for: worked out on a thread, taken by the main one. */
#include "dataset/import-private.h"
#include "dataset/import-progress.h"
#include "dataset/path-regex.h"

/* ---- Labels */

typedef struct
{
  SlImport *import;
  SlImportOptions options;
  SlImportProgress *progress; /* (nullable) */
} Read;

static void
read_free (gpointer data)
{
  Read *self = data;

  g_clear_pointer (&self->progress, _sl_import_progress_unref);
  _sl_import_options_clear (&self->options);
  sl_import_unref (self->import);
  g_free (self);
}

static void
read_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Read *self = task_data;
  GError *error = NULL;
  SlContents *fresh = _sl_contents_new (self->import, &self->options, cancellable,
                                        self->progress != NULL ? _sl_import_progress_note : NULL,
                                        self->progress, &error);

  if (fresh != NULL)
    g_task_return_pointer (task, fresh, (GDestroyNotify)_sl_contents_unref);
  else
    g_task_return_error (task, error);
}

void
sl_import_read_async (SlImport *self, const SlImportOptions *options, GCancellable *cancellable,
                      SlProgressFunc progress, gpointer progress_data, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Read *read;

  g_return_if_fail (self != NULL && !self->busy);

  self->busy = TRUE;
  read = g_new0 (Read, 1);
  read->import = sl_import_ref (self);
  read->progress = progress != NULL ? _sl_import_progress_new (progress, progress_data) : NULL;
  if (options != NULL)
    _sl_import_options_copy (options, &read->options);
  read->options.lenient = FALSE;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_import_read_async);
  g_task_set_task_data (task, read, read_free);
  g_task_run_in_thread (task, read_in_thread);
}

static gpointer
free_contents (gpointer data)
{
  _sl_contents_unref (data);
  return NULL;
}

gboolean
sl_import_read_finish (SlImport *self, GAsyncResult *result, GError **error)
{
  SlContents *fresh;

  g_return_val_if_fail (g_async_result_is_tagged (result, sl_import_read_async), FALSE);

  self->busy = FALSE;
  fresh = g_task_propagate_pointer (G_TASK (result), error);
  if (fresh == NULL)
    return FALSE;
  /* Of 100,000 items that takes longer than a frame. */
  g_thread_unref (g_thread_new ("import", free_contents, self->now));
  self->now = fresh;
  return TRUE;
}

/* ---- Split */

typedef struct
{
  SlContents *contents;
  SlSplitSpec spec;
} Split;

static void
split_free (gpointer data)
{
  Split *self = data;

  _sl_contents_unref (self->contents);
  sl_split_spec_clear (&self->spec);
  g_free (self);
}

static void
split_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Split *self = task_data;
  GError *error = NULL;
  SlSplitPlan *plan = _sl_split_plan_new (self->contents, &self->spec, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, (GDestroyNotify)_sl_split_plan_free);
  else
    g_task_return_error (task, error);
}

void
sl_import_set_split_async (SlImport *self, const SlSplitSpec *split, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Split *job;

  g_return_if_fail (self != NULL && split != NULL && !self->busy && self->now->labels != NULL);

  if (_sl_contents_split_needs_labels (self->now, split))
    {
      const SlImportOptions options = { .labels = self->now->labels->understood->labels,
                                        .task = self->now->labels->task,
                                        .split = *split };

      sl_import_read_async (self, &options, cancellable, NULL, NULL, callback, user_data);
      return;
    }
  self->busy = TRUE;
  job = g_new0 (Split, 1);
  job->contents = _sl_contents_ref (self->now);
  sl_split_spec_copy (split, &job->spec);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_import_set_split_async);
  g_task_set_task_data (task, job, split_free);
  g_task_run_in_thread (task, split_in_thread);
}

gboolean
sl_import_set_split_finish (SlImport *self, GAsyncResult *result, GError **error)
{
  g_autoptr (SlSplitPlan) plan = NULL;

  if (g_async_result_is_tagged (result, sl_import_read_async))
    return sl_import_read_finish (self, result, error);
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_import_set_split_async), FALSE);

  self->busy = FALSE;
  plan = g_task_propagate_pointer (G_TASK (result), error);
  if (plan == NULL)
    return FALSE;
  _sl_split_plan_take (plan, self->now);
  return TRUE;
}

/* ---- Preview */

typedef struct
{
  SlImport *import;
  SlContents *contents; /* (nullable): whose items are asked; else all files */
  char *pattern;
} Preview;

static void
preview_free (gpointer data)
{
  Preview *self = data;

  g_clear_pointer (&self->contents, _sl_contents_unref);
  sl_import_unref (self->import);
  g_free (self->pattern);
  g_free (self);
}

static void
preview_in_thread (GTask *task, gpointer source_object, gpointer task_data,
                   GCancellable *cancellable)
{
  const Preview *self = task_data;
  const gboolean of_items = self->contents != NULL;
  SlRegexPreview *preview = g_new0 (SlRegexPreview, 1);

  _sl_path_regex_preview (self->pattern,
                          of_items ? self->contents->items : self->import->scan.files,
                          of_items ? SL_PATHS_OF_ITEMS : SL_PATHS_OF_FILES, cancellable, preview);
  g_task_return_pointer (task, preview, (GDestroyNotify)sl_regex_preview_free);
}

void
sl_import_preview_regex_async (SlImport *self, const char *pattern, gboolean of_items,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Preview *job;

  g_return_if_fail (self != NULL && pattern != NULL);

  job = g_new0 (Preview, 1);
  job->import = sl_import_ref (self);
  job->contents = of_items ? _sl_contents_ref (self->now) : NULL;
  job->pattern = g_strdup (pattern);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_import_preview_regex_async);
  g_task_set_task_data (task, job, preview_free);
  g_task_run_in_thread (task, preview_in_thread);
}

SlRegexPreview *
sl_import_preview_regex_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_import_preview_regex_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
