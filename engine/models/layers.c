/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-private.h"

SlValue
sl_conv_norm (SlGraph *graph, const char *conv, const char *norm, SlValue x, SlConv2dAttrs attrs,
              SlValue residual, SlActivation activation, GError **error)
{
  SlBatchNormAttrs norm_attrs = { .activation = activation,
                                  .has_residual = residual != SL_NO_VALUE };

  x = sl_conv2d (graph, conv, x, &attrs, error);
  return sl_batch_norm (graph, norm, x, residual, &norm_attrs, error);
}
