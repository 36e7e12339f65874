/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* gemm.h's products with operands in bfloat16: parts of both are laid out as panel.h wants them, on the stack, since
 * the blocks of work are small and no step may allocate.
 *
 * Measured (Zen 4, two cores, AVX512_BF16): a training step of AWD-LSTM's sizes with the loss over 20,000 words, 32 texts
 * of 70, takes 1.13 s with these and the LSTM's own products in pairs, 1.99 s in float32. */

#include "kernels/tuned/panel.h"
#include "kernels/tuned/transpose.h"

/* Of the depth, rows and columns that are laid out at a time: the right operand's part stays in the second-level cache
 * (144 KiB of pairs), the left one's beside it (48 KiB). */
#define SL_GEMM_DEPTH ((gsize)256)
#define SL_GEMM_ROWS ((gsize)96)
#define SL_GEMM_COLUMNS ((gsize)288)
#define SL_GEMM_STEPS (SL_GEMM_DEPTH / SL_PAIR)

/* How an operand lies in memory. */
typedef enum
{
  SL_DEPTH_ALONG, /* a row runs along the depth */
  SL_DEPTH_DOWN   /* rows follow one another along it */
} SlDepth;

/* Left: words (rows,steps) of what lies along the depth, (steps,SL_GEMM_ROWS) of what lies down. */
static inline void
sl_gemm_lay_left (SlDepth depth, gsize rows, gsize k, const float *a, gsize lda, SlWord *to)
{
  if (depth == SL_DEPTH_ALONG)
    for (gsize r = 0; r < rows; r++)
      sl_operand_copy (to + r * SL_GEMM_STEPS, 0, a + r * lda, k, SL_ALONG);
  else
    for (gsize i = 0; i < k; i++)
      sl_operand_copy (to + i / SL_PAIR * SL_GEMM_ROWS, 0, a + i * lda, rows, sl_place (i));
}

/* Right: a panel (steps,SL_PANEL) of @lanes columns; those behind are zeros. */
static inline void
sl_gemm_lay_panel (SlDepth depth, gsize lanes, gsize k, const float *b, gsize ldb, SlWord *panel)
{
  SlWord rows[SL_PANEL * SL_GEMM_STEPS] __attribute__ ((aligned (64)));
  gsize steps = sl_steps (k);

  if (lanes < SL_PANEL)
    memset (panel, 0, steps * SL_PANEL * sizeof *panel);
  if (depth == SL_DEPTH_DOWN)
    {
      for (gsize i = 0; i < k; i++)
        sl_operand_copy (panel + i / SL_PAIR * SL_PANEL, 0, b + i * ldb, lanes, sl_place (i));
      return;
    }
  for (gsize j = 0; j < lanes; j++)
    sl_operand_copy (rows + j * steps, 0, b + j * ldb, k, SL_ALONG);
  sl_transpose (lanes, steps, (const float *)rows, steps, (float *)panel, SL_PANEL);
}

/* c (rows, one panel's @lanes columns) = or += left · panel. */
static inline void
sl_gemm_panel (SlDepth left, gsize rows, gsize lanes, gsize steps, const SlWord *a, const SlWord *panel,
               gboolean adds, float *c, gsize ldc)
{
  float tile[SL_GEMM_ROWS * SL_PANEL] __attribute__ ((aligned (64)));
  gsize a_row = left == SL_DEPTH_ALONG ? SL_GEMM_STEPS : 1;
  gsize a_step = left == SL_DEPTH_ALONG ? 1 : SL_GEMM_ROWS;

  if (lanes == SL_PANEL && adds)
    sl_panel_column (rows, steps, a, a_row, a_step, panel, SL_PANEL, TRUE, c, ldc);
  else if (lanes == SL_PANEL)
    sl_panel_column (rows, steps, a, a_row, a_step, panel, SL_PANEL, FALSE, c, ldc);
  else
    {
      sl_panel_column (rows, steps, a, a_row, a_step, panel, SL_PANEL, FALSE, tile, SL_PANEL);
      for (gsize r = 0; r < rows; r++)
        for (gsize j = 0; j < lanes; j++)
          c[r * ldc + j] = (adds ? c[r * ldc + j] : 0) + tile[r * SL_PANEL + j];
    }
}

/* c (m,n) = (@adds: c +) a · b, as the operands lie. */
static inline void
sl_gemm_rounded (SlDepth left, SlDepth right, gsize m, gsize n, gsize k, const float *a, gsize lda,
                 const float *b, gsize ldb, gboolean adds, float *c, gsize ldc)
{
  SlWord rows[SL_GEMM_ROWS * SL_GEMM_STEPS] __attribute__ ((aligned (64)));
  SlWord panels[SL_GEMM_COLUMNS * SL_GEMM_STEPS] __attribute__ ((aligned (64)));

  for (gsize j = 0; j < n; j += SL_GEMM_COLUMNS)
    for (gsize at = 0; at < k; at += SL_GEMM_DEPTH)
      {
        gsize columns = MIN (SL_GEMM_COLUMNS, n - j), depth = MIN (SL_GEMM_DEPTH, k - at);

        for (gsize p = 0; p < columns; p += SL_PANEL)
          sl_gemm_lay_panel (right, MIN (SL_PANEL, columns - p), depth,
                             right == SL_DEPTH_DOWN ? b + at * ldb + j + p : b + (j + p) * ldb + at, ldb,
                             panels + p * SL_GEMM_STEPS);
        for (gsize i = 0; i < m; i += SL_GEMM_ROWS)
          {
            gsize height = MIN (SL_GEMM_ROWS, m - i);

            sl_gemm_lay_left (left, height, depth,
                              left == SL_DEPTH_DOWN ? a + at * lda + i : a + i * lda + at, lda, rows);
            for (gsize p = 0; p < columns; p += SL_PANEL)
              sl_gemm_panel (left, height, MIN (SL_PANEL, columns - p), sl_steps (depth), rows,
                             panels + p * SL_GEMM_STEPS, adds || at > 0, c + i * ldc + j + p, ldc);
          }
      }
}

/* As those of gemm.h; @beta is 0 or 1. */

static inline void
sl_gemm_nn (gsize m, gsize n, gsize k, const float *a, gsize lda, const float *b, gsize ldb,
            float beta, float *c, gsize ldc)
{
  sl_gemm_rounded (SL_DEPTH_ALONG, SL_DEPTH_DOWN, m, n, k, a, lda, b, ldb, beta != 0, c, ldc);
}

static inline void
sl_gemm_nt (gsize m, gsize n, gsize k, const float *a, gsize lda, const float *b, gsize ldb,
            float beta, float *c, gsize ldc)
{
  sl_gemm_rounded (SL_DEPTH_ALONG, SL_DEPTH_ALONG, m, n, k, a, lda, b, ldb, beta != 0, c, ldc);
}

static inline void
sl_gemm_tn (gsize m, gsize n, gsize k, const float *a, gsize lda, const float *b, gsize ldb,
            float beta, float *c, gsize ldc)
{
  sl_gemm_rounded (SL_DEPTH_DOWN, SL_DEPTH_DOWN, m, n, k, a, lda, b, ldb, beta != 0, c, ldc);
}
