/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
repeat_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
              GError **error)
{
  if (!sl_op_check_rank (&in[0], in[0].shape.rank, "numbers", error))
    return FALSE;
  layout->n_outputs = 1;
  layout->output[0] = in[0].shape;
  layout->output[0].dim[0] *= 2;
  return TRUE;
}

const SlOpDef sl_op_repeat = { "repeat", 0, repeat_infer };

SlValue
sl_repeat (SlGraph *graph, SlValue x, GError **error)
{
  return sl_graph_apply (graph, &sl_op_repeat, NULL, NULL, &x, 1, error);
}
