/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/addresses.h>

/* What the fetching thread has; the task owns it. */
typedef struct
{
  SlAddressList *list;
  char *folder;
  SlAddressLimits limits;
  SlProgressFunc progress;
  gpointer progress_data;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  sl_address_list_free (job->list);
  g_free (job->folder);
  g_free (job);
}

typedef struct
{
  GTask *task;
  gsize done, total;
  char *what;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->task);
  g_free (news->what);
  g_free (news);
}

static gboolean
bring_news (gpointer data)
{
  const News *news = data;
  const Job *job = g_task_get_task_data (news->task);

  if (!g_task_get_completed (news->task))
    job->progress (news->done, news->total, news->what, job->progress_data);
  return G_SOURCE_REMOVE;
}

static void
send_news (gsize done, gsize total, const char *what, gpointer data)
{
  GTask *task = data;
  News *news = g_new (News, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  *news = (News){ g_object_ref (task), done, total, g_strdup (what) };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, bring_news, news, news_free);
  g_source_attach (source, g_task_get_context (task));
}

static void
run_job (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  SlAddressReport *report = sl_address_list_fetch (
      job->list, job->folder, &job->limits, cancellable, job->progress != NULL ? send_news : NULL,
      task, &error);

  if (report != NULL)
    g_task_return_pointer (task, report, (GDestroyNotify)sl_address_report_free);
  else
    g_task_return_error (task, error);
}

void
sl_address_list_fetch_async (SlAddressList *self, const char *folder, const SlAddressLimits *limits,
                             GCancellable *cancellable, SlProgressFunc progress,
                             gpointer progress_data, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job;

  g_return_if_fail (self != NULL && folder != NULL);

  job = g_new0 (Job, 1);
  job->list = self;
  job->folder = g_strdup (folder);
  if (limits != NULL)
    job->limits = *limits;
  job->progress = progress;
  job->progress_data = progress_data;
  g_task_set_source_tag (task, sl_address_list_fetch_async);
  g_task_set_check_cancellable (task, FALSE); /* what came is told all the same */
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_job);
}

SlAddressReport *
sl_address_list_fetch_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_address_list_fetch_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
