/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The owner's side of jobs: starting them. */
#include "project/files.h"
#include "project/job.h"
#include "project/lock.h"
#include "project/project-private.h"
#include "train/model.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

/* Whoever opens the project tries the job's lock for a moment. */
#define WAIT_JOB_MS 100

static gpointer
dup_result (SlProjectJob *job)
{
  if (job->run != NULL)
    return g_object_ref (job->run);
  return job->sweep != NULL ? g_object_ref (job->sweep) : NULL;
}

/* In the owner's context, also after sl_project_close() has settled the job. */
static gboolean
on_ended (gpointer data)
{
  SlProjectJob *job = data;

  sl_project_settle (job->project, job);
  if (job->error != NULL)
    g_task_return_error (job->task, g_error_copy (job->error));
  else if (job->kind == SL_JOB_EVALUATE || job->kind == SL_JOB_COMPARE)
    g_task_return_boolean (job->task, TRUE);
  else
    g_task_return_pointer (job->task, dup_result (job), g_object_unref);
  return G_SOURCE_REMOVE;
}

static gpointer
job_thread (gpointer data)
{
  g_autoptr (SlProjectJob) job = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  sl_job_run (job);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_ended, sl_job_ref (job), (GDestroyNotify)sl_job_unref);
  g_source_attach (source, job->context);
  return NULL;
}

/* ---- Starting */

/* What a language model learns from: all texts that are not held back, those without a label too. */
static SlSampleSet *
dup_all_texts (SlProject *self, gboolean train)
{
  SlSampleSet *samples = sl_sample_set_new (self->problem);

  sl_sample_set_set_texts (samples, self->texts);
  for (guint i = 0; i < sl_item_list_n (self->items); i++)
    {
      SlItem *item = sl_item_list_at (self->items, i);
      const gboolean held_back = item->split == SL_SPLIT_VALID;
      const gboolean tested = item->split == SL_SPLIT_TEST && item->target != NULL;

      if (item->state == SL_ITEM_PRESENT && !tested && held_back != train)
        sl_sample_set_add_text (samples, item->id, item->row, NULL);
    }
  return samples;
}

static SlSampleSet *
dup_samples (SlProject *self, gboolean train, gboolean valid)
{
  SlSampleSet *samples = sl_sample_set_new (self->problem);

  if (self->texts != NULL)
    sl_sample_set_set_texts (samples, self->texts);
  for (guint i = 0; i < sl_item_list_n (self->items); i++)
    {
      SlItem *item = sl_item_list_at (self->items, i);

      if (item->state == SL_ITEM_PRESENT && item->target != NULL
          && ((train && item->split == SL_SPLIT_TRAIN) || (valid && item->split == SL_SPLIT_VALID)))
        {
          if (self->texts != NULL)
            sl_sample_set_add_text (samples, item->id, item->row, item->target);
          else
            sl_sample_set_add (samples, item->id, sl_item_get_path (item), item->target);
        }
    }
  return samples;
}

SlSampleSet *
sl_project_dup_learned (SlProject *self, const SlRecipe *recipe, gboolean train)
{
  return recipe->learn == SL_LEARN_LANGUAGE ? dup_all_texts (self, train)
                                            : dup_samples (self, train, !train);
}

SlSampleSet *
sl_project_dup_samples (SlProject *self, int split)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return dup_samples (self, split != SL_SPLIT_VALID, split != SL_SPLIT_TRAIN);
}

/* Takes the project's lock; %NULL with @error when a job cannot be started now. */
SlProjectJob *
sl_project_prepare_job (SlProject *self, SlJob kind, GCancellable *cancellable, GError **error)
{
  SlProjectJob *job;

  if (!sl_project_check_writable (self, error))
    return NULL;
  if (self->closing) /* asked for by whoever heard of the last job's end */
    {
      g_set_error (error, SL_ERROR, SL_ERROR_STATE, "“%s” is being closed: open it again",
                   self->title);
      return NULL;
    }
  if (self->job != NULL)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_STATE,
                           "A job is running already: stop it or wait for its end");
      return NULL;
    }
  if (!sl_lock_take (self->lock, SL_LOCK_JOB, WAIT_JOB_MS, self->title, error))
    return NULL;
  if (self->cache == NULL)
    self->cache = sl_picture_cache_new (SL_PICTURE_CACHE_BYTES);
  job = sl_job_new (kind);
  job->project = self;
  job->folder = g_strdup (self->path);
  job->cache = sl_picture_cache_ref (self->cache);
  job->context = g_main_context_ref (self->context);
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  job->train = dup_samples (self, TRUE, kind == SL_JOB_EVALUATE);
  if (kind == SL_JOB_TRAIN)
    job->valid = dup_samples (self, FALSE, TRUE);
  return job;
}

void
sl_project_give_up_job (SlProject *self, SlProjectJob *job)
{
  sl_lock_release (self->lock, SL_LOCK_JOB);
  sl_job_unref (job);
}

/* The weights that run @id left; 0: none, which is no error. */
gboolean
sl_project_find_model (SlProject *self, gint64 id, char **model, GError **error)
{
  SlRun *run = id != 0 ? sl_project_find_run (self, id) : NULL;

  *model = NULL;
  if (id == 0)
    return TRUE;
  if (run == NULL || !sl_run_has_model (run))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "Run %" G_GINT64_FORMAT " has no trained model: choose another run", id);
      return FALSE;
    }
  *model = sl_run_file (run, SL_MODEL_FILE);
  return TRUE;
}

/* Those, or for @stage > 0 the ones that this stage of run @id began with. */
static gboolean
find_start (SlProject *self, gint64 id, guint stage, char **model, GError **error)
{
  g_autofree char *name = sl_stage_file_name (stage);
  SlRun *run;

  if (stage == 0)
    return sl_project_find_model (self, id, model, error);
  run = sl_project_find_stage (self, sl_project_find_run (self, id), stage, error);
  *model = run != NULL ? sl_run_file (run, name) : NULL;
  return run != NULL;
}

static gboolean
make_run_folder (SlRun *run, GError **error)
{
  int code;

  if (g_mkdir_with_parents (run->folder, 0777) == 0)
    return TRUE;
  code = errno;
  {
    g_autofree char *name = g_filename_display_name (run->folder);

    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                 "“%s” could not be made (%s): check the folder's permissions", name,
                 g_strerror (code));
  }
  return FALSE;
}

/* Of the run that this one goes on from in mid-way: its curve is this one's beginning. */
static gboolean
take_curve (SlProject *self, SlRun *run, GError **error)
{
  return run->from_stage == 0
         || (sl_store_copy_curve (self->store, run->from_run, run->id, run->from_stage, error)
             && sl_store_read_curve (self->store, run, error));
}

static gboolean
new_run (SlProject *self, SlProjectJob *job, const SlRecipe *recipe, gint64 from_run,
         guint from_stage, GError **error)
{
  g_autoptr (SlRun) run = sl_run_new (self->store, recipe);

  run->from_run = from_run;
  run->from_stage = from_stage;
  run->fingerprint = sl_project_dup_fingerprint (self);
  run->batches = g_array_new (FALSE, FALSE, sizeof (SlBatchRecord));
  if (!sl_store_insert_run (self->store, run, self->path, error))
    return FALSE;
  if (!make_run_folder (run, error) || !take_curve (self, run, error))
    {
      sl_store_delete_run (self->store, run->id, NULL);
      return FALSE;
    }
  job->run = g_object_ref (run);
  g_list_store_insert (self->runs, 0, run);
  sl_project_prune_stages (self, from_run);
  return TRUE;
}

static gboolean
reopen_run (SlProject *self, SlProjectJob *job, gint64 run_id, GError **error)
{
  SlRun *run = sl_project_find_run (self, run_id);
  gsize n;

  if (run == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "There is no run %" G_GINT64_FORMAT ": choose one of the project's", run_id);
      return FALSE;
    }
  if (!sl_run_can_resume (run))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_STATE,
                   "Run %" G_GINT64_FORMAT " cannot be gone on with: train a new one from it",
                   run_id);
      return FALSE;
    }
  /* Where it was killed before its first checkpoint, it begins anew. */
  if (!sl_run_has_checkpoint (run)
      && !find_start (self, run->from_stage > 0 ? run->id : run->from_run, run->from_stage,
                      &job->start_model, error))
    return FALSE;
  job->start_stage = job->start_model != NULL ? run->from_stage : 0;
  if (!make_run_folder (run, error)
      || !sl_store_set_state (self->store, run->id, SL_RUN_RUNNING, NULL, error))
    return FALSE;
  sl_run_get_batches (run, &n);
  job->old_state = run->state;
  run->state = SL_RUN_RUNNING;
  g_clear_pointer (&run->error, g_free);
  job->run = g_object_ref (run);
  job->resume = TRUE;
  return TRUE;
}

/* Once it is known what is to be learned. */
static void
take_samples (SlProject *self, SlProjectJob *job, const SlRecipe *recipe)
{
  if (self->texts == NULL || recipe->learn != SL_LEARN_LANGUAGE)
    return;
  g_clear_pointer (&job->train, sl_sample_set_unref);
  g_clear_pointer (&job->valid, sl_sample_set_unref);
  job->train = dup_all_texts (self, TRUE);
  job->valid = dup_all_texts (self, FALSE);
}

/* @resume: go on with that run, with its own recipe; else a new one. */
static SlProjectJob *
prepare_train (SlProject *self, const SlRecipe *recipe, gint64 from_run, guint from_stage,
               gint64 resume, GCancellable *cancellable, GError **error)
{
  SlProjectJob *job = sl_project_prepare_job (self, SL_JOB_TRAIN, cancellable, error);
  gboolean ok;

  if (job == NULL)
    return NULL;
  if (resume != 0)
    ok = reopen_run (self, job, resume, error);
  else
    ok = sl_recipe_check (recipe, error)
         && find_start (self, from_run, from_stage, &job->start_model, error)
         && new_run (self, job, recipe, from_run, from_stage, error);
  if (!ok)
    {
      sl_project_give_up_job (self, job);
      return NULL;
    }
  if (resume == 0)
    job->start_stage = from_stage;
  job->recipe = sl_project_copy_recipe (self, job->run->recipe);
  take_samples (self, job, job->recipe);
  job->run_id = job->run->id;
  job->run_folder = g_strdup (job->run->folder);
  return job;
}

static SlProjectJob *
prepare_lr_find (SlProject *self, const SlRecipe *recipe, guint stage, gint64 from_run,
                 GCancellable *cancellable, GError **error)
{
  SlProjectJob *job = sl_project_prepare_job (self, SL_JOB_LR_FIND, cancellable, error);

  if (job == NULL)
    return NULL;
  if (!sl_recipe_check (recipe, error)
      || !sl_project_find_model (self, from_run, &job->start_model, error))
    {
      sl_project_give_up_job (self, job);
      return NULL;
    }
  job->recipe = sl_project_copy_recipe (self, recipe);
  take_samples (self, job, recipe);
  job->stage = MIN (stage, recipe->n_stages - 1);
  job->sweep = sl_sweep_new (0, job->stage, time (NULL));
  job->sweep->freeze_to = recipe->stages[job->stage].freeze_to;
  job->sweep->seed = recipe->seed;
  job->sweep->from_run = from_run;
  job->sweep->running = TRUE;
  g_list_store_insert (self->sweeps, 0, job->sweep);
  return job;
}

static SlProjectJob *
prepare_evaluate (SlProject *self, gint64 run_id, gboolean tta, GCancellable *cancellable,
                  GError **error)
{
  SlProjectJob *job = sl_project_prepare_job (self, SL_JOB_EVALUATE, cancellable, error);

  if (job == NULL)
    return NULL;
  if (!sl_project_find_model (self, run_id, &job->start_model, error))
    {
      sl_project_give_up_job (self, job);
      return NULL;
    }
  job->run_id = run_id;
  job->tta = tta && self->problem->task->may_blend;
  job->threshold = sl_project_find_run (self, run_id)->recipe->threshold;
  return job;
}

static void
announce (SlProject *self, SlProjectJob *job)
{
  self->job = job;
  if (job->run != NULL)
    sl_project_emit (self, SL_PROJECT_RUNS_CHANGED, NULL);
  if (job->sweep != NULL)
    sl_project_emit (self, SL_PROJECT_SWEEP_CHANGED, job->sweep);
  sl_project_notify (self, SL_PROJECT_PROP_JOB);
  sl_project_notify (self, SL_PROJECT_PROP_JOB_PROGRESS);
}

/* On the calling thread; takes @job. */
gboolean
sl_project_run_job (SlProject *self, SlProjectJob *job, const SlJobWatch *watch, GError **error)
{
  g_autoptr (SlProjectJob) owned = job;

  job->watch = watch;
  announce (self, job);
  sl_job_run (job);
  sl_project_settle (self, job);
  if (job->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (job->error));
  return FALSE;
}

/* On a thread of its own; takes @job, or reports @error when it is %NULL. */
void
sl_project_run_job_async (SlProject *self, SlProjectJob *job, gpointer tag,
                          GAsyncReadyCallback callback, gpointer user_data, GError *error)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);
  if (job == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  job->task = g_steal_pointer (&task);
  job->in_thread = TRUE;
  announce (self, job);
  job->thread = g_thread_new ("slope-job", job_thread, job);
}

/* ---- Public: the jobs */

gboolean
sl_project_train (SlProject *self, const SlRecipe *recipe, gint64 from_run, const SlJobWatch *watch,
                  gint64 *run_id, GCancellable *cancellable, GError **error)
{
  SlProjectJob *job;

  g_return_val_if_fail (SL_IS_PROJECT (self) && recipe != NULL, FALSE);

  job = prepare_train (self, recipe, from_run, 0, 0, cancellable, error);
  if (job != NULL && run_id != NULL)
    *run_id = job->run_id;
  return job != NULL && sl_project_run_job (self, job, watch, error);
}

void
sl_project_train_async (SlProject *self, const SlRecipe *recipe, gint64 from_run,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  SlProjectJob *job;

  g_return_if_fail (SL_IS_PROJECT (self) && recipe != NULL);

  job = prepare_train (self, recipe, from_run, 0, 0, cancellable, &error);
  sl_project_run_job_async (self, job, sl_project_train_async, callback, user_data, error);
}

SlRun *
sl_project_train_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What sl_project_retrain() begins with: the first beginning, or a stage of the run that has it. */
static SlProjectJob *
prepare_retrain (SlProject *self, const SlRecipe *recipe, gint64 run_id, guint stage,
                 GCancellable *cancellable, GError **error)
{
  SlRun *run = sl_project_find_run (self, run_id);
  g_autoptr (SlRecipe) whole = NULL;

  if (run == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "There is no run %" G_GINT64_FORMAT ": choose one of the project's", run_id);
      return NULL;
    }
  whole = sl_recipe_copy (recipe != NULL ? recipe : run->recipe);
  if (stage >= MIN (whole->n_stages, run->recipe->n_stages))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "Run %" G_GINT64_FORMAT " or the recipe has no stage %u: choose an earlier one",
                   run_id, stage + 1);
      return NULL;
    }
  memcpy (whole->stages, run->recipe->stages, stage * sizeof *whole->stages);
  run = stage == 0 ? sl_project_find_first (self, run, error)
                   : sl_project_find_stage (self, run, stage, error);
  if (run == NULL)
    return NULL;
  return prepare_train (self, whole, stage == 0 ? run->from_run : run->id, stage, 0, cancellable,
                        error);
}

gboolean
sl_project_retrain (SlProject *self, const SlRecipe *recipe, gint64 run_id, guint stage,
                    const SlJobWatch *watch, gint64 *new_id, GCancellable *cancellable,
                    GError **error)
{
  SlProjectJob *job;

  g_return_val_if_fail (SL_IS_PROJECT (self) && run_id > 0, FALSE);

  job = prepare_retrain (self, recipe, run_id, stage, cancellable, error);
  if (job != NULL && new_id != NULL)
    *new_id = job->run_id;
  return job != NULL && sl_project_run_job (self, job, watch, error);
}

void
sl_project_retrain_async (SlProject *self, const SlRecipe *recipe, gint64 run_id, guint stage,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GError *error = NULL;
  SlProjectJob *job;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id > 0);

  job = prepare_retrain (self, recipe, run_id, stage, cancellable, &error);
  sl_project_run_job_async (self, job, sl_project_retrain_async, callback, user_data, error);
}

gboolean
sl_project_resume (SlProject *self, gint64 run_id, const SlJobWatch *watch,
                   GCancellable *cancellable, GError **error)
{
  SlProjectJob *job;

  g_return_val_if_fail (SL_IS_PROJECT (self) && run_id > 0, FALSE);

  job = prepare_train (self, NULL, 0, 0, run_id, cancellable, error);
  return job != NULL && sl_project_run_job (self, job, watch, error);
}

void
sl_project_resume_async (SlProject *self, gint64 run_id, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  SlProjectJob *job;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id > 0);

  job = prepare_train (self, NULL, 0, 0, run_id, cancellable, &error);
  sl_project_run_job_async (self, job, sl_project_resume_async, callback, user_data, error);
}

SlRun *
sl_project_resume_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
copy_sweep (SlSweep *sweep, SlSweepResult *result)
{
  result->points = g_array_copy (sweep->points);
  result->steepest = sweep->steepest;
  result->minimum = sweep->minimum;
}

gboolean
sl_project_lr_find (SlProject *self, const SlRecipe *recipe, guint stage, gint64 from_run,
                    const SlJobWatch *watch, SlSweepResult *sweep, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (SlSweep) object = NULL;
  SlProjectJob *job;

  g_return_val_if_fail (SL_IS_PROJECT (self) && recipe != NULL, FALSE);

  job = prepare_lr_find (self, recipe, stage, from_run, cancellable, error);
  if (job == NULL)
    return FALSE;
  object = g_object_ref (job->sweep);
  if (!sl_project_run_job (self, job, watch, error))
    return FALSE;
  if (sweep != NULL)
    copy_sweep (object, sweep);
  return TRUE;
}

void
sl_project_lr_find_async (SlProject *self, const SlRecipe *recipe, guint stage, gint64 from_run,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GError *error = NULL;
  SlProjectJob *job;

  g_return_if_fail (SL_IS_PROJECT (self) && recipe != NULL);

  job = prepare_lr_find (self, recipe, stage, from_run, cancellable, &error);
  sl_project_run_job_async (self, job, sl_project_lr_find_async, callback, user_data, error);
}

SlSweep *
sl_project_lr_find_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
sl_project_evaluate (SlProject *self, gint64 run_id, gboolean tta, const SlJobWatch *watch,
                     GCancellable *cancellable, GError **error)
{
  SlProjectJob *job;

  g_return_val_if_fail (SL_IS_PROJECT (self) && run_id > 0, FALSE);

  job = prepare_evaluate (self, run_id, tta, cancellable, error);
  return job != NULL && sl_project_run_job (self, job, watch, error);
}

void
sl_project_evaluate_async (SlProject *self, gint64 run_id, gboolean tta, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  SlProjectJob *job;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id > 0);

  job = prepare_evaluate (self, run_id, tta, cancellable, &error);
  sl_project_run_job_async (self, job, sl_project_evaluate_async, callback, user_data, error);
}

gboolean
sl_project_evaluate_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Public: the one that runs */

SlJob
sl_project_get_job (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), SL_JOB_NONE);
  return self->job != NULL ? self->job->kind : SL_JOB_NONE;
}

SlRun *
sl_project_get_running (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return self->job != NULL ? self->job->run : NULL;
}

double
sl_project_get_job_progress (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), 0);
  return self->job != NULL ? self->job->progress : 0;
}

double
sl_project_get_seconds_left (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), -1);
  return self->job != NULL ? self->job->seconds_left : -1;
}

gboolean
sl_project_get_paused (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  return self->job != NULL && sl_train_control_is_paused (self->job->control);
}

void
sl_project_set_paused (SlProject *self, gboolean paused)
{
  g_return_if_fail (SL_IS_PROJECT (self));

  if (self->job == NULL || paused == sl_train_control_is_paused (self->job->control))
    return;
  sl_train_control_pause (self->job->control, paused);
  sl_project_notify (self, SL_PROJECT_PROP_PAUSED);
}

void
sl_project_stop (SlProject *self)
{
  g_return_if_fail (SL_IS_PROJECT (self));

  if (self->job == NULL)
    return;
  sl_train_control_stop (self->job->control);
  sl_project_notify (self, SL_PROJECT_PROP_PAUSED);
}
