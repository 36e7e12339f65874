/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Large products on all threads: the result is cut into blocks by its shape alone, and each block
 * is one call of the library's. */

#include "kernels/tuned/gemm.h"
#include "kernels/tuned/tuned.h"

/* Blocks are as near to square as a result cut into 16 or more allows: the library packs both
 * operands for each, at a cost per element of about one multiplication with 32 columns. */
#define SL_PRODUCT_ROWS ((gsize)576)
#define SL_PRODUCT_COLUMNS ((gsize)576)

typedef void (*SlProduct) (gsize m, gsize n, gsize k, const float *a, gsize lda, const float *b,
                           gsize ldb, float beta, float *c, gsize ldc);

/* @n in equal parts of at most @most, in whole lines. */
static inline gsize
sl_product_part (gsize n, gsize most)
{
  return sl_padded (sl_ceil_div (n, sl_ceil_div (n, most)));
}

/* c (m,n) = beta · c + a · b by @product, one of gemm.h; @a_step and @b_step are the distances of a
 * block's next row and column in a and b. */
static inline void
sl_product (SlProduct product, gsize m, gsize n, gsize k, const float *a, gsize lda, gsize a_step,
            const float *b, gsize ldb, gsize b_step, float beta, float *c, gsize ldc)
{
  gsize rows = sl_product_part (m, SL_PRODUCT_ROWS), columns = sl_product_part (n, SL_PRODUCT_COLUMNS);
  int team = sl_team (m * n * k / 64);

#pragma omp parallel for collapse(2) schedule(dynamic) num_threads(team)
  for (gsize i = 0; i < m; i += rows)
    for (gsize j = 0; j < n; j += columns)
      product (MIN (rows, m - i), MIN (columns, n - j), k, a + i * a_step, lda, b + j * b_step, ldb,
               beta, c + i * ldc + j, ldc);
}

/* c (m,n) = beta · c + a (m,k) · b (k,n) */
static inline void
sl_product_nn (gsize m, gsize n, gsize k, const float *a, const float *b, float beta, float *c)
{
  sl_product (sl_gemm_nn, m, n, k, a, k, k, b, n, 1, beta, c, n);
}

/* c (m,n) = beta · c + a (m,k) · bᵀ, b (n,k) */
static inline void
sl_product_nt (gsize m, gsize n, gsize k, const float *a, const float *b, float beta, float *c)
{
  sl_product (sl_gemm_nt, m, n, k, a, k, k, b, k, k, beta, c, n);
}

/* c (m,n) = beta · c + aᵀ · b (k,n), a (k,m) */
static inline void
sl_product_tn (gsize m, gsize n, gsize k, const float *a, const float *b, float beta, float *c)
{
  sl_product (sl_gemm_tn, m, n, k, a, m, 1, b, n, 1, beta, c, n);
}
