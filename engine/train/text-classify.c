/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A classifier of texts in a session: rows of one text or a part of it, those of a batch of about the same length. */
#include "train/network.h"
#include "train/row-runner.h"
#include "train/text-session.h"
#include <slope/random.h>

#define AUTO_BATCH 32
#define LEAST_BATCH 4
/* A small set learns in its few epochs only if they have steps enough. */
#define WANTED_STEPS 16

typedef struct
{
  SlTokenRows *train;
  SlTokenRows *valid; /* (nullable) */
  SlRowRunner runner;
  SlRowRunner checker; /* of @valid */
  guint64 epoch;       /* under way */
} Work;

static SlGraph *
make_graph (const SlTextSession *self, GError **error)
{
  SlTextClassifier model;

  sl_text_classifier_init (&model, &self->model, self->problem->task->n_outputs (self->problem));
  return sl_row_graph_new (&model, self->recipe, self->problem, 2, 1, error);
}

static guint
choose_batch (const SlTextSession *self)
{
  const gsize n = sl_sample_set_n (self->train);
  guint batch = AUTO_BATCH;

  while (batch > LEAST_BATCH && n / batch < WANTED_STEPS)
    batch /= 2;
  return batch;
}

/* How many batches there are may differ by a few between epochs.  All have as many steps as the first: what more there
 * is waits for another epoch, where there are fewer the first ones come again. */
static guint
count_steps (const SlTextSession *self, guint batch)
{
  g_autoptr (SlTokenRows)
      rows = sl_row_pass_rows (self->train, self->tokens, self->map, batch, self->recipe->part);

  return (guint)sl_token_rows_begin (rows, TRUE,
                                     sl_random_key (self->recipe->seed, SL_PURPOSE_SHUFFLE, 0, 0));
}

/* Of the largest batches that there may be. */
static gsize
predict_plans (const SlTextSession *self, SlParams *params, guint batch, SlPlanFlags flags)
{
  const SlTokenRowsOptions options = SL_TOKEN_ROWS_OPTIONS_INIT;
  const guint length = (guint)MIN (options.max_places / batch, options.max_tokens);
  g_autoptr (SlGraph) graph = NULL;
  SlTextClassifier model;

  sl_text_classifier_init (&model, &self->model, self->problem->task->n_outputs (self->problem));
  graph = sl_row_graph_new (&model, self->recipe, self->problem, batch, length, NULL);
  return sl_text_session_plan_bytes (self, graph, params, flags);
}

static void
end_stage (SlTextSession *self)
{
  Work *work = self->work;

  if (work == NULL)
    return;
  sl_row_runner_clear (&work->runner);
  sl_row_runner_clear (&work->checker);
  g_clear_pointer (&work->train, sl_token_rows_free);
  g_clear_pointer (&work->valid, sl_token_rows_free);
  g_clear_pointer (&self->work, g_free);
}

static gboolean
begin_stage (SlTextSession *self, GError **error)
{
  Work *work = g_new0 (Work, 1);
  const guint batch = self->now->batch;

  end_stage (self);
  self->work = work;
  work->train = sl_row_pass_rows (self->train, self->tokens, self->map, batch, self->now->part);
  sl_row_runner_init (&work->runner, &self->model, self->now, self->problem, self->params,
                      SL_MODE_TRAIN, sl_network_train_flags (self->now));
  if (self->valid == NULL)
    return TRUE;
  work->valid = sl_row_pass_rows (self->valid, self->tokens, self->map, batch, 1);
  sl_row_runner_init (&work->checker, &self->model, self->now, self->problem, self->params,
                      SL_MODE_EVAL, SL_PLAN_DEFAULT);
  return TRUE;
}

static void
begin_rows (SlTextSession *self)
{
  Work *work = self->work;

  sl_token_rows_begin (work->train, TRUE,
                       sl_random_key (self->now->seed, SL_PURPOSE_SHUFFLE, work->epoch, 0));
}

static void
next_rows (SlTextSession *self, SlTokenBatch *batch)
{
  Work *work = self->work;

  if (sl_token_rows_next (work->train, batch))
    return;
  begin_rows (self);
  sl_token_rows_next (work->train, batch);
}

static void
begin_epoch (SlTextSession *self, guint64 epoch, gsize first_batch)
{
  Work *work = self->work;
  SlTokenBatch batch;

  work->epoch = epoch;
  begin_rows (self);
  for (gsize i = 0; i < first_batch; i++)
    next_rows (self, &batch);
}

static gboolean
forward (SlTextSession *self, guint64 key, double *loss, GError **error)
{
  Work *work = self->work;
  SlRowRunner *runner = &work->runner;
  g_autofree const char **targets = NULL;
  SlTokenBatch batch;

  next_rows (self, &batch);
  targets = g_new (const char *, batch.n_rows);
  for (guint i = 0; i < batch.n_rows; i++)
    targets[i] = sl_sample_set_get (self->train, batch.items[i])->target;
  if (!sl_row_runner_set (runner, batch.n_rows, batch.length, targets, error))
    return FALSE;
  sl_token_rows_fill (work->train, &batch, sl_row_runner_tokens (runner),
                      sl_row_runner_starts (runner));
  sl_plan_forward (runner->plan, key);
  *loss = *sl_plan_output (runner->plan, "loss", NULL);
  self->plan = runner->plan;
  return TRUE;
}

static gboolean
validate (SlTextSession *self, SlEpochRecord *record, const SlPassWatch *watch, GError **error)
{
  Work *work = self->work;
  const SlRowPass pass = { .runner = &work->checker, .rows = work->valid, .samples = self->valid };
  g_auto (SlScore) score = { 0 };
  gboolean ok;

  ok = sl_row_pass_run (&pass, &score, watch, error);
  /* Its memory is the training plan's, as soon as the next batch wants it. */
  sl_row_runner_clear (&work->checker);
  if (!ok)
    return FALSE;
  record->valid_loss = sl_score_loss (&score);
  self->problem->task->finish_score (self->problem, &score, record->metrics);
  return TRUE;
}

const SlTextWay sl_text_way_classify = {
  .graph = make_graph,
  .batch = choose_batch,
  .n_steps = count_steps,
  .plan_bytes = predict_plans,
  .begin_stage = begin_stage,
  .begin_epoch = begin_epoch,
  .forward = forward,
  .validate = validate,
  .end_stage = end_stage,
};
