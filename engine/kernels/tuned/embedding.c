/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Embedding and dropout that is constant over time: memory moved, a row at a time. */
#include <slope/random.h>

#include "kernels/tuned/tuned.h"

/* 0 or 1/(1-p) for numbers @first … @first + 3 of the stream, @first a multiple of 4. */
static void
four_factors (gsize first, float p, guint64 key, float factor[4])
{
  guint32 bits[4];

  sl_random_block (key, first / 4, bits);
  for (gsize i = 0; i < 4; i++)
    factor[i] = bits[i] >= (double)p * 4294967296.0 ? 1 / (1 - p) : 0;
}

/* What the row of @token is multiplied with; 0 for what is no word. */
static float
word_factor (const SlWordShape *s, gint32 token, float p, guint64 key)
{
  float factor[4];

  if (token < 0 || (gsize)token >= s->words)
    return 0;
  if (p == 0)
    return 1;
  four_factors ((gsize)token & ~(gsize)3, p, key, factor);
  return factor[token & 3];
}

static void
embedding_forward (const SlWordShape *s, const gint32 *token, const float *w, float p, guint64 key,
                   float *y)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(s->n * s->features))
  for (gsize i = 0; i < s->n; i++)
    {
      float factor = word_factor (s, token[i], p, key);
      const float *from = w + (factor > 0 ? (gsize)token[i] : 0) * s->features;
      float *to = y + i * s->features;

      for (gsize j = 0; j < s->features; j++)
        to[j] = factor > 0 ? from[j] * factor : 0;
    }
}

/* Columns a thread takes: whole lines, so that no two threads write one. */
#define STRIPE ((gsize)64)

/* Cut along the features, not the tokens: each sum is made by one thread in the order of the
 * text, without locks, whatever words repeat. */
static void
embedding_backward (const SlWordShape *s, const gint32 *token, const float *dy, float p,
                    guint64 key, float *dw)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(s->n * s->features))
  for (gsize at = 0; at < s->features; at += STRIPE)
    for (gsize i = 0; i < s->n; i++)
      {
        float factor = word_factor (s, token[i], p, key);
        const float *from = dy + i * s->features;
        float *to = dw + (factor > 0 ? (gsize)token[i] : 0) * s->features;

        for (gsize j = at; factor > 0 && j < MIN (at + STRIPE, s->features); j++)
          to[j] += from[j] * factor;
      }
}

static void
locked_dropout (gsize n, gsize steps, gsize c, const float *x, float p, guint64 key, float *y,
                gboolean adds)
{
#pragma omp parallel for collapse(2) schedule(static) num_threads(sl_team(n *steps *c))
  for (gsize i = 0; i < n; i++)
    for (gsize at = 0; at < c; at += STRIPE)
      {
        float factor[STRIPE];
        gsize count = MIN (STRIPE, c - at), first = i * ((c + 3) & ~(gsize)3) + at;

        for (gsize j = 0; j < count; j += 4)
          four_factors (first + j, p, key, factor + j);
        for (gsize t = 0; t < steps; t++)
          {
            const float *from = x + (i * steps + t) * c + at;
            float *to = y + (i * steps + t) * c + at;

            for (gsize j = 0; j < count; j++)
              {
                float v = factor[j] > 0 ? from[j] * factor[j] : 0;

                to[j] = adds ? to[j] + v : v;
              }
          }
      }
}

void
SL_TUNED (fill_embedding) (SlKernels *table)
{
  table->embedding_forward = embedding_forward;
  table->embedding_backward = embedding_backward;
  table->locked_dropout = locked_dropout;
}
