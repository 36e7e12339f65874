/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest resizing and pixel shuffle. */
#include "kernels/reference.h"

/* The input pixel of output pixel @out, both counted over the whole batch. */
static gsize
source_of (const SlResizeShape *s, gsize out)
{
  gsize n = out / s->ow / s->oh, h = sl_nearest_index (out / s->ow % s->oh, s->h, s->oh);

  return (n * s->h + h) * s->w + sl_nearest_index (out % s->ow, s->w, s->ow);
}

static void
resize_forward (const SlResizeShape *s, const float *x, float *y)
{
  for (gsize out = 0; out < s->n * s->oh * s->ow; out++)
    for (gsize c = 0; c < s->c; c++)
      y[out * s->y_step + c] = x[source_of (s, out) * s->c + c];
}

static void
resize_backward (const SlResizeShape *s, const float *dy, float *dx, gboolean adds)
{
  for (gsize i = 0; !adds && i < s->n * s->h * s->w * s->c; i++)
    dx[i] = 0;
  for (gsize out = 0; out < s->n * s->oh * s->ow; out++)
    for (gsize c = 0; c < s->c; c++)
      dx[source_of (s, out) * s->c + c] += dy[out * s->y_step + c];
}

/* Where element @i of (n,h,w,4c) goes in (n,2h,2w,c). */
static gsize
shuffled (gsize i, gsize h, gsize w, gsize c)
{
  gsize channel = i % (4 * c), pixel = i / (4 * c), a = channel / 2 % 2, b = channel % 2;
  gsize n = pixel / w / h;

  return ((n * 2 * h + 2 * (pixel / w % h) + a) * 2 * w + 2 * (pixel % w) + b) * c + channel / 4;
}

static void
shuffle_forward (gsize n, gsize h, gsize w, gsize c, const float *x, float *y)
{
  for (gsize i = 0; i < n * h * w * 4 * c; i++)
    y[shuffled (i, h, w, c)] = x[i];
}

static void
shuffle_backward (gsize n, gsize h, gsize w, gsize c, const float *dy, float *dx, gboolean adds)
{
  for (gsize i = 0; i < n * h * w * 4 * c; i++)
    sl_reference_put (dx + i, dy[shuffled (i, h, w, c)], adds);
}

void
sl_reference_fill_resample (SlKernels *table)
{
  table->resize_forward = resize_forward;
  table->resize_backward = resize_backward;
  table->shuffle_forward = shuffle_forward;
  table->shuffle_backward = shuffle_backward;
}
