/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.
 * 2000), as PyTorch's LSTM; recurrent weights dropped as Merity et al. 2017 do. */
#include <math.h>
#include <string.h>

#include <slope/random.h>

#include "kernels/reference.h"

enum
{
  GATE_INPUT,
  GATE_FORGET,
  GATE_CELL,
  GATE_OUTPUT,
  N_GATES
};

/* 0 or 1/(1-p) for recurrent weight @i. */
static double
hh_factor (const SlLstmShape *s, gsize i)
{
  guint32 bits[4];

  if (s->p == 0)
    return 1;
  sl_random_block (s->key, i / 4, bits);
  return bits[i % 4] >= (double)s->p * 4294967296.0 ? 1 / (1 - (double)s->p) : 0;
}

/* The recurrent weights of this pass. */
static void
drop_weights (const SlLstmShape *s, const float *hh, float *dropped)
{
  for (gsize i = 0; i < s->h * N_GATES * s->h; i++)
    dropped[i] = (float)(hh[i] * hh_factor (s, i));
}

static double
sigmoid (double x)
{
  return 1 / (1 + exp (-x));
}

/* Row @i at step @t of something (n,steps,width). */
#define ROW(base, i, t, width) ((base) + ((i)*s->steps + (t)) * (width))

SL_REFERENCE_INLINE void
step_forward (const SlLstmShape *s, const SlLstmParams *w, SlReferenceRound round, const float *hh,
              const float *x, const float *h, const float *c, float *gates, float *cell, float *y)
{
  gsize width = N_GATES * s->h;

  for (gsize j = 0; j < width; j++)
    {
      double sum = (double)w->bias_ih[j] + w->bias_hh[j];

      for (gsize k = 0; k < s->c; k++)
        sum += (double)round (x[k]) * round (w->ih[k * width + j]);
      for (gsize k = 0; k < s->h; k++)
        sum += (double)round (h[k]) * round (hh[k * width + j]);
      gates[j] = (float)(j / s->h == GATE_CELL ? tanh (sum) : sigmoid (sum));
    }
  for (gsize j = 0; j < s->h; j++)
    {
      cell[j] = (float)((double)gates[GATE_FORGET * s->h + j] * c[j]
                        + (double)gates[j] * gates[GATE_CELL * s->h + j]);
      y[j] = (float)(gates[GATE_OUTPUT * s->h + j] * tanh (cell[j]));
    }
}

static gboolean
is_padding (const SlLstmShape *s, gsize i, gsize t)
{
  return s->first != NULL && (gint32)t < s->first[i];
}

/* Gates of zeros have gradients of zeros, whatever comes from behind. */
static void
clear_step (const SlLstmShape *s, float *gates, float *cell, float *y)
{
  memset (gates, 0, N_GATES * s->h * sizeof *gates);
  memset (cell, 0, s->h * sizeof *cell);
  memset (y, 0, s->h * sizeof *y);
}

/* The dropped weights; of one step the gradients of output and cell. */
static gsize
lstm_scratch (const SlLstmShape *s)
{
  return sizeof (double) * 2 * s->h + sizeof (float) * s->h * N_GATES * s->h;
}

SL_REFERENCE_INLINE void
go_forward (const SlLstmShape *s, const SlLstmParams *w, SlReferenceRound round, const float *x,
            const float *h0, const float *c0, float *y, float *hn, float *cn, float *gates,
            float *cells, float *hh)
{
  drop_weights (s, w->hh, hh);
  for (gsize i = 0; i < s->n; i++)
    {
      const float *h = h0 + i * s->h, *c = c0 + i * s->h;

      for (gsize t = 0; t < s->steps; t++)
        {
          if (is_padding (s, i, t))
            clear_step (s, ROW (gates, i, t, N_GATES * s->h), ROW (cells, i, t, s->h),
                        ROW (y, i, t, s->h));
          else
            step_forward (s, w, round, hh, ROW (x, i, t, s->c), h, c,
                          ROW (gates, i, t, N_GATES * s->h), ROW (cells, i, t, s->h),
                          ROW (y, i, t, s->h));
          h = ROW (y, i, t, s->h);
          c = ROW (cells, i, t, s->h);
        }
      if (hn != NULL)
        memcpy (hn + i * s->h, h, s->h * sizeof *h);
      if (cn != NULL)
        memcpy (cn + i * s->h, c, s->h * sizeof *c);
    }
}

/* Gates become their gradients before their functions; dc goes to the step before. */
static void
step_backward (const SlLstmShape *s, const double *dh, const float *c_before, const float *cell,
               float *gates, double *dc)
{
  for (gsize j = 0; j < s->h; j++)
    {
      double i = gates[j], f = gates[GATE_FORGET * s->h + j];
      double g = gates[GATE_CELL * s->h + j], o = gates[GATE_OUTPUT * s->h + j];
      double bent = tanh (cell[j]), d = dc[j] + dh[j] * o * (1 - bent * bent);

      gates[GATE_OUTPUT * s->h + j] = (float)(dh[j] * bent * o * (1 - o));
      gates[j] = (float)(d * g * i * (1 - i));
      gates[GATE_CELL * s->h + j] = (float)(d * i * (1 - g * g));
      gates[GATE_FORGET * s->h + j] = (float)(d * c_before[j] * f * (1 - f));
      dc[j] = d * f;
    }
}

/* Σ over all rows of a · d, a NULL: 1 (no product: nothing is rounded); h is that of the step before. */
SL_REFERENCE_INLINE double
sum_rows (const SlLstmShape *s, SlReferenceRound round, const float *a, const float *a0,
          gsize width, gsize k, const float *gates, gsize j)
{
  double sum = 0;

  for (gsize i = 0; i < s->n; i++)
    for (gsize t = 0; t < s->steps; t++)
      {
        float d = ROW (gates, i, t, N_GATES * s->h)[j];

        if (a == NULL)
          sum += d;
        else if (a0 == NULL)
          sum += (double)round (d) * round (ROW (a, i, t, width)[k]);
        else
          sum += (double)round (d) * round ((t > 0 ? ROW (a, i, t - 1, width) : a0 + i * width)[k]);
      }
  return sum;
}

SL_REFERENCE_INLINE void
weight_grads (const SlLstmShape *s, SlReferenceRound round, const float *x, const float *h0,
              const float *y, const float *gates, const SlLstmParams *dw)
{
  gsize width = N_GATES * s->h;

  for (gsize j = 0; j < width; j++)
    {
      for (gsize k = 0; dw->ih != NULL && k < s->c; k++)
        dw->ih[k * width + j] += (float)sum_rows (s, round, x, NULL, s->c, k, gates, j);
      for (gsize k = 0; dw->hh != NULL && k < s->h; k++)
        dw->hh[k * width + j] += (float)(sum_rows (s, round, y, h0, s->h, k, gates, j)
                                         * hh_factor (s, k * width + j));
      if (dw->bias_ih != NULL)
        dw->bias_ih[j] += (float)sum_rows (s, round, NULL, NULL, 0, 0, gates, j);
      if (dw->bias_hh != NULL)
        dw->bias_hh[j] += (float)sum_rows (s, round, NULL, NULL, 0, 0, gates, j);
    }
}

SL_REFERENCE_INLINE void
input_grads (const SlLstmShape *s, SlReferenceRound round, const float *ih, const float *gates,
             float *dx, gboolean adds)
{
  gsize width = N_GATES * s->h;

  for (gsize r = 0; r < s->n * s->steps; r++)
    for (gsize k = 0; k < s->c; k++)
      {
        double sum = 0;

        for (gsize j = 0; j < width; j++)
          sum += (double)round (gates[r * width + j]) * round (ih[k * width + j]);
        sl_reference_put (dx + r * s->c + k, sum, adds);
      }
}

SL_REFERENCE_INLINE void
go_back (const SlLstmShape *s, const SlLstmParams *w, SlReferenceRound round, const float *x,
         const float *h0, const float *c0, const float *y, const float *dy, float *gates,
         const float *cells, float *dx, gboolean adds, const SlLstmParams *dw, void *scratch)
{
  double *dh = scratch, *dc = dh + s->h;
  float *hh = (float *)(dc + s->h);
  gsize width = N_GATES * s->h;

  drop_weights (s, w->hh, hh);
  for (gsize i = 0; i < s->n; i++)
    {
      memset (dc, 0, s->h * sizeof *dc);
      for (gsize t = s->steps; t-- > 0;)
        {
          const float *before = t > 0 ? ROW (cells, i, t - 1, s->h) : c0 + i * s->h;

          for (gsize j = 0; j < s->h; j++)
            {
              dh[j] = ROW (dy, i, t, s->h)[j];
              for (gsize k = 0; t + 1 < s->steps && k < width; k++)
                dh[j] += (double)round (ROW (gates, i, t + 1, width)[k])
                         * round (hh[j * width + k]);
            }
          step_backward (s, dh, before, ROW (cells, i, t, s->h), ROW (gates, i, t, width), dc);
        }
    }
  weight_grads (s, round, x, h0, y, gates, dw);
  if (dx != NULL)
    input_grads (s, round, w->ih, gates, dx, adds);
}

static void
lstm_forward (const SlLstmShape *s, const SlLstmParams *w, const float *x, const float *h0,
              const float *c0, float *y, float *hn, float *cn, float *gates, float *cells,
              void *scratch)
{
  go_forward (s, w, sl_reference_same, x, h0, c0, y, hn, cn, gates, cells, scratch);
}

static void
lstm_backward (const SlLstmShape *s, const SlLstmParams *w, const float *x, const float *h0,
               const float *c0, const float *y, const float *dy, float *gates, const float *cells,
               float *dx, gboolean adds, const SlLstmParams *dw, void *scratch)
{
  go_back (s, w, sl_reference_same, x, h0, c0, y, dy, gates, cells, dx, adds, dw, scratch);
}

static void
lstm_forward_bf16 (const SlLstmShape *s, const SlLstmParams *w, const float *x, const float *h0,
                   const float *c0, float *y, float *hn, float *cn, float *gates, float *cells,
                   void *scratch)
{
  go_forward (s, w, sl_reference_round, x, h0, c0, y, hn, cn, gates, cells, scratch);
}

static void
lstm_backward_bf16 (const SlLstmShape *s, const SlLstmParams *w, const float *x, const float *h0,
                    const float *c0, const float *y, const float *dy, float *gates,
                    const float *cells, float *dx, gboolean adds, const SlLstmParams *dw,
                    void *scratch)
{
  go_back (s, w, sl_reference_round, x, h0, c0, y, dy, gates, cells, dx, adds, dw, scratch);
}

void
sl_reference_fill_lstm (SlKernels *table)
{
  table->lstm_scratch = lstm_scratch;
  table->lstm_forward = lstm_forward;
  table->lstm_backward = lstm_backward;
}

void
sl_reference_fill_lstm_bf16 (SlKernels *table)
{
  table->lstm_forward = lstm_forward_bf16;
  table->lstm_backward = lstm_backward_bf16;
}
