/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include <slope/activation.h>

/* The edges of an activation: y = v < floor ? floor : v > ceiling ? ceiling : v, which lets a NaN
 * through. */
static inline float
sl_activation_floor (SlActivation activation)
{
  return activation == SL_ACTIVATION_NONE ? -INFINITY : 0;
}

static inline float
sl_activation_ceiling (SlActivation activation)
{
  return activation == SL_ACTIVATION_RELU6 ? SL_RELU6_CEILING : INFINITY;
}

/* Whether the gradient passes where the output is @y. */
static inline __attribute__ ((always_inline)) gboolean
sl_activation_passes (SlActivation activation, float y)
{
  return activation == SL_ACTIVATION_NONE
         || (y > 0 && (activation != SL_ACTIVATION_RELU6 || y < SL_RELU6_CEILING));
}
