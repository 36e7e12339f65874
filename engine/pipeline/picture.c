/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/picture-private.h"

#include <math.h>
#include <string.h>

#include "kernels/kernels.h"

SlPicture *
_sl_picture_try_new (int width, int height)
{
  gsize bytes = (gsize)width * height * 3;
  guint8 *pixels;
  SlPicture *self;

  g_return_val_if_fail (width > 0 && height > 0, NULL);

  pixels = g_try_malloc (bytes + SL_PICTURE_PAD);
  if (pixels == NULL)
    return NULL;
  memset (pixels + bytes, 0, SL_PICTURE_PAD);
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
  SlSpan *spans;
  float *weights; /* of all spans */
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

  self->spans = g_new (SlSpan, to);
  self->weights = w = g_new (float, (gsize)to *most);
  for (int i = 0; i < to; i++)
    {
      double low = scale > 1.0 ? i * scale : (i + 0.5) * scale - 0.5;
      double high = scale > 1.0 ? low + scale : low + 1.0;
      int first = (int)floor (low);
      int last = MIN ((int)ceil (high), first + most) - 1;
      double sum = 0.0;
      gsize n = 0;

      for (int k = first; k <= last; k++)
        {
          double share = scale > 1.0 ? MIN (high, k + 1.0) - MAX (low, (double)k)
                                     : 1.0 - fabs (low - k);

          if (share <= 1e-9)
            continue;
          /* Beyond the border the border pixel counts again. */
          if (n > 0 && (k >= from || k <= 0))
            w[n - 1] += share;
          else
            w[n++] = share;
          sum += share;
        }
      for (gsize k = 0; k < n; k++)
        w[k] /= sum;
      self->spans[i] = (SlSpan){ (gsize)CLAMP (first, 0, from - 1), n, w };
      w += n;
    }
}

SlPicture *
sl_picture_scale (const SlPicture *self, int width, int height)
{
  SlScaleShape shape = {
    (gsize)self->height, (gsize)self->width, (gsize)height, (gsize)width, NULL, NULL
  };
  Axis across, down;
  g_autofree float *scratch = NULL;
  SlPicture *out;

  g_return_val_if_fail (width > 0 && height > 0, NULL);

  out = sl_picture_new (width, height);
  out->file_width = self->file_width;
  out->file_height = self->file_height;
  axis_init (&across, self->width, width);
  axis_init (&down, self->height, height);
  shape.across = across.spans;
  shape.down = down.spans;
  scratch = g_new (float, 3 * shape.w + 1);
  sl_kernels ()->scale_picture (&shape, self->pixels, scratch, out->pixels);
  axis_clear (&across);
  axis_clear (&down);
  return out;
}
