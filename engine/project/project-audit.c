/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"
#include "project/store-looks.h"

#include <slope/parallel.h>

#define TOLD_EVERY_US (G_USEC_PER_SEC / 30)
#define WRITE_AT_ONCE 256 /* looks: a few milliseconds in which nobody else may write */

/* What is looked at, copied from the project, so that it can be done on any thread. */
typedef struct
{
  char *database;
  gboolean read_only;
  SlProblem *problem;
  gsize n;
  SlAuditItem *items; /* texts owned; looks point into @looks */
  char **paths;
  SlStoredLook *looks; /* item 0: cannot be looked at */
  SlProgressFunc progress;
  gpointer data;
  GCancellable *cancellable;
  guint n_threads;
  gboolean background;

  /* While it runs. */
  GHashTable *known; /* (nullable): what the project has */
  GAsyncQueue
      *fresh; /* SlStoredLook of @looks that it does not have, and the job at each thread's end */
  gint next, done;
} AuditJob;

static AuditJob *
audit_job_new (SlProject *self)
{
  AuditJob *job = g_new0 (AuditJob, 1);
  guint n = sl_item_list_n (self->items);

  job->database = g_build_filename (self->path, "project.db", NULL);
  job->read_only = self->read_only;
  job->problem = sl_problem_ref (self->problem);
  job->items = g_new0 (SlAuditItem, n + 1);
  job->paths = g_new0 (char *, n + 1);
  job->n_threads = sl_parallel_get_threads ();
  job->looks = g_new0 (SlStoredLook, n + 1);
  job->fresh = g_async_queue_new ();
  for (guint i = 0; i < n; i++)
    {
      SlItem *item = sl_item_list_at (self->items, i);

      if (item->state != SL_ITEM_PRESENT)
        continue;
      job->items[job->n] = (SlAuditItem){ .id = item->id,
                                          .rel_path = g_strdup (item->rel_path),
                                          .target = g_strdup (item->target),
                                          .split = item->split,
                                          .twin = item->twin,
                                          .width = item->width,
                                          .height = item->height };
      job->paths[job->n] = g_strdup (sl_item_get_path (item));
      job->n++;
    }
  return job;
}

static void
audit_job_free (AuditJob *job)
{
  for (gsize i = 0; i < job->n; i++)
    {
      g_free ((char *)job->items[i].rel_path);
      g_free ((char *)job->items[i].target);
    }
  sl_problem_unref (job->problem);
  g_clear_object (&job->cancellable);
  g_clear_pointer (&job->known, g_hash_table_unref);
  g_async_queue_unref (job->fresh);
  g_strfreev (job->paths);
  g_free (job->items);
  g_free (job->looks);
  g_free (job->database);
  g_free (job);
}

/* ---- Looking, on all cores */

/* What cannot be read is like nothing. */
static void
take_look (AuditJob *job, gsize i)
{
  SlStoredLook look = { .item = job->items[i].id };
  const SlStoredLook *known = NULL;

  if (!sl_stored_look_stat (&look, job->paths[i]))
    return;
  if (job->known != NULL)
    known = g_hash_table_lookup (job->known, &look.item);
  if (known != NULL && known->modified == look.modified && known->bytes == look.bytes)
    {
      job->looks[i] = *known;
      return;
    }
  if (!sl_look_take_file (&look.look, job->paths[i], NULL))
    return;
  job->looks[i] = look;
  g_async_queue_push (job->fresh, &job->looks[i]);
}

static gpointer
take_looks (gpointer data)
{
  AuditJob *job = data;
  gint i;

  if (job->background)
    sl_parallel_enter_background ();
  while ((i = g_atomic_int_add (&job->next, 1)) < (gint)job->n
         && !g_cancellable_is_cancelled (job->cancellable))
    {
      take_look (job, (gsize)i);
      g_atomic_int_inc (&job->done);
    }
  g_async_queue_push (job->fresh, job);
  return NULL;
}

/* Where nothing can be written, it is looked again the next time. */
static void
write_looks (SlStore *store, GArray *looks)
{
  g_autoptr (GError) error = NULL;

  if (store != NULL && looks->len > 0 && !sl_store_write_looks (store, looks, &error))
    g_info ("What pictures look like was not kept: %s", error->message);
  g_array_set_size (looks, 0);
}

/* Until all threads have ended. */
static void
keep_looks (AuditJob *job, SlStore *store)
{
  g_autoptr (GArray) looks = g_array_new (FALSE, FALSE, sizeof (SlStoredLook));
  guint n_running = job->n_threads;
  gint64 told = 0;

  while (n_running > 0)
    {
      gpointer fresh = g_async_queue_timeout_pop (job->fresh, TOLD_EVERY_US);

      if (fresh == job)
        n_running--;
      else if (fresh != NULL)
        g_array_append_vals (looks, fresh, 1);
      if (looks->len >= WRITE_AT_ONCE)
        write_looks (store, looks);
      if (job->progress == NULL || g_get_monotonic_time () - told < TOLD_EVERY_US)
        continue;
      told = g_get_monotonic_time ();
      job->progress ((gsize)g_atomic_int_get (&job->done), job->n, NULL, job->data);
    }
  write_looks (store, looks);
}

static SlAudit *
audit_job_run (AuditJob *job, GError **error)
{
  g_autofree GThread **threads = g_new (GThread *, job->n_threads);
  g_autoptr (SlStore) store = sl_store_open (job->database, job->read_only, NULL);

  if (store != NULL)
    job->known = sl_store_read_looks (store, NULL);
  for (guint t = 0; t < job->n_threads; t++)
    threads[t] = g_thread_new ("audit", take_looks, job);
  keep_looks (job, job->read_only ? NULL : store);
  for (guint t = 0; t < job->n_threads; t++)
    g_thread_join (threads[t]);
  if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
    return NULL;
  for (gsize i = 0; i < job->n; i++)
    if (job->looks[i].item != 0)
      job->items[i].look = &job->looks[i].look;
  return sl_audit_run (job->problem, job->items, job->n);
}

SlAudit *
sl_project_audit (SlProject *self, GCancellable *cancellable, SlProgressFunc progress,
                  gpointer user_data, GError **error)
{
  AuditJob *job;
  SlAudit *audit;

  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);

  job = audit_job_new (self);
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  job->progress = progress;
  job->data = user_data;
  audit = audit_job_run (job, error);
  audit_job_free (job);
  return audit;
}

static void
audit_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  SlAudit *audit;

  audit = audit_job_run (data, &error);
  if (audit != NULL)
    g_task_return_pointer (task, audit, (GDestroyNotify)sl_audit_free);
  else
    g_task_return_error (task, error);
}

void
sl_project_audit_async (SlProject *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  AuditJob *job;

  g_return_if_fail (SL_IS_PROJECT (self));

  job = audit_job_new (self);
  job->background = TRUE; /* nobody waits for it */
  job->n_threads = (job->n_threads + 1) / 2;
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  task = g_task_new (NULL, cancellable, callback,
                     user_data); /* the project may go before it ends */
  g_task_set_source_tag (task, sl_project_audit_async);
  g_task_set_task_data (task, job, (GDestroyNotify)audit_job_free);
  g_task_run_in_thread (task, audit_in_thread);
}

SlAudit *
sl_project_audit_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
