/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/tensor.h>

#define TENSOR_ALIGN 64 /* bytes: a cache line, and the widest vector register */

struct _SlTensor
{
  gatomicrefcount ref_count;
  SlDType dtype;
  SlShape shape;
  gsize n_bytes;
  gpointer data; /* owned */
};

gsize
sl_dtype_size (SlDType dtype)
{
  switch (dtype)
    {
    case SL_DTYPE_F32:
    case SL_DTYPE_I32:
      return 4;
    case SL_DTYPE_U8:
      return 1;
    default:
      g_return_val_if_reached (0);
    }
}

gsize
sl_shape_n_elements (SlShape shape)
{
  gsize n = 1;

  g_return_val_if_fail (shape.rank <= SL_MAX_RANK, 0);

  for (guint i = 0; i < shape.rank; i++)
    if (shape.dim[i] == 0)
      return 0;
  for (guint i = 0; i < shape.rank; i++)
    if (!g_size_checked_mul (&n, n, shape.dim[i]))
      return G_MAXSIZE;
  return n;
}

gboolean
sl_shape_equal (SlShape a, SlShape b)
{
  if (a.rank != b.rank)
    return FALSE;
  for (guint i = 0; i < a.rank; i++)
    if (a.dim[i] != b.dim[i])
      return FALSE;
  return TRUE;
}

char *
sl_shape_to_string (SlShape shape)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < shape.rank; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i == 0 ? "" : "×", shape.dim[i]);
  if (shape.rank == 0)
    g_string_append (text, "scalar");
  return g_string_free (text, FALSE);
}

SlTensor *
sl_tensor_new (SlDType dtype, SlShape shape)
{
  SlTensor *self;
  gsize n_bytes;

  g_return_val_if_fail (shape.rank <= SL_MAX_RANK, NULL);
  if (!g_size_checked_mul (&n_bytes, sl_shape_n_elements (shape), sl_dtype_size (dtype)))
    g_return_val_if_reached (NULL);

  self = g_new0 (SlTensor, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->dtype = dtype;
  self->shape = shape;
  self->n_bytes = n_bytes;
  /* One byte at least, so that the data of an empty tensor is a pointer too. */
  self->data = g_aligned_alloc0 (MAX (n_bytes, 1), 1, TENSOR_ALIGN);
  return self;
}

SlTensor *
sl_tensor_ref (SlTensor *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_tensor_unref (SlTensor *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_aligned_free (self->data);
  g_free (self);
}

SlShape
sl_tensor_get_shape (const SlTensor *self)
{
  g_return_val_if_fail (self != NULL, ((SlShape){ 0 }));
  return self->shape;
}

SlDType
sl_tensor_get_dtype (const SlTensor *self)
{
  g_return_val_if_fail (self != NULL, SL_DTYPE_F32);
  return self->dtype;
}

gsize
sl_tensor_get_bytes (const SlTensor *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_bytes;
}

gpointer
sl_tensor_get_data (SlTensor *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->data;
}

float *
sl_tensor_f32 (SlTensor *self)
{
  g_return_val_if_fail (self != NULL && self->dtype == SL_DTYPE_F32, NULL);
  return self->data;
}

gint32 *
sl_tensor_i32 (SlTensor *self)
{
  g_return_val_if_fail (self != NULL && self->dtype == SL_DTYPE_I32, NULL);
  return self->data;
}
