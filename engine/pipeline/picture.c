/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/picture-private.h"

#include <math.h>
#include <string.h>

SlPicture *
_sl_picture_try_new (int width, int height)
{
  gsize bytes = (gsize)width * height * 3;
  guint8 *pixels;
  SlPicture *self;

  g_return_val_if_fail (width > 0 && height > 0, NULL);

  pixels = g_try_malloc (bytes);
  if (pixels == NULL)
    return NULL;
  self = g_new0 (SlPicture, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->width = self->file_width = width;
  self->height = self->file_height = height;
  self->pixels = pixels;
  return self;
}

SlPicture *
sl_picture_new (int width, int height)
{
  SlPicture *self = _sl_picture_try_new (width, height);

  if (self == NULL)
    g_error ("No memory for a picture of %d×%d", width, height);
  memset (self->pixels, 0xff, (gsize)width * height * 3);
  return self;
}

SlPicture *
sl_picture_ref (SlPicture *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_picture_unref (SlPicture *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->pixels);
  g_free (self);
}

/* ---- Scaling: the two axes apart, each with its own list of weighted source positions. */

typedef struct
{
  int first; /* source position */
  int n;
  float *weights; /* n of them, adding up to 1; into one block */
} Span;

typedef struct
{
  Span *spans;
  float *weights;
} Axis;

static void
axis_clear (Axis *self)
{
  g_free (self->spans);
  g_free (self->weights);
}

/* Shrinking: the share of each source pixel under the output pixel.  Enlarging: the two
 * neighbours of the output pixel's centre. */
static void
axis_init (Axis *self, int from, int to)
{
  double scale = (double)from / to;
  int most = scale > 1.0 ? (int)ceil (scale) + 1 : 2;
  float *w;

  self->spans = g_new (Span, to);
  self->weights = w = g_new (float, (gsize)to *most);
  for (int i = 0; i < to; i++)
    {
      Span *span = &self->spans[i];
      double low = scale > 1.0 ? i * scale : (i + 0.5) * scale - 0.5;
      double high = scale > 1.0 ? low + scale : low + 1.0;
      int first = (int)floor (low);
      int last = MIN ((int)ceil (high), first + most) - 1;
      double sum = 0.0;

      span->weights = w;
      span->first = CLAMP (first, 0, from - 1);
      span->n = 0;
      for (int k = first; k <= last; k++)
        {
          double share = scale > 1.0 ? MIN (high, k + 1.0) - MAX (low, (double)k)
                                     : 1.0 - fabs (low - k);

          if (share <= 1e-9)
            continue;
          /* Beyond the border the border pixel counts again. */
          if (span->n > 0 && (k >= from || k <= 0))
            w[span->n - 1] += share;
          else
            w[span->n++] = share;
          sum += share;
        }
      for (int k = 0; k < span->n; k++)
        w[k] /= sum;
      w += span->n;
    }
}

static void
scale_row (const guint8 *src, const Axis *axis, int width, float *out)
{
  for (int x = 0; x < width; x++)
    {
      const Span *span = &axis->spans[x];
      const guint8 *p = src + 3 * span->first;
      float r = 0.0f, g = 0.0f, b = 0.0f;

      for (int k = 0; k < span->n; k++, p += 3)
        {
          r += span->weights[k] * p[0];
          g += span->weights[k] * p[1];
          b += span->weights[k] * p[2];
        }
      out[3 * x] = r;
      out[3 * x + 1] = g;
      out[3 * x + 2] = b;
    }
}

SlPicture *
sl_picture_scale (const SlPicture *self, int width, int height)
{
  Axis across, down;
  g_autofree float *rows = NULL; /* the last two scaled rows, and the sum */
  float *kept[2], *sum;
  int kept_y[2] = { -1, -1 };
  gsize n = (gsize)width * 3;
  SlPicture *out;

  g_return_val_if_fail (width > 0 && height > 0, NULL);

  out = sl_picture_new (width, height);
  out->file_width = self->file_width;
  out->file_height = self->file_height;
  axis_init (&across, self->width, width);
  axis_init (&down, self->height, height);
  rows = g_new (float, 3 * n);
  kept[0] = rows;
  kept[1] = rows + n;
  sum = rows + 2 * n;

  for (int y = 0; y < height; y++)
    {
      const Span *span = &down.spans[y];

      for (gsize i = 0; i < n; i++)
        sum[i] = 0.5f; /* to round */
      for (int k = 0; k < span->n; k++)
        {
          int from = span->first + k;
          const float *row = kept[from & 1];

          if (kept_y[from & 1] != from)
            {
              scale_row (self->pixels + (gsize)from * self->width * 3, &across, width,
                         kept[from & 1]);
              kept_y[from & 1] = from;
            }
          for (gsize i = 0; i < n; i++)
            sum[i] += span->weights[k] * row[i];
        }
      for (gsize i = 0; i < n; i++)
        out->pixels[(gsize)y * n + i] = (guint8)CLAMP (sum[i], 0.0f, 255.0f);
    }

  axis_clear (&across);
  axis_clear (&down);
  return out;
}
