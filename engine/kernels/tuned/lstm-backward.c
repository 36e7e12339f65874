/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LSTM, backward.  Through time goes only what must: the gradient of the state, by a product a step
 * with the recurrent weights, packed once a pass.  The gates' gradients of all steps take the
 * gates' place, and three large products make the gradients of input and weights of them. */
#include "kernels/tuned/functions.h"
#include "kernels/tuned/lstm.h"
#include "kernels/tuned/product.h"
#include "kernels/tuned/transpose.h"

typedef struct
{
  gsize blocks;     /* of SL_PANEL units */
  gsize gate;       /* steps of the depth (operand.h) that a gate has */
  gsize row;        /* words between rows of a step's gradients of gates */
  SlWord *panels;   /* recurrent weights (blocks,4·gate,SL_PANEL) */
  SlWord *gates[2]; /* their gradients in this step and in the one behind it (n,4·gate) */
  float *cell;      /* gradient of the cells (n,h) */
  float *bias;      /* sum of the gates' gradients (4h) */
  float *weights;   /* with dropped weights: those left, then the gradients of all */
  float *before;    /* state before each step (n,steps,h); where the panels were */
} Scratch;

static gsize
lay_out (const SlLstmShape *s, float *base, Scratch *at)
{
  gsize width = SL_N_GATES * s->h, blocks = sl_ceil_div (s->h, SL_PANEL);
  gsize gate = sl_steps (s->h), row = sl_lstm_row (SL_N_GATES * gate), used = 0;

  *at = (Scratch){ .blocks = blocks, .gate = gate, .row = row };
  at->before = sl_lstm_take (base, &used,
                             MAX (blocks * SL_PANEL * SL_N_GATES * gate, s->n * s->steps * s->h));
  at->panels = (SlWord *)at->before;
  at->gates[0] = (SlWord *)sl_lstm_take (base, &used, s->n * row);
  at->gates[1] = (SlWord *)sl_lstm_take (base, &used, s->n * row);
  at->cell = sl_lstm_take (base, &used, s->n * s->h);
  at->bias = sl_lstm_take (base, &used, width);
  at->weights = sl_lstm_take (base, &used, s->p > 0 ? width * s->h : 0);
  return used * sizeof (float);
}

gsize
SL_TUNED (lstm_backward_scratch) (const SlLstmShape *s)
{
  Scratch at;

  return lay_out (s, NULL, &at);
}

/* Numbers of a row that are turned at a time. */
#define TURNED ((gsize)256)

/* @lanes rows of @n numbers, @width apart, as words (steps,SL_PANEL). */
static void
turn (gsize lanes, gsize n, const float *from, gsize width, SlWord *to)
{
  SlWord rows[SL_PANEL * TURNED / SL_PAIR] __attribute__ ((aligned (64)));

  for (gsize k = 0; k < n; k += TURNED)
    {
      gsize part = MIN (TURNED, n - k), steps = sl_steps (part);

      for (gsize lane = 0; lane < lanes; lane++)
        sl_operand_copy (rows + lane * steps, 0, from + lane * width + k, part, SL_ALONG);
      sl_transpose (lanes, steps, (const float *)rows, steps,
                    (float *)(to + k / SL_PAIR * SL_PANEL), SL_PANEL);
    }
}

/* Transposed: a gate in the depth, a unit in a lane. */
static void
pack (const SlLstmShape *s, const float *hh, const Scratch *at)
{
  gsize width = SL_N_GATES * s->h;

#pragma omp parallel for schedule(static) num_threads(sl_team(s->h *width))
  for (gsize b = 0; b < at->blocks; b++)
    {
      gsize first = b * SL_PANEL, lanes = MIN (SL_PANEL, s->h - first);
      SlWord *panel = at->panels + b * SL_PANEL * SL_N_GATES * at->gate;

      if (lanes < SL_PANEL)
        memset (panel, 0, SL_N_GATES * at->gate * SL_PANEL * sizeof *panel);
      for (gsize gate = 0; gate < SL_N_GATES; gate++)
        turn (lanes, s->h, hh + first * width + gate * s->h, width,
              panel + gate * at->gate * SL_PANEL);
    }
}

/* One row of @lanes units: from the gradient of their output (@dh, and @tile from the step behind,
 * NULL at the last) to those of their gates, in place, and of their cells. */
static inline __attribute__ ((always_inline)) void
grads_of_gates (gsize lanes, gsize h, const float *dh, const float *tile, const float *before,
                const float *cell, float *gates, float *dc, float *bias)
{
  float *gi = gates, *gf = gates + h, *gg = gates + 2 * h, *go = gates + 3 * h;

#pragma omp simd
  for (gsize j = 0; j < lanes; j++)
    {
      float i = gi[j], f = gf[j], g = gg[j], o = go[j], bent = sl_tanh (cell[j]);
      float d = tile != NULL ? dh[j] + tile[j] : dh[j];
      float c = dc[j] + d * o * (1 - bent * bent);
      float di = c * g * i * (1 - i), df = c * before[j] * f * (1 - f);
      float dg = c * i * (1 - g * g), dout = d * bent * o * (1 - o);

      dc[j] = c * f;
      gi[j] = di;
      gf[j] = df;
      gg[j] = dg;
      go[j] = dout;
      bias[j] += di;
      bias[h + j] += df;
      bias[2 * h + j] += dg;
      bias[3 * h + j] += dout;
    }
}

typedef struct
{
  const SlLstmShape *s;
  const Scratch *at;
  const float *c0, *dy, *cells;
  float *gates;
} Pass;

/* Units of block @b at step @t. */
static void
step_block (const Pass *pass, gsize t, gsize b)
{
  const SlLstmShape *s = pass->s;
  const Scratch *at = pass->at;
  gsize first = b * SL_PANEL, lanes = MIN (SL_PANEL, s->h - first), width = SL_N_GATES * s->h;
  const SlWord *behind = at->gates[(t + 1) % 2],
               *panel = at->panels + b * SL_PANEL * SL_N_GATES * at->gate;
  gsize n = sl_lstm_rows_at (s,
                             t); /* what is behind has gates of zeros, and so their gradients are */
  gboolean last = t + 1 == s->steps;
  float tile[SL_LSTM_ROWS * SL_PANEL] __attribute__ ((aligned (64)));

  for (gsize r = 0; r < n; r += SL_LSTM_ROWS)
    {
      gsize rows = MIN (SL_LSTM_ROWS, n - r);

      if (!last)
        sl_lstm_multiply (rows, SL_N_GATES * at->gate, behind + r * at->row, at->row, panel, tile,
                          SL_PANEL);
      for (gsize i = 0; i < rows; i++)
        {
          gsize place = (r + i) * s->steps + t;
          const float *cell = pass->cells + place * s->h + first;
          const float *before = t > 0 ? cell - s->h : pass->c0 + (r + i) * s->h + first;
          const float *dh = pass->dy + place * s->h + first;
          const float *added = last ? NULL : tile + i * SL_PANEL;
          float *gates = pass->gates + place * width + first;
          SlWord *copy = at->gates[t % 2] + (r + i) * at->row;
          float *dc = at->cell + (r + i) * s->h + first;

          if (lanes == SL_PANEL)
            grads_of_gates (SL_PANEL, s->h, dh, added, before, cell, gates, dc, at->bias + first);
          else
            grads_of_gates (lanes, s->h, dh, added, before, cell, gates, dc, at->bias + first);
          for (gsize gate = 0; gate < SL_N_GATES; gate++)
            sl_operand_copy (copy + gate * at->gate, first, gates + gate * s->h, lanes, SL_ALONG);
        }
    }
}

static void
go_back_in_time (const SlLstmShape *s, const Pass *pass, const Scratch *at)
{
  gsize width = SL_N_GATES * s->h;

  memset (at->cell, 0, s->n * s->h * sizeof (float));
  memset (at->bias, 0, width * sizeof (float));
#pragma omp parallel num_threads(sl_team(s->n * s->h * width / 64))
  for (gsize t = s->steps; t-- > 0;)
    {
#pragma omp for schedule(static)
      for (gsize b = 0; b < at->blocks; b++)
        step_block (pass, t, b);
    }
}

/* The state that each step began with. */
static void
shift_states (const SlLstmShape *s, const float *h0, const float *y, float *before)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(s->n * s->steps * s->h))
  for (gsize i = 0; i < s->n; i++)
    {
      float *to = before + i * s->steps * s->h;

      memcpy (to, h0 + i * s->h, s->h * sizeof (float));
      memcpy (to + s->h, y + i * s->steps * s->h, (s->steps - 1) * s->h * sizeof (float));
    }
}

static void
grads_of_weights (const SlLstmShape *s, const float *x, const float *h0, const float *y,
                  const float *gates, const SlLstmParams *dw, const Scratch *at)
{
  gsize width = SL_N_GATES * s->h, rows = s->n * s->steps;

  if (dw->ih != NULL)
    sl_product_tn (s->c, width, rows, x, gates, 1, dw->ih);
  if (dw->hh != NULL)
    {
      shift_states (s, h0, y, at->before);
      if (s->p > 0)
        {
          sl_product_tn (s->h, width, rows, at->before, gates, 0, at->weights);
          SL_TUNED (kernels)
          ()->dropout_backward (width * s->h, at->weights, s->p, s->key, dw->hh, TRUE);
        }
      else
        sl_product_tn (s->h, width, rows, at->before, gates, 1, dw->hh);
    }
  for (gsize j = 0; dw->bias_ih != NULL && j < width; j++)
    dw->bias_ih[j] += at->bias[j];
  for (gsize j = 0; dw->bias_hh != NULL && j < width; j++)
    dw->bias_hh[j] += at->bias[j];
}

void
SL_TUNED (lstm_backward) (const SlLstmShape *s, const SlLstmParams *w, const float *x,
                          const float *h0, const float *c0, const float *y, const float *dy,
                          float *gates, const float *cells, float *dx, gboolean adds,
                          const SlLstmParams *dw, void *scratch)
{
  Scratch at;
  Pass pass = { s, &at, c0, dy, cells, gates };

  lay_out (s, scratch, &at);
  pack (s, SL_TUNED (lstm_drop) (s, w->hh, at.weights), &at);
  go_back_in_time (s, &pass, &at);
  grads_of_weights (s, x, h0, y, gates, dw, &at);
  if (dx != NULL)
    sl_product_nt (s->n * s->steps, s->c, SL_N_GATES * s->h, gates, w->ih, adds ? 1 : 0, dx);
}
