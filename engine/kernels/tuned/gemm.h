/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Row-major products over OpenBLAS, or of operands in bfloat16.  The library runs with one thread (kernels.c sees
 * to that); the callers cut the work. */

#include "kernels/tuned/operand.h"

#if !SL_OPERANDS_ARE_FLOATS
#include "kernels/tuned/gemm-bf16.h"
#else

#include <cblas.h>
#include <glib.h>

/* c (m,n) = beta · c + a (m,k) · b (k,n) */
static inline void
sl_gemm_nn (gsize m, gsize n, gsize k, const float *a, gsize lda, const float *b, gsize ldb,
            float beta, float *c, gsize ldc)
{
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1, a,
               (blasint)lda, b, (blasint)ldb, beta, c, (blasint)ldc);
}

/* c (m,n) = beta · c + a (m,k) · bᵀ, b (n,k) */
static inline void
sl_gemm_nt (gsize m, gsize n, gsize k, const float *a, gsize lda, const float *b, gsize ldb,
            float beta, float *c, gsize ldc)
{
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)m, (blasint)n, (blasint)k, 1, a,
               (blasint)lda, b, (blasint)ldb, beta, c, (blasint)ldc);
}

/* c (m,n) = beta · c + aᵀ · b (k,n), a (k,m) */
static inline void
sl_gemm_tn (gsize m, gsize n, gsize k, const float *a, gsize lda, const float *b, gsize ldb,
            float beta, float *c, gsize ldc)
{
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1, a,
               (blasint)lda, b, (blasint)ldb, beta, c, (blasint)ldc);
}
#endif
