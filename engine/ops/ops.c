/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

gboolean
sl_op_check_rank (const SlValueType *in, guint rank, const char *what, GError **error)
{
  g_autofree char *text = NULL;

  if (in->dtype == SL_DTYPE_F32 && in->shape.rank == rank)
    return TRUE;
  text = sl_shape_to_string (in->shape);
  g_set_error (error, SL_ERROR, SL_ERROR_SHAPE, "Got %s%s: give it %s of float32", text,
               in->dtype == SL_DTYPE_F32 ? "" : " of another type", what);
  return FALSE;
}

gboolean
sl_op_check_loss_input (const SlValueType *in, SlShape shape, const char *what, GError **error)
{
  g_autofree char *got = NULL, *wanted = NULL;

  if (in->dtype == SL_DTYPE_F32 && sl_shape_equal (in->shape, shape))
    return TRUE;
  got = sl_shape_to_string (in->shape);
  wanted = sl_shape_to_string (shape);
  g_set_error (error, SL_ERROR, SL_ERROR_SHAPE, "Got %s%s for %s: give it %s of float32", got,
               in->dtype == SL_DTYPE_F32 ? "" : " of another type", what, wanted);
  return FALSE;
}

gboolean
sl_op_check_starts (const SlValueType *in, gsize n, GError **error)
{
  g_autofree char *got = NULL;

  if (in->dtype == SL_DTYPE_I32 && sl_shape_equal (in->shape, SL_SHAPE1 (n)))
    return TRUE;
  got = sl_shape_to_string (in->shape);
  g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
               "Got %s%s for where texts begin: give it one number of int32 for each of the "
               "%" G_GSIZE_FORMAT " texts",
               got, in->dtype == SL_DTYPE_I32 ? "" : " of another type", n);
  return FALSE;
}

gboolean
sl_op_check_share (double share, const char *what, GError **error)
{
  if (share >= 0 && share < 1)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
               "%s of %g: it must be at least 0 and less than 1", what, share);
  return FALSE;
}

gboolean
sl_op_window_size (gsize size, guint kernel, guint stride, guint pad, gsize *out, GError **error)
{
  gsize padded = size + 2 * (gsize)pad;

  if (kernel == 0 || stride == 0 || pad >= kernel)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "A window of %u with stride %u and padding %u makes no sense: window and stride "
                   "must be positive and the padding smaller than the window",
                   kernel, stride, pad);
      return FALSE;
    }
  if (padded < kernel)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "A window of %u does not fit into %" G_GSIZE_FORMAT
                   " pixels with padding: use larger pictures",
                   kernel, size);
      return FALSE;
    }
  *out = (padded - kernel) / stride + 1;
  return TRUE;
}
