/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/picture.h>

/* Masks as pictures to paint on: a value of 7 is nearly black to the eye, and 8 is the same black. */

#define WHITE 255 /* is the second class where there are two: painters' masks */

SlPicture *
sl_mask_paint (const SlPicture *mask, const guint32 *colors, guint n, GError **error)
{
  g_autoptr (SlPicture) painted = NULL;
  const gsize n_pixels = (gsize)mask->width * (gsize)mask->height;

  g_return_val_if_fail (mask != NULL && colors != NULL && n > 0, NULL);

  painted = sl_picture_new (mask->width, mask->height);
  for (gsize i = 0; i < n_pixels; i++)
    {
      guint value = mask->pixels[3 * i];

      if (value == WHITE && n == 2)
        value = 1;
      if (value >= n)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "it has the value %u, of %u classes",
                       value, n);
          return NULL;
        }
      painted->pixels[3 * i] = (guint8)(colors[value] >> 16);
      painted->pixels[3 * i + 1] = (guint8)(colors[value] >> 8);
      painted->pixels[3 * i + 2] = (guint8)colors[value];
    }
  return g_steal_pointer (&painted);
}

static guint32
color_at (const SlPicture *picture, gsize i)
{
  const guint8 *pixel = picture->pixels + 3 * i;

  return (guint32)pixel[0] << 16 | (guint32)pixel[1] << 8 | pixel[2];
}

/* @n: none has it. */
static guint
class_of (guint32 color, const guint32 *colors, guint n)
{
  guint i = 0;

  while (i < n && colors[i] != color)
    i++;
  return i;
}

SlPicture *
sl_mask_unpaint (const SlPicture *painted, const guint32 *colors, guint n, GError **error)
{
  g_autoptr (SlPicture) mask = NULL;
  const gsize n_pixels = (gsize)painted->width * (gsize)painted->height;
  gsize n_foreign = 0, first = 0;
  guint value = 0;

  g_return_val_if_fail (painted != NULL && colors != NULL && n > 0, NULL);

  mask = sl_picture_new (painted->width, painted->height);
  for (gsize i = 0; i < n_pixels; i++)
    {
      /* Mostly the same as the one before. */
      if (i == 0 || color_at (painted, i) != color_at (painted, i - 1))
        value = class_of (color_at (painted, i), colors, n);
      if (value == n && n_foreign++ == 0)
        first = i;
      mask->pixels[3 * i] = mask->pixels[3 * i + 1] = mask->pixels[3 * i + 2] = (guint8)value;
    }
  if (n_foreign == 0)
    return g_steal_pointer (&mask);
  g_set_error (
      error, SL_ERROR, SL_ERROR_FORMAT,
      "%zu pixels have a colour of no class, the first at %zu, %zu: paint with a hard brush, "
      "in colours that are there already, and save it again",
      n_foreign, first % (gsize)painted->width, first / (gsize)painted->width);
  return NULL;
}
