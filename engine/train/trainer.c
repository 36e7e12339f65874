/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run: stages of epochs of steps, checkpoints between them. */
#include "train/control.h"
#include "train/evaluate.h"
#include "train/model.h"
#include "train/network.h"
#include "train/recorder.h"
#include "train/session.h"
#include "train/state.h"
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A long epoch is written down this often. */
#define CHECKPOINT_US (2 * G_TIME_SPAN_MINUTE)
/* At an epoch's end, when writing so often takes no more than this share of the time: what was not
 * written is trained again after a kill, to the same bits. */
#define CHECKPOINT_SHARE 0.05

typedef struct
{
  SlSession session;
  SlTrainControl *control; /* (nullable) */
  SlTrainSink sink;
  gpointer sink_data;
  GCancellable *cancellable; /* (nullable) */
  char *fingerprint;         /* of the training set */
  char *checkpoint_path;
  char *model_path;
  SlGraph *valid_graph; /* (nullable): no validation set */
  SlPlan *valid_plan;
  guint valid_batch, n_valid_batches;
  guint n_epochs;     /* of all stages */
  guint stage;        /* under way */
  guint stage_epoch;  /* its first epoch, counted from 0 over the run */
  double *rates;      /* maximum of each layer group in this stage */
  double *step_rates; /* of the step under way */
  SlTrainState state;
  SlClock clock;
  GHashTable *unreadable; /* paths reported already */
  gint64 last_checkpoint; /* monotonic time */
  gint64 checkpoint_cost; /* µs that the last one took */
  gboolean stopped;
} Trainer;

/* ---- Setting up */

static gboolean
has_valid (const SlTrainSetup *setup)
{
  return setup->valid != NULL && sl_sample_set_n (setup->valid) > 0;
}

/* %TRUE also when there is nothing to validate on. */
static gboolean
make_valid_graph (Trainer *self, GError **error)
{
  const SlSession *session = &self->session;
  gsize n;

  if (!has_valid (session->setup))
    return TRUE;
  n = sl_sample_set_n (session->setup->valid);
  self->valid_batch = (guint)MIN (session->recipe->batch, n);
  self->n_valid_batches = (guint)((n + self->valid_batch - 1) / self->valid_batch);
  self->valid_graph = sl_network_new (session->recipe, session->task, session->classes,
                                      self->valid_batch, error);
  return self->valid_graph != NULL;
}

/* A plan holds for one choice of what is frozen, so each stage has its own two. */
static gboolean
make_plans (Trainer *self, GError **error)
{
  SlSession *session = &self->session;

  g_clear_pointer (&self->valid_plan, sl_plan_free);
  if (!sl_session_begin_stage (session, self->stage, error))
    return FALSE;
  if (self->valid_graph == NULL)
    return TRUE;
  self->valid_plan = sl_plan_new (self->valid_graph, session->params, SL_MODE_EVAL, SL_PLAN_DEFAULT,
                                  error);
  return self->valid_plan != NULL;
}

/* Freezing, plans and rates of the stage that the next epoch belongs to. */
static gboolean
begin_stage (Trainer *self, GError **error)
{
  SlSession *session = &self->session;
  const SlStage *stage;
  guint n_groups = sl_params_n_groups (session->params);

  self->stage = 0;
  self->stage_epoch = 0;
  while (self->state.epochs_done >= self->stage_epoch + session->recipe->stages[self->stage].epochs)
    self->stage_epoch += session->recipe->stages[self->stage++].epochs;
  stage = &session->recipe->stages[self->stage];
  self->rates = g_renew (double, self->rates, n_groups);
  self->step_rates = g_renew (double, self->step_rates, n_groups);
  sl_slice_rates (stage->lr_low, stage->lr_high, n_groups, self->rates);
  return make_plans (self, error);
}

/* Steps of this stage that are done; the optimiser counts the same. */
static guint
stage_step (const Trainer *self)
{
  return self->state.step - self->stage_epoch * self->session.steps_per_epoch;
}

/* A checkpoint's counters must be ones that this run can have. */
static gboolean
check_state (const Trainer *self, const char *path, GError **error)
{
  guint steps_per_epoch = self->session.steps_per_epoch;
  guint64 begun = (guint64)self->state.epochs_done * steps_per_epoch;

  if (self->state.epochs_done < self->n_epochs && self->state.step >= begun
      && self->state.step <= begun + steps_per_epoch)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "“%s” stands at a step that this run does not have: start a new run", path);
  return FALSE;
}

static gboolean
resume (Trainer *self, SlStateDict *checkpoint, GError **error)
{
  SlRunIdentity identity = { self->session.recipe, self->fingerprint };

  if (!sl_checkpoint_check (checkpoint, &identity, error)
      || !check_state (self, self->checkpoint_path, error))
    return FALSE;
  if (!begin_stage (self, error)
      || !sl_checkpoint_load_params (checkpoint, self->session.params, error))
    return FALSE;
  self->session.adam.step = stage_step (self);
  if (stage_step (self) == 0) /* written at the end of the stage before */
    return begin_stage (self, error);
  return TRUE;
}

static gboolean
open_run (Trainer *self, const SlTrainSetup *setup, GError **error)
{
  g_autoptr (SlStateDict) checkpoint = NULL;
  SlSession *session = &self->session;
  guint batch = 0;

  self->checkpoint_path = g_build_filename (setup->folder, SL_CHECKPOINT_FILE, NULL);
  self->model_path = g_build_filename (setup->folder, SL_MODEL_FILE, NULL);
  /* Killed before the first checkpoint: the same seed begins the same run again. */
  if (setup->resume && g_file_test (self->checkpoint_path, G_FILE_TEST_EXISTS))
    {
      checkpoint = sl_checkpoint_open (self->checkpoint_path, &batch, &self->state, error);
      if (checkpoint == NULL)
        return FALSE;
    }
  if (!sl_session_open (session, setup, batch, error))
    return FALSE;
  self->fingerprint = sl_sample_set_fingerprint (setup->train);
  self->n_epochs = sl_recipe_n_epochs (session->recipe);
  if (!make_valid_graph (self, error))
    return FALSE;
  if (checkpoint != NULL)
    return resume (self, checkpoint, error);
  return sl_network_load_start (session->params, session->recipe, setup->start_model, error)
         && begin_stage (self, error);
}

static void
close_run (Trainer *self)
{
  g_clear_pointer (&self->valid_plan, sl_plan_free);
  g_clear_pointer (&self->valid_graph, sl_graph_unref);
  sl_session_close (&self->session);
  g_clear_pointer (&self->unreadable, g_hash_table_unref);
  g_free (self->rates);
  g_free (self->step_rates);
  g_free (self->fingerprint);
  g_free (self->checkpoint_path);
  g_free (self->model_path);
}

/* ---- Writing down */

static gboolean
save_model (Trainer *self, GError **error)
{
  const SlSession *session = &self->session;

  return sl_model_save (self->model_path, session->params, session->recipe, session->task,
                        session->classes, self->state.epochs_done > 0 ? &self->state.last : NULL,
                        error);
}

static gboolean
save_state (Trainer *self, GError **error)
{
  SlRunIdentity identity = { self->session.recipe, self->fingerprint };

  return sl_checkpoint_save (self->checkpoint_path, self->session.params, &self->state, &identity,
                             error);
}

/* The receiver's turn, once all is on the disk. */
static gboolean
tell_checkpoint (Trainer *self, GError **error)
{
  return self->sink.checkpoint == NULL
         || self->sink.checkpoint (self->state.step, self->sink_data, error);
}

/* Model and state, so that what is learned can be used and gone on with. */
static gboolean
save_checkpoint (Trainer *self, GError **error)
{
  gint64 start = g_get_monotonic_time ();

  if (!save_model (self, error) || !save_state (self, error) || !tell_checkpoint (self, error))
    return FALSE;
  self->last_checkpoint = g_get_monotonic_time ();
  self->checkpoint_cost = self->last_checkpoint - start;
  return TRUE;
}

static gboolean
checkpoint_is_due (const Trainer *self)
{
  return g_get_monotonic_time () - self->last_checkpoint
         > (gint64)((double)self->checkpoint_cost / CHECKPOINT_SHARE);
}

/* The state of a run that is done is of no more use, and large. */
static gboolean
save_result (Trainer *self, GError **error)
{
  if (!save_model (self, error) || !tell_checkpoint (self, error))
    return FALSE;
  g_unlink (self->checkpoint_path);
  return TRUE;
}

/* ---- Steps */

static void
report_unreadable (Trainer *self, const SlSkipped *file)
{
  if (!g_hash_table_add (self->unreadable, g_strdup (file->path)))
    return;
  if (self->sink.unreadable != NULL)
    self->sink.unreadable (file, self->sink_data);
}

static void
report_step (Trainer *self, double loss, double momentum)
{
  guint n_groups = sl_params_n_groups (self->session.params);
  guint steps_per_epoch = self->session.steps_per_epoch;
  SlBatchRecord record = {
    .step = self->state.step,
    .epoch = (float)((double)self->state.step / steps_per_epoch),
    .loss = (float)loss,
    .smooth = (float)sl_smoother_add (&self->state.smoother, loss),
    .lr = (float)self->step_rates[n_groups - 1],
    .lr_first = (float)self->step_rates[0],
    .momentum = (float)momentum,
  };

  self->state.step++;
  if (self->sink.batch != NULL)
    self->sink.batch (
        &record,
        sl_clock_left (&self->clock, self->n_epochs * steps_per_epoch - self->state.step,
                       self->n_epochs - self->state.epochs_done, self->n_valid_batches),
        self->sink_data);
}

/* Whoever resumed would take the same steps to the same end: the checkpoint goes. */
static gboolean
fail_diverged (Trainer *self, double rate, GError **error)
{
  g_autofree char *text = sl_rate_to_string (rate, rate);

  g_unlink (self->checkpoint_path);
  g_set_error (error, SL_ERROR, SL_ERROR_DIVERGED,
               "The loss was no longer a number in epoch %u, at a learning rate of %s: choose a "
               "lower one, a tenth to begin with",
               self->state.epochs_done + 1, text);
  return FALSE;
}

static gboolean
train_step (Trainer *self, const SlBatch *batch, GError **error)
{
  SlSession *session = &self->session;
  const SlStage *stage = &session->recipe->stages[self->stage];
  SlOneCycle cycle = SL_ONE_CYCLE_INIT (stage->epochs * session->steps_per_epoch);
  double factor, momentum, loss;

  cycle.pct_start = stage->pct_start;
  sl_one_cycle_at (&cycle, stage_step (self), &factor, &momentum);
  for (guint i = 0; i < sl_params_n_groups (session->params); i++)
    self->step_rates[i] = self->rates[i] * factor;
  if (!sl_session_step (session, batch, self->state.step, self->step_rates, momentum, &loss, error))
    return FALSE;
  if (!isfinite (loss))
    return fail_diverged (self, stage->lr_high, error);
  report_step (self, loss, momentum);
  return TRUE;
}

/* Whether training goes on; sets @error when it was cancelled. */
static gboolean
may_go_on (Trainer *self, GError **error)
{
  if (sl_train_control_wait (self->control, self->cancellable))
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (self->cancellable, error))
    self->stopped = TRUE;
  return FALSE;
}

static gboolean
next_step (Trainer *self, SlLoader *loader, gsize *n_reported, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  SlBatch *batch = sl_loader_next (loader, self->cancellable, error);
  gboolean done;
  double seconds;

  if (batch == NULL)
    return FALSE;
  for (; *n_reported < sl_loader_n_unreadable (loader); (*n_reported)++)
    report_unreadable (self, sl_loader_get_unreadable (loader, *n_reported));
  done = train_step (self, batch, error);
  sl_loader_give_back (loader, batch);
  seconds = (double)(g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND;
  self->state.epoch_seconds += seconds;
  sl_clock_add_step (&self->clock, seconds);
  return done;
}

/* The rest of an epoch's steps. Returns %FALSE with @error, or without when stopped. */
static gboolean
train_epoch (Trainer *self, GError **error)
{
  SlSession *session = &self->session;
  guint end = (self->state.epochs_done + 1) * session->steps_per_epoch;
  guint batch = self->state.step - self->state.epochs_done * session->steps_per_epoch;
  g_autoptr (SlLoader) loader = NULL;
  SlLoaderOptions options;
  gsize n_reported = 0;

  if (self->state.step == end) /* resumed between the last step and validation */
    return TRUE;
  sl_network_loader_options (session->recipe, session->recipe->batch, TRUE, &options);
  loader = sl_loader_new (session->setup->train, session->cache, &options, self->state.epochs_done,
                          batch);
  while (self->state.step < end)
    {
      if (!may_go_on (self, error) || !next_step (self, loader, &n_reported, error))
        return FALSE;
      if (g_get_monotonic_time () - self->last_checkpoint > CHECKPOINT_US
          && !save_checkpoint (self, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- Validation */

static void
valid_progress (gsize done, gsize total, const char *what, gpointer data)
{
  Trainer *self = data;

  if (self->sink.progress != NULL)
    self->sink.progress (done, total, self->sink_data);
}

static void
valid_unreadable (const SlSkipped *file, gpointer data)
{
  report_unreadable (data, file);
}

static gboolean
validate (Trainer *self, SlScore *score, GError **error)
{
  SlSession *session = &self->session;
  SlEvaluation job = { .plan = self->valid_plan,
                       .batch = self->valid_batch,
                       .recipe = session->recipe,
                       .cache = session->cache,
                       .unreadable = valid_unreadable,
                       .unreadable_data = self,
                       .progress = valid_progress,
                       .progress_data = self };

  memset (score, 0, sizeof *score);
  if (self->valid_plan == NULL)
    return TRUE;
  return sl_evaluation_run (&job, session->setup->valid, score, self->control, self->cancellable,
                            error);
}

/* Validation, the epoch's record, model and checkpoint. */
static gboolean
end_epoch (Trainer *self, GError **error)
{
  const SlTask *task = self->session.task;
  g_autoptr (GError) problem = NULL;
  SlEpochRecord record = { .epoch = self->state.epochs_done + 1, .stage = self->stage };
  gint64 start;
  SlScore score;

  if (!may_go_on (self, error))
    return FALSE;
  start = g_get_monotonic_time ();
  if (!validate (self, &score, &problem))
    {
      if (!may_go_on (self, error)) /* stopped: the epoch stays open, and is validated on resume */
        return FALSE;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  self->clock.valid_seconds = (double)(g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND;
  record.train_loss = sl_smoother_get (&self->state.smoother);
  record.valid_loss = sl_score_loss (&score);
  task->finish_score (task, &score, record.metrics);
  record.seconds = self->state.epoch_seconds + self->clock.valid_seconds;
  self->state.last = record;
  self->state.epochs_done++;
  self->state.epoch_seconds = 0;
  if (self->sink.epoch != NULL)
    self->sink.epoch (&record, self->sink_data);
  if (self->state.epochs_done == self->n_epochs)
    return save_result (self, error);
  return !checkpoint_is_due (self) || save_checkpoint (self, error);
}

/* ---- The run */

/* Returns %FALSE with @error, or without when stopped. */
static gboolean
run_epochs (Trainer *self, GError **error)
{
  const SlRecipe *recipe = self->session.recipe;

  while (self->state.epochs_done < self->n_epochs)
    {
      if (self->state.epochs_done == self->stage_epoch + recipe->stages[self->stage].epochs
          && !begin_stage (self, error))
        return FALSE;
      if (!train_epoch (self, error) || !end_epoch (self, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run (Trainer *self, GError **error)
{
  const SlSession *session = &self->session;
  GError *problem = NULL;

  if (self->sink.plan != NULL)
    self->sink.plan (session->peak_bytes, session->recipe->batch, session->steps_per_epoch,
                     self->n_epochs * session->steps_per_epoch, self->sink_data);
  self->last_checkpoint = g_get_monotonic_time ();
  if (run_epochs (self, &problem))
    return TRUE;
  if (problem != NULL)
    {
      /* Pictures that went away come back with their disk: the run can be gone on with then. */
      if (g_error_matches (problem, SL_ERROR, SL_ERROR_DATA) && self->state.step > 0)
        save_checkpoint (self, NULL);
      g_propagate_error (error, problem);
      return FALSE;
    }
  return save_checkpoint (self, error);
}

gboolean
sl_train (const SlTrainSetup *setup, SlTrainControl *control, const SlTrainSink *sink,
          gpointer sink_data, SlTrainResult *result, GCancellable *cancellable, GError **error)
{
  Trainer self = { .control = control, .sink_data = sink_data, .cancellable = cancellable };
  gint64 start = g_get_monotonic_time ();
  gboolean done;

  g_return_val_if_fail (setup != NULL && setup->train != NULL && setup->recipe != NULL, FALSE);
  g_return_val_if_fail (setup->folder != NULL, FALSE);
  if (sink != NULL)
    self.sink = *sink;
  self.unreadable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  done = open_run (&self, setup, error) && run (&self, error);
  if (result != NULL)
    *result = (SlTrainResult){ .steps = self.state.step,
                               .epochs = self.state.epochs_done,
                               .stopped = self.stopped,
                               .last = self.state.last,
                               .seconds = (double)(g_get_monotonic_time () - start)
                                          / G_TIME_SPAN_SECOND,
                               .peak_bytes = self.session.peak_bytes };
  close_run (&self);
  return done;
}
