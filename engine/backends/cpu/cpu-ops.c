/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backends/cpu/cpu-ops.h"
#include <string.h>

#define N_ELEMENTS(view) sl_shape_n_elements ((view).shape)

/* ---- Convolution */

static SlConvShape
window_shape (const SlCall *call, guint kernel, guint stride, guint pad)
{
  const gsize *x = call->x[0].shape.dim, *y = call->y[0].shape.dim;

  return (SlConvShape){ .n = x[0],
                        .h = x[1],
                        .w = x[2],
                        .c = x[3],
                        .oh = y[1],
                        .ow = y[2],
                        .k = y[3],
                        .kernel = kernel,
                        .stride = stride,
                        .pad = pad };
}

static SlConvShape
conv_shape (const SlCall *call)
{
  const SlConv2dAttrs *attrs = call->attrs;

  return window_shape (call, attrs->kernel, attrs->stride, attrs->pad);
}

static gsize
conv2d_scratch (const SlKernels *kernels, const SlCall *call)
{
  SlConvShape shape = conv_shape (call);

  return kernels->conv_scratch (&shape);
}

static void
conv2d_forward (const SlKernels *kernels, const SlCall *call)
{
  const SlConv2dAttrs *attrs = call->attrs;
  SlConvShape shape = conv_shape (call);

  kernels->conv_forward (&shape, call->x[0].data, call->param[0].data, call->param[1].data,
                         attrs->activation, call->y[0].data, call->scratch);
}

static void
conv2d_backward (const SlKernels *kernels, const SlCall *call)
{
  const SlConv2dAttrs *attrs = call->attrs;
  SlConvShape shape = conv_shape (call);

  if (attrs->activation != SL_ACTIVATION_NONE || call->dparam[1].data != NULL)
    kernels->conv_grad_sums (&shape, call->y[0].data, attrs->activation, call->dy[0].data,
                             call->dparam[1].data, call->scratch);
  if (call->dparam[0].data != NULL)
    kernels->conv_grad_weights (&shape, call->x[0].data, call->dy[0].data, call->dparam[0].data,
                                call->scratch);
  if (call->dx[0].data != NULL)
    kernels->conv_grad_data (&shape, call->dy[0].data, call->param[0].data, call->dx[0].data,
                             call->dx_adds[0], call->scratch);
}

/* ---- Depthwise convolution */

static SlConvShape
depthwise_shape (const SlCall *call)
{
  const SlDepthwiseAttrs *attrs = call->attrs;

  return window_shape (call, attrs->kernel, attrs->stride, attrs->pad);
}

static gsize
depthwise_scratch (const SlKernels *kernels, const SlCall *call)
{
  SlConvShape shape = depthwise_shape (call);

  return kernels->depthwise_scratch (&shape);
}

static void
depthwise_forward (const SlKernels *kernels, const SlCall *call)
{
  SlConvShape shape = depthwise_shape (call);

  kernels->depthwise_forward (&shape, call->x[0].data, call->param[0].data, call->y[0].data);
}

static void
depthwise_backward (const SlKernels *kernels, const SlCall *call)
{
  SlConvShape shape = depthwise_shape (call);

  if (call->dparam[0].data != NULL)
    kernels->depthwise_grad_weights (&shape, call->x[0].data, call->dy[0].data,
                                     call->dparam[0].data, call->scratch);
  if (call->dx[0].data != NULL)
    kernels->depthwise_grad_data (&shape, call->dy[0].data, call->param[0].data, call->dx[0].data,
                                  call->dx_adds[0], call->scratch);
}

/* ---- Batch norm */

static gsize
norm_rows (const SlCall *call)
{
  return N_ELEMENTS (call->x[0]) / call->param[0].shape.dim[0];
}

static gsize
batch_norm_scratch (const SlKernels *kernels, const SlCall *call)
{
  return kernels->norm_scratch (norm_rows (call), call->param[0].shape.dim[0]);
}

static void
batch_norm_forward (const SlKernels *kernels, const SlCall *call)
{
  const SlBatchNormAttrs *attrs = call->attrs;
  gsize rows = norm_rows (call), channels = call->param[0].shape.dim[0];
  float *saved = call->workspace;

  if (call->training)
    kernels->norm_forward_train (
        rows, channels, call->x[0].data, call->x[1].data, call->param[0].data, call->param[1].data,
        (float)attrs->eps, (float)attrs->momentum, attrs->activation, call->param[2].data,
        call->param[3].data, saved, saved + channels, call->y[0].data, call->scratch);
  else
    kernels->norm_forward_eval (rows, channels, call->x[0].data, call->x[1].data,
                                call->param[0].data, call->param[1].data, (float)attrs->eps,
                                attrs->activation, call->param[2].data, call->param[3].data,
                                call->y[0].data, call->scratch);
}

/* The running statistics have moved on already. */
static void
batch_norm_again (const SlKernels *kernels, const SlCall *call)
{
  const SlBatchNormAttrs *attrs = call->attrs;
  gsize channels = call->param[0].shape.dim[0];
  const float *saved = call->workspace;

  if (call->training)
    kernels->norm_again (norm_rows (call), channels, call->x[0].data, call->x[1].data,
                         call->param[0].data, call->param[1].data, attrs->activation, saved,
                         saved + channels, call->y[0].data, call->scratch);
  else
    batch_norm_forward (kernels, call);
}

static void
batch_norm_backward (const SlKernels *kernels, const SlCall *call)
{
  const SlBatchNormAttrs *attrs = call->attrs;
  gsize rows = norm_rows (call), channels = call->param[0].shape.dim[0];
  const float *saved = call->workspace;

  if (call->training)
    kernels->norm_backward (rows, channels, call->x[0].data, call->y[0].data, call->dy[0].data,
                            call->param[0].data, saved, saved + channels, attrs->activation,
                            call->dx[0].data, call->dx_adds[0], call->dx[1].data, call->dx_adds[1],
                            call->dparam[0].data, call->dparam[1].data, call->scratch);
  else
    kernels->norm_backward_eval (rows, channels, call->y[0].data, call->dy[0].data,
                                 call->param[0].data, (float)attrs->eps, attrs->activation,
                                 call->param[3].data, call->dx[0].data, call->dx_adds[0],
                                 call->dx[1].data, call->dx_adds[1], call->scratch);
}

/* ---- Element-wise */

/* The gradient passes unchanged. */
static void
pass_gradient (const SlKernels *kernels, const SlCall *call, guint input)
{
  if (call->dx_adds[input])
    kernels->accumulate (N_ELEMENTS (call->dy[0]), call->dy[0].data, call->dx[input].data);
  else if (call->dx[input].data != call->dy[0].data)
    memcpy (call->dx[input].data, call->dy[0].data, N_ELEMENTS (call->dy[0]) * sizeof (float));
}

static void
relu_forward (const SlKernels *kernels, const SlCall *call)
{
  kernels->relu_forward (N_ELEMENTS (call->x[0]), call->x[0].data, call->y[0].data);
}

static void
relu_backward (const SlKernels *kernels, const SlCall *call)
{
  kernels->relu_backward (N_ELEMENTS (call->y[0]), call->y[0].data, call->dy[0].data,
                          call->dx[0].data, call->dx_adds[0]);
}

static void
add_forward (const SlKernels *kernels, const SlCall *call)
{
  const SlAddAttrs *attrs = call->attrs;

  kernels->add_forward (N_ELEMENTS (call->y[0]), call->x[0].data, call->x[1].data, attrs->relu,
                        call->y[0].data);
}

static void
add_backward (const SlKernels *kernels, const SlCall *call)
{
  const SlAddAttrs *attrs = call->attrs;

  /* The second input first: the first one's gradient may lie where dy does. */
  for (gint i = 1; i >= 0; i--)
    {
      if (call->dx[i].data == NULL)
        continue;
      if (attrs->relu)
        kernels->relu_backward (N_ELEMENTS (call->y[0]), call->y[0].data, call->dy[0].data,
                                call->dx[i].data, call->dx_adds[i]);
      else
        pass_gradient (kernels, call, (guint)i);
    }
}

/* Both directions are the same but for what is read and written. */
static void
drop_locked (const SlKernels *kernels, const SlCall *call, const SlView *from, const SlView *to,
             gboolean adds)
{
  const SlDropoutAttrs *attrs = call->attrs;
  const gsize *x = from->shape.dim;

  kernels->locked_dropout (x[0], x[1], x[2], from->data, (float)attrs->p, call->random_key,
                           to->data, adds);
}

static void
dropout_forward (const SlKernels *kernels, const SlCall *call)
{
  const SlDropoutAttrs *attrs = call->attrs;
  gsize n = N_ELEMENTS (call->x[0]);

  if (call->training && attrs->p > 0 && attrs->locked)
    drop_locked (kernels, call, &call->x[0], &call->y[0], FALSE);
  else if (call->training && attrs->p > 0)
    kernels->dropout_forward (n, call->x[0].data, (float)attrs->p, call->random_key,
                              call->y[0].data);
  else if (call->y[0].data != call->x[0].data)
    memcpy (call->y[0].data, call->x[0].data, n * sizeof (float));
}

static void
dropout_backward (const SlKernels *kernels, const SlCall *call)
{
  const SlDropoutAttrs *attrs = call->attrs;

  if (call->training && attrs->p > 0 && attrs->locked)
    drop_locked (kernels, call, &call->dy[0], &call->dx[0], call->dx_adds[0]);
  else if (call->training && attrs->p > 0)
    kernels->dropout_backward (N_ELEMENTS (call->dy[0]), call->dy[0].data, (float)attrs->p,
                               call->random_key, call->dx[0].data, call->dx_adds[0]);
  else
    pass_gradient (kernels, call, 0);
}

/* ---- Pooling */

static SlPoolShape
pool_shape (const SlCall *call)
{
  const SlPoolAttrs *attrs = call->attrs;
  const gsize *x = call->x[0].shape.dim, *y = call->y[0].shape.dim;

  return (SlPoolShape){ .n = x[0],
                        .h = x[1],
                        .w = x[2],
                        .c = x[3],
                        .oh = y[1],
                        .ow = y[2],
                        .kernel = attrs->kernel,
                        .stride = attrs->stride,
                        .pad = attrs->pad };
}

static void
max_pool_forward (const SlKernels *kernels, const SlCall *call)
{
  SlPoolShape shape = pool_shape (call);

  kernels->max_pool_forward (&shape, call->x[0].data, call->y[0].data, call->workspace);
}

static void
max_pool_backward (const SlKernels *kernels, const SlCall *call)
{
  SlPoolShape shape = pool_shape (call);

  kernels->max_pool_backward (&shape, call->dy[0].data, call->workspace, call->dx[0].data,
                              call->dx_adds[0]);
}

static void
avg_pool_forward (const SlKernels *kernels, const SlCall *call)
{
  SlPoolShape shape = pool_shape (call);

  kernels->avg_pool_forward (&shape, call->x[0].data, call->y[0].data);
}

static void
avg_pool_backward (const SlKernels *kernels, const SlCall *call)
{
  SlPoolShape shape = pool_shape (call);

  kernels->avg_pool_backward (&shape, call->dy[0].data, call->dx[0].data, call->dx_adds[0]);
}

static void
concat_pool_forward (const SlKernels *kernels, const SlCall *call)
{
  const gsize *x = call->x[0].shape.dim;

  kernels->concat_pool_forward (x[0], x[1] * x[2], x[3], call->x[0].data, call->y[0].data,
                                call->workspace);
}

static void
concat_pool_backward (const SlKernels *kernels, const SlCall *call)
{
  const gsize *x = call->x[0].shape.dim;

  kernels->concat_pool_backward (x[0], x[1] * x[2], x[3], call->dy[0].data, call->workspace,
                                 call->dx[0].data, call->dx_adds[0]);
}

static void
global_avg_pool_forward (const SlKernels *kernels, const SlCall *call)
{
  const gsize *x = call->x[0].shape.dim;

  kernels->mean_pool_forward (x[0], x[1] * x[2], x[3], call->x[0].data, call->y[0].data);
}

static void
global_avg_pool_backward (const SlKernels *kernels, const SlCall *call)
{
  const gsize *x = call->x[0].shape.dim;

  kernels->mean_pool_backward (x[0], x[1] * x[2], x[3], call->dy[0].data, call->dx[0].data,
                               call->dx_adds[0]);
}

/* ---- Rows */

static void
repeat_forward (const SlKernels *kernels, const SlCall *call)
{
  gsize n = N_ELEMENTS (call->x[0]);
  float *y = call->y[0].data;

  memcpy (y, call->x[0].data, n * sizeof *y);
  memcpy (y + n, call->x[0].data, n * sizeof *y);
}

static void
repeat_backward (const SlKernels *kernels, const SlCall *call)
{
  gsize n = N_ELEMENTS (call->x[0]);
  const float *dy = call->dy[0].data;

  if (call->dx_adds[0])
    kernels->accumulate (n, dy, call->dx[0].data);
  else
    memcpy (call->dx[0].data, dy, n * sizeof *dy);
  kernels->accumulate (n, dy + n, call->dx[0].data);
}

/* ---- Linear */

static gsize
linear_scratch (const SlKernels *kernels, const SlCall *call)
{
  return kernels->linear_scratch (call->x[0].shape.dim[0], call->x[0].shape.dim[1],
                                  call->y[0].shape.dim[1]);
}

static void
linear_forward (const SlKernels *kernels, const SlCall *call)
{
  const SlLinearAttrs *attrs = call->attrs;

  kernels->linear_forward (call->x[0].shape.dim[0], call->x[0].shape.dim[1],
                           call->y[0].shape.dim[1], call->x[0].data, call->param[0].data,
                           call->param[1].data, attrs->relu, call->y[0].data, call->scratch);
}

static void
linear_backward (const SlKernels *kernels, const SlCall *call)
{
  const SlLinearAttrs *attrs = call->attrs;

  kernels->linear_backward (
      call->x[0].shape.dim[0], call->x[0].shape.dim[1], call->y[0].shape.dim[1], call->x[0].data,
      call->param[0].data, call->y[0].data, call->dy[0].data, attrs->relu, call->dx[0].data,
      call->dx_adds[0], call->dparam[0].data, call->dparam[1].data, call->scratch);
}

static const SlCpuOp cpu_ops[] = {
  { &sl_op_activity_loss, NULL, sl_cpu_activity_forward, sl_cpu_activity_backward },
  { &sl_op_add, NULL, add_forward, add_backward },
  { &sl_op_avg_pool, NULL, avg_pool_forward, avg_pool_backward },
  { &sl_op_batch_norm, batch_norm_scratch, batch_norm_forward, batch_norm_backward,
    batch_norm_again },
  { &sl_op_binary_cross_entropy, NULL, sl_cpu_binary_cross_entropy_forward,
    sl_cpu_binary_cross_entropy_backward },
  { &sl_op_concat, NULL, sl_cpu_concat_forward, sl_cpu_concat_backward },
  { &sl_op_concat_pool, NULL, concat_pool_forward, concat_pool_backward },
  { &sl_op_conv2d, conv2d_scratch, conv2d_forward, conv2d_backward },
  { &sl_op_cross_entropy, sl_cpu_cross_entropy_scratch, sl_cpu_cross_entropy_forward,
    sl_cpu_cross_entropy_backward },
  { &sl_op_depthwise, depthwise_scratch, depthwise_forward, depthwise_backward },
  { &sl_op_dropout, NULL, dropout_forward, dropout_backward },
  { &sl_op_embedding, NULL, sl_cpu_embedding_forward, sl_cpu_embedding_backward },
  { &sl_op_global_avg_pool, NULL, global_avg_pool_forward, global_avg_pool_backward },
  { &sl_op_linear, linear_scratch, linear_forward, linear_backward },
  { &sl_op_lstm, sl_cpu_lstm_scratch, sl_cpu_lstm_forward, sl_cpu_lstm_backward },
  { &sl_op_max_pool, NULL, max_pool_forward, max_pool_backward },
  { &sl_op_mean_squared_error, NULL, sl_cpu_mean_squared_error_forward,
    sl_cpu_mean_squared_error_backward },
  { &sl_op_next_word, NULL, sl_cpu_next_word_forward, sl_cpu_next_word_backward },
  { &sl_op_output_range, NULL, sl_cpu_output_range_forward, sl_cpu_output_range_backward },
  { &sl_op_padded_lstm, sl_cpu_lstm_scratch, sl_cpu_padded_lstm_forward,
    sl_cpu_padded_lstm_backward },
  { &sl_op_pixel_shuffle, NULL, sl_cpu_pixel_shuffle_forward, sl_cpu_pixel_shuffle_backward },
  { &sl_op_relu, NULL, relu_forward, relu_backward },
  { &sl_op_resize, NULL, sl_cpu_resize_forward, sl_cpu_resize_backward },
  { &sl_op_text_pool, NULL, sl_cpu_text_pool_forward, sl_cpu_text_pool_backward },
  { &sl_op_word_loss, sl_cpu_word_loss_scratch, sl_cpu_word_loss_forward,
    sl_cpu_word_loss_backward },
  { &sl_op_repeat, NULL, repeat_forward, repeat_backward },
};

const SlCpuOp *
sl_cpu_op_find (const SlOpDef *op)
{
  for (guint i = 0; i < G_N_ELEMENTS (cpu_ops); i++)
    if (cpu_ops[i].op == op)
      return &cpu_ops[i];
  return NULL;
}
