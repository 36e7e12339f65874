/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/validate.h"
#include "train/evaluate.h"
#include <slope/models.h>
#include <slope/random.h>
#include <math.h>

/* Training pictures measured as the validation set is: no more than that has, and at most this
 * many. */
#define SAMPLE_MOST 256
/* They are measured every k-th epoch and in a stage's last one, k such that it takes no more than
 * this share of the time.  By count and not by the clock, so that the same run records the same. */
#define SAMPLE_SHARE 0.05
/* A step of the whole network takes as long as about three forward passes; with a frozen body,
 * little more than one. */
#define STEP_PASSES 3.0
#define FROZEN_STEP_PASSES 1.0

static SlSampleSet *
draw_sample (SlSampleSet *train, gsize n, guint64 seed)
{
  SlSampleSet *sample = sl_sample_set_new (sl_sample_set_problem (train));
  gsize n_train = sl_sample_set_n (train);
  g_autofree guint32 *order = g_new (guint32, n_train);
  SlRandom random;

  for (guint32 i = 0; i < n_train; i++)
    order[i] = i;
  sl_random_init (&random, sl_random_key (seed, SL_PURPOSE_CHECK, 0, 0));
  sl_random_shuffle (&random, order, n_train);
  for (gsize i = 0; i < n; i++)
    {
      const SlSample *one = sl_sample_set_get (train, order[i]);

      sl_sample_set_add (sample, one->id, one->path, one->target);
    }
  return sample;
}

gsize
sl_validation_sample_size (gsize n_train, gsize n_valid)
{
  return MIN (MIN (n_valid, n_train), SAMPLE_MOST);
}

void
sl_validation_open (SlValidation *self, SlSession *session)
{
  const SlTrainSetup *setup = session->setup;
  gsize n;

  *self = (SlValidation){ .session = session };
  if (setup->valid == NULL || sl_sample_set_n (setup->valid) == 0)
    return;
  self->valid = sl_sample_set_ref (setup->valid);
  if (session->texts != NULL)
    return;
  n = sl_validation_sample_size (sl_sample_set_n (setup->train), sl_sample_set_n (setup->valid));
  self->sample = draw_sample (setup->train, n, session->recipe->seed);
}

static void
end_stage (SlValidation *self)
{
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->kept_valid, sl_kept_free);
  g_clear_pointer (&self->kept_sample, sl_kept_free);
}

void
sl_validation_close (SlValidation *self)
{
  end_stage (self);
  g_clear_pointer (&self->valid, sl_sample_set_unref);
  g_clear_pointer (&self->sample, sl_sample_set_unref);
}

static SlKept *
new_kept (const SlValidation *self, SlSampleSet *samples)
{
  const SlRecipe *now = self->session->now;
  SlLoaderOptions options;

  sl_network_loader_options (now, self->batch, FALSE, &options);
  return sl_kept_new (samples, &options, 1, sl_network_n_features (now));
}

gboolean
sl_validation_begin_stage (SlValidation *self, GError **error)
{
  SlSession *session = self->session;
  gboolean kept = session->kept != NULL;
  g_autoptr (SlGraph) graph = NULL;

  end_stage (self);
  if (self->valid == NULL || session->texts != NULL)
    return TRUE;
  self->batch = (guint)MIN (session->now->batch, sl_sample_set_n (self->valid));
  graph = sl_network_new (session->now, session->problem, self->batch,
                          kept ? SL_NETWORK_HEAD : SL_NETWORK_WHOLE, error);
  if (graph == NULL)
    return FALSE;
  if (kept)
    {
      self->kept_valid = new_kept (self, self->valid);
      self->kept_sample = new_kept (self, self->sample);
    }
  self->plan = sl_plan_new (graph, session->params, SL_MODE_EVAL, SL_PLAN_DEFAULT, error);
  return self->plan != NULL;
}

guint
sl_validation_n_batches (const SlValidation *self)
{
  if (self->session->texts != NULL)
    return self->valid != NULL;
  return self->valid == NULL
             ? 0
             : (guint)((sl_sample_set_n (self->valid) + self->batch - 1) / self->batch);
}

/* ---- Measuring */

static gboolean
measures_sample (const SlValidation *self, guint stage_epoch)
{
  const SlSession *session = self->session;
  const SlStage *stage = &session->now->stages[0];
  gboolean frozen = stage->freeze_to >= sl_arch_find (session->now->arch)->n_groups;
  double passes = (frozen ? FROZEN_STEP_PASSES : STEP_PASSES) * (double)session->draw.n;
  guint every = (guint)ceil ((double)sl_sample_set_n (self->sample) / passes / SAMPLE_SHARE);

  return session->kept != NULL || stage_epoch % MAX (every, 1) == 0 || stage_epoch == stage->epochs;
}

static gboolean
measure (SlValidation *self, SlSampleSet *samples, SlKept *kept, SlScore *score,
         const SlPassWatch *watch, GError **error)
{
  SlSession *session = self->session;
  SlEvaluation job = { .plan = self->plan,
                       .batch = self->batch,
                       .recipe = session->now,
                       .cache = session->cache,
                       .kept = kept,
                       .unreadable = watch->unreadable,
                       .unreadable_data = watch->data,
                       .progress = watch->progress,
                       .progress_data = watch->data };

  if (kept != NULL && !sl_session_ensure_kept (session, kept, 0, self->batch, watch, error))
    return FALSE;
  return sl_evaluation_run (&job, samples, score, watch->control, watch->cancellable, error);
}

/* Training texts are not measured beside: their loss without dropout would take as long again. */
static gboolean
run_texts (SlTextSession *texts, SlEpochRecord *record, const SlPassWatch *watch, GError **error)
{
  record->valid_loss = NAN;
  for (guint i = 0; i < SL_MAX_METRICS; i++)
    record->metrics[i] = NAN;
  return texts->valid == NULL || texts->way->validate (texts, record, watch, error);
}

gboolean
sl_validation_run (SlValidation *self, guint stage_epoch, SlEpochRecord *record,
                   const SlPassWatch *watch, GError **error)
{
  const SlProblem *problem = self->session->problem;
  g_auto (SlScore) score = { 0 }, on_sample = { 0 };

  record->train_eval_loss = NAN;
  if (self->session->texts != NULL)
    return run_texts (self->session->texts, record, watch, error);
  if (self->valid == NULL)
    sl_score_init (&score, problem);
  else if (!measure (self, self->valid, self->kept_valid, &score, watch, error))
    return FALSE;
  record->valid_loss = sl_score_loss (&score);
  problem->task->finish_score (problem, &score, record->metrics);
  if (self->valid == NULL || !measures_sample (self, stage_epoch))
    return TRUE;
  if (!measure (self, self->sample, self->kept_sample, &on_sample, watch, error))
    return FALSE;
  record->train_eval_loss = sl_score_loss (&on_sample);
  return TRUE;
}
