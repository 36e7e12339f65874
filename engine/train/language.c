/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/language.h>

#include <math.h>
#include <slope/random.h>
#include <string.h>

#define N_STATES 2 /* of a layer: h and c */

static const char *const letters[N_STATES] = { "h", "c" };

/* A plan for batches of one shape, and the state that goes from one to the next. */
typedef struct
{
  const SlAwdLstm *model;
  SlGraph *graph;
  SlPlan *plan;
  guint n_texts;
  float *state[SL_AWD_LSTM_MAX_LAYERS * N_STATES];
} Runner;

/* What was added up so far. */
typedef struct
{
  guint64 n;
  double loss;
  double hits;
} Sum;

static SlGraph *
build (const SlAwdLstm *model, guint n_texts, guint length, GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlShape shape = SL_SHAPE2 (n_texts, length);
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, shape);
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, shape);
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, shape);

  return sl_awd_lstm_build_language (graph, model, tokens, targets, weights, error)
             ? g_steal_pointer (&graph)
             : NULL;
}

SlParams *
sl_language_new_params (const SlAwdLstm *model, guint64 seed, GError **error)
{
  g_autoptr (SlGraph) graph = build (model, 1, 1, error);

  return graph != NULL ? sl_params_new (graph, seed) : NULL;
}

/* ---- Batches */

static gsize
state_bytes (const Runner *self, guint i)
{
  return sizeof (float) * self->n_texts * sl_awd_lstm_n_units (self->model, i / N_STATES);
}

static void
runner_clear (Runner *self)
{
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->graph, sl_graph_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (self->state); i++)
    g_clear_pointer (&self->state[i], g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Runner, runner_clear)

static gboolean
runner_init (Runner *self, const SlAwdLstm *model, SlParams *params, const SlTokenStreams *streams,
             SlMode mode, GError **error)
{
  self->model = model;
  self->n_texts = sl_token_streams_n_streams (streams);
  self->graph = build (model, self->n_texts, sl_token_streams_length (streams), error);
  if (self->graph == NULL)
    return FALSE;
  self->plan = sl_plan_new (self->graph, params, mode, SL_PLAN_DEFAULT, error);
  if (self->plan == NULL)
    return FALSE;
  for (guint i = 0; i < model->n_layers * N_STATES; i++)
    self->state[i] = g_malloc (state_bytes (self, i));
  return TRUE;
}

static void
begin_texts (Runner *self)
{
  for (guint i = 0; i < self->model->n_layers * N_STATES; i++)
    memset (self->state[i], 0, state_bytes (self, i));
}

/* FALSE: no batch is left. */
static gboolean
set_batch (Runner *self, SlTokenStreams *streams)
{
  if (!sl_token_streams_next (streams, sl_plan_input_data (self->plan, "tokens"),
                              sl_plan_input_data (self->plan, "targets"),
                              sl_plan_input_data (self->plan, "weights")))
    return FALSE;
  for (guint i = 0; i < self->model->n_layers * N_STATES; i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "%s%u", letters[i % N_STATES], i / N_STATES);
      memcpy (sl_plan_input_data (self->plan, name), self->state[i], state_bytes (self, i));
    }
  return TRUE;
}

static void
keep_state (Runner *self)
{
  for (guint i = 0; i < self->model->n_layers * N_STATES; i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "%s%u after", letters[i % N_STATES], i / N_STATES);
      memcpy (self->state[i], sl_plan_output (self->plan, name, NULL), state_bytes (self, i));
    }
}

/* FALSE: the loss is no number. */
static gboolean
run_batch (Runner *self, guint64 key, guint64 n_tokens, Sum *sum, GError **error)
{
  const float *losses, *hits;
  gsize n;

  sl_plan_forward (self->plan, key);
  keep_state (self);
  losses = sl_plan_output (self->plan, "losses", &n);
  hits = sl_plan_output (self->plan, "hits", &n);
  for (gsize i = 0; i < n; i++)
    {
      sum->loss += (double)losses[i];
      sum->hits += (double)hits[i];
    }
  sum->n += n_tokens;
  if (isfinite (sum->loss) && isfinite (*sl_plan_output (self->plan, "loss", NULL)))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DIVERGED,
               "The loss is no longer a number: use a smaller learning rate, or clip gradients");
  return FALSE;
}

static SlLanguageScore
score_of (const Sum *sum)
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
take_step (Training *self, Runner *runner)
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
run_texts (Runner *self, SlTokenStreams *streams, Training *training, GCancellable *cancellable,
           SlLanguageScore *score, GError **error)
{
  Sum sum = { 0 };

  begin_texts (self);
  for (guint64 left; (left = sl_token_streams_n_left (streams)) > 0;)
    {
      guint64 key = training != NULL ? sl_random_key (training->recipe->seed, SL_PURPOSE_DROPOUT,
                                                      training->step, 0)
                                     : 0;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      set_batch (self, streams);
      if (!run_batch (self, key, left - sl_token_streams_n_left (streams), &sum, error))
        return FALSE;
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
  g_auto (Runner) runner = { 0 };

  if (!runner_init (&runner, model, params, streams, SL_MODE_EVAL, error))
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
  g_auto (Runner) runner = { 0 };
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
  if (!runner_init (&runner, model, params, train, SL_MODE_TRAIN, error))
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
