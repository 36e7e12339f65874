/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the operands of a product (panel.h) consist of: words of 32 bits, one a step of the depth.
 * Compiled in one of three ways:
 *
 *   float32     a word is a number
 *   rounded     SL_BF16_ROUNDED: a word is a float32 that was rounded to bfloat16, for instruction
 *               sets without bfloat16: its numerics at float32's speed
 *   pairs       SL_BF16_PAIRS: a word is two bfloat16 that follow one another along the depth, as
 *               VDPBF16PS (AVX512_BF16) multiplies them; twice the speed, half the memory
 *
 * Rounding is to nearest, ties to even, when an operand is laid out.  Sums are float32. */

#include "kernels/tuned/tuned.h"

#ifdef SL_BF16_PAIRS
#include <immintrin.h>

typedef guint32 SlWord;
#define SL_PAIR ((gsize)2)
#else
typedef float SlWord;
#define SL_PAIR ((gsize)1)
#endif

/* Whether float32 in memory is an operand as it is. */
#if defined(SL_BF16_PAIRS) || defined(SL_BF16_ROUNDED)
#define SL_OPERANDS_ARE_FLOATS 0
#else
#define SL_OPERANDS_ARE_FLOATS 1
#endif

/* Where a row of numbers lies in its row of words. */
typedef enum
{
  SL_ALONG, /* the row runs along the depth: pairs are neighbours */
  SL_FIRST, /* the row is the first half of a step; the other half becomes 0 */
  SL_SECOND /* the other half, after the first was put */
} SlPlace;

/* Words for @depth numbers. */
static inline gsize
sl_steps (gsize depth)
{
  return sl_ceil_div (depth, SL_PAIR);
}

/* The place of row @i where the depth runs over rows. */
static inline SlPlace
sl_place (gsize i)
{
  return i % SL_PAIR == 0 ? SL_FIRST : SL_SECOND;
}

static inline __attribute__ ((always_inline)) SlVec
sl_step_load (const SlWord *b)
{
  SlVec v;

  memcpy (&v, b, sizeof v);
  return v;
}

#ifdef SL_BF16_PAIRS

/* sum + a · b, each lane of @b a pair. */
static inline __attribute__ ((always_inline)) SlVec
sl_step_multiply (SlVec sum, SlWord a, SlVec b)
{
  return (SlVec)_mm512_dpbf16_ps ((__m512)sum, (__m512bh)_mm512_set1_epi32 ((int)a), (__m512bh)b);
}

/* Puts @lanes numbers, the rest of @v being 0, at number (SL_ALONG) or word @at of @row.  Along a
 * row, the other half of a last pair becomes 0 if @lanes is less than a whole vector. */
static inline __attribute__ ((always_inline)) void
sl_operand_put (SlWord *row, gsize at, SlVec v, gsize lanes, SlPlace place)
{
  __m256i half = (__m256i)_mm512_cvtneps_pbh ((__m512)v);
  __mmask16 mask = (__mmask16)((1u << lanes) - 1);
  __m512i words;

  if (place == SL_ALONG)
    {
      if ((at + lanes) % 2 != 0)
        mask = (__mmask16)(mask << 1 | 1);
      _mm256_mask_storeu_epi16 ((guint16 *)row + at, mask, half);
      return;
    }
  words = _mm512_cvtepu16_epi32 (half);
  if (place == SL_SECOND)
    words = _mm512_or_si512 (_mm512_slli_epi32 (words, 16),
                             _mm512_maskz_loadu_epi32 (mask, row + at));
  _mm512_mask_storeu_epi32 (row + at, mask, words);
}

/* The first @lanes floats at @p, then zeros. */
static inline __attribute__ ((always_inline)) SlVec
sl_operand_load (const float *p, gsize lanes)
{
  return (SlVec)_mm512_maskz_loadu_ps ((__mmask16)((1u << lanes) - 1), p);
}

#else

static inline __attribute__ ((always_inline)) SlVec
sl_step_multiply (SlVec sum, SlWord a, SlVec b)
{
  return sum + a * b;
}

#ifdef SL_BF16_ROUNDED
typedef guint32 SlBits __attribute__ ((vector_size (SL_VECTOR_BYTES)));

/* A NaN stays one. */
static inline __attribute__ ((always_inline)) SlVec
sl_rounded (SlVec v)
{
  SlBits bits = (SlBits)v, nan = (SlBits)(v != v);
  SlBits rounded = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;

  return (SlVec)((nan & (bits | 0x400000)) | (~nan & rounded));
}
#else
#define sl_rounded(v) (v)
#endif

/* Puts @lanes numbers at number @at of @row. */
static inline __attribute__ ((always_inline)) void
sl_operand_put (SlWord *row, gsize at, SlVec v, gsize lanes, SlPlace place)
{
  sl_vec_store (row + at, sl_rounded (v), lanes);
}

#define sl_operand_load sl_vec_load

#endif

/* Puts @n numbers; as sl_operand_put(). */
static inline __attribute__ ((always_inline)) void
sl_operand_copy (SlWord *row, gsize at, const float *from, gsize n, SlPlace place)
{
  gsize i = 0;

  for (; i + SL_LANES <= n; i += SL_LANES)
    sl_operand_put (row, at + i, sl_vec_load (from + i, SL_LANES), SL_LANES, place);
  if (i < n)
    sl_operand_put (row, at + i, sl_operand_load (from + i, n - i), n - i, place);
}

/* Puts @n zeros. */
static inline __attribute__ ((always_inline)) void
sl_operand_zero (SlWord *row, gsize at, gsize n, SlPlace place)
{
  gsize i = 0;

  for (; i + SL_LANES <= n; i += SL_LANES)
    sl_operand_put (row, at + i, (SlVec){ 0 }, SL_LANES, place);
  if (i < n)
    sl_operand_put (row, at + i, (SlVec){ 0 }, n - i, place);
}
