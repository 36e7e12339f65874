/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kernels/kernels.h"

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
void sl_reference_fill_activity (SlKernels *table);
void sl_reference_fill_picture (SlKernels *table);

static inline void
sl_reference_put (float *dst, double value, gboolean adds)
{
  *dst = adds ? (float)(*dst + value) : (float)value;
}
