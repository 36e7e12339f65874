/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A language model in a session: streams of all texts, whose state goes from batch to batch. */
#include "train/control.h"
#include "train/network.h"
#include "train/text-session.h"
#include "train/text-words.h"
#include <slope/random.h>
#include <math.h>
#include <string.h>

/* Of a batch that is chosen automatically: the course's, or fewer, so that an epoch has steps enough. */
#define MOST_STREAMS 64
#define LEAST_STREAMS 4
#define WANTED_STEPS 50
#define PROGRESS_US (33 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  SlTokenStreams *train;
  SlTokenStreams *valid; /* (nullable) */
  SlStreamRunner runner;
  SlStreamRunner checker; /* of @valid */
} Work;

static guint64
count_tokens (const SlTextSession *self, SlSampleSet *samples)
{
  guint64 n = 0;

  for (gsize i = 0; i < sl_sample_set_n (samples); i++)
    {
      gsize length;

      sl_token_cache_get_text (self->tokens, sl_sample_set_get (samples, i)->row, &length);
      n += length;
    }
  return n;
}

static SlGraph *
make_graph (const SlTextSession *self, GError **error)
{
  return sl_stream_graph_new (&self->model, 1, 1, error);
}

static guint
choose_batch (const SlTextSession *self)
{
  const guint64 wanted = count_tokens (self, self->train)
                         / ((guint64)self->recipe->window * WANTED_STEPS);
  guint n = MOST_STREAMS;

  while (n > LEAST_STREAMS && n > wanted)
    n /= 2;
  return n;
}

/* As SlTokenStreams cuts them. */
static guint
count_steps (const SlTextSession *self, guint batch)
{
  const guint64 length = count_tokens (self, self->train) / batch;

  return length < 2 ? 0 : (guint)((length - 1 + self->recipe->window - 1) / self->recipe->window);
}

static gsize
predict_plans (const SlTextSession *self, SlParams *params, guint batch, SlPlanFlags flags)
{
  g_autoptr (SlGraph) graph = sl_stream_graph_new (&self->model, batch, self->recipe->window, NULL);

  return sl_text_session_plan_bytes (self, graph, params, flags);
}

static SlTokenStreams *
open_streams (const SlTextSession *self, SlSampleSet *samples, guint batch, GError **error)
{
  g_autofree guint8 *uses = sl_text_mark (samples, self->tokens);

  return sl_token_streams_new (self->tokens, self->map, uses, batch, self->recipe->window, error);
}

static void
end_stage (SlTextSession *self)
{
  Work *work = self->work;

  if (work == NULL)
    return;
  sl_stream_runner_clear (&work->runner);
  sl_stream_runner_clear (&work->checker);
  g_clear_pointer (&work->train, sl_token_streams_free);
  g_clear_pointer (&work->valid, sl_token_streams_free);
  g_clear_pointer (&self->work, g_free);
}

/* A few validation texts cannot fill as many rows. */
static gboolean
open_validation (SlTextSession *self, Work *work, GError **error)
{
  const guint64 rows = count_tokens (self, self->valid) / self->recipe->window;

  work->valid = open_streams (self, self->valid, (guint)CLAMP (rows, 1, self->now->batch), error);
  return work->valid != NULL
         && sl_stream_runner_init (&work->checker, &self->model, self->params, work->valid,
                                   SL_MODE_EVAL, SL_PLAN_DEFAULT, error);
}

static gboolean
begin_stage (SlTextSession *self, GError **error)
{
  Work *work = g_new0 (Work, 1);

  end_stage (self);
  self->work = work;
  work->train = open_streams (self, self->train, self->now->batch, error);
  if (work->train == NULL
      || !sl_stream_runner_init (&work->runner, &self->model, self->params, work->train,
                                 SL_MODE_TRAIN, sl_network_train_flags (self->now), error))
    return FALSE;
  self->plan = work->runner.plan;
  return self->valid == NULL || open_validation (self, work, error);
}

/* In mid-epoch the state is the checkpoint's, which is then used up. */
static void
begin_epoch (SlTextSession *self, guint64 epoch, gsize first_batch)
{
  Work *work = self->work;
  SlStreamRunner *runner = &work->runner;

  sl_token_streams_begin (work->train, TRUE,
                          sl_random_key (self->now->seed, SL_PURPOSE_SHUFFLE, epoch, 0));
  sl_stream_runner_begin (runner);
  if (first_batch == 0)
    return;
  sl_token_streams_skip (work->train, first_batch);
  for (guint i = 0; self->resumed != NULL && i < sl_stream_runner_n_states (runner); i++)
    {
      g_autofree char *entry = NULL;
      char name[16];
      SlShape shape;
      float *state = sl_stream_runner_get_state (runner, i, name, &shape);
      SlTensor *tensor;

      entry = g_strconcat (SL_TEXT_STATE, name, NULL);
      tensor = sl_state_dict_lookup (self->resumed, entry);
      if (tensor != NULL && sl_shape_equal (sl_tensor_get_shape (tensor), shape))
        memcpy (state, sl_tensor_f32 (tensor), sl_shape_n_elements (shape) * sizeof *state);
    }
}

static gboolean
forward (SlTextSession *self, guint64 key, double *loss, GError **error)
{
  Work *work = self->work;

  return sl_stream_runner_forward (&work->runner, work->train, key, NULL, loss);
}

static gboolean
validate (SlTextSession *self, SlEpochRecord *record, const SlPassWatch *watch, GError **error)
{
  Work *work = self->work;
  SlStreamSum sum = { 0 };
  gint64 told = 0;
  guint64 n;
  double loss;

  sl_token_streams_begin (work->valid, FALSE, 0);
  sl_stream_runner_begin (&work->checker);
  n = sl_token_streams_n_left (work->valid);
  do
    {
      gint64 now = g_get_monotonic_time ();

      if (!sl_train_control_wait (watch->control, watch->cancellable))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "The evaluation was stopped");
          return FALSE;
        }
      if (watch->progress != NULL && now - told >= PROGRESS_US)
        watch->progress (n - sl_token_streams_n_left (work->valid), n, NULL, watch->data);
      told = now - told >= PROGRESS_US ? now : told;
    }
  while (sl_stream_runner_forward (&work->checker, work->valid, 0, &sum, &loss));
  record->valid_loss = sum.loss / (double)sum.n;
  record->metrics[0] = sum.hits / (double)sum.n;
  record->metrics[1] = exp (record->valid_loss);
  return TRUE;
}

static void
save_state (SlTextSession *self, SlStateDict *dict)
{
  Work *work = self->work;
  SlStreamRunner *runner = &work->runner;

  for (guint i = 0; i < sl_stream_runner_n_states (runner); i++)
    {
      g_autofree char *entry = NULL;
      g_autoptr (SlTensor) tensor = NULL;
      char name[16];
      SlShape shape;
      const float *state = sl_stream_runner_get_state (runner, i, name, &shape);

      entry = g_strconcat (SL_TEXT_STATE, name, NULL);
      tensor = sl_tensor_new (SL_DTYPE_F32, shape);
      memcpy (sl_tensor_f32 (tensor), state, sl_shape_n_elements (shape) * sizeof *state);
      sl_state_dict_insert (dict, entry, tensor);
    }
}

const SlTextWay sl_text_way_language = {
  .graph = make_graph,
  .batch = choose_batch,
  .n_steps = count_steps,
  .plan_bytes = predict_plans,
  .begin_stage = begin_stage,
  .begin_epoch = begin_epoch,
  .forward = forward,
  .validate = validate,
  .save_state = save_state,
  .end_stage = end_stage,
};
