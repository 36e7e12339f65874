/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SL_MAX_RANK 4

/* Images (N,H,W,C), sequences (N,T,C), convolution weights (KH,KW,C,O), matrices (in,out). */
typedef struct
{
  guint rank;
  gsize dim[SL_MAX_RANK];
} SlShape;

typedef enum
{
  SL_DTYPE_F32,
  SL_DTYPE_I32,
  SL_DTYPE_U8
} SlDType;

#define SL_SHAPE1(a) ((SlShape){ 1, { (a), 1, 1, 1 } })
#define SL_SHAPE2(a, b) ((SlShape){ 2, { (a), (b), 1, 1 } })
#define SL_SHAPE3(a, b, c) ((SlShape){ 3, { (a), (b), (c), 1 } })
#define SL_SHAPE4(a, b, c, d) ((SlShape){ 4, { (a), (b), (c), (d) } })

gsize    sl_dtype_size       (SlDType dtype);
gsize    sl_shape_n_elements (SlShape shape); /* G_MAXSIZE when the product overflows */
gboolean sl_shape_equal      (SlShape a, SlShape b);
char    *sl_shape_to_string  (SlShape shape); /* "32×64×64×3"; (transfer full) */

/**
 * SlTensor:
 *
 * A contiguous host array with an atomic reference count, 64-byte aligned and
 * zeroed when made: batches, predictions, checkpoint entries.  The contents may
 * be written by whoever holds the only reference; afterwards any thread reads.
 */
typedef struct _SlTensor SlTensor;

SlTensor *sl_tensor_new       (SlDType dtype, SlShape shape);
SlTensor *sl_tensor_ref       (SlTensor *self);
void      sl_tensor_unref     (SlTensor *self);
SlShape   sl_tensor_get_shape (const SlTensor *self);
SlDType   sl_tensor_get_dtype (const SlTensor *self);
gsize     sl_tensor_get_bytes (const SlTensor *self);
gpointer  sl_tensor_get_data  (SlTensor *self);
float    *sl_tensor_f32       (SlTensor *self); /* asserts the dtype */
gint32   *sl_tensor_i32       (SlTensor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTensor, sl_tensor_unref)

G_END_DECLS
