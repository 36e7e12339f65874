/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the two directions of the LSTM share. */

#include "kernels/tuned/panel.h"

enum
{
  SL_GATE_INPUT,
  SL_GATE_FORGET,
  SL_GATE_CELL,
  SL_GATE_OUTPUT,
  SL_N_GATES
};

/* Rows of a batch whose products with one panel are made before their gates: they stay in the
 * first-level cache. */
#define SL_LSTM_ROWS ((gsize)48)

/* Steps of the depth between which a panel's part stays in the second-level cache while all rows
 * go over it. */
#define SL_LSTM_DEPTH ((gsize)1152)

/* Floats from one row to the next of what is @n wide: an odd number of lines, so that the rows of a
 * micro-kernel lie in different sets of the cache. */
static inline gsize
sl_lstm_row (gsize n)
{
  return (sl_ceil_div (n, 16) | 1) * 16;
}

/* Room for @n floats behind the @used ones at @base; NULL when only counting. */
static inline float *
sl_lstm_take (float *base, gsize *used, gsize n)
{
  float *place = base != NULL ? base + *used : NULL;

  *used += sl_padded (n);
  return place;
}

/* tile (rows, SL_PANEL), rows @tile_row apart, = a (rows, depth) · panel, @a_row apart. */
static inline void
sl_lstm_multiply (gsize rows, gsize depth, const float *a, gsize a_row, const float *panel,
                  float *tile, gsize tile_row)
{
  for (gsize at = 0; at < depth; at += SL_LSTM_DEPTH)
    {
      gsize steps = MIN (SL_LSTM_DEPTH, depth - at);

      if (at == 0)
        sl_panel_column (rows, steps, a, a_row, 1, panel, SL_PANEL, FALSE, tile, tile_row);
      else
        sl_panel_column (rows, steps, a + at, a_row, 1, panel + at * SL_PANEL, SL_PANEL, TRUE, tile,
                         tile_row);
    }
}

/* The recurrent weights of this pass: @hh, or into @dropped those that are left. */
const float *SL_TUNED (lstm_drop) (const SlLstmShape *s, const float *hh, float *dropped);

gsize SL_TUNED (lstm_backward_scratch) (const SlLstmShape *s);
void SL_TUNED (lstm_backward) (const SlLstmShape *s, const SlLstmParams *w, const float *x,
                               const float *h0, const float *c0, const float *y, const float *dy,
                               float *gates, const float *cells, float *dx, gboolean adds,
                               const SlLstmParams *dw, void *scratch);
