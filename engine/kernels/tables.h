/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kernels/kernels.h"

/* The tuned tables; the last two exist on x86-64 only, and run only where the CPU can. */
const SlKernels *sl_kernels_baseline (void);
const SlKernels *sl_kernels_avx2 (void);
const SlKernels *sl_kernels_avx512 (void);
