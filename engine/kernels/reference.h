/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kernels/kernels.h"
#include <string.h>

/* The reference kernels: plain serial loops, double sums; the specification of every slot of
 * SlKernels.  Each file lays its rows into the table. */
void sl_reference_fill_conv (SlKernels *table);
void sl_reference_fill_depthwise (SlKernels *table);
void sl_reference_fill_norm (SlKernels *table);
void sl_reference_fill_elementwise (SlKernels *table);
void sl_reference_fill_pool (SlKernels *table);
void sl_reference_fill_linear (SlKernels *table);
void sl_reference_fill_loss (SlKernels *table);
void sl_reference_fill_cells (SlKernels *table);
void sl_reference_fill_resample (SlKernels *table);
void sl_reference_fill_lstm (SlKernels *table);
void sl_reference_fill_words (SlKernels *table);
/* Of products whose operands are rounded to bfloat16. */
void sl_reference_fill_lstm_bf16 (SlKernels *table);
void sl_reference_fill_words_bf16 (SlKernels *table);
void sl_reference_fill_activity (SlKernels *table);
void sl_reference_fill_picture (SlKernels *table);

static inline void
sl_reference_put (float *dst, double value, gboolean adds)
{
  *dst = adds ? (float)(*dst + value) : (float)value;
}

/* What an operand of a product becomes before it is multiplied.  Who takes one is inlined, so that the reference of float32
 * is not slowed by it. */
#define SL_REFERENCE_INLINE static inline __attribute__ ((always_inline))
typedef float (*SlReferenceRound) (float value);

static inline float
sl_reference_same (float value)
{
  return value;
}

/* To bfloat16, nearest, ties to even; a NaN stays one. */
static inline float
sl_reference_round (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  if (value != value)
    bits |= 0x400000;
  else
    bits += 0x7fff + (bits >> 16 & 1);
  bits &= 0xffff0000;
  memcpy (&value, &bits, sizeof bits);
  return value;
}
