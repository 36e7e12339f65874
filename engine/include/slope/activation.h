/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a layer folds in behind its sum.  At an edge the gradient is zero, as PyTorch's: it passes
 * where 0 < y, and for ReLU6 (Krizhevsky 2010) y < 6.  A NaN goes through. */
typedef enum
{
  SL_ACTIVATION_NONE,
  SL_ACTIVATION_RELU,
  SL_ACTIVATION_RELU6
} SlActivation;

#define SL_RELU6_CEILING 6.0f

G_END_DECLS
