/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "ops/ops.h"

static gboolean
output_range_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                    GError **error)
{
  const SlOutputRangeAttrs *range = attrs;

  if (!sl_op_check_rank (in, in->shape.rank, "numbers", error))
    return FALSE;
  if (!isfinite (range->low) || !isfinite (range->high) || !(range->low < range->high))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "Outputs from %g to %g: the first must be less than the second, and both finite",
                   range->low, range->high);
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->output[0] = in->shape;
  layout->keep_for_dx.outputs = 1;
  layout->y_over_x = 1;
  layout->dx_over_dy = 1;
  layout->can_repeat = TRUE;
  layout->flops = 10.0 * (double)sl_shape_n_elements (in->shape);
  return TRUE;
}

const SlOpDef sl_op_output_range = { "output_range", sizeof (SlOutputRangeAttrs),
                                     output_range_infer };

SlValue
sl_output_range (SlGraph *graph, SlValue x, double low, double high, GError **error)
{
  return sl_graph_apply (graph, &sl_op_output_range, NULL, &(SlOutputRangeAttrs){ low, high }, &x,
                         1, error);
}
