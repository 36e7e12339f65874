/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

#define MAX_KERNEL 7 /* the kernels list the pixels of a window */

static gboolean
depthwise_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                 GError **error)
{
  const SlDepthwiseAttrs *conv = attrs;
  const gsize *x = in->shape.dim;
  gsize oh, ow;

  if (!sl_op_check_rank (in, 4, "pictures (N,H,W,C)", error)
      || !sl_op_window_size (x[1], conv->kernel, conv->stride, conv->pad, &oh, error)
      || !sl_op_window_size (x[2], conv->kernel, conv->stride, conv->pad, &ow, error))
    return FALSE;
  if (conv->kernel > MAX_KERNEL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "A depthwise convolution of %u pixels is too large: use %d at most",
                   conv->kernel, MAX_KERNEL);
      return FALSE;
    }

  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE4 (x[0], oh, ow, x[3]);
  layout->n_params = 1;
  layout->param[0] = (SlParamSpec){
    "weight",
    SL_SHAPE3 (conv->kernel, conv->kernel, x[3]),
    SL_PARAM_WEIGHT,
    SL_INIT_KAIMING_FAN_OUT,
  };
  layout->keep_for_dparam.inputs = 1;
  layout->flops = 2.0 * (double)sl_shape_n_elements (layout->output[0])
                  * (double)(conv->kernel * conv->kernel);
  return TRUE;
}

const SlOpDef sl_op_depthwise = { "depthwise", sizeof (SlDepthwiseAttrs), depthwise_infer };

SlValue
sl_depthwise_conv2d (SlGraph *graph, const char *name, SlValue x, const SlDepthwiseAttrs *attrs,
                     GError **error)
{
  g_return_val_if_fail (attrs != NULL, SL_NO_VALUE);
  return sl_graph_apply (graph, &sl_op_depthwise, name, attrs, &x, 1, error);
}
