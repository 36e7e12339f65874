/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/evaluate.h"
#include "train/control.h"
#include "train/feed.h"
#include "train/network.h"
#include "train/tta.h"
#include <math.h>
#include <string.h>

/* Progress is told at most this often. */
#define PROGRESS_US (33 * G_TIME_SPAN_MILLISECOND)

/* What a pass needs besides its description. */
typedef struct
{
  const SlEvaluation *job;
  SlSampleSet *samples;
  const SlProblem *problem;
  SlTensor *losses; /* owned: outputs of the last batch */
  SlTensor *probabilities;
  guint views;          /* rows that a picture takes */
  gsize n_unreadable;   /* reported so far */
  gint64 last_progress; /* monotonic time */
} Pass;

static void
pass_clear (Pass *self)
{
  g_clear_pointer (&self->losses, sl_tensor_unref);
  g_clear_pointer (&self->probabilities, sl_tensor_unref);
}

static void
take_output (SlPlan *plan, const char *name, SlTensor **tensor)
{
  gsize n;
  const float *values;

  if (*tensor == NULL)
    {
      *tensor = sl_plan_dup_output (plan, name);
      return;
    }
  values = sl_plan_output (plan, name, &n);
  memcpy (sl_tensor_f32 (*tensor), values, n * sizeof *values);
}

static void
describe_batch (Pass *self, const SlBatch *batch, gsize n)
{
  const SlTask *task = self->problem->task;
  const float *weights = sl_tensor_f32 (batch->weights);

  for (gsize i = 0; i < n; i++)
    {
      gsize first = batch->index * (self->job->batch / self->views);
      const SlSample *sample = sl_sample_set_get (self->samples, first + i);
      SlPrediction prediction = { 0 };

      if (weights[i] <= 0) /* unreadable: reported as such, not predicted */
        continue;
      task->describe (self->problem, self->job->recipe, sample->target,
                      &batch->views[i * self->views], self->probabilities,
                      sample->target != NULL ? batch->targets : NULL, i, &prediction);
      prediction.id = sample->id;
      prediction.loss = sample->target != NULL ? sl_tensor_f32 (self->losses)[i] : NAN;
      self->job->each (&prediction, self->job->each_data);
      sl_prediction_clear (&prediction);
    }
}

static void
report (Pass *self, SlFeed *feed, gsize done)
{
  const SlEvaluation *job = self->job;
  gsize total = sl_sample_set_n (self->samples);
  gint64 now = g_get_monotonic_time ();

  sl_feed_report (feed, &self->n_unreadable, job->unreadable, job->unreadable_data);
  if (job->progress == NULL || (now - self->last_progress < PROGRESS_US && done < total))
    return;
  self->last_progress = now;
  job->progress (done, total, NULL, job->progress_data);
}

/* The task scores the first items of a batch, so pictures that could not be read move out of the
 * way.  Returns: how many were read. */
static gsize
close_gaps (Pass *self, const SlBatch *batch, gsize n_items)
{
  const float *weights = sl_tensor_f32 (batch->weights);
  gsize n = 0;

  for (gsize i = 0; i < n_items; i++)
    {
      if (weights[i] <= 0)
        continue;
      sl_tensor_move_row (self->losses, i, n);
      sl_tensor_move_row (self->probabilities, i, n);
      sl_tensor_move_row (batch->targets, i, n);
      n++;
    }
  return n;
}

static gboolean
evaluate_batch (Pass *self, SlBatch *batch, SlScore *score, GError **error)
{
  const SlTask *task = self->problem->task;
  const SlRecipe *recipe = self->job->recipe;
  SlPlan *plan = self->job->plan;
  gsize n = batch->n_items / self->views;

  if (!sl_network_set_batch (plan, batch, error))
    return FALSE;
  sl_plan_forward (plan, 0);
  take_output (plan, "losses", &self->losses);
  take_output (plan, "probabilities", &self->probabilities);
  if (self->views > 1)
    {
      sl_tta_blend (n, batch, self->probabilities);
      task->item_losses (self->problem, recipe, n, self->probabilities, batch->targets,
                         self->losses);
    }
  if (self->job->each != NULL)
    describe_batch (self, batch, n);
  task->score (self->problem, recipe, score, close_gaps (self, batch, n), self->losses,
               self->probabilities, batch->targets);
  return TRUE;
}

static gboolean
run_batches (Pass *self, SlFeed *feed, SlScore *score, SlTrainControl *control,
             GCancellable *cancellable, GError **error)
{
  gsize n = sl_feed_n_batches (feed);
  gsize done = 0;

  for (gsize i = 0; i < n; i++)
    {
      SlBatch *batch;
      gboolean fine;

      if (!sl_train_control_wait (control, cancellable))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The evaluation was stopped");
          return FALSE;
        }
      batch = sl_feed_next (feed, cancellable, error);
      if (batch == NULL)
        return FALSE;
      fine = evaluate_batch (self, batch, score, error);
      done += batch->n_items / self->views;
      sl_feed_give_back (feed, batch);
      if (!fine)
        return FALSE;
      report (self, feed, done);
    }
  return TRUE;
}

gboolean
sl_evaluation_run (const SlEvaluation *self, SlSampleSet *samples, SlScore *score,
                   SlTrainControl *control, GCancellable *cancellable, GError **error)
{
  Pass pass = { .job = self,
                .samples = samples,
                .problem = sl_sample_set_problem (samples),
                .views = self->tta ? SL_TTA_VIEWS : 1 };
  g_autofree guint32 *order = NULL;
  SlLoaderOptions options;
  SlFeed feed;
  gboolean done;

  g_return_val_if_fail (self->batch % pass.views == 0, FALSE);
  g_return_val_if_fail (!self->tta || self->kept == NULL, FALSE);
  g_return_val_if_fail (!self->tta || pass.problem->task->may_blend, FALSE);
  g_return_val_if_fail (self->each == NULL || self->kept == NULL, FALSE);

  sl_score_init (score, pass.problem);
  sl_network_loader_options (self->recipe, self->batch, FALSE, &options);
  if (self->tta)
    order = sl_tta_set_options (&options, self->recipe, sl_sample_set_n (samples));
  sl_feed_open (&feed, samples, self->kept, self->cache, &options, 0, 0);
  done = run_batches (&pass, &feed, score, control, cancellable, error);
  sl_feed_close (&feed);
  pass_clear (&pass);
  return done;
}
