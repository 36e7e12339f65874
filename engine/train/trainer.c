/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run: stages of epochs of steps, checkpoints between them. */
#include "train/control.h"
#include "train/feed.h"
#include "train/network.h"
#include "train/recorder.h"
#include "train/run-files.h"
#include "train/session.h"
#include "train/validate.h"
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
  SlRunFiles files;
  SlValidation validation;
  gboolean begun;          /* the stage of @state has its plans */
  double *rates;           /* maximum of each layer group in this stage */
  double *step_rates;      /* of the step under way */
  SlStateDict *checkpoint; /* (nullable): that was begun with, until its epoch is gone on with */
  SlTrainState state;
  SlClock clock;
  GHashTable *unreadable; /* paths reported already */
  gint64 last_checkpoint; /* monotonic time */
  gint64 checkpoint_cost; /* µs that the last one took */
  gboolean stopped;
} Trainer;

/* ---- Who hears of it */

static void
report_unreadable (const SlSkipped *file, gpointer data)
{
  Trainer *self = data;

  if (!g_hash_table_add (self->unreadable, g_strdup (file->path)))
    return;
  if (self->sink.unreadable != NULL)
    self->sink.unreadable (file, self->sink_data);
}

static void
report_progress (gsize done, gsize total, const char *what, gpointer data)
{
  Trainer *self = data;

  if (self->sink.progress != NULL)
    self->sink.progress (done, total, self->sink_data);
}

static SlPassWatch
make_watch (Trainer *self)
{
  return (SlPassWatch){ .control = self->control,
                        .cancellable = self->cancellable,
                        .unreadable = report_unreadable,
                        .progress = report_progress,
                        .data = self };
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

/* A pass that was ended by the user is not a failure: what it was for is done on resumption. */
static gboolean
end_pass (Trainer *self, GError *problem, GError **error)
{
  if (!may_go_on (self, error))
    g_error_free (problem);
  else
    g_propagate_error (error, problem);
  return FALSE;
}

/* ---- Stages */

static const SlStage *
stage_of (const Trainer *self)
{
  return &self->session.recipe->stages[self->state.stage];
}

/* Steps that a stage still has before it, if it does not end early. */
static guint
count_steps (const Trainer *self, guint stage)
{
  guint done = stage == self->state.stage ? self->state.stage_step : 0;

  return self->session.recipe->stages[stage].epochs
             * sl_session_steps_per_epoch (&self->session, stage)
         - done;
}

static guint
count_left (const Trainer *self)
{
  guint steps = 0;

  for (guint i = self->state.stage; i < self->session.recipe->n_stages; i++)
    steps += count_steps (self, i);
  return steps;
}

/* Stages are of different sizes: what is timed in this one is carried over to those to come by their
 * work.  Negative: a head that trains from kept outputs says nothing about them. */
static double
seconds_left (const Trainer *self)
{
  const SlSession *session = &self->session;
  const SlTrainState *state = &self->state;
  double steps = 0, epochs = 0, step_now, picture_now;

  if (session->kept != NULL && state->stage + 1 < session->recipe->n_stages)
    return -1;
  step_now = sl_session_step_work (session, state->stage, &picture_now);
  for (guint i = state->stage; i < session->recipe->n_stages; i++)
    {
      guint done = i == state->stage ? state->stage_epochs : 0;
      double step, picture;

      step = sl_session_step_work (session, i, &picture);
      steps += count_steps (self, i) * step / step_now;
      epochs += (session->recipe->stages[i].epochs - done) * picture / picture_now;
    }
  return sl_clock_left (&self->clock, steps, epochs, sl_validation_n_batches (&self->validation));
}

static void
report_plan (Trainer *self)
{
  const SlSession *session = &self->session;
  SlPlanRecord record = {
    .stage = self->state.stage,
    .height = session->now->height,
    .width = session->now->width,
    .batch = session->now->batch,
    .steps_per_epoch = session->steps_per_epoch,
    .n_steps = self->state.step + count_left (self),
    .peak_bytes = session->peak_bytes,
    .kept = session->kept_state,
    .kept_views = session->kept != NULL ? sl_kept_get_n_views (session->kept) : 0,
    .kept_bytes = session->kept != NULL ? session->kept_bytes : 0,
  };

  if (self->sink.plan != NULL)
    self->sink.plan (&record, self->sink_data);
}

/* Freezing, plans and rates of the stage that the next epoch belongs to. */
static gboolean
begin_stage (Trainer *self, GError **error)
{
  SlSession *session = &self->session;
  const SlStage *stage = stage_of (self);
  guint n_groups = sl_params_n_groups (session->params);

  self->rates = g_renew (double, self->rates, n_groups);
  self->step_rates = g_renew (double, self->step_rates, n_groups);
  sl_slice_rates (stage->lr_low, stage->lr_high, n_groups, self->rates);
  if (!sl_session_begin_stage (session, self->state.stage, TRUE, self->state.stage_step, error)
      || !sl_validation_begin_stage (&self->validation, error))
    return FALSE;
  self->clock = (SlClock){ 0 }; /* its steps are others */
  self->begun = TRUE;
  return TRUE;
}

/* ---- Setting up */

/* A checkpoint's counters must be ones that this run can have. */
static gboolean
check_state (const Trainer *self, const char *path, GError **error)
{
  const SlTrainState *state = &self->state;

  if (state->stage < self->session.recipe->n_stages && state->stage_epochs < stage_of (self)->epochs
      && state->stage_step <= state->step && state->stage_epochs <= state->epochs_done)
    {
      guint steps_per_epoch = sl_session_steps_per_epoch (&self->session, state->stage);
      guint64 begun = (guint64)state->stage_epochs * steps_per_epoch;

      if (state->stage_step >= begun && state->stage_step <= begun + steps_per_epoch)
        return TRUE;
    }
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "“%s” stands at a step that this run does not have: start a new run", path);
  return FALSE;
}

static gboolean
resume (Trainer *self, SlStateDict *checkpoint, GError **error)
{
  SlRunIdentity identity = sl_run_files_identity (&self->files);

  return sl_checkpoint_check (checkpoint, &identity, error)
         && check_state (self, self->files.checkpoint, error)
         && sl_checkpoint_load_params (checkpoint, self->session.params, error)
         && begin_stage (self, error)
         && (self->session.recipe->keep == SL_KEEP_MODEL_LAST || self->state.best.epoch == 0
             || sl_run_files_load_best (&self->files, error));
}

/* The stages before the one to begin with are what the other run has behind it. */
static gboolean
check_start (const Trainer *self, const SlRecipe *earlier, GError **error)
{
  const SlTrainSetup *setup = self->session.setup;
  g_autoptr (SlRecipe) past = sl_recipe_copy (earlier);
  g_autoptr (SlRecipe) wanted = sl_recipe_copy (self->session.recipe);
  g_autofree char *past_json = NULL;
  g_autofree char *wanted_json = NULL;

  past->n_stages = MIN (setup->start_stage, past->n_stages);
  wanted->n_stages = MIN (setup->start_stage, wanted->n_stages);
  for (guint i = 0; i < past->n_stages; i++)
    wanted->stages[i].batch = past->stages[i].batch; /* chosen then */
  past_json = sl_recipe_stages_to_json (past);
  wanted_json = sl_recipe_stages_to_json (wanted);
  if (self->state.stage == setup->start_stage && g_str_equal (past_json, wanted_json))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "“%s” does not begin stage %u of these stages: leave those before as that run had "
               "them, or train all of them",
               setup->start_model, setup->start_stage + 1);
  return FALSE;
}

/* From random, pretrained or another run's weights, or from a stage of another run. */
static gboolean
start (Trainer *self, const SlRecipe *earlier, GError **error)
{
  const SlTrainSetup *setup = self->session.setup;

  if (setup->start_stage > 0 && !check_start (self, earlier, error))
    return FALSE;
  memset (&self->state.best, 0, sizeof self->state.best); /* its weights are another run's */
  /* A stage's weights are laid by here too: what that run keeps, or whether it stays, is its own matter. */
  return sl_session_load_start (&self->session, setup->start_model, error)
         && (setup->start_stage == 0 || sl_run_files_save_stage (&self->files, &self->state, error))
         && begin_stage (self, error);
}

/* The file that says where this run stands, if there is one.  %FALSE with @error. */
static gboolean
open_checkpoint (Trainer *self, const SlTrainSetup *setup, SlStateDict **checkpoint,
                 SlRecipe **earlier, GError **error)
{
  const char *path = NULL;

  /* Killed before the first checkpoint: the same seed begins the same run again. */
  if (setup->resume && g_file_test (self->files.checkpoint, G_FILE_TEST_EXISTS))
    path = self->files.checkpoint;
  else if (setup->start_stage > 0)
    path = setup->start_model;
  if (path == NULL)
    return TRUE;
  *checkpoint = sl_checkpoint_open (path, earlier, &self->state, error);
  return *checkpoint != NULL;
}

static gboolean
open_run (Trainer *self, const SlTrainSetup *setup, GError **error)
{
  g_autoptr (SlRecipe) earlier = NULL;
  SlSession *session = &self->session;
  gboolean resumes;

  sl_run_files_init (&self->files, session, setup->train, setup->folder);
  if (!open_checkpoint (self, setup, &self->checkpoint, &earlier, error))
    return FALSE;
  if (!sl_session_open (session, setup, earlier, self->checkpoint, self->cancellable, error))
    return FALSE;
  sl_validation_open (&self->validation, session);
  resumes = setup->resume && g_file_test (self->files.checkpoint, G_FILE_TEST_EXISTS);
  if (!(resumes ? resume (self, self->checkpoint, error) : start (self, earlier, error)))
    return FALSE;
  if (session->texts != NULL)
    session->texts->resumed = self->checkpoint;
  else
    g_clear_pointer (&self->checkpoint, sl_state_dict_free);
  return TRUE;
}

static void
close_run (Trainer *self)
{
  sl_validation_close (&self->validation);
  sl_run_files_clear (&self->files);
  sl_session_close (&self->session);
  g_clear_pointer (&self->checkpoint, sl_state_dict_free);
  g_clear_pointer (&self->unreadable, g_hash_table_unref);
  g_free (self->rates);
  g_free (self->step_rates);
}

/* ---- Writing down */

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
  gint64 begun = g_get_monotonic_time ();

  if (!sl_run_files_save_model (&self->files, &self->state, error)
      || !sl_run_files_save_state (&self->files, &self->state, error)
      || !tell_checkpoint (self, error))
    return FALSE;
  self->last_checkpoint = g_get_monotonic_time ();
  self->checkpoint_cost = self->last_checkpoint - begun;
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
  if (!sl_run_files_save_model (&self->files, &self->state, error)
      || !tell_checkpoint (self, error))
    return FALSE;
  sl_run_files_remove_checkpoint (&self->files);
  return TRUE;
}

/* ---- Steps */

static void
report_step (Trainer *self, double loss, double momentum)
{
  guint n_groups = sl_params_n_groups (self->session.params);
  guint steps_per_epoch = self->session.steps_per_epoch;
  guint in_epoch = self->state.stage_step - self->state.stage_epochs * steps_per_epoch;
  SlBatchRecord record = {
    .step = self->state.step,
    .epoch = (float)(self->state.epochs_done + (double)in_epoch / steps_per_epoch),
    .loss = (float)loss,
    .smooth = (float)sl_smoother_add (&self->state.smoother, loss),
    .lr = (float)self->step_rates[n_groups - 1],
    .lr_first = (float)self->step_rates[0],
    .momentum = (float)momentum,
  };

  self->state.step++;
  self->state.stage_step++;
  if (self->sink.batch != NULL)
    self->sink.batch (&record, seconds_left (self), self->sink_data);
}

/* Whoever resumed would take the same steps to the same end: the checkpoint goes. */
static gboolean
fail_diverged (Trainer *self, double rate, GError **error)
{
  g_autofree char *text = sl_rate_to_string (rate, rate);

  sl_run_files_remove_checkpoint (&self->files);
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
  const SlStage *stage = stage_of (self);
  const SlOneCycle cycle = sl_recipe_cycle (session->recipe, self->state.stage,
                                            stage->epochs * session->steps_per_epoch);
  double factor, momentum, loss;

  sl_one_cycle_at (&cycle, self->state.stage_step, &factor, &momentum);
  for (guint i = 0; i < sl_params_n_groups (session->params); i++)
    self->step_rates[i] = self->rates[i] * factor;
  if (!sl_session_step (session, batch, self->state.step, self->step_rates, momentum, &loss, error))
    return FALSE;
  if (!isfinite (loss))
    return fail_diverged (self, stage->lr_high, error);
  report_step (self, loss, momentum);
  return TRUE;
}

static gboolean
next_step (Trainer *self, SlFeed *feed, gsize *n_reported, GError **error)
{
  gint64 begun = g_get_monotonic_time ();
  SlBatch *batch = sl_feed_next (feed, self->cancellable, error);
  gboolean done;
  double seconds;

  if (batch == NULL)
    return FALSE;
  sl_feed_report (feed, n_reported, report_unreadable, self);
  done = train_step (self, batch, error);
  sl_feed_give_back (feed, batch);
  seconds = (double)(g_get_monotonic_time () - begun) / G_TIME_SPAN_SECOND;
  self->state.epoch_seconds += seconds;
  sl_clock_add_step (&self->clock, seconds);
  return done;
}

/* What the frozen body says of the pictures as this epoch shows them. */
static gboolean
ensure_kept (Trainer *self, GError **error)
{
  SlSession *session = &self->session;
  SlPassWatch watch = make_watch (self);
  gint64 begun = g_get_monotonic_time ();
  GError *problem = NULL;
  guint view;

  if (session->kept == NULL)
    return TRUE;
  view = self->state.epochs_done % sl_kept_get_n_views (session->kept);
  if (!sl_session_ensure_kept (session, session->kept, view, session->now->batch, &watch, &problem))
    return end_pass (self, problem, error);
  self->state.epoch_seconds += (double)(g_get_monotonic_time () - begun) / G_TIME_SPAN_SECOND;
  return TRUE;
}

/* Steps to the end of the epoch. */
static gboolean
take_steps (Trainer *self, SlFeed *feed, GError **error)
{
  guint end = (self->state.stage_epochs + 1) * self->session.steps_per_epoch;
  gsize n_reported = 0;

  while (self->state.stage_step < end)
    {
      if (!may_go_on (self, error) || !next_step (self, feed, &n_reported, error))
        return FALSE;
      if (g_get_monotonic_time () - self->last_checkpoint > CHECKPOINT_US
          && !save_checkpoint (self, error))
        return FALSE;
    }
  return TRUE;
}

/* The rest of an epoch's steps. Returns %FALSE with @error, or without when stopped. */
static gboolean
train_epoch (Trainer *self, GError **error)
{
  SlSession *session = &self->session;
  guint batch = self->state.stage_step - self->state.stage_epochs * session->steps_per_epoch;
  SlFeed feed;
  gboolean done;

  if (batch == session->steps_per_epoch) /* resumed between the last step and validation */
    return TRUE;
  if (!ensure_kept (self, error))
    return FALSE;
  sl_feed_open_epoch (&feed, session, TRUE, self->state.epochs_done, batch);
  if (session->texts != NULL)
    session->texts->resumed = NULL; /* only the epoch that was left is gone on with */
  g_clear_pointer (&self->checkpoint, sl_state_dict_free);
  done = take_steps (self, &feed, error);
  sl_feed_close (&feed);
  return done;
}

/* ---- The end of an epoch */

/* Whether @record is the best of those that @best is of, which it then is. */
static gboolean
take_best (const Trainer *self, SlEpochRecord *best, const SlEpochRecord *record)
{
  const SlSession *session = &self->session;

  if (isnan (record->valid_loss)
      || (best->epoch > 0
          && !sl_epoch_is_better (session->recipe, session->problem->task, record, best)))
    return FALSE;
  *best = *record;
  return TRUE;
}

static void
note_best (Trainer *self, SlEpochRecord *record)
{
  SlTrainState *state = &self->state;
  gboolean better;

  state->waited = take_best (self, &state->stage_best, record) ? 0 : state->waited + 1;
  better = take_best (self, &state->best, record);
  if (better && self->session.recipe->keep != SL_KEEP_MODEL_LAST)
    sl_run_files_note_best (&self->files);
  record->kept = better || self->files.best == NULL;
}

/* The stage is over by its number of epochs, or by patience. */
static gboolean
stage_is_over (const Trainer *self)
{
  guint patience = self->session.recipe->patience;

  return self->state.stage_epochs == stage_of (self)->epochs
         || (patience > 0 && self->state.waited >= patience);
}

static gboolean
end_stage (Trainer *self, GError **error)
{
  SlTrainState *state = &self->state;

  state->stage++;
  state->stage_step = state->stage_epochs = state->waited = 0;
  memset (&state->stage_best, 0, sizeof state->stage_best);
  self->begun = FALSE;
  if (state->stage == self->session.recipe->n_stages)
    return save_result (self, error);
  return sl_run_files_save_stage (&self->files, state, error)
         && (!checkpoint_is_due (self) || save_checkpoint (self, error));
}

/* Validation, the epoch's record, model and checkpoint. */
static gboolean
end_epoch (Trainer *self, GError **error)
{
  SlTrainState *state = &self->state;
  SlEpochRecord record = { .epoch = state->epochs_done + 1, .stage = state->stage };
  SlPassWatch watch = make_watch (self);
  GError *problem = NULL;
  gint64 begun;

  if (!may_go_on (self, error))
    return FALSE;
  begun = g_get_monotonic_time ();
  if (!sl_validation_run (&self->validation, state->stage_epochs + 1, &record, &watch, &problem))
    return end_pass (self, problem, error);
  self->clock.valid_seconds = (double)(g_get_monotonic_time () - begun) / G_TIME_SPAN_SECOND;
  record.train_loss = sl_smoother_get (&state->smoother);
  record.seconds = state->epoch_seconds + self->clock.valid_seconds;
  note_best (self, &record);
  state->last = record;
  state->epochs_done++;
  state->stage_epochs++;
  state->epoch_seconds = 0;
  if (self->sink.epoch != NULL)
    self->sink.epoch (&record, self->sink_data);
  if (stage_is_over (self))
    return end_stage (self, error);
  return !checkpoint_is_due (self) || save_checkpoint (self, error);
}

/* ---- The run */

/* Returns %FALSE with @error, or without when stopped. */
static gboolean
run_epochs (Trainer *self, GError **error)
{
  while (self->state.stage < self->session.recipe->n_stages)
    {
      if (!self->begun)
        {
          if (!begin_stage (self, error))
            return FALSE;
          report_plan (self);
        }
      if (!train_epoch (self, error) || !end_epoch (self, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run (Trainer *self, GError **error)
{
  GError *problem = NULL;

  report_plan (self);
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

static guint
kept_epoch (const Trainer *self)
{
  const SlTrainState *state = &self->state;

  return self->files.best != NULL ? state->best.epoch : state->last.epoch;
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
  g_return_val_if_fail (setup->start_stage < setup->recipe->n_stages, FALSE);
  g_return_val_if_fail (setup->start_stage == 0 || setup->start_model != NULL, FALSE);
  if (sink != NULL)
    self.sink = *sink;
  self.unreadable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  done = open_run (&self, setup, error) && run (&self, error);
  if (result != NULL)
    *result = (SlTrainResult){ .steps = self.state.step,
                               .epochs = self.state.epochs_done,
                               .stopped = self.stopped,
                               .last = self.state.last,
                               .kept_epoch = kept_epoch (&self),
                               .seconds = (double)(g_get_monotonic_time () - start)
                                          / G_TIME_SPAN_SECOND,
                               .peak_bytes = self.session.peak_bytes };
  close_run (&self);
  return done;
}
