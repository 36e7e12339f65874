/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/heat-map.h>

#include <math.h>
#include <string.h>

/* Eleven of the colours of "magma" (van der Walt and Smith 2015, in the public domain), straight
 * lines between them. */
static const guint8 magma[][3] = {
  { 0, 0, 4 },       { 20, 14, 54 },    { 59, 15, 112 },   { 100, 26, 128 },
  { 140, 41, 129 },  { 183, 55, 121 },  { 222, 73, 104 },  { 247, 112, 92 },
  { 254, 159, 109 }, { 254, 207, 146 }, { 252, 253, 191 },
};

SlHeatMap *
sl_heat_map_copy (const SlHeatMap *self)
{
  SlHeatMap *copy;

  g_return_val_if_fail (self != NULL, NULL);
  copy = g_memdup2 (self, sizeof *self);
  copy->values = g_memdup2 (self->values, (gsize)self->width * self->height * sizeof *self->values);
  return copy;
}

void
sl_heat_map_free (SlHeatMap *self)
{
  if (self == NULL)
    return;
  g_free (self->values);
  g_free (self);
}

/* Cells left and right of @position (in cells; cell i has its middle at i + 0.5), and how far it
 * is on the way between them. */
static double
neighbours (double position, int n, int *first, int *second)
{
  double at = CLAMP (position - 0.5, 0.0, n - 1.0);

  *first = (int)at;
  *second = MIN (*first + 1, n - 1);
  return at - *first;
}

/* @x, @y: 0 … 1 */
static double
value_at (const SlHeatMap *self, double x, double y)
{
  int left, right, upper, lower;
  double tx = neighbours (x * self->width, self->width, &left, &right);
  double ty = neighbours (y * self->height, self->height, &upper, &lower);
  const float *above = self->values + (gsize)upper * self->width;
  const float *below = self->values + (gsize)lower * self->width;

  return (1 - ty) * ((1 - tx) * above[left] + tx * above[right])
         + ty * ((1 - tx) * below[left] + tx * below[right]);
}

static void
color_of (double value, double out[3])
{
  double at = CLAMP (value, 0.0, 1.0) * (G_N_ELEMENTS (magma) - 1);
  gsize i = MIN ((gsize)at, G_N_ELEMENTS (magma) - 2);
  double t = at - (double)i;

  for (int c = 0; c < 3; c++)
    out[c] = (1 - t) * magma[i][c] + t * magma[i + 1][c];
}

SlPicture *
sl_heat_map_render (const SlHeatMap *self, int width, int height)
{
  SlPicture *out;

  g_return_val_if_fail (self != NULL && width > 0 && height > 0, NULL);
  out = sl_picture_new (width, height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 *pixel = out->pixels + 3 * ((gsize)y * width + x);
        double color[3];

        color_of (value_at (self, (x + 0.5) / width, (y + 0.5) / height), color);
        for (int c = 0; c < 3; c++)
          pixel[c] = (guint8)lround (color[c]);
      }
  return out;
}

SlPicture *
sl_heat_map_overlay (const SlHeatMap *self, const SlPicture *picture, double alpha)
{
  SlPicture *out;

  g_return_val_if_fail (self != NULL && picture != NULL && alpha >= 0 && alpha <= 1, NULL);
  out = sl_picture_new (picture->width, picture->height);
  memcpy (out->pixels, picture->pixels, (gsize)3 * picture->width * picture->height);
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++)
      {
        guint8 *pixel = out->pixels + 3 * ((gsize)y * picture->width + x);
        double u = ((x + 0.5) / picture->width - self->left) / (self->right - self->left);
        double v = ((y + 0.5) / picture->height - self->top) / (self->bottom - self->top);
        double color[3];

        if (u < 0 || u > 1 || v < 0 || v > 1)
          continue; /* the network did not see it */
        color_of (value_at (self, u, v), color);
        for (int c = 0; c < 3; c++)
          pixel[c] = (guint8)lround ((1 - alpha) * pixel[c] + alpha * color[c]);
      }
  return out;
}
