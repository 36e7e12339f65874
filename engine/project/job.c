/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/job.h"

#include <slope/parallel.h>

#include <string.h>

#define NEWS_MS 33

static void
news_init (SlJobNews *news)
{
  memset (news, 0, sizeof *news);
  news->batches = g_array_new (FALSE, FALSE, sizeof (SlBatchRecord));
  news->epochs = g_array_new (FALSE, FALSE, sizeof (SlEpochRecord));
  news->points = g_array_new (FALSE, FALSE, sizeof (SlSweepPoint));
  news->unreadable = g_array_new (FALSE, FALSE, sizeof (gint64));
  news->seconds_left = -1;
}

void
sl_job_news_clear (SlJobNews *news)
{
  g_array_unref (news->batches);
  g_array_unref (news->epochs);
  g_array_unref (news->points);
  g_array_unref (news->unreadable);
}

static void
clear_prediction (gpointer data)
{
  g_ref_string_release (((SlStoredPrediction *)data)->predicted);
  g_free (((SlStoredPrediction *)data)->outputs);
}

SlProjectJob *
sl_job_new (SlJob kind)
{
  SlProjectJob *self = g_new0 (SlProjectJob, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->kind = kind;
  self->control = sl_train_control_new ();
  self->seconds_left = -1;
  self->predictions = g_array_new (FALSE, FALSE, sizeof (SlStoredPrediction));
  g_array_set_clear_func (self->predictions, clear_prediction);
  self->said = g_hash_table_new_full (g_str_hash, g_str_equal, (GDestroyNotify)g_ref_string_release,
                                      NULL);
  news_init (&self->news);
  return self;
}

SlProjectJob *
sl_job_ref (SlProjectJob *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_job_unref (SlProjectJob *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->train, sl_sample_set_unref);
  g_clear_pointer (&self->valid, sl_sample_set_unref);
  g_clear_pointer (&self->recipe, sl_recipe_free);
  g_clear_pointer (&self->cache, sl_picture_cache_unref);
  g_clear_pointer (&self->control, sl_train_control_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->run);
  g_clear_object (&self->sweep);
  g_clear_object (&self->task);
  g_clear_error (&self->error);
  g_clear_error (&self->record_error);
  g_clear_pointer (&self->sweep_result.points, g_array_unref);
  g_array_unref (self->predictions);
  g_hash_table_unref (self->said);
  g_clear_pointer (&self->features, sl_features_unref);
  g_clear_pointer (&self->similar, g_array_unref);
  sl_job_news_clear (&self->news);
  g_mutex_clear (&self->lock);
  g_free (self->folder);
  g_free (self->start_model);
  g_free (self->run_folder);
  g_free (self);
}

/* ---- News */

static gboolean
news_source_fired (gpointer data)
{
  SlProjectJob *self = data;

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->lock);
  sl_project_take_news (self);
  return G_SOURCE_REMOVE;
}

/* Under the lock: the first change arms a source, later ones ride along. */
static void
arm (SlProjectJob *self)
{
  if (!self->in_thread || self->source != NULL)
    return;
  self->source = g_timeout_source_new (NEWS_MS);
  g_source_set_callback (self->source, news_source_fired, sl_job_ref (self),
                         (GDestroyNotify)sl_job_unref);
  g_source_attach (self->source, self->context);
}

void
sl_job_disarm (SlProjectJob *self)
{
  GSource *source;

  g_mutex_lock (&self->lock);
  source = g_steal_pointer (&self->source);
  g_mutex_unlock (&self->lock);
  if (source == NULL)
    return;
  g_source_destroy (source);
  g_source_unref (source);
}

void
sl_job_take_news (SlProjectJob *self, SlJobNews *news)
{
  g_mutex_lock (&self->lock);
  *news = self->news;
  news_init (&self->news);
  self->news.progress = news->progress;
  self->news.seconds_left = news->seconds_left;
  g_mutex_unlock (&self->lock);
}

/* The worker is the owner: it looks at its own news, as seldom as a window would. */
static void
posted (SlProjectJob *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->in_thread || now - self->told_at < NEWS_MS * 1000)
    return;
  self->told_at = now;
  sl_project_take_news (self);
}

static void
post_progress (SlProjectJob *self, double progress, double seconds_left)
{
  g_mutex_lock (&self->lock);
  self->news.progress = CLAMP (progress, 0, 1);
  self->news.seconds_left = seconds_left;
  arm (self);
  g_mutex_unlock (&self->lock);
  posted (self);
}

/* By how long it has taken so far, once there is something to judge by. */
static double
guess_seconds_left (SlProjectJob *self, gsize done, gsize total)
{
  double elapsed = (double)(g_get_monotonic_time () - self->begun_at) / G_USEC_PER_SEC;

  return done == 0 || elapsed < 0.5 ? -1 : elapsed / (double)done * (double)(total - done);
}

void
sl_job_tell (SlProjectJob *self, gsize done, gsize total)
{
  if (self->watch != NULL && self->watch->progress != NULL)
    self->watch->progress (done, total, NULL, self->watch->data);
  post_progress (self, total > 0 ? (double)done / (double)total : 0,
                 guess_seconds_left (self, done, total));
}

/* ---- What the trainer tells */

static void
keep_error (SlProjectJob *self, GError *error)
{
  if (self->record_error == NULL)
    self->record_error = error;
  else
    g_error_free (error);
}

static void
on_plan (const SlPlanRecord *record, gpointer data)
{
  SlProjectJob *self = data;
  GError *error = NULL;

  self->n_steps = record->n_steps;
  if (!sl_store_set_plan (self->store, self->run_id, record->steps_per_epoch, record->batch,
                          record->peak_bytes, &error))
    keep_error (self, error);
  if (self->watch != NULL && self->watch->plan != NULL)
    self->watch->plan (self->project, record, self->watch->data);
  g_mutex_lock (&self->lock);
  self->news.plan = *record;
  arm (self);
  g_mutex_unlock (&self->lock);
  posted (self);
}

static void
on_batch (const SlBatchRecord *record, double seconds_left, gpointer data)
{
  SlProjectJob *self = data;
  GError *error = NULL;

  if ((self->resume && !self->any_batch
       && !sl_curve_writer_cut (self->writer, record->step, &error))
      || !sl_curve_writer_batch (self->writer, record, &error))
    keep_error (self, error);
  self->any_batch = TRUE;
  self->steps_done = record->step + 1;
  if (self->watch != NULL && self->watch->batch != NULL)
    self->watch->batch (self->project, record, self->watch->data);
  g_mutex_lock (&self->lock);
  g_array_append_val (self->news.batches, *record);
  g_mutex_unlock (&self->lock);
  post_progress (self, self->n_steps > 0 ? (double)self->steps_done / self->n_steps : 0,
                 seconds_left);
}

static void
on_epoch (const SlEpochRecord *record, gpointer data)
{
  SlProjectJob *self = data;
  GError *error = NULL;

  if (!sl_curve_writer_epoch (self->writer, self->steps_done, record, &error))
    keep_error (self, error);
  if (self->watch != NULL && self->watch->epoch != NULL)
    self->watch->epoch (self->project, record, self->watch->data);
  g_mutex_lock (&self->lock);
  g_array_append_val (self->news.epochs, *record);
  arm (self);
  g_mutex_unlock (&self->lock);
  posted (self);
}

static void
on_valid_progress (gsize done, gsize total, gpointer data)
{
  SlProjectJob *self = data;

  if (self->watch != NULL && self->watch->progress != NULL)
    self->watch->progress (done, total, NULL, self->watch->data);
}

static gboolean
on_checkpoint (guint step, gpointer data, GError **error)
{
  SlProjectJob *self = data;

  if (self->record_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->record_error));
      return FALSE;
    }
  return sl_curve_writer_sync (self->writer, step, error);
}

static gint64
find_sample (SlSampleSet *samples, const char *path)
{
  for (gsize i = 0; samples != NULL && i < sl_sample_set_n (samples); i++)
    if (strcmp (sl_sample_set_get (samples, i)->path, path) == 0)
      return sl_sample_set_get (samples, i)->id;
  return 0;
}

static void
on_unreadable (const SlSkipped *file, gpointer data)
{
  SlProjectJob *self = data;
  gint64 id = find_sample (self->train, file->path);

  if (id == 0)
    id = find_sample (self->valid, file->path);
  if (id == 0)
    return;
  g_mutex_lock (&self->lock);
  g_array_append_val (self->news.unreadable, id);
  arm (self);
  g_mutex_unlock (&self->lock);
}

/* ---- The kinds */

static void
on_progress (gsize done, gsize total, const char *what, gpointer data)
{
  sl_job_tell (data, done, total);
}

/* How the run ends: by itself, stopped, or not at all well. */
static SlRunState
judge (gboolean ok, const SlTrainResult *result, const GError *error)
{
  if (ok)
    return result->stopped ? SL_RUN_STOPPED : SL_RUN_DONE;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? SL_RUN_INTERRUPTED
                                                                   : SL_RUN_FAILED;
}

static void
work_train (SlProjectJob *self)
{
  const SlTrainSink sink = { .plan = on_plan,
                             .batch = on_batch,
                             .epoch = on_epoch,
                             .progress = on_valid_progress,
                             .checkpoint = on_checkpoint,
                             .unreadable = on_unreadable };
  SlTrainSetup setup = { .train = self->train,
                         .valid = self->valid,
                         .recipe = self->recipe,
                         .folder = self->run_folder,
                         .start_model = self->start_model,
                         .start_stage = self->start_stage,
                         .resume = self->resume,
                         .cache = self->cache,
                         .preparing = on_progress,
                         .preparing_data = self };
  SlTrainResult result = { 0 };
  gboolean ok;

  self->writer = sl_curve_writer_new (self->store, self->run_id);
  ok = sl_train (&setup, self->control, &sink, self, &result, self->cancellable, &self->error);
  g_clear_pointer (&self->writer, sl_curve_writer_free);
  self->end_state = judge (ok, &result, self->error);
  if (ok && result.steps == 0)
    {
      ok = FALSE;
      g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           "Stopped before the first batch: nothing was trained");
    }
  /* A resumption that did not come about leaves the run as it was: it may be tried again. */
  if (self->resume && self->error != NULL && !self->any_batch)
    self->end_state = self->old_state;
  if (ok || self->any_batch || self->resume)
    {
      g_autoptr (GError) error = NULL;

      if (!sl_store_set_state (self->store, self->run_id, self->end_state,
                               self->end_state == SL_RUN_FAILED ? self->error->message : NULL,
                               &error))
        g_info ("The end of run %" G_GINT64_FORMAT " was not written: %s", self->run_id,
                error->message);
    }
}

static void
on_point (const SlSweepPoint *point, guint index, guint total, gpointer data)
{
  SlProjectJob *self = data;

  if (self->watch != NULL && self->watch->point != NULL)
    self->watch->point (self->project, point, self->watch->data);
  g_mutex_lock (&self->lock);
  g_array_append_val (self->news.points, *point);
  g_mutex_unlock (&self->lock);
  post_progress (self, (double)(index + 1) / total, guess_seconds_left (self, index + 1, total));
}

static void
work_lr_find (SlProjectJob *self)
{
  SlTrainSetup setup = { .train = self->train,
                         .recipe = self->recipe,
                         .folder = self->folder,
                         .start_model = self->start_model,
                         .cache = self->cache,
                         .preparing = on_progress,
                         .preparing_data = self };

  sl_lr_find (&setup, self->stage, self->control, on_point, self, &self->sweep_result,
              self->cancellable, &self->error);
}

/* (transfer full): a GRefString */
static char *
share_said (SlProjectJob *self, const char *text)
{
  char *shared = g_hash_table_lookup (self->said, text);

  if (shared == NULL)
    {
      shared = g_ref_string_new (text);
      g_hash_table_add (self->said, shared);
    }
  return g_ref_string_acquire (shared);
}

static void
on_prediction (const SlPrediction *prediction, gpointer data)
{
  SlProjectJob *self = data;
  SlStoredPrediction stored = { .item = prediction->id,
                                .loss = prediction->loss,
                                .probability = prediction->probability,
                                .predicted = share_said (self, prediction->predicted) };

  stored.outputs = sl_prediction_dup_kept (prediction, sl_sample_set_problem (self->train)->task,
                                           &stored.n_outputs);
  g_array_append_val (self->predictions, stored);
}

static int
compare_by_item (gconstpointer a, gconstpointer b)
{
  const SlStoredPrediction *first = a, *second = b;

  return (first->item > second->item) - (first->item < second->item);
}

static void
work_evaluate (SlProjectJob *self)
{
  g_autoptr (SlModel) model = sl_model_load (self->start_model, &self->error);

  if (model != NULL)
    {
      sl_model_set_threshold (model, self->threshold);
      sl_model_set_tta (model, self->tta);
    }
  if (model == NULL
      || !sl_model_evaluate (model, self->train, self->cache, on_prediction, self, NULL,
                             self->control, on_progress, self, self->cancellable, &self->error))
    return;
  if (sl_train_control_is_stopped (self->control))
    {
      g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           "Stopped before all pictures were looked at: nothing was stored");
      return;
    }
  /* Texts come by length. */
  g_array_sort (self->predictions, compare_by_item);
  sl_store_write_predictions (self->store, self->run_id, self->tta, self->predictions,
                              &self->error);
}

void
sl_job_run (SlProjectJob *self)
{
  g_autofree char *file = g_build_filename (self->folder, "project.db", NULL);

  self->begun_at = g_get_monotonic_time ();
  if (self->in_thread)
    sl_parallel_enter_background ();
  self->end_state = SL_RUN_FAILED;
  self->store = sl_store_open (file, FALSE, &self->error);
  if (self->store == NULL)
    return;
  switch (self->kind)
    {
    case SL_JOB_TRAIN:
      work_train (self);
      break;
    case SL_JOB_LR_FIND:
      work_lr_find (self);
      break;
    case SL_JOB_EVALUATE:
      work_evaluate (self);
      break;
    case SL_JOB_COMPARE:
      sl_job_work_compare (self);
      break;
    case SL_JOB_NONE:
      g_assert_not_reached ();
    }
  g_clear_pointer (&self->store, sl_store_free);
}
