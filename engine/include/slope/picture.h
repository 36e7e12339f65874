/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>
#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SlPicture:
 *
 * Decoded pixels: RGB, 8 bits a channel, rows without padding, orientation of the
 * EXIF tag already applied, transparency laid over white, CMYK and grey converted.
 * Immutable after loading; atomic reference count.
 */
typedef struct
{
  gatomicrefcount ref_count;
  int             width;  /* pixels, > 0 */
  int             height;
  int             file_width;  /* of the upright picture in the file: larger where it was decoded smaller */
  int             file_height;
  guint8         *pixels; /* 3 * width * height bytes; owned */
} SlPicture;

/* What the file says of itself, after a complete decode that found nothing wrong. */
typedef struct
{
  int  width;  /* upright, after EXIF */
  int  height;
  char format[12]; /* "JPEG", "PNG", "WEBP", ...: found in the data, not in the suffix */
  char content_hash[33]; /* hex of 128 bits over the file's bytes: exact twins */
} SlPictureInfo;

/* Pictures larger than this are refused: a decompression bomb is not a photograph. */
#define SL_PICTURE_MAX_PIXELS (400 * 1000 * 1000)

SlPicture *sl_picture_new   (int width, int height); /* white */
SlPicture *sl_picture_ref   (SlPicture *self);
void       sl_picture_unref (SlPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPicture, sl_picture_unref)

/**
 * sl_picture_check:
 * @path: a file
 * @info: (out) (optional): what was found
 * @error: %SL_ERROR_FORMAT with a reason fit for a list ("cut short", "empty",
 *   "not a picture", "too large"), or a %G_FILE_ERROR / %G_IO_ERROR
 *
 * Decodes the whole file once, as training will do, so that nothing is found later.
 * Threads: any.
 */
gboolean   sl_picture_check (const char *path, SlPictureInfo *info, GError **error);

/**
 * sl_picture_load:
 * @path: a file
 * @min_side: decode no smaller than this on the shorter side; 0 for full size.
 *   Larger pictures may come back scaled down towards it (scaled JPEG decode)
 *
 * Threads: any.
 */
SlPicture *sl_picture_load (const char *path, int min_side, GError **error);

/**
 * sl_mask_load:
 * @error: %SL_ERROR_FORMAT with a reason fit for a list (in colours, 16 bits a pixel, what
 *   sl_picture_check() says), or a %G_FILE_ERROR
 *
 * A label picture at full size: each channel is the pixel's number as it stands in the file, which is
 * the index of a PNG with a palette.  Threads: any.
 */
SlPicture *sl_mask_load (const char *path, GError **error);

/* (transfer full): a mask to be painted on: each class in its colour, 0xRRGGBB.  @colors: @n, no two alike.
 * @error: %SL_ERROR_FORMAT: a value is no class. */
SlPicture *sl_mask_paint   (const SlPicture *mask, const guint32 *colors, guint n, GError **error);
/* (transfer full): and back.  @error: %SL_ERROR_FORMAT: how many pixels have a colour of no class */
SlPicture *sl_mask_unpaint (const SlPicture *painted, const guint32 *colors, guint n, GError **error);

/* Writes a PNG file.  @error: a %G_FILE_ERROR or %GDK_PIXBUF_ERROR */
gboolean   sl_picture_save_png (const SlPicture *self, const char *path, GError **error);

/* (transfer full): area-averaged or bilinear copy of exactly this size. */
SlPicture *sl_picture_scale (const SlPicture *self, int width, int height);

G_END_DECLS
