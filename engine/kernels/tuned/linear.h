/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What linear layers of both precisions do before their products. */

#include <glib.h>

/* dy behind the ReLU into @masked; adds its column sums to @dbias (nullable). */
static inline void
sl_mask_gradient (gsize n, gsize out, const float *y, const float *dy, gboolean relu,
                  float *restrict masked, float *restrict dbias)
{
  for (gsize i = 0; i < n * out; i++)
    masked[i] = relu && !(y[i] > 0) ? 0 : dy[i];
  for (gsize r = 0; dbias != NULL && r < n; r++)
    for (gsize o = 0; o < out; o++)
      dbias[o] += masked[r * out + o];
}
