/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
concat_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
              GError **error)
{
  const SlConcatAttrs *concat = attrs;
  const gsize *a = in[0].shape.dim, *b = in[1].shape.dim;

  if (!sl_op_check_rank (&in[0], 4, "pictures (N,H,W,C)", error)
      || !sl_op_check_rank (&in[1], 4, "pictures (N,H,W,C)", error))
    return FALSE;
  if (a[0] != b[0] || (!concat->resizes && (a[1] != b[1] || a[2] != b[2])))
    {
      g_autofree char *first = sl_shape_to_string (in[0].shape);
      g_autofree char *second = sl_shape_to_string (in[1].shape);

      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "%s and %s differ in more than their channels: join what has the same size",
                   first, second);
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->can_repeat = TRUE;
  layout->output[0] = SL_SHAPE4 (b[0], b[1], b[2], a[3] + b[3]);
  layout->flops = (double)sl_shape_n_elements (layout->output[0]);
  return TRUE;
}

const SlOpDef sl_op_concat = { "concat", sizeof (SlConcatAttrs), concat_infer };

SlValue
sl_concat (SlGraph *graph, SlValue a, SlValue b, GError **error)
{
  return sl_graph_apply (graph, &sl_op_concat, NULL, &(SlConcatAttrs){ FALSE }, (SlValue[]){ a, b },
                         2, error);
}

SlValue
sl_resize_concat (SlGraph *graph, SlValue a, SlValue b, GError **error)
{
  return sl_graph_apply (graph, &sl_op_concat, NULL, &(SlConcatAttrs){ TRUE }, (SlValue[]){ a, b },
                         2, error);
}
