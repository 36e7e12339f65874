/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* exp, sigmoid and tanh without branches, so that a loop over them becomes vectors.  The errors
 * that are named here are against double precision; tests/engine/test-kernels-sequences.c looks. */

#include <math.h>
#include <string.h>

#include <glib.h>

/* exp (x) for x ≤ 0 with a relative error below 3e-7: x = n·ln 2 + r, |r| ≤ ln 2 / 2, the Taylor
 * polynomial of degree 7 at r, times 2ⁿ through the exponent's bits.  Below -87 it stays at e⁻⁸⁷,
 * about 1e-38.  A NaN stays one. */
static inline __attribute__ ((always_inline)) float
sl_exp_negative (float x)
{
  const float magic = 12582912.0f; /* 1.5·2²³: adding it rounds to an integer */
  float clamped = x < -87.0f ? -87.0f : x, shifted = clamped * 1.44269504f + magic;
  float n = shifted - magic, r, p, power;
  gint32 bits;

  r = clamped - n * 0.693145752f - n * 1.42860677e-6f;
  p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  memcpy (&bits, &shifted, sizeof bits);
  bits = (gint32)(((guint32)bits + 127u) << 23);
  memcpy (&power, &bits, sizeof power);
  return p * power;
}

/* 1 / (1 + exp (-x)), relative error below 5e-7 (above -87). */
static inline __attribute__ ((always_inline)) float
sl_sigmoid (float x)
{
  float e = sl_exp_negative (-fabsf (x)), s = 1 / (1 + e);

  return x < 0 ? e * s : s;
}

/* Relative error below 5e-7: near zero, where 1 - exp (-2|x|) would cancel, the Taylor polynomial
 * of degree 11. */
static inline __attribute__ ((always_inline)) float
sl_tanh (float x)
{
  float e = sl_exp_negative (-2 * fabsf (x)), far = copysignf ((1 - e) / (1 + e), x);
  float s = x * x, near;

  near = -1382.0f / 155925;
  near = near * s + 62.0f / 2835;
  near = near * s - 17.0f / 315;
  near = near * s + 2.0f / 15;
  near = near * s - 1.0f / 3;
  near = near * s * x + x;
  return fabsf (x) < 0.35f ? near : far;
}
