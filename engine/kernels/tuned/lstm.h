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

/* Steps of the depth (operand.h) between which a panel's part stays in the second-level cache, with the part
 * that is fetched ahead and that of the rows. */
#define SL_LSTM_DEPTH ((gsize)576)

/* Words from one row to the next of what is @n wide: an odd number of lines, so that the rows of a
 * micro-kernel lie in different sets of the cache. */
static inline gsize
sl_lstm_row (gsize n)
{
  return (sl_ceil_div (n, 16) | 1) * 16;
}

/* Room for @n floats, or words, behind the @used ones at @base; NULL when only counting. */
static inline float *
sl_lstm_take (float *base, gsize *used, gsize n)
{
  float *place = base != NULL ? base + *used : NULL;

  *used += sl_padded (n);
  return place;
}

static inline gboolean
sl_lstm_is_padding (const SlLstmShape *s, gsize row, gsize t)
{
  return s->first != NULL && (gint32)t < s->first[row];
}

/* Rows that step @t works on: behind them all is padding.  With the longest text first, none of them is. */
static inline gsize
sl_lstm_rows_at (const SlLstmShape *s, gsize t)
{
  gsize n = s->n;

  while (n > 0 && sl_lstm_is_padding (s, n - 1, t))
    n--;
  return n;
}

/* sl_panel_kernel() that fetches a line of @ahead into the cache at each step.  The rows of
 * a step of time are few, so that each weight is fetched from far away for two dozen
 * multiplications: that must happen while the weights before it are worked with. */
static inline __attribute__ ((always_inline)) void
sl_lstm_kernel (gsize rows, gsize steps, const SlWord *a, gsize a_row, const SlWord *b,
                const SlWord *ahead, gboolean adds, float *c, gsize c_row)
{
  SlVec sum[SL_PANEL_ROWS][2];

#pragma GCC unroll 12
  for (gsize r = 0; r < rows; r++)
    {
      sum[r][0] = adds ? sl_vec_load (c + r * c_row, SL_LANES) : (SlVec){ 0 };
      sum[r][1] = adds ? sl_vec_load (c + r * c_row + SL_LANES, SL_LANES) : (SlVec){ 0 };
    }
  for (gsize s = 0; s < steps; s++, a++, b += SL_PANEL, ahead += SL_PANEL)
    {
      SlVec left = sl_step_load (b), right = sl_step_load (b + SL_LANES);

      __builtin_prefetch (ahead, 0, 2);
#pragma GCC unroll 12
      for (gsize r = 0; r < rows; r++)
        {
          sum[r][0] = sl_step_multiply (sum[r][0], a[r * a_row], left);
          sum[r][1] = sl_step_multiply (sum[r][1], a[r * a_row], right);
        }
    }
#pragma GCC unroll 12
  for (gsize r = 0; r < rows; r++)
    {
      sl_vec_store (c + r * c_row, sum[r][0], SL_LANES);
      sl_vec_store (c + r * c_row + SL_LANES, sum[r][1], SL_LANES);
    }
}

/* The tile's columns of one part of the depth.  @next: the weights that come next.  Of 32 rows, 8
 * are left behind two whole kernels: four at a time would wait for the second-level cache. */
static inline __attribute__ ((always_inline)) void
sl_lstm_part (gsize rows, gsize steps, const SlWord *a, gsize a_row, const SlWord *panel,
              const SlWord *next, gboolean adds, float *tile, gsize tile_row)
{
  gsize r = 0;

  for (; r + SL_PANEL_ROWS <= rows; r += SL_PANEL_ROWS)
    sl_lstm_kernel (SL_PANEL_ROWS, steps, a + r * a_row, a_row, panel,
                    next + (r > 0 ? SL_LANES : 0), adds, tile + r * tile_row, tile_row);
#if SL_PANEL_ROWS > 8
  for (; r + 8 <= rows; r += 8)
    sl_lstm_kernel (8, steps, a + r * a_row, a_row, panel, next + (r > 0 ? SL_LANES : 0), adds,
                    tile + r * tile_row, tile_row);
#endif
  for (; r + 4 <= rows; r += 4)
    sl_lstm_kernel (4, steps, a + r * a_row, a_row, panel, next, adds, tile + r * tile_row,
                    tile_row);
  for (; r < rows; r++)
    sl_lstm_kernel (1, steps, a + r * a_row, a_row, panel, next, adds, tile + r * tile_row,
                    tile_row);
}

/* tile (rows, SL_PANEL), rows @tile_row apart, = a (rows, depth), @a_row apart, · panel, behind which
 * the next one lies.  @depth in steps. */
static inline void
sl_lstm_multiply (gsize rows, gsize depth, const SlWord *a, gsize a_row, const SlWord *panel,
                  float *tile, gsize tile_row)
{
  for (gsize at = 0; at < depth; at += SL_LSTM_DEPTH)
    {
      gsize steps = MIN (SL_LSTM_DEPTH, depth - at);
      const SlWord *part = panel + at * SL_PANEL, *next = part + steps * SL_PANEL;

      if (at == 0)
        sl_lstm_part (rows, steps, a, a_row, part, next, FALSE, tile, tile_row);
      else
        sl_lstm_part (rows, steps, a + at, a_row, part, next, TRUE, tile, tile_row);
    }
}

/* The recurrent weights of this pass: @hh, or into @dropped those that are left. */
const float *SL_TUNED (lstm_drop) (const SlLstmShape *s, const float *hh, float *dropped);

gsize SL_TUNED (lstm_backward_scratch) (const SlLstmShape *s);
void SL_TUNED (lstm_backward) (const SlLstmShape *s, const SlLstmParams *w, const float *x,
                               const float *h0, const float *c0, const float *y, const float *dy,
                               float *gates, const float *cells, float *dx, gboolean adds,
                               const SlLstmParams *dw, void *scratch);
