/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

/* Outputs along an axis of @size pixels.  Rounded up, the last window may reach beyond the right
 * padding, but not begin there. */
static gboolean
count_windows (const SlPoolAttrs *pool, gsize size, gsize *out, GError **error)
{
  if (!pool->ceil_mode || pool->stride == 0)
    return sl_op_window_size (size, pool->kernel, pool->stride, pool->pad, out, error);
  if (!sl_op_window_size (size + pool->stride - 1, pool->kernel, pool->stride, pool->pad, out,
                          NULL))
    return sl_op_window_size (size, pool->kernel, pool->stride, pool->pad, out, error);
  if ((*out - 1) * pool->stride >= size + pool->pad)
    *out -= 1;
  return TRUE;
}

static gboolean
window_infer (gconstpointer attrs, const SlValueType *in, SlOpLayout *layout, GError **error)
{
  const SlPoolAttrs *pool = attrs;
  const gsize *x = in->shape.dim;
  gsize oh, ow;

  if (!sl_op_check_rank (in, 4, "pictures (N,H,W,C)", error)
      || !count_windows (pool, x[1], &oh, error) || !count_windows (pool, x[2], &ow, error))
    return FALSE;
  if (pool->pad > pool->kernel / 2)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "Padding %u would leave windows of %u empty: use half the window at most",
                   pool->pad, pool->kernel);
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE4 (x[0], oh, ow, x[3]);
  layout->flops = (double)sl_shape_n_elements (layout->output[0]) * pool->kernel * pool->kernel;
  return TRUE;
}

static gboolean
max_pool_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                GError **error)
{
  const SlPoolAttrs *pool = attrs;

  if (!window_infer (attrs, in, layout, error))
    return FALSE;
  if (pool->kernel > 15)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "The place of a maximum in a window of %u does not fit a byte: use 15 at most",
                   pool->kernel);
      return FALSE;
    }
  layout->workspace_bytes = sl_shape_n_elements (layout->output[0]);
  return TRUE;
}

static gboolean
avg_pool_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                GError **error)
{
  return window_infer (attrs, in, layout, error);
}

static gboolean
global_infer (const SlValueType *in, gsize factor, SlOpLayout *layout, GError **error)
{
  const gsize *x = in->shape.dim;

  if (!sl_op_check_rank (in, 4, "pictures (N,H,W,C)", error))
    return FALSE;
  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE2 (x[0], factor * x[3]);
  layout->flops = (double)(factor * sl_shape_n_elements (in->shape));
  return TRUE;
}

static gboolean
concat_pool_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                   GError **error)
{
  if (!global_infer (in, 2, layout, error))
    return FALSE;
  layout->workspace_bytes = in->shape.dim[0] * in->shape.dim[3] * sizeof (gint32);
  return TRUE;
}

static gboolean
global_avg_pool_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                       GError **error)
{
  return global_infer (in, 1, layout, error);
}

const SlOpDef sl_op_max_pool = { "max_pool", sizeof (SlPoolAttrs), max_pool_infer };
const SlOpDef sl_op_avg_pool = { "avg_pool", sizeof (SlPoolAttrs), avg_pool_infer };
const SlOpDef sl_op_concat_pool = { "concat_pool", 0, concat_pool_infer };
const SlOpDef sl_op_global_avg_pool = { "global_avg_pool", 0, global_avg_pool_infer };

SlValue
sl_max_pool (SlGraph *graph, SlValue x, guint kernel, guint stride, guint pad, GError **error)
{
  return sl_graph_apply (graph, &sl_op_max_pool, NULL, &(SlPoolAttrs){ kernel, stride, pad, FALSE },
                         &x, 1, error);
}

SlValue
sl_max_pool_ceil (SlGraph *graph, SlValue x, guint kernel, guint stride, guint pad, GError **error)
{
  return sl_graph_apply (graph, &sl_op_max_pool, NULL, &(SlPoolAttrs){ kernel, stride, pad, TRUE },
                         &x, 1, error);
}

SlValue
sl_avg_pool (SlGraph *graph, SlValue x, guint kernel, guint stride, guint pad, GError **error)
{
  return sl_graph_apply (graph, &sl_op_avg_pool, NULL, &(SlPoolAttrs){ kernel, stride, pad, FALSE },
                         &x, 1, error);
}

SlValue
sl_concat_pool (SlGraph *graph, SlValue x, GError **error)
{
  return sl_graph_apply (graph, &sl_op_concat_pool, NULL, NULL, &x, 1, error);
}

SlValue
sl_global_avg_pool (SlGraph *graph, SlValue x, GError **error)
{
  return sl_graph_apply (graph, &sl_op_global_avg_pool, NULL, NULL, &x, 1, error);
}
