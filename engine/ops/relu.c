/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
relu_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
            GError **error)
{
  if (!sl_op_check_rank (in, in->shape.rank, "numbers", error))
    return FALSE;
  layout->n_outputs = 1;
  layout->output[0] = in->shape;
  layout->keep_for_dx.outputs = 1;
  layout->y_over_x = 1;
  layout->dx_over_dy = 1;
  layout->can_repeat = TRUE;
  return TRUE;
}

const SlOpDef sl_op_relu = { "relu", 0, relu_infer };

SlValue
sl_relu (SlGraph *graph, SlValue x, GError **error)
{
  return sl_graph_apply (graph, &sl_op_relu, NULL, NULL, &x, 1, error);
}
