/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kernels/kernels.h"

/* The tuned tables; all but the baseline's exist on x86-64 only, and run only where the CPU can. */
const SlKernels *sl_kernels_baseline (void);
const SlKernels *sl_kernels_avx2 (void);
const SlKernels *sl_kernels_avx512 (void);

/* With products of bfloat16: in float32's arithmetic, and by AVX512_BF16. */
const SlKernels *sl_kernels_baseline_bf16 (void);
const SlKernels *sl_kernels_avx2_bf16 (void);
const SlKernels *sl_kernels_avx512_bf16 (void);
const SlKernels *sl_kernels_avx512bf16 (void);
