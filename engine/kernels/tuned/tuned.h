/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The tuned kernels.  Every source of this folder is compiled once for each instruction set, into
 * a library of its own, with
 *
 *   SL_ISA           the table's name, which ends every external symbol: baseline, avx2, avx512
 *   SL_VECTOR_BYTES  the width that the explicit vectors have: 16, 32, 64
 *
 * Those of the products are compiled again for operands in bfloat16 (operand.h), with SL_ISA the
 * name of that table and SL_BASE the table that it is laid over.
 *
 * What holds everywhere: work is cut into blocks by the shape alone, each output belongs to one
 * block, and sums over blocks are added in the order of the blocks.  So the bits do not depend on
 * the number of threads.  They may differ between instruction sets. */

#include <string.h>

#include <slope/parallel.h>

#include "kernels/kernels.h"

#define SL_PASTE_(a, b) a##_##b
#define SL_PASTE(a, b) SL_PASTE_ (a, b)
#define SL_TUNED(name) SL_PASTE (sl_##name, SL_ISA)
#define SL_STRING_(x) #x
#define SL_STRING(x) SL_STRING_ (x)

void SL_TUNED (fill_conv) (SlKernels *table);
void SL_TUNED (fill_depthwise) (SlKernels *table);
void SL_TUNED (fill_norm) (SlKernels *table);
void SL_TUNED (fill_elementwise) (SlKernels *table);
void SL_TUNED (fill_pool) (SlKernels *table);
void SL_TUNED (fill_linear) (SlKernels *table);
void SL_TUNED (fill_loss) (SlKernels *table);
void SL_TUNED (fill_cells) (SlKernels *table);
void SL_TUNED (fill_probe) (SlKernels *table);
void SL_TUNED (fill_resample) (SlKernels *table);
void SL_TUNED (fill_embedding) (SlKernels *table);
void SL_TUNED (fill_lstm) (SlKernels *table);
void SL_TUNED (fill_words) (SlKernels *table);
void SL_TUNED (fill_activity) (SlKernels *table);
void SL_TUNED (fill_picture) (SlKernels *table);

const SlKernels *SL_TUNED (kernels) (void);

/* One block of element-wise work: 32 KiB, the first-level cache. */
#define SL_BLOCK ((gsize)8192)

/* Threads for @n elements of light work; below this, waking the team costs more than it saves. */
static inline int
sl_team (gsize n)
{
  return n < 4 * SL_BLOCK ? 1 : (int)sl_parallel_get_threads ();
}

static inline gsize
sl_ceil_div (gsize a, gsize b)
{
  return (a + b - 1) / b;
}

/* Elements of scratch for @n, in whole cache lines. */
static inline gsize
sl_padded (gsize n)
{
  return (n + 15) & ~(gsize)15;
}

/* ---- Explicit vectors along the channels. */

#define SL_LANES (SL_VECTOR_BYTES / sizeof (float))
typedef float SlVec __attribute__ ((vector_size (SL_VECTOR_BYTES)));

/* The first @lanes floats at @p, then zeros.  With a constant @lanes == SL_LANES one load. */
static inline __attribute__ ((always_inline)) SlVec
sl_vec_load (const float *p, gsize lanes)
{
  SlVec v = { 0 };

  memcpy (&v, p, lanes * sizeof (float));
  return v;
}

static inline __attribute__ ((always_inline)) void
sl_vec_store (float *p, SlVec v, gsize lanes)
{
  memcpy (p, &v, lanes * sizeof (float));
}
