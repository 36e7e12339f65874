/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The owner's side of jobs: taking their news, ending them. */
#include "project/files.h"
#include "project/job.h"
#include "project/lock.h"
#include "project/project-private.h"

#include <math.h>

/* ---- News */

/* A resumed run goes back to its checkpoint: what lies behind it is recorded again. */
static void
append_batches (SlRun *run, const GArray *batches)
{
  for (guint i = 0; i < batches->len; i++)
    {
      const SlBatchRecord *record = &g_array_index (batches, SlBatchRecord, i);
      guint epochs = (guint)record->epoch; /* done before it */

      if (record->step < run->batches->len)
        g_array_set_size (run->batches, record->step);
      if (epochs < run->epochs->len)
        g_array_set_size (run->epochs, epochs);
      g_array_append_vals (run->batches, record, 1);
    }
}

static void
append_epochs (SlRun *run, const GArray *epochs)
{
  for (guint i = 0; i < epochs->len; i++)
    {
      const SlEpochRecord *record = &g_array_index (epochs, SlEpochRecord, i);

      if (record->epoch <= run->epochs->len)
        g_array_set_size (run->epochs, record->epoch - 1);
      g_array_append_vals (run->epochs, record, 1);
    }
}

static void
mark_unreadable (SlProject *self, SlSampleSet *samples, const GArray *ids)
{
  g_autoptr (SlQuery) update = NULL;

  if (ids->len == 0 || sl_project_check_writable (self, NULL) == FALSE)
    return;
  update = sl_query_new (self->store, "UPDATE item SET state = 2 WHERE id = ? AND state = 0");
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GError) error = NULL;
      SlItem *item = sl_item_list_find (self->items, g_array_index (ids, gint64, i));

      /* It may have been removed meanwhile, which is why it was not found. */
      if (item == NULL || item->state != SL_ITEM_PRESENT)
        continue;
      sl_query_bind_int (update, 1, item->id);
      if (!sl_query_run (update, &error))
        g_info ("An unreadable picture was not marked: %s", error->message);
    }
  sl_project_reload_items (self, (const gint64 *)ids->data, ids->len, NULL);
  sl_project_notify (self, SL_PROJECT_PROP_COUNTS);
}

static void
take_run_news (SlProject *self, SlProjectJob *job, const SlJobNews *news)
{
  if (job->run == NULL
      || (news->plan.batch == 0 && news->batches->len == 0 && news->epochs->len == 0))
    return;
  if (news->plan.batch > 0)
    {
      job->run->plan = news->plan;
      job->run->steps_per_epoch = news->plan.steps_per_epoch;
      job->run->batch = news->plan.batch;
      job->run->peak_bytes = news->plan.peak_bytes;
    }
  append_batches (job->run, news->batches);
  append_epochs (job->run, news->epochs);
  sl_project_emit (self, SL_PROJECT_RUN_CHANGED, job->run);
}

void
sl_project_take_news (SlProjectJob *job)
{
  SlProject *self = job->project;
  SlJobNews news;

  if (job->settled)
    return;
  sl_job_take_news (job, &news);
  take_run_news (self, job, &news);
  if (job->sweep != NULL && news.points->len > 0)
    {
      sl_sweep_append (job->sweep, (const SlSweepPoint *)news.points->data, news.points->len);
      sl_project_emit (self, SL_PROJECT_SWEEP_CHANGED, job->sweep);
    }
  mark_unreadable (self, job->train, news.unreadable);
  if (news.progress != job->progress)
    {
      job->progress = news.progress;
      sl_project_notify (self, SL_PROJECT_PROP_JOB_PROGRESS);
    }
  if (news.seconds_left != job->seconds_left)
    {
      job->seconds_left = news.seconds_left;
      sl_project_notify (self, SL_PROJECT_PROP_SECONDS_LEFT);
    }
  sl_job_news_clear (&news);
}

/* ---- The end */

void
sl_project_remove_from (GListStore *list, gpointer object)
{
  guint position;

  if (g_list_store_find (list, object, &position))
    g_list_store_remove (list, position);
}

/* A run of which there is nothing: as if it had not been started. */
static void
discard_run (SlProject *self, SlRun *run)
{
  g_autoptr (GError) error = NULL;

  if (!sl_store_delete_run (self->store, run->id, &error)
      || !sl_file_remove_tree (run->folder, &error))
    g_info ("Left behind: %s", error->message);
  run->store = NULL;
  sl_project_remove_from (self->runs, run);
}

static void
settle_run (SlProject *self, SlProjectJob *job)
{
  SlRun *run = job->run;

  run->state = job->end_state;
  if (sl_project_get_compared_run (self) == run->id) /* it was resumed */
    sl_project_forget_comparison (self);
  g_free (run->error);
  run->error = run->state == SL_RUN_FAILED ? g_strdup (job->error->message) : NULL;
  if (job->error != NULL && !job->any_batch && !job->resume)
    discard_run (self, run);
  sl_project_emit (self, SL_PROJECT_RUN_CHANGED, run);
  sl_project_emit (self, SL_PROJECT_RUNS_CHANGED, NULL);
}

static void
settle_sweep (SlProject *self, SlProjectJob *job)
{
  g_autoptr (GError) error = NULL;
  SlSweep *sweep = job->sweep;

  sweep->running = FALSE;
  sweep->stopped = sl_train_control_is_stopped (job->control);
  if (sweep->points->len == 0)
    sl_project_remove_from (self->sweeps, sweep);
  else if (!sl_store_insert_sweep (self->store, sweep, &error))
    g_info ("The sweep was not written: %s", error->message);
  while (g_list_model_get_n_items (G_LIST_MODEL (self->sweeps)) > SL_KEPT_SWEEPS)
    g_list_store_remove (self->sweeps, SL_KEPT_SWEEPS);
  sl_project_emit (self, SL_PROJECT_SWEEP_CHANGED, sweep);
}

/* One that was set while the pictures were looked at holds for what is said of them. */
static void
keep_threshold (SlProject *self, const SlProjectJob *job)
{
  const double threshold = sl_project_get_threshold (self);
  g_autoptr (GError) error = NULL;

  sl_project_cancel_threshold (self);
  sl_project_forget_answers (self);
  if (!isnan (threshold) && threshold != job->threshold
      && !sl_project_set_threshold (self, threshold, &error))
    g_info ("The threshold was not kept: %s", error->message);
}

static void
settle_evaluation (SlProject *self, SlProjectJob *job)
{
  if (job->error != NULL)
    return;
  sl_item_list_take_predictions (self->items, job->predictions);
  self->evaluated_run = job->run_id;
  self->evaluated_tta = job->tta;
  keep_threshold (self, job);
  sl_project_emit (self, SL_PROJECT_EVALUATED, NULL);
}

/* The worker has ended: its last news, and the project is free again. */
void
sl_project_settle (SlProject *self, SlProjectJob *job)
{
  if (job->settled)
    return;
  if (job->thread != NULL)
    g_thread_join (g_steal_pointer (&job->thread));
  sl_job_disarm (job);
  sl_project_take_news (job);
  if (job->settled) /* whoever heard that news has closed the project */
    return;
  job->settled = TRUE;
  sl_lock_release (self->lock, SL_LOCK_JOB);
  self->job = NULL;
  if (job->run != NULL)
    settle_run (self, job);
  if (job->sweep != NULL)
    settle_sweep (self, job);
  if (job->kind == SL_JOB_EVALUATE)
    settle_evaluation (self, job);
  if (job->kind == SL_JOB_COMPARE)
    sl_project_settle_compare (self, job);
  sl_project_notify (self, SL_PROJECT_PROP_JOB);
  sl_project_notify (self, SL_PROJECT_PROP_JOB_PROGRESS);
  sl_project_notify (self, SL_PROJECT_PROP_SECONDS_LEFT);
  sl_project_notify (self, SL_PROJECT_PROP_PAUSED);
}

void
sl_project_finish_job (SlProject *self)
{
  if (self->job == NULL)
    return;
  sl_train_control_stop (self->job->control);
  sl_project_settle (self, self->job);
}
