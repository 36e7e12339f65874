/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
conv2d_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
              GError **error)
{
  const SlConv2dAttrs *conv = attrs;
  const gsize *x = in->shape.dim;
  gsize oh, ow;

  if (!sl_op_check_rank (in, 4, "pictures (N,H,W,C)", error)
      || !sl_op_window_size (x[1], conv->kernel, conv->stride, conv->pad, &oh, error)
      || !sl_op_window_size (x[2], conv->kernel, conv->stride, conv->pad, &ow, error))
    return FALSE;
  if (conv->out_channels == 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "A convolution to no channels: ask for one at least");
      return FALSE;
    }
  if (conv->icnr && conv->out_channels % 4 != 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "%u channels cannot start as equal fours: ask for a multiple of 4",
                   conv->out_channels);
      return FALSE;
    }

  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE4 (x[0], oh, ow, conv->out_channels);
  layout->n_params = conv->bias ? 2 : 1;
  layout->param[0] = (SlParamSpec){
    "weight",
    SL_SHAPE4 (conv->kernel, conv->kernel, x[3], conv->out_channels),
    SL_PARAM_WEIGHT,
    conv->icnr     ? SL_INIT_ICNR
    : conv->fan_in ? SL_INIT_KAIMING_FAN_IN
                   : SL_INIT_KAIMING_FAN_OUT,
  };
  layout->param[1] = (SlParamSpec){ "bias", SL_SHAPE1 (conv->out_channels), SL_PARAM_WEIGHT,
                                    SL_INIT_ZEROS };
  layout->keep_for_dx.outputs = conv->activation != SL_ACTIVATION_NONE ? 1 : 0;
  layout->keep_for_dparam = (SlKeep){ 1, layout->keep_for_dx.outputs };
  layout->flops = 2.0 * (double)sl_shape_n_elements (layout->output[0])
                  * (double)(conv->kernel * conv->kernel * x[3]);
  return TRUE;
}

const SlOpDef sl_op_conv2d = { "conv2d", sizeof (SlConv2dAttrs), conv2d_infer };

SlValue
sl_conv2d (SlGraph *graph, const char *name, SlValue x, const SlConv2dAttrs *attrs, GError **error)
{
  g_return_val_if_fail (attrs != NULL, SL_NO_VALUE);
  return sl_graph_apply (graph, &sl_op_conv2d, name, attrs, &x, 1, error);
}
