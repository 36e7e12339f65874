/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses, and what bounds the numbers that go into them. */
#include "backends/cpu/cpu-ops.h"

#define N_ELEMENTS(view) sl_shape_n_elements ((view).shape)

static SlXentShape
xent_shape (const SlCall *call)
{
  const SlCrossEntropyAttrs *attrs = call->attrs;
  SlShape logits = call->x[0].shape;
  gsize n = logits.dim[0], k = logits.dim[logits.rank - 1];

  return (SlXentShape){ .n = n,
                        .rows = N_ELEMENTS (call->x[0]) / (n * k),
                        .k = k,
                        .smoothing = (float)attrs->smoothing,
                        .void_class = attrs->void_class };
}

gsize
sl_cpu_cross_entropy_scratch (const SlKernels *kernels, const SlCall *call)
{
  SlXentShape shape = xent_shape (call);

  return kernels->xent_scratch (&shape);
}

void
sl_cpu_cross_entropy_forward (const SlKernels *kernels, const SlCall *call)
{
  SlXentShape shape = xent_shape (call);

  kernels->xent_forward (&shape, call->x[0].data, call->x[1].data, call->x[2].data, call->y[0].data,
                         call->y[1].data, call->y[2].data, call->scratch);
}

void
sl_cpu_cross_entropy_backward (const SlKernels *kernels, const SlCall *call)
{
  SlXentShape shape = xent_shape (call);

  kernels->xent_backward (&shape, call->y[2].data, call->x[1].data, call->x[2].data,
                          *(const float *)call->dy[0].data, call->dx[0].data, call->dx_adds[0]);
}

/* ---- Cells */

static SlCellsShape
binary_shape (const SlCall *call)
{
  const SlBinaryCrossEntropyAttrs *attrs = call->attrs;
  const gsize *x = call->x[0].shape.dim;

  return (SlCellsShape){ x[0], x[1], (float)attrs->smoothing };
}

void
sl_cpu_binary_cross_entropy_forward (const SlKernels *kernels, const SlCall *call)
{
  SlCellsShape shape = binary_shape (call);

  kernels->binary_forward (&shape, call->x[0].data, call->x[1].data, call->x[2].data,
                           call->y[0].data, call->y[1].data, call->y[2].data);
}

void
sl_cpu_binary_cross_entropy_backward (const SlKernels *kernels, const SlCall *call)
{
  SlCellsShape shape = binary_shape (call);

  kernels->binary_backward (&shape, call->y[2].data, call->x[1].data, call->x[2].data,
                            *(const float *)call->dy[0].data, call->dx[0].data, call->dx_adds[0]);
}

static SlCellsShape
squared_shape (const SlCall *call)
{
  const gsize *x = call->x[0].shape.dim;

  return (SlCellsShape){ x[0], x[1], 0 };
}

void
sl_cpu_mean_squared_error_forward (const SlKernels *kernels, const SlCall *call)
{
  SlCellsShape shape = squared_shape (call);

  kernels->squared_forward (&shape, call->x[0].data, call->x[1].data, call->x[2].data,
                            call->y[0].data, call->y[1].data);
}

void
sl_cpu_mean_squared_error_backward (const SlKernels *kernels, const SlCall *call)
{
  SlCellsShape shape = squared_shape (call);

  kernels->squared_backward (&shape, call->x[0].data, call->x[1].data, call->x[2].data,
                             *(const float *)call->dy[0].data, call->dx[0].data, call->dx_adds[0]);
}

void
sl_cpu_output_range_forward (const SlKernels *kernels, const SlCall *call)
{
  const SlOutputRangeAttrs *range = call->attrs;

  kernels->range_forward (N_ELEMENTS (call->x[0]), (float)range->low, (float)range->high,
                          call->x[0].data, call->y[0].data);
}

void
sl_cpu_output_range_backward (const SlKernels *kernels, const SlCall *call)
{
  const SlOutputRangeAttrs *range = call->attrs;

  kernels->range_backward (N_ELEMENTS (call->y[0]), (float)range->low, (float)range->high,
                           call->y[0].data, call->dy[0].data, call->dx[0].data, call->dx_adds[0]);
}
