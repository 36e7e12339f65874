/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one-dimensional transforms of F(m, 3) on vectors of channels, m = 2 or 4, at the points
 * 0, 1, -1, (2, -2,) ∞ (Winograd 1980; Lavin and Gray 2016, "Fast algorithms for convolutional
 * neural networks").  With P = m + 2:
 *
 *   input   P → P   Bᵀ   of a tile of the picture
 *   output  P → m   Aᵀ   of the products
 *   spread  m → P   A    of a tile of the output's gradient
 *   weights 3 → P   G
 *   gather  P → 3   Gᵀ   of the products that are a weight gradient
 *
 * @m is a constant at every call, so that each compiles to straight code. */

#include "kernels/tuned/tuned.h"

#define SL_TRANSFORM static inline __attribute__ ((always_inline)) void

SL_TRANSFORM
sl_winograd_input (guint m, const SlVec *s, SlVec *d)
{
  if (m == 4)
    {
      SlVec p = s[4] - 4 * s[2], q = s[3] - 4 * s[1], r = s[4] - s[2], t = 2 * (s[3] - s[1]);

      d[0] = 4 * s[0] - 5 * s[2] + s[4];
      d[1] = p + q;
      d[2] = p - q;
      d[3] = r + t;
      d[4] = r - t;
      d[5] = 4 * s[1] - 5 * s[3] + s[5];
    }
  else
    {
      d[0] = s[0] - s[2];
      d[1] = s[1] + s[2];
      d[2] = s[2] - s[1];
      d[3] = s[1] - s[3];
    }
}

SL_TRANSFORM
sl_winograd_output (guint m, const SlVec *s, SlVec *d)
{
  SlVec p = s[1] + s[2], q = s[1] - s[2];

  if (m == 4)
    {
      SlVec r = s[3] + s[4], t = s[3] - s[4];

      d[0] = s[0] + p + r;
      d[1] = q + 2 * t;
      d[2] = p + 4 * r;
      d[3] = q + 8 * t + s[5];
    }
  else
    {
      d[0] = s[0] + p;
      d[1] = q - s[3];
    }
}

SL_TRANSFORM
sl_winograd_spread (guint m, const SlVec *s, SlVec *d)
{
  d[0] = s[0];
  if (m == 4)
    {
      SlVec p = s[0] + s[2], q = s[1] + s[3], r = s[0] + 4 * s[2], t = 2 * s[1] + 8 * s[3];

      d[1] = p + q;
      d[2] = p - q;
      d[3] = r + t;
      d[4] = r - t;
      d[5] = s[3];
    }
  else
    {
      d[1] = s[0] + s[1];
      d[2] = s[0] - s[1];
      d[3] = -s[1];
    }
}

SL_TRANSFORM
sl_winograd_weights (guint m, const SlVec *s, SlVec *d)
{
  if (m == 4)
    {
      SlVec p = (s[0] + s[2]) * (-1.0f / 6), q = s[1] * (1.0f / 6);
      SlVec r = s[0] * (1.0f / 24) + s[2] * (1.0f / 6), t = s[1] * (1.0f / 12);

      d[0] = s[0] * 0.25f;
      d[1] = p - q;
      d[2] = p + q;
      d[3] = r + t;
      d[4] = r - t;
      d[5] = s[2];
    }
  else
    {
      SlVec p = (s[0] + s[2]) * 0.5f, q = s[1] * 0.5f;

      d[0] = s[0];
      d[1] = p + q;
      d[2] = p - q;
      d[3] = s[2];
    }
}

SL_TRANSFORM
sl_winograd_gather (guint m, const SlVec *s, SlVec *d)
{
  SlVec p = s[1] + s[2], q = s[1] - s[2];

  if (m == 4)
    {
      SlVec r = s[3] + s[4], t = s[3] - s[4];

      d[0] = s[0] * 0.25f - p * (1.0f / 6) + r * (1.0f / 24);
      d[1] = t * (1.0f / 12) - q * (1.0f / 6);
      d[2] = (r - p) * (1.0f / 6) + s[5];
    }
  else
    {
      d[0] = s[0] + p * 0.5f;
      d[1] = q * 0.5f;
      d[2] = p * 0.5f + s[3];
    }
}
