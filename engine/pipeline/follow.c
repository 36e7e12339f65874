/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels/kernels.h"
#include <slope/transform.h>
#include <math.h>
#include <string.h>

/* What follows a picture through its transform: masks pixel by pixel, points through the inverse. */

/* Of the product of the rows' lengths; what is smaller is an error of rounding. */
#define LEAST_DETERMINANT 1e-13

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

/* (x·w, y·w, w) of where a point goes. */
static void
project (const double m[9], double x, double y, double to[3])
{
  for (int k = 0; k < 3; k++)
    to[k] = m[3 * k] * x + m[3 * k + 1] * y + m[3 * k + 2];
}

/* Beyond the horizon of a projection nothing can be seen. */
static gboolean
is_seen (double w)
{
  return w > (double)SL_SAMPLE_HORIZON; /* no, with a NaN */
}

static gboolean
is_invertible (const double m[9])
{
  double lengths = 1;

  for (int k = 0; k < 9; k += 3)
    lengths *= hypot (hypot (m[k], m[k + 1]), m[k + 2]);
  return fabs (determinant (m)) > LEAST_DETERMINANT * lengths; /* no, with a NaN */
}

/* The inverse but for a factor: the adjugate. */
static void
adjugate (const double m[9], double out[9])
{
  const double adjugate[9] = { minor_of (m, 4, 5, 7, 8), minor_of (m, 2, 1, 8, 7),
                               minor_of (m, 1, 2, 4, 5), minor_of (m, 5, 3, 8, 6),
                               minor_of (m, 0, 2, 6, 8), minor_of (m, 2, 0, 5, 3),
                               minor_of (m, 3, 4, 6, 7), minor_of (m, 1, 0, 7, 6),
                               minor_of (m, 0, 1, 3, 4) };

  memcpy (out, adjugate, sizeof adjugate);
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
  double inverse[9], at[3], back[3];

  g_return_val_if_fail (self != NULL && out_x != NULL && out_y != NULL, FALSE);

  *out_x = *out_y = 0;
  if (!is_invertible (self->matrix))
    return FALSE;
  adjugate (self->matrix, inverse);
  project (inverse, x, y, at);
  project (self->matrix, at[0] / at[2], at[1] / at[2], back);
  if (!is_seen (back[2]))
    return FALSE;
  *out_x = at[0] / at[2];
  *out_y = at[1] / at[2];
  return *out_x >= 0 && *out_x <= self->out_width && *out_y >= 0 && *out_y <= self->out_height;
}

gboolean
sl_transform_point_back (const SlTransform *self, double x, double y, double *source_x,
                         double *source_y)
{
  double at[3];

  g_return_val_if_fail (self != NULL && source_x != NULL && source_y != NULL, FALSE);

  *source_x = *source_y = 0;
  project (self->matrix, x, y, at);
  if (!is_seen (at[2]) || !isfinite (at[0]) || !isfinite (at[1]))
    return FALSE;
  *source_x = at[0] / at[2];
  *source_y = at[1] / at[2];
  return TRUE;
}

/* As the picture's pass reflects and cuts off (kernels.h), so that both come from the same place. */
static int
reflect (double t, int n)
{
  double period = 2.0 * n;

  t = fabs (t) < (double)SL_SAMPLE_FAR ? fabs (t) : (double)SL_SAMPLE_FAR;
  t -= period * (double)(int)(t / period);
  t = t < n ? t : period - t;
  return MIN ((int)t, n - 1);
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
        double at[3], w;
        gsize column, row;

        project (self->matrix, x + 0.5, y + 0.5, at);
        w = is_seen (at[2]) ? at[2] : (double)SL_SAMPLE_HORIZON;
        column = (gsize)reflect (at[0] / w * across, mask->width);
        row = (gsize)reflect (at[1] / w * down, mask->height);
        *out++ = mask->pixels[3 * (row * (gsize)mask->width + column)];
      }
}
