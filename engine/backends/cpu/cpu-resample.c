/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resizing, joining and shuffling of pixels. */
#include "backends/cpu/cpu-ops.h"

/* @x resized to the pixels of @y, of which it fills a part of the channels. */
static SlResizeShape
resize_shape (const SlView *x, const SlView *y)
{
  const gsize *in = x->shape.dim, *out = y->shape.dim;

  return (SlResizeShape){
    .n = in[0], .h = in[1], .w = in[2], .c = in[3], .oh = out[1], .ow = out[2], .y_step = out[3]
  };
}

void
sl_cpu_resize_forward (const SlKernels *kernels, const SlCall *call)
{
  SlResizeShape shape = resize_shape (&call->x[0], &call->y[0]);

  kernels->resize_forward (&shape, call->x[0].data, call->y[0].data);
}

void
sl_cpu_resize_backward (const SlKernels *kernels, const SlCall *call)
{
  SlResizeShape shape = resize_shape (&call->x[0], &call->y[0]);

  kernels->resize_backward (&shape, call->dy[0].data, call->dx[0].data, call->dx_adds[0]);
}

void
sl_cpu_concat_forward (const SlKernels *kernels, const SlCall *call)
{
  float *y = call->y[0].data;

  for (guint i = 0; i < 2; i++)
    {
      SlResizeShape shape = resize_shape (&call->x[i], &call->y[0]);

      kernels->resize_forward (&shape, call->x[i].data, y);
      y += shape.c;
    }
}

void
sl_cpu_concat_backward (const SlKernels *kernels, const SlCall *call)
{
  const float *dy = call->dy[0].data;
  gsize first[2] = { 0, call->x[0].shape.dim[3] };

  /* The second input first, as the planner says which gradient adds to the other's. */
  for (gint i = 1; i >= 0; i--)
    {
      SlResizeShape shape = resize_shape (&call->x[i], &call->y[0]);

      if (call->dx[i].data != NULL)
        kernels->resize_backward (&shape, dy + first[i], call->dx[i].data, call->dx_adds[i]);
    }
}

void
sl_cpu_pixel_shuffle_forward (const SlKernels *kernels, const SlCall *call)
{
  const gsize *x = call->x[0].shape.dim;

  kernels->shuffle_forward (x[0], x[1], x[2], x[3] / 4, call->x[0].data, call->y[0].data);
}

void
sl_cpu_pixel_shuffle_backward (const SlKernels *kernels, const SlCall *call)
{
  const gsize *x = call->x[0].shape.dim;

  kernels->shuffle_backward (x[0], x[1], x[2], x[3] / 4, call->dy[0].data, call->dx[0].data,
                             call->dx_adds[0]);
}
