/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear layer with operands in bfloat16: the convolution of 1×1 that it is. */
#include "kernels/tuned/conv.h"
#include "kernels/tuned/linear.h"

static SlConvShape
pointwise (gsize n, gsize in, gsize out)
{
  return (SlConvShape){
    .n = n, .h = 1, .w = 1, .c = in, .oh = 1, .ow = 1, .k = out, .kernel = 1, .stride = 1
  };
}

/* dy behind the ReLU, then what the products want. */
static gsize
linear_scratch (gsize n, gsize in, gsize out)
{
  SlConvShape s = pointwise (n, in, out);

  return sizeof (float) * sl_padded (n * out)
         + MAX (SL_TUNED (gather_scratch) (&s), SL_TUNED (gather_weights_scratch) (&s));
}

static void
linear_forward (gsize n, gsize in, gsize out, const float *x, const float *w, const float *bias,
                gboolean relu, float *y, void *scratch)
{
  SlConvShape s = pointwise (n, in, out);

  SL_TUNED (gather_forward)
  (&s, x, w, bias, relu ? SL_ACTIVATION_RELU : SL_ACTIVATION_NONE, y, scratch);
}

static void
linear_backward (gsize n, gsize in, gsize out, const float *x, const float *w, const float *y,
                 const float *dy, gboolean relu, float *dx, gboolean adds, float *dw, float *dbias,
                 void *scratch)
{
  SlConvShape s = pointwise (n, in, out);
  float *masked = scratch, *rest = masked + sl_padded (n * out);

  sl_mask_gradient (n, out, y, dy, relu, masked, dbias);
  if (dx != NULL)
    SL_TUNED (gather_grad_data) (&s, masked, w, dx, adds, rest);
  if (dw != NULL)
    SL_TUNED (gather_grad_weights) (&s, x, masked, dw, rest);
}

void
SL_TUNED (fill_linear) (SlKernels *table)
{
  table->linear_scratch = linear_scratch;
  table->linear_forward = linear_forward;
  table->linear_backward = linear_backward;
}
