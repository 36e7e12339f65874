/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/import-progress.h"

/* ---- Progress */

struct _SlImportProgress
{
  gatomicrefcount ref_count;
  SlProgressFunc progress;
  gpointer user_data;
  GMainContext *context;
  GMutex lock;
  gboolean pending; /* guarded by lock, as all below: a report is on its way */
  gsize done;
  gsize total;
  char *what;
};

SlImportProgress *
_sl_import_progress_new (SlProgressFunc progress, gpointer user_data)
{
  SlImportProgress *self = g_new0 (SlImportProgress, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->progress = progress;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  return self;
}

void
_sl_import_progress_unref (SlImportProgress *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self->what);
  g_free (self);
}

static gboolean
report (gpointer data)
{
  SlImportProgress *self = data;
  g_autofree char *what = NULL;
  gsize done, total;

  g_mutex_lock (&self->lock);
  self->pending = FALSE;
  done = self->done;
  total = self->total;
  what = g_strdup (self->what);
  g_mutex_unlock (&self->lock);
  self->progress (done, total, what, self->user_data);
  return G_SOURCE_REMOVE;
}

/* In the working thread.  The source has the task's priority, so that no report comes after the
 * task's callback. */
void
_sl_import_progress_note (gsize done, gsize total, const char *what, gpointer data)
{
  SlImportProgress *self = data;
  gboolean post;

  g_mutex_lock (&self->lock);
  self->done = done;
  self->total = total;
  g_free (self->what);
  self->what = g_strdup (what);
  post = !self->pending;
  self->pending = TRUE;
  g_mutex_unlock (&self->lock);
  if (post)
    {
      GSource *source = g_idle_source_new ();

      g_atomic_ref_count_inc (&self->ref_count);
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, report, self, (GDestroyNotify)_sl_import_progress_unref);
      g_source_attach (source, self->context);
      g_source_unref (source);
    }
}

/* ---- Options */

void
_sl_import_options_copy (const SlImportOptions *self, SlImportOptions *to)
{
  *to = *self;
  to->labels = g_strdup (self->labels);
  sl_split_spec_copy (&self->split, &to->split);
}

void
_sl_import_options_clear (SlImportOptions *self)
{
  g_clear_pointer (&self->labels, g_free);
  sl_split_spec_clear (&self->split);
}

/* ---- Scanning */

typedef struct
{
  char *source;
  gboolean has_options;
  SlImportOptions options;
  SlImportProgress *progress; /* (nullable) */
} Scan;

static void
scan_free (gpointer data)
{
  Scan *self = data;

  g_clear_pointer (&self->progress, _sl_import_progress_unref);
  _sl_import_options_clear (&self->options);
  g_free (self->source);
  g_free (self);
}

static void
scan_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Scan *self = task_data;
  GError *error = NULL;
  SlImport *import = sl_import_scan (
      self->source, self->has_options ? &self->options : NULL, cancellable,
      self->progress != NULL ? _sl_import_progress_note : NULL, self->progress, &error);

  if (import != NULL)
    g_task_return_pointer (task, import, (GDestroyNotify)sl_import_unref);
  else
    g_task_return_error (task, error);
}

void
sl_import_scan_async (const char *source, const SlImportOptions *options, GCancellable *cancellable,
                      SlProgressFunc progress, gpointer progress_data, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Scan *self;

  g_return_if_fail (source != NULL);

  self = g_new0 (Scan, 1);
  self->source = g_strdup (source);
  self->progress = progress != NULL ? _sl_import_progress_new (progress, progress_data) : NULL;
  self->has_options = options != NULL;
  if (options != NULL)
    _sl_import_options_copy (options, &self->options);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_import_scan_async);
  g_task_set_task_data (task, self, scan_free);
  g_task_run_in_thread (task, scan_in_thread);
}

SlImport *
sl_import_scan_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_import_scan_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
