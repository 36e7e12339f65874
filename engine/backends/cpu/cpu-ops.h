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
} SlCpuOp;

const SlCpuOp *sl_cpu_op_find (const SlOpDef *op); /* %NULL: this backend lacks it */
