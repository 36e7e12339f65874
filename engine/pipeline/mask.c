/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/picture-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

/* gdk-pixbuf gives the colours of a palette, and stretches grey of fewer bits to 0 … 255; a mask's
 * values are the numbers in the file, which libpng gives. */

typedef struct
{
  FILE *file;
  png_structp png;
  png_infop info;
  guint8 *values; /* (height, width) */
  png_bytep *rows;
  int width;
  int height;
  gboolean is_colour; /* not read here */
  char reason[80];
} PngMask;

static gboolean
set_reason (GError **error, const char *reason)
{
  g_set_error_literal (error, SL_ERROR, SL_ERROR_FORMAT, reason);
  return FALSE;
}

static void
on_error (png_structp png, png_const_charp text)
{
  PngMask *self = png_get_error_ptr (png);

  g_strlcpy (self->reason, "damaged or cut short", sizeof self->reason);
  longjmp (png_jmpbuf (png), 1);
}

static void
on_warning (png_structp png, png_const_charp text)
{
  g_debug ("%s", text);
}

/* Between setjmp() and its jump nothing of ours but @self may change. */
static gboolean
read_png (PngMask *self)
{
  int type, bits;

  if (setjmp (png_jmpbuf (self->png)))
    return FALSE;
  png_init_io (self->png, self->file);
  png_set_user_limits (self->png, 1 << 20, 1 << 20);
  png_read_info (self->png, self->info);
  self->width = (int)png_get_image_width (self->png, self->info);
  self->height = (int)png_get_image_height (self->png, self->info);
  type = png_get_color_type (self->png, self->info);
  bits = png_get_bit_depth (self->png, self->info);
  self->is_colour = type != PNG_COLOR_TYPE_GRAY && type != PNG_COLOR_TYPE_PALETTE;
  if (self->is_colour)
    return TRUE;
  if (bits > 8 || (gint64)self->width * self->height > SL_PICTURE_MAX_PIXELS)
    {
      g_strlcpy (self->reason, bits > 8 ? "of 16 bits a pixel: save it with 8" : "too large",
                 sizeof self->reason);
      return FALSE;
    }
  png_set_packing (self->png);
  png_set_interlace_handling (self->png);
  png_read_update_info (self->png, self->info);
  self->values = g_malloc ((gsize)self->width * (gsize)self->height);
  self->rows = g_new (png_bytep, self->height);
  for (int y = 0; y < self->height; y++)
    self->rows[y] = self->values + (gsize)y * (gsize)self->width;
  png_read_image (self->png, self->rows);
  png_read_end (self->png, NULL);
  return TRUE;
}

/* (transfer full): a picture with the value in all three channels. */
static SlPicture *
spread (const PngMask *self)
{
  SlPicture *mask = sl_picture_new (self->width, self->height);
  gsize n = (gsize)self->width * (gsize)self->height;

  for (gsize i = 0; i < n; i++)
    memset (mask->pixels + 3 * i, self->values[i], 3);
  return mask;
}

/* @colour: set where the file has colours, and %NULL is returned without an error. */
static SlPicture *
load_png (FILE *file, gboolean *colour, GError **error)
{
  PngMask self = { .file = file };
  SlPicture *mask = NULL;
  gboolean ok;

  self.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &self, on_error, on_warning);
  self.info = self.png != NULL ? png_create_info_struct (self.png) : NULL;
  g_strlcpy (self.reason, "too large", sizeof self.reason);
  ok = self.info != NULL && read_png (&self);
  *colour = ok && self.is_colour;
  if (!ok)
    set_reason (error, self.reason);
  else if (!self.is_colour)
    mask = spread (&self);
  png_destroy_read_struct (&self.png, &self.info, NULL);
  g_free (self.values);
  g_free (self.rows);
  return mask;
}

static gboolean
is_png (FILE *file)
{
  guint8 head[8] = { 0 };
  gboolean png = fread (head, 1, sizeof head, file) == sizeof head
                 && png_sig_cmp (head, 0, sizeof head) == 0;

  rewind (file);
  return png;
}

static SlPicture *
load_grey (const char *path, GError **error)
{
  g_autoptr (SlPicture) picture = _sl_picture_read (path, 0, error);
  gsize n = picture != NULL ? (gsize)picture->width * (gsize)picture->height : 0;

  for (gsize i = 0; i < n; i++)
    {
      const guint8 *pixel = picture->pixels + 3 * i;

      if (pixel[0] == pixel[1] && pixel[1] == pixel[2])
        continue;
      set_reason (error, "in colours: save it as 8-bit grey or with a palette, one value a class");
      return NULL;
    }
  return g_steal_pointer (&picture);
}

SlPicture *
sl_mask_load (const char *path, GError **error)
{
  FILE *file;
  SlPicture *mask = NULL;
  gboolean other = TRUE;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_fopen (path, "rbe");
  if (file == NULL)
    {
      int code = errno;

      g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (code), g_strerror (code));
      return NULL;
    }
  if (is_png (file))
    mask = load_png (file, &other, error);
  fclose (file);
  return other ? load_grey (path, error) : mask;
}
