/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/dataset.h>

/* What the scanning thread and the caller's context share. */
typedef struct
{
  gatomicrefcount ref_count;
  char *source;
  gboolean has_options;
  SlImportOptions options;
  SlProgressFunc progress;
  gpointer progress_data;
  GMainContext *context;
  GMutex lock;
  gboolean pending; /* guarded by lock, as all below: a report is on its way */
  gsize done;
  gsize total;
  char *what;
} AsyncScan;

static AsyncScan *
async_scan_ref (AsyncScan *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
async_scan_unref (gpointer data)
{
  AsyncScan *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free ((char *)self->options.labels);
  sl_split_spec_clear (&self->options.split);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self->source);
  g_free (self->what);
  g_free (self);
}

static gboolean
report (gpointer data)
{
  AsyncScan *self = data;
  g_autofree char *what = NULL;
  gsize done, total;

  g_mutex_lock (&self->lock);
  self->pending = FALSE;
  done = self->done;
  total = self->total;
  what = g_strdup (self->what);
  g_mutex_unlock (&self->lock);
  self->progress (done, total, what, self->progress_data);
  return G_SOURCE_REMOVE;
}

/* In the scanning thread.  The source has the task's priority, so that no report comes after the
 * task's callback. */
static void
note_progress (gsize done, gsize total, const char *what, gpointer user_data)
{
  AsyncScan *self = user_data;
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

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, report, async_scan_ref (self), async_scan_unref);
      g_source_attach (source, self->context);
      g_source_unref (source);
    }
}

static void
scan_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  AsyncScan *self = task_data;
  GError *error = NULL;
  SlImport *import = sl_import_scan (self->source, self->has_options ? &self->options : NULL,
                                     cancellable, self->progress ? note_progress : NULL, self,
                                     &error);

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
  AsyncScan *self;

  g_return_if_fail (source != NULL);

  self = g_new0 (AsyncScan, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->source = g_strdup (source);
  self->progress = progress;
  self->progress_data = progress_data;
  self->context = g_main_context_ref_thread_default ();
  if (options != NULL)
    {
      self->has_options = TRUE;
      self->options.task = options->task;
      self->options.labels = g_strdup (options->labels);
      sl_split_spec_copy (&options->split, &self->options.split);
    }
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_import_scan_async);
  g_task_set_task_data (task, self, async_scan_unref);
  g_task_run_in_thread (task, scan_in_thread);
}

SlImport *
sl_import_scan_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_import_scan_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
