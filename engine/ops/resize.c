/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
resize_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
              GError **error)
{
  const SlResizeAttrs *size = attrs;

  if (!sl_op_check_rank (in, 4, "pictures (N,H,W,C)", error))
    return FALSE;
  if (size->h == 0 || size->w == 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "A picture without pixels was asked for: ask for one at least");
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->can_repeat = TRUE;
  layout->output[0] = SL_SHAPE4 (in->shape.dim[0], size->h, size->w, in->shape.dim[3]);
  layout->flops = (double)sl_shape_n_elements (layout->output[0]);
  return TRUE;
}

const SlOpDef sl_op_resize = { "resize", sizeof (SlResizeAttrs), resize_infer };

SlValue
sl_resize_nearest (SlGraph *graph, SlValue x, gsize h, gsize w, GError **error)
{
  return sl_graph_apply (graph, &sl_op_resize, NULL, &(SlResizeAttrs){ h, w }, &x, 1, error);
}

SlValue
sl_upsample_nearest (SlGraph *graph, SlValue x, GError **error)
{
  SlShape shape;

  if (x == SL_NO_VALUE)
    return SL_NO_VALUE;
  shape = sl_graph_shape (graph, x);
  return sl_resize_nearest (graph, x, 2 * shape.dim[1], 2 * shape.dim[2], error);
}
