/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/transform.h>
#include <math.h>

/* What follows a picture through its transform: masks pixel by pixel, points through the inverse. */

/* Beyond the horizon of a projection nothing can be seen. */
#define LEAST_W 1e-9
#define LEAST_DETERMINANT 1e-12

static double
minor_of (const double m[9], int a, int b, int c, int d)
{
  return m[a] * m[d] - m[b] * m[c];
}

static double
determinant (const double m[9])
{
  return m[0] * minor_of (m, 4, 5, 7, 8) - m[1] * minor_of (m, 3, 5, 6, 8)
         + m[2] * minor_of (m, 3, 4, 6, 7);
}

static gboolean
project (const double m[9], double x, double y, double *to_x, double *to_y)
{
  double w = m[6] * x + m[7] * y + m[8];

  if (!(w > LEAST_W))
    return FALSE;
  *to_x = (m[0] * x + m[1] * y + m[2]) / w;
  *to_y = (m[3] * x + m[4] * y + m[5]) / w;
  return isfinite (*to_x) && isfinite (*to_y);
}

/* The adjugate over the determinant. */
static gboolean
invert (const double m[9], double out[9])
{
  double d = determinant (m);
  const double adjugate[9] = { minor_of (m, 4, 5, 7, 8), minor_of (m, 2, 1, 8, 7),
                               minor_of (m, 1, 2, 4, 5), minor_of (m, 5, 3, 8, 6),
                               minor_of (m, 0, 2, 6, 8), minor_of (m, 2, 0, 5, 3),
                               minor_of (m, 3, 4, 6, 7), minor_of (m, 1, 0, 7, 6),
                               minor_of (m, 0, 1, 3, 4) };

  if (!(fabs (d) > LEAST_DETERMINANT))
    return FALSE;
  for (int i = 0; i < 9; i++)
    out[i] = adjugate[i] / d;
  return TRUE;
}

gboolean
sl_transform_is_mirrored (const SlTransform *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return determinant (self->matrix) < 0;
}

gboolean
sl_transform_point (const SlTransform *self, double x, double y, double *out_x, double *out_y)
{
  double inverse[9], at_x = 0, at_y = 0;
  gboolean there;

  g_return_val_if_fail (self != NULL && out_x != NULL && out_y != NULL, FALSE);
  there = invert (self->matrix, inverse) && project (inverse, x, y, &at_x, &at_y);
  *out_x = at_x;
  *out_y = at_y;
  return there && at_x >= 0 && at_x <= self->out_width && at_y >= 0 && at_y <= self->out_height;
}

gboolean
sl_transform_point_back (const SlTransform *self, double x, double y, double *source_x,
                         double *source_y)
{
  g_return_val_if_fail (self != NULL && source_x != NULL && source_y != NULL, FALSE);
  *source_x = *source_y = 0;
  return project (self->matrix, x, y, source_x, source_y);
}

/* As the picture's pass reflects, so that both come from the same place. */
static int
reflect (double t, int n)
{
  double period = 2.0 * n;

  t = fmod (fabs (t), period);
  t = t < n ? t : period - t;
  return CLAMP ((int)t, 0, n - 1);
}

void
sl_transform_apply_mask (const SlTransform *self, int source_width, int source_height,
                         const SlPicture *mask, gint32 *out)
{
  double across, down;

  g_return_if_fail (self != NULL && mask != NULL && out != NULL);
  g_return_if_fail (source_width > 0 && source_height > 0);

  across = mask->width / (double)source_width;
  down = mask->height / (double)source_height;
  for (int y = 0; y < self->out_height; y++)
    for (int x = 0; x < self->out_width; x++)
      {
        double at_x = 0, at_y = 0;
        gsize pixel;

        project (self->matrix, x + 0.5, y + 0.5, &at_x, &at_y);
        pixel = (gsize)reflect (at_y * down, mask->height) * (gsize)mask->width
                + (gsize)reflect (at_x * across, mask->width);
        out[(gsize)y * (gsize)self->out_width + (gsize)x] = mask->pixels[3 * pixel];
      }
}
