/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/language.h>

#include "train/stream-runner.h"

#include <math.h>
#include <slope/random.h>

SlParams *
sl_language_new_params (const SlAwdLstm *model, guint64 seed, GError **error)
{
  g_autoptr (SlGraph) graph = sl_stream_graph_new (model, 1, 1, error);

  return graph != NULL ? sl_params_new (graph, seed) : NULL;
}

static SlLanguageScore
score_of (const SlStreamSum *sum)
{
  double n = (double)sum->n;

  return (SlLanguageScore){ sum->n, sum->loss / n, exp (sum->loss / n), sum->hits / n };
}

/* ---- Passes over all texts */

typedef struct
{
  const SlLanguageRecipe *recipe;
  SlParams *params;
  SlAdamW adamw;
  SlOneCycle cycle;
  double *rates; /* the highest, one a group */
  double *now;
  guint step;
} Training;

static void
take_step (Training *self, SlStreamRunner *runner)
{
  double factor, momentum;

  sl_plan_backward (runner->plan);
  if (self->recipe->clip > 0)
    sl_params_clip_grads (self->params, self->recipe->clip);
  sl_one_cycle_at (&self->cycle, self->step++, &factor, &momentum);
  for (guint i = 0; i < sl_params_n_groups (self->params); i++)
    self->now[i] = self->rates[i] * factor;
  sl_adamw_step (&self->adamw, self->params, self->now, momentum);
}

/* @training: (nullable): evaluates.  The streams stand at their beginning. */
static gboolean
run_texts (SlStreamRunner *self, SlTokenStreams *streams, Training *training,
           GCancellable *cancellable, SlLanguageScore *score, GError **error)
{
  SlStreamSum sum = { 0 };

  sl_stream_runner_begin (self);
  while (sl_token_streams_n_left (streams) > 0)
    {
      guint64 key = training != NULL ? sl_random_key (training->recipe->seed, SL_PURPOSE_DROPOUT,
                                                      training->step, 0)
                                     : 0;
      double loss;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      sl_stream_runner_forward (self, streams, key, &sum, &loss);
      if (!isfinite (loss) || !isfinite (sum.loss))
        {
          g_set_error (error, SL_ERROR, SL_ERROR_DIVERGED,
                       "The loss is no longer a number: use a smaller learning rate, or clip "
                       "gradients");
          return FALSE;
        }
      if (training != NULL)
        take_step (training, self);
    }
  *score = score_of (&sum);
  return TRUE;
}

gboolean
sl_language_evaluate (const SlAwdLstm *model, SlParams *params, SlTokenStreams *streams,
                      GCancellable *cancellable, SlLanguageScore *score, GError **error)
{
  g_auto (SlStreamRunner) runner = { 0 };

  if (!sl_stream_runner_init (&runner, model, params, streams, SL_MODE_EVAL, SL_PLAN_DEFAULT,
                              error))
    return FALSE;
  sl_token_streams_begin (streams, FALSE, 0);
  return run_texts (&runner, streams, NULL, cancellable, score, error);
}

gboolean
sl_language_train (const SlAwdLstm *model, SlParams *params, SlTokenStreams *train,
                   SlTokenStreams *valid, const SlLanguageRecipe *recipe, GCancellable *cancellable,
                   SlLanguageFunc func, gpointer user_data, GError **error)
{
  guint n_groups = sl_params_n_groups (params);
  g_autofree double *rates = g_new (double, n_groups), *now = g_new (double, n_groups);
  const SlPlanFlags flags = recipe->precision == SL_PRECISION_BF16 ? SL_PLAN_BF16 : SL_PLAN_DEFAULT;
  g_auto (SlStreamRunner) runner = { 0 };
  Training training = { .recipe = recipe,
                        .params = params,
                        .adamw = SL_ADAMW_INIT,
                        .cycle = SL_ONE_CYCLE_INIT (recipe->n_epochs
                                                    * (guint)sl_token_streams_n_batches (train)),
                        .rates = rates,
                        .now = now };

  training.adamw.weight_decay = recipe->weight_decay;
  training.cycle.mom_high = recipe->mom_high;
  training.cycle.mom_low = recipe->mom_low;
  sl_slice_rates (recipe->lr_low, recipe->lr_high, n_groups, rates);
  sl_params_reset_moments (params);
  if (!sl_stream_runner_init (&runner, model, params, train, SL_MODE_TRAIN, flags, error))
    return FALSE;
  for (guint epoch = 0; epoch < recipe->n_epochs; epoch++)
    {
      SlLanguageScore score, checked;

      sl_token_streams_begin (train, TRUE,
                              sl_random_key (recipe->seed, SL_PURPOSE_SHUFFLE, epoch, 0));
      if (!run_texts (&runner, train, &training, cancellable, &score, error)
          || (valid != NULL
              && !sl_language_evaluate (model, params, valid, cancellable, &checked, error)))
        return FALSE;
      if (func != NULL)
        func (epoch, &score, valid != NULL ? &checked : NULL, user_data);
    }
  return TRUE;
}
