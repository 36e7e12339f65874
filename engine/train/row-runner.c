/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/row-runner.h"
#include "train/control.h"
#include <math.h>
#include <string.h>

#define INPUT_TOKENS "tokens"
#define INPUT_STARTS "starts"
#define INPUT_TARGETS "targets"
#define INPUT_WEIGHTS "weights"
#define PROGRESS_US (33 * G_TIME_SPAN_MILLISECOND)

SlGraph *
sl_row_graph_new (const SlTextClassifier *model, const SlRecipe *recipe, const SlProblem *problem,
                  guint n_rows, guint length, GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  const SlTask *task = problem->task;
  SlValue tokens, starts, targets, weights, logits;
  SlDType dtype;
  SlShape shape;

  tokens = sl_graph_input (graph, INPUT_TOKENS, SL_DTYPE_I32, SL_SHAPE2 (n_rows, length));
  starts = sl_graph_input (graph, INPUT_STARTS, SL_DTYPE_I32, SL_SHAPE1 (n_rows));
  logits = sl_text_classifier_build (graph, model, tokens, starts, error);
  task->target_layout (problem, n_rows, 1, 1, &dtype, &shape);
  targets = sl_graph_input (graph, INPUT_TARGETS, dtype, shape);
  weights = sl_graph_input (graph, INPUT_WEIGHTS, SL_DTYPE_F32, SL_SHAPE1 (n_rows));
  if (logits == SL_NO_VALUE
      || !task->add_loss (problem, recipe, graph, logits, targets, weights, error))
    return NULL;
  return g_steal_pointer (&graph);
}

void
sl_row_runner_init (SlRowRunner *self, const SlAwdLstm *encoder, const SlRecipe *recipe,
                    SlProblem *problem, SlParams *params, SlMode mode, SlPlanFlags flags)
{
  *self = (SlRowRunner){
    .recipe = recipe, .problem = problem, .params = params, .mode = mode, .flags = flags
  };
  sl_text_classifier_init (&self->model, encoder, problem->task->n_outputs (problem));
}

static void
drop_plan (SlRowRunner *self)
{
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->targets, sl_tensor_unref);
}

void
sl_row_runner_clear (SlRowRunner *self)
{
  drop_plan (self);
  g_clear_pointer (&self->memory, sl_plan_memory_free);
}

static gboolean
ensure_plan (SlRowRunner *self, guint n_rows, guint length, GError **error)
{
  g_autoptr (SlGraph) graph = NULL;
  SlDType dtype;
  SlShape shape;

  if (self->plan != NULL && self->n_rows == n_rows && self->length == length)
    return TRUE;
  drop_plan (self);
  if (self->memory == NULL)
    self->memory = sl_plan_memory_new ();
  graph = sl_row_graph_new (&self->model, self->recipe, self->problem, n_rows, length, error);
  if (graph == NULL)
    return FALSE;
  self->plan = sl_plan_new_in (graph, self->params, self->mode, self->flags, self->memory, error);
  if (self->plan == NULL)
    return FALSE;
  self->problem->task->target_layout (self->problem, n_rows, 1, 1, &dtype, &shape);
  self->targets = sl_tensor_new (dtype, shape);
  self->n_rows = n_rows;
  self->length = length;
  return TRUE;
}

gboolean
sl_row_runner_set (SlRowRunner *self, guint n_rows, guint length, const char *const *targets,
                   GError **error)
{
  const SlTask *task = self->problem->task;
  float *weights;

  if (!ensure_plan (self, n_rows, length, error))
    return FALSE;
  weights = sl_plan_input_data (self->plan, INPUT_WEIGHTS);
  for (guint i = 0; i < n_rows; i++)
    {
      weights[i] = 1;
      if (!task->encode (self->problem, targets != NULL ? targets[i] : NULL, NULL, self->targets, i,
                         error))
        return FALSE;
    }
  return sl_plan_set_input (self->plan, INPUT_TARGETS, self->targets, error);
}

gint32 *
sl_row_runner_tokens (SlRowRunner *self)
{
  return sl_plan_input_data (self->plan, INPUT_TOKENS);
}

gint32 *
sl_row_runner_starts (SlRowRunner *self)
{
  return sl_plan_input_data (self->plan, INPUT_STARTS);
}

/* ---- Passes */

SlTokenRows *
sl_row_pass_rows (SlSampleSet *samples, SlTokenCache *tokens, const guint32 *map, guint batch,
                  double least_part)
{
  const gsize n = sl_sample_set_n (samples);
  g_autofree guint32 *texts = g_new (guint32, n + 1);
  SlTokenRowsOptions options = SL_TOKEN_ROWS_OPTIONS_INIT;

  for (gsize i = 0; i < n; i++)
    texts[i] = (guint32)sl_sample_set_get (samples, i)->row;
  options.n_rows = batch;
  options.least_part = least_part;
  return sl_token_rows_new (tokens, map, texts, n, &options);
}

static void
describe_batch (const SlRowPass *self, const SlTokenBatch *batch, SlTensor *losses,
                SlTensor *probabilities)
{
  const SlRowRunner *runner = self->runner;
  const SlTask *task = runner->problem->task;

  for (guint i = 0; i < batch->n_rows; i++)
    {
      const SlSample *sample = sl_sample_set_get (self->samples, batch->items[i]);
      SlPrediction prediction = { 0 };

      task->describe (runner->problem, runner->recipe, sample->target, NULL, probabilities,
                      sample->target != NULL ? runner->targets : NULL, i, &prediction);
      prediction.id = sample->id;
      prediction.loss = sample->target != NULL ? sl_tensor_f32 (losses)[i] : NAN;
      self->each (&prediction, self->each_data);
      sl_prediction_clear (&prediction);
    }
}

static gboolean
run_batch (const SlRowPass *self, const SlTokenBatch *batch, SlScore *score, GError **error)
{
  SlRowRunner *runner = self->runner;
  const SlTask *task = runner->problem->task;
  g_autofree const char **targets = g_new (const char *, batch->n_rows);
  g_autoptr (SlTensor) losses = NULL, probabilities = NULL;

  for (guint i = 0; i < batch->n_rows; i++)
    targets[i] = sl_sample_set_get (self->samples, batch->items[i])->target;
  if (!sl_row_runner_set (runner, batch->n_rows, batch->length, targets, error))
    return FALSE;
  sl_token_rows_fill (self->rows, batch, sl_row_runner_tokens (runner),
                      sl_row_runner_starts (runner));
  sl_plan_forward (runner->plan, 0);
  losses = sl_plan_dup_output (runner->plan, "losses");
  probabilities = sl_plan_dup_output (runner->plan, "probabilities");
  if (self->each != NULL)
    describe_batch (self, batch, losses, probabilities);
  task->score (runner->problem, runner->recipe, score, batch->n_rows, losses, probabilities,
               runner->targets);
  return TRUE;
}

gboolean
sl_row_pass_run (const SlRowPass *self, SlScore *score, const SlPassWatch *watch, GError **error)
{
  const gsize n = sl_sample_set_n (self->samples);
  SlTokenBatch batch;
  gint64 told = 0;
  gsize done = 0;

  sl_score_init (score, self->runner->problem);
  sl_token_rows_begin (self->rows, FALSE, 0);
  while (sl_token_rows_next (self->rows, &batch))
    {
      gint64 now;

      if (!sl_train_control_wait (watch->control, watch->cancellable))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "The evaluation was stopped");
          return FALSE;
        }
      if (!run_batch (self, &batch, score, error))
        return FALSE;
      done += batch.n_rows;
      now = g_get_monotonic_time ();
      if (watch->progress == NULL || (now - told < PROGRESS_US && done < n))
        continue;
      told = now;
      watch->progress (done, n, NULL, watch->data);
    }
  return TRUE;
}
