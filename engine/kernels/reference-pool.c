/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling.  Windows are cut at the picture's edge: padding is never a maximum and is not counted
 * in a mean.  The first of equal maxima wins; a NaN is a maximum. */
#include <math.h>

#include "kernels/reference.h"

/* The part of output @o's window that lies inside: kernel positions *first … *last - 1. */
static void
window (gsize o, const SlPoolShape *s, gsize limit, gsize *first, gsize *last)
{
  gsize at = o * s->stride;

  *first = at < s->pad ? s->pad - at : 0;
  *last = MIN (s->kernel, limit + s->pad - at);
}

static inline gsize
input_index (const SlPoolShape *s, gsize n, gsize oh, gsize kh, gsize ow, gsize kw)
{
  return ((n * s->h + oh * s->stride + kh - s->pad) * s->w + ow * s->stride + kw - s->pad) * s->c;
}

static void
max_pool_forward (const SlPoolShape *s, const float *x, float *y, guint8 *argmax)
{
  gsize out = 0, h0, h1, w0, w1;

  for (gsize n = 0; n < s->n; n++)
    for (gsize oh = 0; oh < s->oh; oh++)
      for (gsize ow = 0; ow < s->ow; ow++)
        {
          window (oh, s, s->h, &h0, &h1);
          window (ow, s, s->w, &w0, &w1);
          for (gsize c = 0; c < s->c; c++, out++)
            {
              y[out] = -INFINITY;
              argmax[out] = (guint8)(h0 * s->kernel + w0);
              for (gsize kh = h0; kh < h1; kh++)
                for (gsize kw = w0; kw < w1; kw++)
                  {
                    float v = x[input_index (s, n, oh, kh, ow, kw) + c];

                    if (v > y[out] || isnan (v))
                      {
                        y[out] = v;
                        argmax[out] = (guint8)(kh * s->kernel + kw);
                      }
                  }
            }
        }
}

static void
max_pool_backward (const SlPoolShape *s, const float *dy, const guint8 *argmax, float *dx,
                   gboolean adds)
{
  gsize out = 0;

  for (gsize i = 0; !adds && i < s->n * s->h * s->w * s->c; i++)
    dx[i] = 0;
  for (gsize n = 0; n < s->n; n++)
    for (gsize oh = 0; oh < s->oh; oh++)
      for (gsize ow = 0; ow < s->ow; ow++)
        for (gsize c = 0; c < s->c; c++, out++)
          dx[input_index (s, n, oh, argmax[out] / s->kernel, ow, argmax[out] % s->kernel) + c] +=
              dy[out];
}

static void
avg_pool_forward (const SlPoolShape *s, const float *x, float *y)
{
  gsize out = 0, h0, h1, w0, w1;

  for (gsize n = 0; n < s->n; n++)
    for (gsize oh = 0; oh < s->oh; oh++)
      for (gsize ow = 0; ow < s->ow; ow++)
        {
          window (oh, s, s->h, &h0, &h1);
          window (ow, s, s->w, &w0, &w1);
          for (gsize c = 0; c < s->c; c++, out++)
            {
              double sum = 0;

              for (gsize kh = h0; kh < h1; kh++)
                for (gsize kw = w0; kw < w1; kw++)
                  sum += x[input_index (s, n, oh, kh, ow, kw) + c];
              y[out] = (float)(sum / ((h1 - h0) * (w1 - w0)));
            }
        }
}

static void
avg_pool_backward (const SlPoolShape *s, const float *dy, float *dx, gboolean adds)
{
  gsize out = 0, h0, h1, w0, w1;

  for (gsize i = 0; !adds && i < s->n * s->h * s->w * s->c; i++)
    dx[i] = 0;
  for (gsize n = 0; n < s->n; n++)
    for (gsize oh = 0; oh < s->oh; oh++)
      for (gsize ow = 0; ow < s->ow; ow++)
        {
          window (oh, s, s->h, &h0, &h1);
          window (ow, s, s->w, &w0, &w1);
          for (gsize c = 0; c < s->c; c++, out++)
            for (gsize kh = h0; kh < h1; kh++)
              for (gsize kw = w0; kw < w1; kw++)
                dx[input_index (s, n, oh, kh, ow, kw) + c] += dy[out] / ((h1 - h0) * (w1 - w0));
        }
}

static void
concat_pool_forward (gsize n, gsize hw, gsize c, const float *x, float *y, gint32 *argmax)
{
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < c; j++)
      {
        float best = -INFINITY;
        double sum = 0;

        argmax[i * c + j] = 0;
        for (gsize r = 0; r < hw; r++)
          {
            float v = x[(i * hw + r) * c + j];

            sum += v;
            if (v > best || isnan (v))
              {
                best = v;
                argmax[i * c + j] = (gint32)r;
              }
          }
        y[i * 2 * c + j] = best;
        y[i * 2 * c + c + j] = (float)(sum / hw);
      }
}

static void
concat_pool_backward (gsize n, gsize hw, gsize c, const float *dy, const gint32 *argmax, float *dx,
                      gboolean adds)
{
  for (gsize i = 0; i < n; i++)
    for (gsize r = 0; r < hw; r++)
      for (gsize j = 0; j < c; j++)
        {
          const float *d = dy + i * 2 * c + j;

          sl_reference_put (dx + (i * hw + r) * c + j,
                            d[c] / hw + (argmax[i * c + j] == (gint32)r ? d[0] : 0), adds);
        }
}

static void
text_pool_forward (const SlTextShape *s, const float *x, float *y, gint32 *argmax)
{
  for (gsize i = 0; i < s->n; i++)
    for (gsize j = 0; j < s->c; j++)
      {
        const float *from = x + i * s->steps * s->c + j;
        float *last = y + i * 3 * s->c + j, best = -INFINITY;
        double sum = 0;

        argmax[i * s->c + j] = s->first[i];
        for (gsize t = (gsize)s->first[i]; t < s->steps; t++)
          {
            float v = from[t * s->c];

            sum += v;
            if (v > best || isnan (v))
              {
                best = v;
                argmax[i * s->c + j] = (gint32)t;
              }
          }
        last[0] = from[(s->steps - 1) * s->c];
        last[s->c] = best;
        last[2 * s->c] = (float)(sum / (double)(s->steps - (gsize)s->first[i]));
      }
}

static void
text_pool_backward (const SlTextShape *s, const float *dy, const gint32 *argmax, float *dx,
                    gboolean adds)
{
  for (gsize i = 0; i < s->n; i++)
    for (gsize t = 0; t < s->steps; t++)
      for (gsize j = 0; j < s->c; j++)
        {
          const float *last = dy + i * 3 * s->c + j;
          double sum = 0;

          if ((gint32)t >= s->first[i])
            sum = (double)last[2 * s->c] / (double)(s->steps - (gsize)s->first[i]);
          if (argmax[i * s->c + j] == (gint32)t)
            sum += last[s->c];
          if (t + 1 == s->steps)
            sum += last[0];
          sl_reference_put (dx + (i * s->steps + t) * s->c + j, sum, adds);
        }
}

static void
mean_pool_forward (gsize n, gsize hw, gsize c, const float *x, float *y)
{
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < c; j++)
      {
        double sum = 0;

        for (gsize r = 0; r < hw; r++)
          sum += x[(i * hw + r) * c + j];
        y[i * c + j] = (float)(sum / hw);
      }
}

static void
mean_pool_backward (gsize n, gsize hw, gsize c, const float *dy, float *dx, gboolean adds)
{
  for (gsize i = 0; i < n; i++)
    for (gsize r = 0; r < hw; r++)
      for (gsize j = 0; j < c; j++)
        sl_reference_put (dx + (i * hw + r) * c + j, dy[i * c + j] / hw, adds);
}

void
sl_reference_fill_pool (SlKernels *table)
{
  table->max_pool_forward = max_pool_forward;
  table->max_pool_backward = max_pool_backward;
  table->avg_pool_forward = avg_pool_forward;
  table->avg_pool_backward = avg_pool_backward;
  table->concat_pool_forward = concat_pool_forward;
  table->concat_pool_backward = concat_pool_backward;
  table->text_pool_forward = text_pool_forward;
  table->text_pool_backward = text_pool_backward;
  table->mean_pool_forward = mean_pool_forward;
  table->mean_pool_backward = mean_pool_backward;
}
