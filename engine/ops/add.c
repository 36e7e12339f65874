/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
add_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
           GError **error)
{
  const SlAddAttrs *add = attrs;

  if (!sl_op_check_rank (&in[0], in[0].shape.rank, "numbers", error)
      || !sl_op_check_rank (&in[1], in[1].shape.rank, "numbers", error))
    return FALSE;
  if (!sl_shape_equal (in[0].shape, in[1].shape))
    {
      g_autofree char *a = sl_shape_to_string (in[0].shape);
      g_autofree char *b = sl_shape_to_string (in[1].shape);

      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE, "%s and %s differ: add what has the same shape",
                   a, b);
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->output[0] = in[0].shape;
  layout->keep_for_dx.outputs = add->relu ? 1 : 0;
  layout->y_over_x = 3;
  layout->dx_over_dy = 1;
  layout->can_repeat = TRUE;
  layout->flops = (double)sl_shape_n_elements (in[0].shape);
  return TRUE;
}

const SlOpDef sl_op_add = { "add", sizeof (SlAddAttrs), add_infer };

SlValue
sl_add (SlGraph *graph, SlValue a, SlValue b, gboolean relu, GError **error)
{
  return sl_graph_apply (graph, &sl_op_add, NULL, &(SlAddAttrs){ relu }, (SlValue[]){ a, b }, 2,
                         error);
}
