/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has a row for each word: the embedding, and the softmax over the vocabulary. */
#include <math.h>
#include <string.h>

#include <slope/random.h>

#include "kernels/reference.h"

static gboolean
is_word (const SlWordShape *s, gint32 token)
{
  return token >= 0 && (gsize)token < s->words;
}

/* 0 or 1/(1-p) for number @i of the stream. */
static float
factor (gsize i, float p, guint64 key)
{
  guint32 bits[4];

  if (p == 0)
    return 1;
  sl_random_block (key, i / 4, bits);
  return bits[i % 4] >= (double)p * 4294967296.0 ? 1 / (1 - p) : 0;
}

/* Gal and Ghahramani 2016, section 4.2: a word is there or not wherever it stands. */
static void
embedding_forward (const SlWordShape *s, const gint32 *token, const float *w, float p, guint64 key,
                   float *y)
{
  for (gsize i = 0; i < s->n; i++)
    for (gsize j = 0; j < s->features; j++)
      y[i * s->features + j] = is_word (s, token[i]) ? w[(gsize)token[i] * s->features + j]
                                                           * factor ((gsize)token[i], p, key)
                                                     : 0;
}

static void
embedding_backward (const SlWordShape *s, const gint32 *token, const float *dy, float p,
                    guint64 key, float *dw)
{
  for (gsize i = 0; i < s->n; i++)
    for (gsize j = 0; is_word (s, token[i]) && j < s->features; j++)
      dw[(gsize)token[i] * s->features + j] += dy[i * s->features + j]
                                               * factor ((gsize)token[i], p, key);
}

static void
locked_dropout (gsize n, gsize steps, gsize c, const float *x, float p, guint64 key, float *y,
                gboolean adds)
{
  gsize whole = (c + 3) / 4 * 4;

  for (gsize i = 0; i < n * steps * c; i++)
    sl_reference_put (y + i, x[i] * factor (i / (steps * c) * whole + i % c, p, key), adds);
}

/* ---- Logits */

SL_REFERENCE_INLINE double
logit (const SlWordShape *s, SlReferenceRound round, const float *x, const float *w,
       const float *bias, gsize row, gsize word)
{
  double sum = bias != NULL ? bias[word] : 0;

  for (gsize j = 0; j < s->features; j++)
    sum += (double)round (x[row * s->features + j]) * round (w[word * s->features + j]);
  return sum;
}

SL_REFERENCE_INLINE void
make_logits (const SlWordShape *s, SlReferenceRound round, const float *x, const float *w,
             const float *bias, float *logits)
{
  for (gsize i = 0; i < s->n; i++)
    for (gsize v = 0; v < s->words; v++)
      logits[i * s->words + v] = (float)logit (s, round, x, w, bias, i, v);
}

/* The bias' gradient is no product: nothing of it is rounded. */
SL_REFERENCE_INLINE void
go_back (const SlWordShape *s, SlReferenceRound round, const float *x, const float *w,
         const float *dlogits, float *dx, gboolean adds, float *dw, float *dbias)
{
  for (gsize i = 0; dx != NULL && i < s->n; i++)
    for (gsize j = 0; j < s->features; j++)
      {
        double sum = 0;

        for (gsize v = 0; v < s->words; v++)
          sum += (double)round (dlogits[i * s->words + v]) * round (w[v * s->features + j]);
        sl_reference_put (dx + i * s->features + j, sum, adds);
      }
  for (gsize v = 0; v < s->words; v++)
    {
      for (gsize j = 0; dw != NULL && j < s->features; j++)
        {
          double sum = 0;

          for (gsize i = 0; i < s->n; i++)
            sum += (double)round (dlogits[i * s->words + v]) * round (x[i * s->features + j]);
          sl_reference_put (dw + v * s->features + j, sum, TRUE);
        }
      if (dbias != NULL)
        {
          double sum = 0;

          for (gsize i = 0; i < s->n; i++)
            sum += dlogits[i * s->words + v];
          sl_reference_put (dbias + v, sum, TRUE);
        }
    }
}

/* ---- The loss */

/* All logits: this is the reference. */
static gsize
word_loss_scratch (const SlWordShape *s)
{
  return sizeof (float) * s->n * s->words;
}

/* One row's loss and hit from its logits, which become their gradient, times @scale. */
static void
loss_of_row (gsize words, gint32 target, double scale, float *z, float *loss, float *hit)
{
  double top = -INFINITY, sum = 0, log_sum;

  for (gsize v = 0; v < words; v++)
    top = MAX (top, z[v]);
  for (gsize v = 0; v < words; v++)
    sum += exp (z[v] - top);
  log_sum = top + log (sum);
  *loss = (float)(log_sum - z[target]);
  *hit = z[target] >= top;
  for (gsize v = 0; v < words; v++)
    z[v] = (float)(scale * (exp (z[v] - log_sum) - ((gsize)target == v)));
}

static void
clear_grads (const SlWordShape *s, const SlWordGrads *grads)
{
  if (grads->w != NULL)
    memset (grads->w, 0, s->words * s->features * sizeof (float));
  if (grads->bias != NULL)
    memset (grads->bias, 0, s->words * sizeof (float));
}

SL_REFERENCE_INLINE void
find_loss (const SlWordShape *s, SlReferenceRound round, const float *x, const float *w,
           const float *bias, const gint32 *target, const float *weight, float *loss, float *losses,
           float *hits, const SlWordGrads *grads, float *logits)
{
  double weights = 0, total = 0;

  for (gsize i = 0; i < s->n; i++)
    weights += is_word (s, target[i]) ? weight[i] : 0;
  make_logits (s, round, x, w, bias, logits);
  for (gsize i = 0; i < s->n; i++)
    {
      float *row = logits + i * s->words;

      losses[i] = hits[i] = 0;
      if (weight[i] != 0 && is_word (s, target[i]))
        loss_of_row (s->words, target[i], weight[i] / weights, row, losses + i, hits + i);
      else
        memset (row, 0, s->words * sizeof *row);
      total += (double)weight[i] * losses[i];
    }
  *loss = weights > 0 ? (float)(total / weights) : 0;
  if (grads == NULL)
    return;
  clear_grads (s, grads);
  go_back (s, round, x, w, logits, grads->x, FALSE, grads->w, grads->bias);
}

/* ---- The table */

static void
word_logits (const SlWordShape *s, const float *x, const float *w, const float *bias, float *logits)
{
  make_logits (s, sl_reference_same, x, w, bias, logits);
}

static void
word_logits_backward (const SlWordShape *s, const float *x, const float *w, const float *dlogits,
                      float *dx, gboolean adds, float *dw, float *dbias)
{
  go_back (s, sl_reference_same, x, w, dlogits, dx, adds, dw, dbias);
}

static void
word_loss (const SlWordShape *s, const float *x, const float *w, const float *bias,
           const gint32 *target, const float *weight, float *loss, float *losses, float *hits,
           const SlWordGrads *grads, void *scratch)
{
  find_loss (s, sl_reference_same, x, w, bias, target, weight, loss, losses, hits, grads, scratch);
}

static void
word_logits_bf16 (const SlWordShape *s, const float *x, const float *w, const float *bias,
                  float *logits)
{
  make_logits (s, sl_reference_round, x, w, bias, logits);
}

static void
word_logits_backward_bf16 (const SlWordShape *s, const float *x, const float *w,
                           const float *dlogits, float *dx, gboolean adds, float *dw, float *dbias)
{
  go_back (s, sl_reference_round, x, w, dlogits, dx, adds, dw, dbias);
}

static void
word_loss_bf16 (const SlWordShape *s, const float *x, const float *w, const float *bias,
                const gint32 *target, const float *weight, float *loss, float *losses, float *hits,
                const SlWordGrads *grads, void *scratch)
{
  find_loss (s, sl_reference_round, x, w, bias, target, weight, loss, losses, hits, grads, scratch);
}

static void
scale (gsize n, float a, const float *x, float *dst, gboolean adds)
{
  for (gsize i = 0; i < n; i++)
    sl_reference_put (dst + i, (double)a * x[i], adds);
}

void
sl_reference_fill_words (SlKernels *table)
{
  table->embedding_forward = embedding_forward;
  table->embedding_backward = embedding_backward;
  table->locked_dropout = locked_dropout;
  table->word_logits = word_logits;
  table->word_logits_backward = word_logits_backward;
  table->word_loss_scratch = word_loss_scratch;
  table->word_loss = word_loss;
  table->scale = scale;
}

void
sl_reference_fill_words_bf16 (SlKernels *table)
{
  table->word_logits = word_logits_bf16;
  table->word_logits_backward = word_logits_backward_bf16;
  table->word_loss = word_loss_bf16;
}
