/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ops of language models in terms of kernels. */
#include "backends/cpu/cpu-ops.h"
#include <string.h>

#define N_ELEMENTS(view) sl_shape_n_elements ((view).shape)

/* ---- Embedding */

static SlWordShape
embedding_shape (const SlCall *call)
{
  const SlEmbeddingAttrs *attrs = call->attrs;

  return (SlWordShape){ N_ELEMENTS (call->x[0]), attrs->n_words, attrs->n_features };
}

static float
embedding_dropout (const SlCall *call)
{
  const SlEmbeddingAttrs *attrs = call->attrs;

  return call->training ? (float)attrs->dropout : 0;
}

void
sl_cpu_embedding_forward (const SlKernels *kernels, const SlCall *call)
{
  SlWordShape shape = embedding_shape (call);

  kernels->embedding_forward (&shape, call->x[0].data, call->param[0].data,
                              embedding_dropout (call), call->random_key, call->y[0].data);
}

void
sl_cpu_embedding_backward (const SlKernels *kernels, const SlCall *call)
{
  SlWordShape shape = embedding_shape (call);

  kernels->embedding_backward (&shape, call->x[0].data, call->dy[0].data, embedding_dropout (call),
                               call->random_key, call->dparam[0].data);
}

/* ---- LSTM */

static SlLstmShape
lstm_shape (const SlCall *call)
{
  const SlLstmAttrs *attrs = call->attrs;
  const gsize *x = call->x[0].shape.dim;

  return (SlLstmShape){ .n = x[0],
                        .steps = x[1],
                        .c = x[2],
                        .h = attrs->n_hidden,
                        .p = call->training ? (float)attrs->weight_dropout : 0,
                        .key = call->random_key };
}

static SlLstmParams
lstm_params (const SlView views[SL_MAX_PARAMS])
{
  return (SlLstmParams){ views[0].data, views[1].data, views[2].data, views[3].data };
}

/* The workspace: gates, then cells. */
static float *
lstm_cells (const SlCall *call, const SlLstmShape *shape)
{
  return (float *)call->workspace + shape->n * shape->steps * 4 * shape->h;
}

gsize
sl_cpu_lstm_scratch (const SlKernels *kernels, const SlCall *call)
{
  SlLstmShape shape = lstm_shape (call);

  return kernels->lstm_scratch (&shape);
}

void
sl_cpu_lstm_forward (const SlKernels *kernels, const SlCall *call)
{
  SlLstmShape shape = lstm_shape (call);
  SlLstmParams params = lstm_params (call->param);

  kernels->lstm_forward (&shape, &params, call->x[0].data, call->x[1].data, call->x[2].data,
                         call->y[0].data, call->y[1].data, call->y[2].data, call->workspace,
                         lstm_cells (call, &shape), call->scratch);
}

void
sl_cpu_lstm_backward (const SlKernels *kernels, const SlCall *call)
{
  SlLstmShape shape = lstm_shape (call);
  SlLstmParams params = lstm_params (call->param), grads = lstm_params (call->dparam);

  kernels->lstm_backward (&shape, &params, call->x[0].data, call->x[1].data, call->x[2].data,
                          call->y[0].data, call->dy[0].data, call->workspace,
                          lstm_cells (call, &shape), call->dx[0].data, call->dx_adds[0], &grads,
                          call->scratch);
}

/* ---- LSTM over texts with padding before them */

static SlLstmShape
padded_shape (const SlCall *call)
{
  SlLstmShape shape = lstm_shape (call);

  shape.first = call->x[1].data;
  return shape;
}

/* The workspace goes on with the state that all texts begin with. */
static float *
no_state (const SlCall *call, const SlLstmShape *shape)
{
  return lstm_cells (call, shape) + shape->n * shape->steps * shape->h;
}

void
sl_cpu_padded_lstm_forward (const SlKernels *kernels, const SlCall *call)
{
  SlLstmShape shape = padded_shape (call);
  SlLstmParams params = lstm_params (call->param);
  float *zeros = no_state (call, &shape);

  memset (zeros, 0, shape.n * shape.h * sizeof *zeros);
  kernels->lstm_forward (&shape, &params, call->x[0].data, zeros, zeros, call->y[0].data, NULL,
                         NULL, call->workspace, lstm_cells (call, &shape), call->scratch);
}

void
sl_cpu_padded_lstm_backward (const SlKernels *kernels, const SlCall *call)
{
  SlLstmShape shape = padded_shape (call);
  SlLstmParams params = lstm_params (call->param), grads = lstm_params (call->dparam);
  const float *zeros = no_state (call, &shape);

  kernels->lstm_backward (&shape, &params, call->x[0].data, zeros, zeros, call->y[0].data,
                          call->dy[0].data, call->workspace, lstm_cells (call, &shape),
                          call->dx[0].data, call->dx_adds[0], &grads, call->scratch);
}

/* ---- Texts pooled */

static SlTextShape
text_shape (const SlCall *call)
{
  const gsize *x = call->x[0].shape.dim;

  return (SlTextShape){ x[0], x[1], x[2], call->x[1].data };
}

void
sl_cpu_text_pool_forward (const SlKernels *kernels, const SlCall *call)
{
  SlTextShape shape = text_shape (call);

  kernels->text_pool_forward (&shape, call->x[0].data, call->y[0].data, call->workspace);
}

void
sl_cpu_text_pool_backward (const SlKernels *kernels, const SlCall *call)
{
  SlTextShape shape = text_shape (call);

  kernels->text_pool_backward (&shape, call->dy[0].data, call->workspace, call->dx[0].data,
                               call->dx_adds[0]);
}

/* ---- Loss over a vocabulary */

static SlWordShape
words_shape (const SlCall *call)
{
  const SlWordsAttrs *attrs = call->attrs;
  const gsize *x = call->x[0].shape.dim;

  return (SlWordShape){ x[0] * x[1], attrs->n_words, x[2] };
}

gsize
sl_cpu_word_loss_scratch (const SlKernels *kernels, const SlCall *call)
{
  SlWordShape shape = words_shape (call);

  return kernels->word_loss_scratch (&shape);
}

/* Those that forward makes and backward hands on: what is wanted, in the workspace. */
static SlWordGrads
word_grads (const SlCall *call, const SlWordShape *shape)
{
  float *x = call->workspace, *w = x + shape->n * shape->features;
  float *bias = w + shape->words * shape->features;

  return (SlWordGrads){ call->wants_dx & 1 ? x : NULL, call->wants_dparam & 1 ? w : NULL,
                        call->wants_dparam & 2 ? bias : NULL };
}

void
sl_cpu_word_loss_forward (const SlKernels *kernels, const SlCall *call)
{
  SlWordShape shape = words_shape (call);
  SlWordGrads grads = word_grads (call, &shape);
  gboolean wanted = call->wants_dx != 0 || call->wants_dparam != 0;

  kernels->word_loss (&shape, call->x[0].data, call->param[0].data, call->param[1].data,
                      call->x[1].data, call->x[2].data, call->y[0].data, call->y[1].data,
                      call->y[2].data, wanted ? &grads : NULL, call->scratch);
}

void
sl_cpu_word_loss_backward (const SlKernels *kernels, const SlCall *call)
{
  SlWordShape shape = words_shape (call);
  SlWordGrads grads = word_grads (call, &shape);
  float dloss = *(const float *)call->dy[0].data;

  if (grads.x != NULL)
    kernels->scale (shape.n * shape.features, dloss, grads.x, call->dx[0].data, call->dx_adds[0]);
  if (grads.w != NULL)
    kernels->scale (shape.words * shape.features, dloss, grads.w, call->dparam[0].data, TRUE);
  if (grads.bias != NULL)
    kernels->scale (shape.words, dloss, grads.bias, call->dparam[1].data, TRUE);
}

/* ---- What activations cost */

static SlActivityShape
activity_shape (const SlCall *call)
{
  const SlActivityAttrs *attrs = call->attrs;
  const gsize *raw = call->x[2].shape.dim;

  return (SlActivityShape){ raw[0], raw[1], raw[2], (float)attrs->alpha, (float)attrs->beta };
}

void
sl_cpu_activity_forward (const SlKernels *kernels, const SlCall *call)
{
  SlActivityShape shape = activity_shape (call);
  float loss = *(const float *)call->x[0].data;

  if (call->training)
    kernels->activity_forward (&shape, loss, call->x[1].data, call->x[2].data, call->y[0].data);
  else
    *(float *)call->y[0].data = loss;
}

void
sl_cpu_activity_backward (const SlKernels *kernels, const SlCall *call)
{
  SlActivityShape shape = activity_shape (call);
  float dloss = *(const float *)call->dy[0].data;

  kernels->activity_backward (&shape, dloss, call->x[1].data, call->x[2].data, call->dx[1].data,
                              call->dx_adds[1], call->dx[2].data, call->dx_adds[2]);
  if (call->dx[0].data != NULL)
    kernels->scale (1, dloss, (const float[]){ 1 }, call->dx[0].data, call->dx_adds[0]);
}

/* ---- Scores of the next word: a decoder of each text's last row */

static SlWordShape
next_shape (const SlCall *call)
{
  const SlWordsAttrs *attrs = call->attrs;

  return (SlWordShape){ call->x[0].shape.dim[0], attrs->n_words, call->x[0].shape.dim[2] };
}

static float *
last_row (const SlView *x, gsize i)
{
  gsize steps = x->shape.dim[1], features = x->shape.dim[2];

  return (float *)x->data + (i * steps + steps - 1) * features;
}

void
sl_cpu_next_word_forward (const SlKernels *kernels, const SlCall *call)
{
  SlWordShape shape = next_shape (call);
  float *rows = call->workspace;

  for (gsize i = 0; i < shape.n; i++)
    memcpy (rows + i * shape.features, last_row (&call->x[0], i), shape.features * sizeof *rows);
  kernels->word_logits (&shape, rows, call->param[0].data, call->param[1].data, call->y[0].data);
}

void
sl_cpu_next_word_backward (const SlKernels *kernels, const SlCall *call)
{
  SlWordShape shape = next_shape (call);
  float *rows = call->workspace;

  kernels->word_logits_backward (&shape, rows, call->param[0].data, call->dy[0].data, NULL, FALSE,
                                 call->dparam[0].data, call->dparam[1].data);
  if (call->dx[0].data == NULL)
    return;
  kernels->word_logits_backward (&shape, rows, call->param[0].data, call->dy[0].data, rows, FALSE,
                                 NULL, NULL);
  if (!call->dx_adds[0])
    memset (call->dx[0].data, 0, N_ELEMENTS (call->dx[0]) * sizeof *rows);
  for (gsize i = 0; i < shape.n; i++)
    kernels->accumulate (shape.features, rows + i * shape.features, last_row (&call->dx[0], i));
}
