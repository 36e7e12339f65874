/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

enum
{
  IN_X,
  IN_STARTS
};

static gboolean
text_pool_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                 GError **error)
{
  const gsize *x = in[IN_X].shape.dim;

  if (!sl_op_check_rank (&in[IN_X], 3, "sequences (N,T,C)", error)
      || !sl_op_check_starts (&in[IN_STARTS], x[0], error))
    return FALSE;
  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE2 (x[0], 3 * x[2]);
  layout->workspace_bytes = x[0] * x[2] * sizeof (gint32);
  layout->keep_for_dx = (SlKeep){ 1 << IN_STARTS, 0 };
  layout->no_dx = 1 << IN_STARTS;
  layout->index_end[IN_STARTS] = x[1];
  layout->flops = 2.0 * (double)sl_shape_n_elements (in[IN_X].shape);
  return TRUE;
}

const SlOpDef sl_op_text_pool = { "text_pool", 0, text_pool_infer };

SlValue
sl_text_pool (SlGraph *graph, SlValue x, SlValue starts, GError **error)
{
  SlValue in[2] = { x, starts };

  return sl_graph_apply (graph, &sl_op_text_pool, NULL, NULL, in, 2, error);
}
