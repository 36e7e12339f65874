/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include <slope/parallel.h>

/* What is looked at, copied from the project, so that it can be done on any thread. */
typedef struct
{
  SlProblem *problem;
  gsize n;
  SlAuditItem *items; /* texts owned; looks point into @looks */
  char **paths;
  SlLook *looks;
  guint8 *taken; /* of each look: whether it is there */
  SlProgressFunc progress;
  gpointer data;
  GCancellable *cancellable;
  guint n_threads;
  gboolean background;
  gint next, done;
} AuditJob;

static AuditJob *
audit_job_new (SlProject *self)
{
  AuditJob *job = g_new0 (AuditJob, 1);
  guint n = sl_item_list_n (self->items);

  job->problem = sl_problem_ref (self->problem);
  job->items = g_new0 (SlAuditItem, n + 1);
  job->paths = g_new0 (char *, n + 1);
  job->n_threads = sl_parallel_get_threads ();
  job->looks = g_new0 (SlLook, n + 1);
  job->taken = g_new0 (guint8, n + 1);
  for (guint i = 0; i < n; i++)
    {
      SlItem *item = sl_item_list_at (self->items, i);
      const SlLook *known = g_hash_table_lookup (self->looks, &item->id);

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
      if (known != NULL)
        {
          job->looks[job->n] = *known;
          job->taken[job->n] = TRUE;
        }
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
  g_strfreev (job->paths);
  g_free (job->items);
  g_free (job->looks);
  g_free (job->taken);
  g_free (job);
}

/* ---- Looking, on all cores */

/* What cannot be read is like nothing. */
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
      if (!job->taken[i])
        job->taken[i] = sl_look_take_file (&job->looks[i], job->paths[i], NULL);
      g_atomic_int_inc (&job->done);
    }
  return NULL;
}

static SlAudit *
audit_job_run (AuditJob *job, GError **error)
{
  g_autofree GThread **threads = g_new (GThread *, job->n_threads);

  for (guint t = 0; t < job->n_threads; t++)
    threads[t] = g_thread_new ("audit", take_looks, job);
  while (job->progress != NULL && (gsize)g_atomic_int_get (&job->done) < job->n
         && !g_cancellable_is_cancelled (job->cancellable))
    {
      job->progress ((gsize)g_atomic_int_get (&job->done), job->n, NULL, job->data);
      g_usleep (G_USEC_PER_SEC / 30);
    }
  for (guint t = 0; t < job->n_threads; t++)
    g_thread_join (threads[t]);
  if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
    return NULL;
  for (gsize i = 0; i < job->n; i++)
    if (job->taken[i])
      job->items[i].look = &job->looks[i];
  return sl_audit_run (job->problem, job->items, job->n);
}

/* Keeps what was seen for the next time. */
static void
keep_looks (SlProject *self, const AuditJob *job)
{
  for (gsize i = 0; i < job->n; i++)
    if (job->taken[i])
      g_hash_table_insert (self->looks, g_memdup2 (&job->items[i].id, sizeof (gint64)),
                           g_memdup2 (&job->looks[i], sizeof (SlLook)));
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
  keep_looks (self, job);
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
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_audit_async);
  g_task_set_task_data (task, job, (GDestroyNotify)audit_job_free);
  g_task_run_in_thread (task, audit_in_thread);
}

SlAudit *
sl_project_audit_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  keep_looks (self, g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_pointer (G_TASK (result), error);
}
