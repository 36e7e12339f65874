/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/stream-runner.h"
#include <string.h>

#define N_STATES 2 /* of a layer: h and c */

static const char *const letters[N_STATES] = { "h", "c" };

SlGraph *
sl_stream_graph_new (const SlAwdLstm *model, guint n_texts, guint length, GError **error)
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

static gsize
state_bytes (const SlStreamRunner *self, guint i)
{
  return sizeof (float) * self->n_texts * sl_awd_lstm_n_units (&self->model, i / N_STATES);
}

void
sl_stream_runner_clear (SlStreamRunner *self)
{
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->graph, sl_graph_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (self->state); i++)
    g_clear_pointer (&self->state[i], g_free);
}

gboolean
sl_stream_runner_init (SlStreamRunner *self, const SlAwdLstm *model, SlParams *params,
                       const SlTokenStreams *streams, SlMode mode, SlPlanFlags flags,
                       GError **error)
{
  self->model = *model;
  self->n_texts = sl_token_streams_n_streams (streams);
  self->graph = sl_stream_graph_new (model, self->n_texts, sl_token_streams_length (streams),
                                     error);
  if (self->graph == NULL)
    return FALSE;
  self->plan = sl_plan_new (self->graph, params, mode, flags, error);
  if (self->plan == NULL)
    return FALSE;
  for (guint i = 0; i < model->n_layers * N_STATES; i++)
    self->state[i] = g_malloc0 (state_bytes (self, i));
  return TRUE;
}

void
sl_stream_runner_begin (SlStreamRunner *self)
{
  for (guint i = 0; i < self->model.n_layers * N_STATES; i++)
    memset (self->state[i], 0, state_bytes (self, i));
}

guint
sl_stream_runner_n_states (const SlStreamRunner *self)
{
  return self->model.n_layers * N_STATES;
}

float *
sl_stream_runner_get_state (SlStreamRunner *self, guint i, char name[16], SlShape *shape)
{
  g_snprintf (name, 16, "%s%u", letters[i % N_STATES], i / N_STATES);
  *shape = SL_SHAPE2 (self->n_texts, sl_awd_lstm_n_units (&self->model, i / N_STATES));
  return self->state[i];
}

/* FALSE: no batch is left. */
static gboolean
set_batch (SlStreamRunner *self, SlTokenStreams *streams)
{
  if (!sl_token_streams_next (streams, sl_plan_input_data (self->plan, "tokens"),
                              sl_plan_input_data (self->plan, "targets"),
                              sl_plan_input_data (self->plan, "weights")))
    return FALSE;
  for (guint i = 0; i < sl_stream_runner_n_states (self); i++)
    {
      char name[16];
      SlShape shape;
      const float *state = sl_stream_runner_get_state (self, i, name, &shape);

      memcpy (sl_plan_input_data (self->plan, name), state, state_bytes (self, i));
    }
  return TRUE;
}

static void
keep_state (SlStreamRunner *self)
{
  for (guint i = 0; i < sl_stream_runner_n_states (self); i++)
    {
      char name[16], after[32];
      SlShape shape;
      float *state = sl_stream_runner_get_state (self, i, name, &shape);

      g_snprintf (after, sizeof after, "%s after", name);
      memcpy (state, sl_plan_output (self->plan, after, NULL), state_bytes (self, i));
    }
}

static void
add_up (SlStreamRunner *self, guint64 n_words, SlStreamSum *sum)
{
  const float *losses, *hits;
  gsize n;

  losses = sl_plan_output (self->plan, "losses", &n);
  hits = sl_plan_output (self->plan, "hits", &n);
  for (gsize i = 0; i < n; i++)
    {
      sum->loss += (double)losses[i];
      sum->hits += (double)hits[i];
    }
  sum->n += n_words;
}

gboolean
sl_stream_runner_forward (SlStreamRunner *self, SlTokenStreams *streams, guint64 key,
                          SlStreamSum *sum, double *loss)
{
  guint64 left = sl_token_streams_n_left (streams);

  if (!set_batch (self, streams))
    return FALSE;
  sl_plan_forward (self->plan, key);
  keep_state (self);
  if (sum != NULL)
    add_up (self, left - sl_token_streams_n_left (streams), sum);
  *loss = *sl_plan_output (self->plan, "loss", NULL);
  return TRUE;
}
