/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

static gboolean
pixel_shuffle_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                     GError **error)
{
  const gsize *x = in->shape.dim;

  if (!sl_op_check_rank (in, 4, "pictures (N,H,W,C)", error))
    return FALSE;
  if (x[3] % 4 != 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "%" G_GSIZE_FORMAT " channels do not make whole squares of four pixels: give it "
                   "a multiple of 4",
                   x[3]);
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->can_repeat = TRUE;
  layout->output[0] = SL_SHAPE4 (x[0], 2 * x[1], 2 * x[2], x[3] / 4);
  layout->flops = (double)sl_shape_n_elements (in->shape);
  return TRUE;
}

const SlOpDef sl_op_pixel_shuffle = { "pixel_shuffle", 0, pixel_shuffle_infer };

SlValue
sl_pixel_shuffle (SlGraph *graph, SlValue x, GError **error)
{
  return sl_graph_apply (graph, &sl_op_pixel_shuffle, NULL, NULL, &x, 1, error);
}
