/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
linear_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
              GError **error)
{
  const SlLinearAttrs *linear = attrs;
  const gsize *x = in->shape.dim;

  if (!sl_op_check_rank (in, 2, "rows of features (N,F)", error))
    return FALSE;
  if (linear->out_features == 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "A linear layer to no features: ask for one at least");
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE2 (x[0], linear->out_features);
  layout->n_params = 2;
  layout->param[0] = (SlParamSpec){ "weight", SL_SHAPE2 (x[1], linear->out_features),
                                    SL_PARAM_WEIGHT, SL_INIT_KAIMING_FAN_IN };
  layout->param[1] = (SlParamSpec){ "bias", SL_SHAPE1 (linear->out_features), SL_PARAM_WEIGHT,
                                    SL_INIT_ZEROS };
  layout->keep_for_dx = (SlKeep){ 0, linear->relu ? 1 : 0 };
  layout->keep_for_dparam = (SlKeep){ 1, linear->relu ? 1 : 0 };
  layout->flops = 2.0 * (double)(x[0] * x[1]) * linear->out_features;
  return TRUE;
}

const SlOpDef sl_op_linear = { "linear", sizeof (SlLinearAttrs), linear_infer };

SlValue
sl_linear (SlGraph *graph, const char *name, SlValue x, guint out_features, gboolean relu,
           GError **error)
{
  return sl_graph_apply (graph, &sl_op_linear, name, &(SlLinearAttrs){ out_features, relu }, &x, 1,
                         error);
}
