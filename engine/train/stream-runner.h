/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/awd-lstm.h>
#include <slope/token-streams.h>

/* A plan of a language model, and the state that goes from one batch of its streams to the next.  Private to train/;
 * zeroed before it is filled. */
typedef struct
{
  SlAwdLstm model;
  SlGraph *graph;
  SlPlan *plan;
  guint n_texts;                        /* rows of a batch */
  float *state[SL_AWD_LSTM_MAX_LAYERS * 2]; /* h0, c0, h1, …: (n_texts, units) */
} SlStreamRunner;

/* What was added up of the words that had to be foretold. */
typedef struct
{
  guint64 n;
  double loss; /* nats */
  double hits;
} SlStreamSum;

/* The network over batches of (n_texts, length). */
SlGraph *sl_stream_graph_new (const SlAwdLstm *model, guint n_texts, guint length, GError **error);

gboolean sl_stream_runner_init  (SlStreamRunner *self, const SlAwdLstm *model, SlParams *params,
                                 const SlTokenStreams *streams, SlMode mode, SlPlanFlags flags,
                                 GError **error);
void     sl_stream_runner_clear (SlStreamRunner *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlStreamRunner, sl_stream_runner_clear)
/* State of texts that begin. */
void     sl_stream_runner_begin (SlStreamRunner *self);
/**
 * sl_stream_runner_forward:
 * @streams: whose next batch is run
 * @key: of dropout
 * @sum: (nullable): is added to
 * @loss: (out): of the batch, with regularisers where it trains
 *
 * Returns: FALSE: there is no batch left; nothing was run.
 */
gboolean sl_stream_runner_forward (SlStreamRunner *self, SlTokenStreams *streams, guint64 key,
                                   SlStreamSum *sum, double *loss);
/* Of h and c of all layers. */
guint    sl_stream_runner_n_states (const SlStreamRunner *self);
/* (transfer none): state @i as (n_texts, units), and what it is called: "h0", "c0", "h1", … */
float   *sl_stream_runner_get_state (SlStreamRunner *self, guint i, char name[16], SlShape *shape);
