/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LSTM, forward.  The inputs' part of all gates is one product; what is left to each step is the
 * product of the state with the recurrent weights.  These are packed once a pass, so that the four
 * gates of a few units stand side by side: whoever multiplies them has all it needs to go on to
 * the new state, and one barrier a step is enough.
 *
 * Measured over three layers 400-1152-1152-400, 32 texts of 70 (Zen 4, two cores, peak 233
 * GFLOP/s), a training step with the loss over 20,000 words: 2.6 s with panel.h's columns of 12, 4
 * and 1 rows, 2.2 s with lstm.h's of 12 and 8 that fetch the next weights ahead. */
#include "kernels/tuned/lstm.h"
#include "kernels/tuned/functions.h"
#include "kernels/tuned/product.h"

/* Units that are made together: one vector of each gate, two panels of weights. */
#define UNITS SL_LANES
#define TILE (SL_N_GATES * UNITS) /* floats of a row of their gates */

typedef struct
{
  gsize blocks;              /* of units */
  gsize steps;               /* of the depth of h */
  gsize row;                 /* words between rows of the state */
  SlWord *panels, *state[2]; /* operands of the products */
  float *bias, *dropped;
} Scratch;

/* Divides @base (nullable: only counts); returns the bytes. */
static gsize
lay_out (const SlLstmShape *s, float *base, Scratch *at)
{
  gsize blocks = sl_ceil_div (s->h, UNITS), steps = sl_steps (s->h), row = sl_lstm_row (steps);
  gsize used = 0;

  *at = (Scratch){ .blocks = blocks, .steps = steps, .row = row };
  at->panels = (SlWord *)sl_lstm_take (base, &used, blocks * TILE * steps);
  at->bias = sl_lstm_take (base, &used, SL_N_GATES * s->h);
  at->state[0] = (SlWord *)sl_lstm_take (base, &used, s->n * row);
  at->state[1] = (SlWord *)sl_lstm_take (base, &used, s->n * row);
  at->dropped = sl_lstm_take (base, &used, s->p > 0 ? SL_N_GATES * s->h * s->h : 0);
  return used * sizeof (float);
}

static gsize
lstm_scratch (const SlLstmShape *s)
{
  Scratch at;
  gsize forward = lay_out (s, NULL, &at), backward = SL_TUNED (lstm_backward_scratch) (s);

  return MAX (forward, backward);
}

const float *
SL_TUNED (lstm_drop) (const SlLstmShape *s, const float *hh, float *dropped)
{
  if (s->p == 0)
    return hh;
  SL_TUNED (kernels) ()->dropout_forward (SL_N_GATES * s->h * s->h, hh, s->p, s->key, dropped);
  return dropped;
}

/* Block b, gates 2q and 2q+1: a panel of h's steps, UNITS of the one gate beside UNITS of the other. */
static void
pack (const SlLstmShape *s, const float *hh, const Scratch *at)
{
  gsize width = SL_N_GATES * s->h;

#pragma omp parallel for schedule(static) num_threads(sl_team(s->h *width))
  for (gsize b = 0; b < at->blocks; b++)
    {
      gsize first = b * UNITS, lanes = MIN (UNITS, s->h - first);

      for (gsize gate = 0; gate < SL_N_GATES; gate++)
        {
          const float *from = hh + gate * s->h + first;
          SlWord *to = at->panels + (b * TILE + gate / 2 * SL_PANEL) * at->steps + gate % 2 * UNITS;

          for (gsize k = 0; k < s->h; k++)
            sl_operand_put (to + k / SL_PAIR * SL_PANEL, 0, sl_vec_load (from + k * width, lanes),
                            UNITS, sl_place (k));
        }
    }
}

/* Adds the recurrent part @tile and the bias to one row of @lanes units' gates, and makes the new
 * state of it. */
static inline __attribute__ ((always_inline)) void
make_state (gsize lanes, gsize h, const float *tile, const float *bias, float *gates,
            const float *before, float *cell, float *y)
{
  float *gi = gates, *gf = gates + h, *gg = gates + 2 * h, *go = gates + 3 * h;

#pragma omp simd
  for (gsize j = 0; j < lanes; j++)
    {
      float i = sl_sigmoid (tile[j] + gi[j] + bias[j]);
      float f = sl_sigmoid (tile[UNITS + j] + gf[j] + bias[h + j]);
      float g = sl_tanh (tile[2 * UNITS + j] + gg[j] + bias[2 * h + j]);
      float o = sl_sigmoid (tile[3 * UNITS + j] + go[j] + bias[3 * h + j]);
      float c = f * before[j] + i * g, out = o * sl_tanh (c);

      gi[j] = i;
      gf[j] = f;
      gg[j] = g;
      go[j] = o;
      cell[j] = c;
      y[j] = out;
    }
}

/* What a step reads and writes. */
typedef struct
{
  const SlLstmShape *s;
  const Scratch *at;
  const float *c0;
  float *y, *gates, *cells;
} Pass;

/* @lanes units from @first on of @row, at step @t, which is padding. */
static void
clear_state (const Pass *pass, gsize t, gsize row, gsize first, gsize lanes)
{
  const SlLstmShape *s = pass->s;
  gsize place = row * s->steps + t, bytes = lanes * sizeof (float);

  for (gsize gate = 0; gate < SL_N_GATES; gate++)
    memset (pass->gates + (place * SL_N_GATES + gate) * s->h + first, 0, bytes);
  memset (pass->cells + place * s->h + first, 0, bytes);
  memset (pass->y + place * s->h + first, 0, bytes);
  sl_operand_zero (pass->at->state[(t + 1) % 2] + row * pass->at->row, first, lanes, SL_ALONG);
}

/* Units of block @b at step @t. */
static void
step_block (const Pass *pass, gsize t, gsize b)
{
  const SlLstmShape *s = pass->s;
  const Scratch *at = pass->at;
  gsize first = b * UNITS, lanes = MIN (UNITS, s->h - first), n = sl_lstm_rows_at (s, t);
  const SlWord *panels = at->panels + b * TILE * at->steps, *from = at->state[t % 2];
  float tile[SL_LSTM_ROWS * TILE] __attribute__ ((aligned (64)));

  for (gsize r = 0; r < n; r += SL_LSTM_ROWS)
    {
      gsize rows = MIN (SL_LSTM_ROWS, n - r);

      for (gsize q = 0; q < 2; q++)
        sl_lstm_multiply (rows, at->steps, from + r * at->row, at->row,
                          panels + q * SL_PANEL * at->steps, tile + q * SL_PANEL, TILE);
      for (gsize i = 0; i < rows; i++)
        {
          gsize place = (r + i) * s->steps + t;
          float *cell = pass->cells + place * s->h + first, *y = pass->y + place * s->h + first;
          float *gates = pass->gates + place * SL_N_GATES * s->h + first;
          const float *before = t > 0 ? cell - s->h : pass->c0 + (r + i) * s->h + first;

          if (sl_lstm_is_padding (s, r + i, t))
            {
              clear_state (pass, t, r + i, first, lanes);
              continue;
            }
          if (lanes == UNITS)
            make_state (UNITS, s->h, tile + i * TILE, at->bias + first, gates, before, cell, y);
          else
            make_state (lanes, s->h, tile + i * TILE, at->bias + first, gates, before, cell, y);
          sl_operand_copy (at->state[(t + 1) % 2] + (r + i) * at->row, first, y, lanes, SL_ALONG);
        }
    }
  for (gsize row = n; row < s->n; row++)
    clear_state (pass, t, row, first, lanes);
}

/* What @all (n,steps,h) has at the last step. */
static void
copy_last (const SlLstmShape *s, const float *all, float *to)
{
  for (gsize i = 0; i < s->n; i++)
    memcpy (to + i * s->h, all + ((i + 1) * s->steps - 1) * s->h, s->h * sizeof (float));
}

static void
lstm_forward (const SlLstmShape *s, const SlLstmParams *w, const float *x, const float *h0,
              const float *c0, float *y, float *hn, float *cn, float *gates, float *cells,
              void *scratch)
{
  gsize width = SL_N_GATES * s->h;
  Scratch at;
  Pass pass = { s, &at, c0, y, gates, cells };

  lay_out (s, scratch, &at);
  pack (s, SL_TUNED (lstm_drop) (s, w->hh, at.dropped), &at);
  for (gsize j = 0; j < width; j++)
    at.bias[j] = w->bias_ih[j] + w->bias_hh[j];
  sl_product_nn (s->n * s->steps, width, s->c, x, w->ih, 0, gates);

  for (gsize i = 0; i < s->n; i++)
    sl_operand_copy (at.state[0] + i * at.row, 0, h0 + i * s->h, s->h, SL_ALONG);
#pragma omp parallel num_threads(sl_team(s->n * s->h * width / 64))
  for (gsize t = 0; t < s->steps; t++)
    {
#pragma omp for schedule(static)
      for (gsize b = 0; b < at.blocks; b++)
        step_block (&pass, t, b);
    }
  if (hn != NULL)
    copy_last (s, y, hn);
  if (cn != NULL)
    copy_last (s, cells, cn);
}

void
SL_TUNED (fill_lstm) (SlKernels *table)
{
  table->lstm_scratch = lstm_scratch;
  table->lstm_forward = lstm_forward;
  table->lstm_backward = SL_TUNED (lstm_backward);
}
