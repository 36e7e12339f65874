/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/transform.h>

#include <math.h>
#include <string.h>

#include "kernels/kernels.h"

/* One pass from the decoded picture to what the network sees; the arithmetic of it is a kernel
 * (kernels/tuned/picture.c). */

/* ---- Shrinking */

/* Source pixels that one output pixel covers along a source axis, in the middle of the output. */
static double
shrink_of (const SlTransform *self, int axis)
{
  const double *m = self->matrix;
  const double *n = m + 3 * axis;
  double x = self->out_width / 2.0, y = self->out_height / 2.0;
  double w = m[6] * x + m[7] * y + m[8];
  double at = (n[0] * x + n[1] * y + n[2]) / w;

  return hypot ((n[0] - at * m[6]) / w, (n[1] - at * m[7]) / w);
}

/* (transfer full) (nullable): an area-averaged copy where bilinear taps would leave out pixels;
 * @m is changed to fit it. */
static SlPicture *
shrink_first (const SlTransform *self, const SlPicture *picture, double m[9])
{
  double by[2] = { shrink_of (self, 0), shrink_of (self, 1) };
  int size[2] = { picture->width, picture->height };

  if (!(by[0] > 2.0) && !(by[1] > 2.0))
    return NULL;
  for (int axis = 0; axis < 2; axis++)
    {
      int from = size[axis];

      if (by[axis] > 1.0)
        size[axis] = MAX ((int)ceil (from / by[axis]), 1);
      for (int k = 0; k < 3; k++)
        m[3 * axis + k] *= (double)size[axis] / from;
    }
  return sl_picture_scale (picture, size[0], size[1]);
}

/* ---- The whole */

void
sl_transform_apply (const SlTransform *self, const SlPicture *picture, const SlNormalise *normalise,
                    float *out)
{
  g_autoptr (SlPicture) smaller = NULL;
  SlSampleShape shape;

  g_return_if_fail (self != NULL && picture != NULL && out != NULL);

  shape = (SlSampleShape){ .oh = (gsize)self->out_height,
                           .ow = (gsize)self->out_width,
                           .lit = self->lit,
                           .brightness = (float)self->brightness,
                           .contrast = (float)self->contrast };
  memcpy (shape.matrix, self->matrix, sizeof shape.matrix);
  for (int c = 0; c < 3; c++)
    {
      shape.scale[c] = normalise != NULL ? 1.0f / normalise->std[c] : 1.0f;
      shape.shift[c] = normalise != NULL ? -normalise->mean[c] / normalise->std[c] : 0.0f;
    }
  smaller = shrink_first (self, picture, shape.matrix);
  if (smaller != NULL)
    picture = smaller;
  shape.h = (gsize)picture->height;
  shape.w = (gsize)picture->width;
  sl_kernels ()->sample (&shape, picture->pixels, out);
}

SlPicture *
sl_transform_preview (const SlTransform *self, const SlPicture *picture)
{
  SlPicture *out;
  g_autofree float *values = NULL;
  gsize n;

  g_return_val_if_fail (self != NULL && picture != NULL, NULL);

  out = sl_picture_new (self->out_width, self->out_height);
  n = (gsize)self->out_width * self->out_height * 3;
  values = g_new (float, n);
  sl_transform_apply (self, picture, NULL, values);
  for (gsize i = 0; i < n; i++)
    out->pixels[i] = (guint8)(values[i] * 255.0f + 0.5f);
  return out;
}
