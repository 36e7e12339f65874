/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution as its definition: cross-correlation with zero padding (Dumoulin and Visin 2016,
 * "A guide to convolution arithmetic for deep learning"). */
#include "kernels/activation.h"
#include "kernels/reference.h"

/* The input row (or column) that output @o meets at kernel position @t; FALSE: padding. */
static gboolean
input_of (gsize o, gsize t, const SlConvShape *s, gsize limit, gsize *i)
{
  gsize at = o * s->stride + t;

  if (at < s->pad || at - s->pad >= limit)
    return FALSE;
  *i = at - s->pad;
  return TRUE;
}

/* The output that meets input @i at kernel position @t; FALSE: none. */
static gboolean
output_of (gsize i, gsize t, const SlConvShape *s, gsize limit, gsize *o)
{
  gsize at = i + s->pad;

  if (at < t || (at - t) % s->stride != 0 || (at - t) / s->stride >= limit)
    return FALSE;
  *o = (at - t) / s->stride;
  return TRUE;
}

static gsize
conv_scratch (const SlConvShape *s)
{
  return sizeof (double) * MAX (s->c, s->k);
}

static void
conv_forward (const SlConvShape *s, const float *x, const float *w, const float *bias,
              SlActivation activation, float *y, void *scratch)
{
  float floor = sl_activation_floor (activation), ceiling = sl_activation_ceiling (activation);
  double *sum = scratch;
  gsize ih, iw;

  for (gsize n = 0; n < s->n; n++)
    for (gsize oh = 0; oh < s->oh; oh++)
      for (gsize ow = 0; ow < s->ow; ow++)
        {
          for (gsize k = 0; k < s->k; k++)
            sum[k] = bias != NULL ? bias[k] : 0;
          for (gsize kh = 0; kh < s->kernel; kh++)
            for (gsize kw = 0; kw < s->kernel; kw++)
              {
                if (!input_of (oh, kh, s, s->h, &ih) || !input_of (ow, kw, s, s->w, &iw))
                  continue;
                for (gsize c = 0; c < s->c; c++)
                  {
                    double v = x[((n * s->h + ih) * s->w + iw) * s->c + c];
                    const float *row = w + ((kh * s->kernel + kw) * s->c + c) * s->k;

                    for (gsize k = 0; k < s->k; k++)
                      sum[k] += v * row[k];
                  }
              }
          for (gsize k = 0; k < s->k; k++)
            {
              float v = (float)sum[k] < floor ? floor : (float)sum[k];

              y[((n * s->oh + oh) * s->ow + ow) * s->k + k] = v > ceiling ? ceiling : v;
            }
        }
}

static void
conv_grad_sums (const SlConvShape *s, const float *y, SlActivation activation, float *dy,
                float *dbias, void *scratch)
{
  for (gsize k = 0; k < s->k; k++)
    {
      double total = 0;

      for (gsize i = k; i < s->n * s->oh * s->ow * s->k; i += s->k)
        {
          if (activation != SL_ACTIVATION_NONE && !sl_activation_passes (activation, y[i]))
            dy[i] = 0;
          total += dy[i];
        }
      if (dbias != NULL)
        sl_reference_put (dbias + k, total, TRUE);
    }
}

static void
conv_grad_data (const SlConvShape *s, const float *dy, const float *w, float *dx, gboolean adds,
                void *scratch)
{
  double *sum = scratch;
  gsize oh, ow;

  for (gsize n = 0; n < s->n; n++)
    for (gsize ih = 0; ih < s->h; ih++)
      for (gsize iw = 0; iw < s->w; iw++)
        {
          for (gsize c = 0; c < s->c; c++)
            sum[c] = 0;
          for (gsize kh = 0; kh < s->kernel; kh++)
            for (gsize kw = 0; kw < s->kernel; kw++)
              {
                if (!output_of (ih, kh, s, s->oh, &oh) || !output_of (iw, kw, s, s->ow, &ow))
                  continue;
                for (gsize c = 0; c < s->c; c++)
                  {
                    const float *d = dy + ((n * s->oh + oh) * s->ow + ow) * s->k;
                    const float *row = w + ((kh * s->kernel + kw) * s->c + c) * s->k;

                    for (gsize k = 0; k < s->k; k++)
                      sum[c] += (double)d[k] * row[k];
                  }
              }
          for (gsize c = 0; c < s->c; c++)
            sl_reference_put (dx + ((n * s->h + ih) * s->w + iw) * s->c + c, sum[c], adds);
        }
}

/* sum[k] = the gradient of w (kh,kw,c,·). */
static void
weight_row (const SlConvShape *s, const float *x, const float *dy, gsize kh, gsize kw, gsize c,
            double *sum)
{
  gsize ih, iw;

  for (gsize k = 0; k < s->k; k++)
    sum[k] = 0;
  for (gsize n = 0; n < s->n; n++)
    for (gsize oh = 0; oh < s->oh; oh++)
      for (gsize ow = 0; ow < s->ow; ow++)
        {
          const float *d = dy + ((n * s->oh + oh) * s->ow + ow) * s->k;

          if (!input_of (oh, kh, s, s->h, &ih) || !input_of (ow, kw, s, s->w, &iw))
            continue;
          for (gsize k = 0; k < s->k; k++)
            sum[k] += (double)x[((n * s->h + ih) * s->w + iw) * s->c + c] * d[k];
        }
}

static void
conv_grad_weights (const SlConvShape *s, const float *x, const float *dy, float *dw, void *scratch)
{
  double *sum = scratch;

  for (gsize kh = 0; kh < s->kernel; kh++)
    for (gsize kw = 0; kw < s->kernel; kw++)
      for (gsize c = 0; c < s->c; c++)
        {
          weight_row (s, x, dy, kh, kw, c, sum);
          for (gsize k = 0; k < s->k; k++)
            sl_reference_put (dw + ((kh * s->kernel + kw) * s->c + c) * s->k + k, sum[k], TRUE);
        }
}

void
sl_reference_fill_conv (SlKernels *table)
{
  table->conv_scratch = conv_scratch;
  table->conv_forward = conv_forward;
  table->conv_grad_sums = conv_grad_sums;
  table->conv_grad_data = conv_grad_data;
  table->conv_grad_weights = conv_grad_weights;
}
