/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products of operands that are rounded to bfloat16: the reference's, of rounded copies. */
#include "kernels/reference.h"

/* Returns the rounded copy of @n numbers, and moves @scratch behind it. */
static const float *
rounded_copy (const float *from, gsize n, float **scratch)
{
  float *to = *scratch;

  for (gsize i = 0; i < n; i++)
    to[i] = sl_reference_round (from[i]);
  *scratch += n;
  return to;
}

/* ---- Convolution */

static gsize
n_source (const SlConvShape *s)
{
  return s->n * s->h * s->w * s->c;
}

static gsize
n_result (const SlConvShape *s)
{
  return s->n * s->oh * s->ow * s->k;
}

static gsize
n_weights (const SlConvShape *s)
{
  return (gsize)s->kernel * s->kernel * s->c * s->k;
}

/* A double more than the reference wants: the copies may end in the middle of one. */
static gsize
conv_scratch (const SlConvShape *s)
{
  gsize copies = n_source (s) + n_weights (s) + n_result (s);

  return sizeof (float) * copies + sl_kernels_reference ()->conv_scratch (s) + sizeof (double);
}

/* What is left of the scratch, where doubles may lie. */
static void *
rest_of (float *scratch)
{
  return (void *)(((guintptr)scratch + sizeof (double) - 1) & ~(guintptr)(sizeof (double) - 1));
}

static void
conv_forward (const SlConvShape *s, const float *x, const float *w, const float *bias,
              SlActivation activation, float *y, void *scratch)
{
  float *rest = scratch;

  x = rounded_copy (x, n_source (s), &rest);
  w = rounded_copy (w, n_weights (s), &rest);
  sl_kernels_reference ()->conv_forward (s, x, w, bias, activation, y, rest_of (rest));
}

static void
conv_grad_data (const SlConvShape *s, const float *dy, const float *w, float *dx, gboolean adds,
                void *scratch)
{
  float *rest = scratch;

  dy = rounded_copy (dy, n_result (s), &rest);
  w = rounded_copy (w, n_weights (s), &rest);
  sl_kernels_reference ()->conv_grad_data (s, dy, w, dx, adds, rest_of (rest));
}

static void
conv_grad_weights (const SlConvShape *s, const float *x, const float *dy, float *dw, void *scratch)
{
  float *rest = scratch;

  x = rounded_copy (x, n_source (s), &rest);
  dy = rounded_copy (dy, n_result (s), &rest);
  sl_kernels_reference ()->conv_grad_weights (s, x, dy, dw, rest_of (rest));
}

/* ---- Linear */

static gsize
linear_scratch (gsize n, gsize in, gsize out)
{
  return sizeof (float) * (n * in + in * out + n * out);
}

static void
linear_forward (gsize n, gsize in, gsize out, const float *x, const float *w, const float *bias,
                gboolean relu, float *y, void *scratch)
{
  float *rest = scratch;

  x = rounded_copy (x, n * in, &rest);
  w = rounded_copy (w, in * out, &rest);
  sl_kernels_reference ()->linear_forward (n, in, out, x, w, bias, relu, y, NULL);
}

static void
linear_backward (gsize n, gsize in, gsize out, const float *x, const float *w, const float *y,
                 const float *dy, gboolean relu, float *dx, gboolean adds, float *dw, float *dbias,
                 void *scratch)
{
  const SlKernels *plain = sl_kernels_reference ();
  float *rest = scratch;
  const float *factor = rounded_copy (dy, n * out, &rest);

  x = rounded_copy (x, n * in, &rest);
  w = rounded_copy (w, in * out, &rest);
  plain->linear_backward (n, in, out, x, w, y, factor, relu, dx, adds, dw, NULL, NULL);
  plain->linear_backward (n, in, out, x, w, y, dy, relu, NULL, FALSE, NULL, dbias, NULL);
}

const SlKernels *
sl_kernels_reference_bf16 (void)
{
  static SlKernels table;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      table = *sl_kernels_reference ();
      table.name = "reference-bf16";
      table.conv_scratch = conv_scratch;
      table.conv_forward = conv_forward;
      table.conv_grad_data = conv_grad_data;
      table.conv_grad_weights = conv_grad_weights;
      table.linear_scratch = linear_scratch;
      table.linear_forward = linear_forward;
      table.linear_backward = linear_backward;
      sl_reference_fill_lstm_bf16 (&table);
      sl_reference_fill_words_bf16 (&table);
      g_once_init_leave (&once, 1);
    }
  return &table;
}
