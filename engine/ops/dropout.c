/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
dropout_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
               GError **error)
{
  const SlDropoutAttrs *dropout = attrs;

  if (!sl_op_check_rank (in, in->shape.rank, "numbers", error))
    return FALSE;
  if (!(dropout->p >= 0 && dropout->p < 1))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "Dropout of %g: it must be at least 0 and less than 1", dropout->p);
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->output[0] = in->shape;
  layout->y_over_x = 1;
  layout->dx_over_dy = 1;
  layout->is_random = TRUE;
  return TRUE;
}

const SlOpDef sl_op_dropout = { "dropout", sizeof (SlDropoutAttrs), dropout_infer };

SlValue
sl_dropout (SlGraph *graph, SlValue x, double p, GError **error)
{
  return sl_graph_apply (graph, &sl_op_dropout, NULL, &(SlDropoutAttrs){ p }, &x, 1, error);
}
