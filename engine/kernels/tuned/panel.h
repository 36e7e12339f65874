/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Products for the convolutions, whose operands are laid out for them, so that nothing is packed
 * and no edge is left: the right operand and the result have rows of a multiple of SL_PANEL,
 * of which those beyond the matrix are of no interest.  Depth is counted in steps (operand.h).
 *
 * One micro-kernel: SL_PANEL_ROWS rows × SL_PANEL columns of the result stay in registers over the
 * whole depth.  Measured (Zen 4, one core, peak 116 GFLOP/s; OpenBLAS 0.3.21 in brackets): rows ×
 * columns × depth 96×64×64 113 (114), 64×128×128 113 (93), 128×256×256 115 (98), 128×512×512 110
 * (94); transposed left operand 512×512×128 94 (101), 256×256×128 109 (103). */

#include "kernels/tuned/operand.h"

#define SL_PANEL (2 * SL_LANES)
#if SL_VECTOR_BYTES == 64
#define SL_PANEL_ROWS 12 /* 24 of 32 registers */
#elif SL_VECTOR_BYTES == 32
#define SL_PANEL_ROWS 6 /* 12 of 16 */
#elif defined(__aarch64__)
#define SL_PANEL_ROWS 8 /* 16 of 32 */
#else
#define SL_PANEL_ROWS 4 /* 8 of 16 */
#endif

/* @n rounded up to whole vectors. */
static inline gsize
sl_vector_width (gsize n)
{
  return sl_ceil_div (n, SL_LANES) * SL_LANES;
}

/* @n rounded up to whole panels. */
static inline gsize
sl_panel_width (gsize n)
{
  return sl_ceil_div (n, SL_PANEL) * SL_PANEL;
}

/* c (rows, SL_PANEL) = or += a · b over @steps; a's word (r,s) at r·a_row + s·a_step, b's row s at
 * s·b_step.  Of the panel's two vectors the first @vectors.  @rows, @vectors, @fetches and @adds are
 * constants.
 *
 * @fetches: asks for the rows behind these, which follow in memory.  Short rows are streams that end
 * before the processor prefetches by itself.  Measured with the panel's half (two Zen 4 cores, batch
 * 16, MobileNetV2): data gradient from 96 to 16 channels at 112² 11.2 → 5.1 ms, forward from 32 to
 * 16 3.1 → 1.5, from 144 to 24 at 56² 4.7 → 2.8. */
static inline __attribute__ ((always_inline)) void
sl_panel_kernel (gsize rows, gsize vectors, gboolean fetches, gsize steps, const SlWord *a,
                 gsize a_row, gsize a_step, const SlWord *b, gsize b_step, gboolean adds, float *c,
                 gsize c_row)
{
  const SlWord *next = a + rows * a_row;
  SlVec sum[SL_PANEL_ROWS][2];

#pragma GCC unroll 12
  for (gsize r = 0; r < rows; r++)
    {
      sum[r][0] = adds ? sl_vec_load (c + r * c_row, SL_LANES) : (SlVec){ 0 };
      if (vectors > 1)
        sum[r][1] = adds ? sl_vec_load (c + r * c_row + SL_LANES, SL_LANES) : (SlVec){ 0 };
    }
  for (gsize s = 0; s < steps; s++, a += a_step, b += b_step)
    {
      SlVec left = sl_step_load (b), right = vectors > 1 ? sl_step_load (b + SL_LANES) : left;

      if (fetches)
        __builtin_prefetch (next + s * (64 / sizeof (SlWord)));
#pragma GCC unroll 12
      for (gsize r = 0; r < rows; r++)
        {
          sum[r][0] = sl_step_multiply (sum[r][0], a[r * a_row], left);
          if (vectors > 1)
            sum[r][1] = sl_step_multiply (sum[r][1], a[r * a_row], right);
        }
    }
#pragma GCC unroll 12
  for (gsize r = 0; r < rows; r++)
    {
      sl_vec_store (c + r * c_row, sum[r][0], SL_LANES);
      if (vectors > 1)
        sl_vec_store (c + r * c_row + SL_LANES, sum[r][1], SL_LANES);
    }
}

/* c (rows, one panel), any number of rows; see sl_panel_kernel(). */
static inline __attribute__ ((always_inline)) void
sl_panel_vectors (gsize rows, gsize vectors, gboolean fetches, gsize steps, const SlWord *a,
                  gsize a_row, gsize a_step, const SlWord *b, gsize b_step, gboolean adds, float *c,
                  gsize c_row)
{
  gsize r = 0;

  for (; r + SL_PANEL_ROWS <= rows; r += SL_PANEL_ROWS)
    sl_panel_kernel (SL_PANEL_ROWS, vectors, fetches, steps, a + r * a_row, a_row, a_step, b, b_step,
                     adds, c + r * c_row, c_row);
  for (; r + 4 <= rows; r += 4)
    sl_panel_kernel (4, vectors, FALSE, steps, a + r * a_row, a_row, a_step, b, b_step, adds,
                     c + r * c_row, c_row);
  for (; r < rows; r++)
    sl_panel_kernel (1, vectors, FALSE, steps, a + r * a_row, a_row, a_step, b, b_step, adds,
                     c + r * c_row, c_row);
}

/* The same of a whole panel, whose left operand is at hand. */
static inline __attribute__ ((always_inline)) void
sl_panel_column (gsize rows, gsize steps, const SlWord *a, gsize a_row, gsize a_step, const SlWord *b,
                 gsize b_step, gboolean adds, float *c, gsize c_row)
{
  sl_panel_vectors (rows, 2, FALSE, steps, a, a_row, a_step, b, b_step, adds, c, c_row);
}

/* c (rows, width) = a (rows, steps) · b, b as panels (width / SL_PANEL, steps, SL_PANEL). */
static inline void
sl_panel_multiply (gsize rows, gsize width, gsize steps, const SlWord *a, const SlWord *b, float *c)
{
  for (gsize j = 0; j < width; j += SL_PANEL)
    sl_panel_column (rows, steps, a, steps, 1, b + j * steps, SL_PANEL, FALSE, c + j, width);
}

/* c (rows, width) = or += aᵀ · b, a (steps, rows) with rows @a_step apart, b as panels. */
static inline void
sl_panel_multiply_tn (gsize rows, gsize width, gsize steps, const SlWord *a, gsize a_step,
                      const SlWord *b, gboolean adds, float *c)
{
  for (gsize j = 0; j < width; j += SL_PANEL)
    if (adds)
      sl_panel_column (rows, steps, a, 1, a_step, b + j * steps, SL_PANEL, TRUE, c + j, width);
    else
      sl_panel_column (rows, steps, a, 1, a_step, b + j * steps, SL_PANEL, FALSE, c + j, width);
}
