/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

/* PyTorch's defaults. */
#define DEFAULT_EPS 1e-5
#define DEFAULT_MOMENTUM 0.1

static gboolean
batch_norm_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                  GError **error)
{
  const SlBatchNormAttrs *norm = attrs;
  SlShape x = in[0].shape;
  gsize channels;

  if (in[0].dtype != SL_DTYPE_F32 || x.rank < 2)
    return sl_op_check_rank (in, 4, "rows of channels", error);
  if (n_in > 1 && !sl_shape_equal (x, in[1].shape))
    {
      g_autofree char *own = sl_shape_to_string (x);
      g_autofree char *other = sl_shape_to_string (in[1].shape);

      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "%s and a residual of %s differ: add what has the same shape", own, other);
      return FALSE;
    }

  channels = x.dim[x.rank - 1];
  layout->n_outputs = 1;
  layout->output[0] = x;
  layout->n_params = 4;
  layout->param[0] = (SlParamSpec){ "weight", SL_SHAPE1 (channels), SL_PARAM_NORM, SL_INIT_ONES };
  layout->param[1] = (SlParamSpec){ "bias", SL_SHAPE1 (channels), SL_PARAM_NORM, SL_INIT_ZEROS };
  layout->param[2] = (SlParamSpec){ "running_mean", SL_SHAPE1 (channels), SL_PARAM_STATE,
                                    SL_INIT_ZEROS };
  layout->param[3] = (SlParamSpec){ "running_var", SL_SHAPE1 (channels), SL_PARAM_STATE,
                                    SL_INIT_ONES };
  layout->workspace_bytes = 2 * channels * sizeof (float);
  layout->keep_for_dx = layout->keep_for_dparam =
      (SlKeep){ 1, norm->activation != SL_ACTIVATION_NONE ? 1 : 0 };
  layout->y_over_x = n_in > 1 ? 3 : 1;
  layout->dx_over_dy = 1;
  layout->can_repeat = TRUE;
  layout->statistics_rows = sl_shape_n_elements (x) / channels;
  layout->flops = 2.0 * (double)sl_shape_n_elements (x);
  return TRUE;
}

const SlOpDef sl_op_batch_norm = { "batch_norm", sizeof (SlBatchNormAttrs), batch_norm_infer };

SlValue
sl_batch_norm (SlGraph *graph, const char *name, SlValue x, SlValue residual,
               const SlBatchNormAttrs *attrs, GError **error)
{
  SlValue in[2] = { x, residual };
  SlBatchNormAttrs norm;

  g_return_val_if_fail (attrs != NULL, SL_NO_VALUE);
  g_return_val_if_fail (!attrs->has_residual || x != residual || x == SL_NO_VALUE, SL_NO_VALUE);
  norm = *attrs;
  if (norm.eps == 0)
    norm.eps = DEFAULT_EPS;
  if (norm.momentum == 0)
    norm.momentum = DEFAULT_MOMENTUM;
  return sl_graph_apply (graph, &sl_op_batch_norm, name, &norm, in, norm.has_residual ? 2 : 1,
                         error);
}
