/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Depthwise convolution: channel c of y from channel c of x alone. */
#include "kernels/reference.h"

static gsize
depthwise_scratch (const SlConvShape *s)
{
  return 0;
}

/* Calls for each tap that meets a pixel: @x, @w and @y are the places in the input, in the weights
 * and in the output. */
typedef void (*Visit) (gsize x, gsize w, gsize y, gpointer data);

static void
visit_taps (const SlConvShape *s, Visit visit, gpointer data)
{
  for (gsize i = 0; i < s->n * s->oh * s->ow; i++)
    for (gsize tap = 0; tap < (gsize)s->kernel * s->kernel; tap++)
      {
        gsize row = i / s->ow % s->oh * s->stride + tap / s->kernel;
        gsize column = i % s->ow * s->stride + tap % s->kernel;

        if (row < s->pad || row - s->pad >= s->h || column < s->pad || column - s->pad >= s->w)
          continue;
        row += i / s->ow / s->oh * s->h - s->pad;
        visit ((row * s->w + column - s->pad) * s->c, tap * s->c, i * s->c, data);
      }
}

/* Σ a · b in double, one sum for each element of the result. */
typedef struct
{
  gsize c;
  const float *a, *b;
  double *sum;
} Sums;

static void
add_forward (gsize x, gsize w, gsize y, gpointer data)
{
  Sums *sums = data;

  for (gsize c = 0; c < sums->c; c++)
    sums->sum[y + c] += (double)sums->a[x + c] * sums->b[w + c];
}

static void
add_grad_data (gsize x, gsize w, gsize y, gpointer data)
{
  Sums *sums = data;

  for (gsize c = 0; c < sums->c; c++)
    sums->sum[x + c] += (double)sums->a[y + c] * sums->b[w + c];
}

static void
add_grad_weights (gsize x, gsize w, gsize y, gpointer data)
{
  Sums *sums = data;

  for (gsize c = 0; c < sums->c; c++)
    sums->sum[w + c] += (double)sums->a[x + c] * sums->b[y + c];
}

static void
run (const SlConvShape *s, Visit visit, const float *a, const float *b, gsize n, float *result,
     gboolean adds)
{
  g_autofree double *sum = g_new0 (double, n);
  Sums sums = { s->c, a, b, sum };

  visit_taps (s, visit, &sums);
  for (gsize i = 0; i < n; i++)
    sl_reference_put (result + i, sum[i], adds);
}

static void
depthwise_forward (const SlConvShape *s, const float *x, const float *w, float *y)
{
  run (s, add_forward, x, w, s->n * s->oh * s->ow * s->c, y, FALSE);
}

static void
depthwise_grad_data (const SlConvShape *s, const float *dy, const float *w, float *dx,
                     gboolean adds, void *scratch)
{
  run (s, add_grad_data, dy, w, s->n * s->h * s->w * s->c, dx, adds);
}

static void
depthwise_grad_weights (const SlConvShape *s, const float *x, const float *dy, float *dw,
                        void *scratch)
{
  run (s, add_grad_weights, x, dy, s->kernel * s->kernel * s->c, dw, TRUE);
}

void
sl_reference_fill_depthwise (SlKernels *table)
{
  table->depthwise_scratch = depthwise_scratch;
  table->depthwise_forward = depthwise_forward;
  table->depthwise_grad_data = depthwise_grad_data;
  table->depthwise_grad_weights = depthwise_grad_weights;
}
