/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kernels/kernels.h"
#include "ops/ops.h"

/* An op in terms of kernels: what a call means for the table. */
typedef struct
{
  const SlOpDef *op;
  gsize (*scratch) (const SlKernels *kernels, const SlCall *call); /* (nullable): none */
  void (*forward) (const SlKernels *kernels, const SlCall *call);
  void (*backward) (const SlKernels *kernels, const SlCall *call);
  void (*again) (const SlKernels *kernels, const SlCall *call); /* (nullable): as forward */
} SlCpuOp;

const SlCpuOp *sl_cpu_op_find (const SlOpDef *op); /* %NULL: this backend lacks it */

/* ---- Rows of the table that are in files of their own. */

void sl_cpu_resize_forward         (const SlKernels *kernels, const SlCall *call);
void sl_cpu_resize_backward        (const SlKernels *kernels, const SlCall *call);
void sl_cpu_concat_forward         (const SlKernels *kernels, const SlCall *call);
void sl_cpu_concat_backward        (const SlKernels *kernels, const SlCall *call);
void sl_cpu_pixel_shuffle_forward  (const SlKernels *kernels, const SlCall *call);
void sl_cpu_pixel_shuffle_backward (const SlKernels *kernels, const SlCall *call);

gsize sl_cpu_cross_entropy_scratch         (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_cross_entropy_forward         (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_cross_entropy_backward        (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_binary_cross_entropy_forward  (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_binary_cross_entropy_backward (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_mean_squared_error_forward    (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_mean_squared_error_backward   (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_output_range_forward          (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_output_range_backward         (const SlKernels *kernels, const SlCall *call);

void  sl_cpu_activity_forward   (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_activity_backward  (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_embedding_forward  (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_embedding_backward (const SlKernels *kernels, const SlCall *call);
gsize sl_cpu_lstm_scratch       (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_lstm_forward       (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_lstm_backward      (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_padded_lstm_forward  (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_padded_lstm_backward (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_text_pool_forward  (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_text_pool_backward (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_next_word_forward  (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_next_word_backward (const SlKernels *kernels, const SlCall *call);
gsize sl_cpu_word_loss_scratch  (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_word_loss_forward  (const SlKernels *kernels, const SlCall *call);
void  sl_cpu_word_loss_backward (const SlKernels *kernels, const SlCall *call);
