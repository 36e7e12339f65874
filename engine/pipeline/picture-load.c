/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/picture-private.h"
#include "pipeline/picture-format.h"

#include <errno.h>
#include <fcntl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE_BYTES G_GUINT64_CONSTANT (0x40000000) /* 1 GiB */

/* ---- Decoding with gdk-pixbuf */

typedef struct
{
  const SlPictureFormat *format;
  int min_side;
  int width; /* as stored, before scaling and EXIF */
  int height;
  int first_row; /* rows that were really decoded: first_row … end_row - 1 */
  int end_row;
  gboolean too_large;
} Decoding;

static void
on_size_prepared (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Decoding *self = user_data;
  int shorter = MIN (width, height);
  int denominator = 1;

  self->width = width;
  self->height = height;
  if (width <= 0 || height <= 0)
    return;
  if ((gint64)width * height > SL_PICTURE_MAX_PIXELS)
    {
      self->too_large = TRUE;
      gdk_pixbuf_loader_set_size (loader, 0, 0); /* makes it give up before it allocates */
      return;
    }
  if (g_str_equal (self->format->name, "JPEG") && self->min_side > 0)
    {
      /* Exactly the sizes that libjpeg decodes to, so that nothing is scaled a second time. */
      while (denominator < 8
             && (shorter + 2 * denominator - 1) / (2 * denominator) >= self->min_side)
        denominator *= 2;
      if (denominator > 1)
        gdk_pixbuf_loader_set_size (loader, (width + denominator - 1) / denominator,
                                    (height + denominator - 1) / denominator);
    }
}

static void
on_area_updated (GdkPixbufLoader *loader, int x, int y, int width, int height, gpointer user_data)
{
  Decoding *self = user_data;

  self->first_row = MIN (self->first_row, y);
  self->end_row = MAX (self->end_row, y + height);
}

static gboolean
set_reason (GError **error, const char *reason)
{
  g_set_error_literal (error, SL_ERROR, SL_ERROR_FORMAT, reason);
  return FALSE;
}

/* What gdk-pixbuf said, in the few words of a list. */
static gboolean
set_pixbuf_reason (GError **error, const Decoding *decoding, const GError *why)
{
  if (decoding->too_large)
    return set_reason (error, "too large");
  if (g_error_matches (why, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY))
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_MEMORY, "too large for the memory");
      return FALSE;
    }
  if (g_error_matches (why, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNKNOWN_TYPE))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED, "no reader for %s is installed",
                   decoding->format->name);
      return FALSE;
    }
  return set_reason (error, "damaged");
}

/* (transfer full): the first frame, complete.  gdk-pixbuf hands over half-decoded pictures
 * without a word, so the rows that arrived are counted. */
static GdkPixbuf *
decode_pixbuf (const guint8 *data, gsize size, Decoding *decoding, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = NULL;
  g_autoptr (GError) why = NULL;
  GdkPixbuf *pixbuf;
  gboolean written;

  decoding->first_row = G_MAXINT;
  loader = gdk_pixbuf_loader_new_with_type (decoding->format->loader, &why);
  if (loader == NULL)
    {
      set_pixbuf_reason (error, decoding, why);
      return NULL;
    }
  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), decoding);
  g_signal_connect (loader, "area-updated", G_CALLBACK (on_area_updated), decoding);

  written = gdk_pixbuf_loader_write (loader, data, size, &why);
  if (!gdk_pixbuf_loader_close (loader, written ? &why : NULL) || !written || decoding->too_large)
    {
      set_pixbuf_reason (error, decoding, why);
      return NULL;
    }
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf == NULL || decoding->first_row > 0
      || decoding->end_row < gdk_pixbuf_get_height (pixbuf))
    {
      set_reason (error, "cut short");
      return NULL;
    }
  return g_object_ref (pixbuf);
}

/* (transfer full): upright, whatever kind of file the tag was in. */
static GdkPixbuf *
apply_orientation (GdkPixbuf *pixbuf, int orientation, gboolean *sides_swapped)
{
  const char *option;

  if (orientation != 1)
    {
      char text[2] = { (char)('0' + orientation), '\0' };

      gdk_pixbuf_remove_option (pixbuf, "orientation");
      gdk_pixbuf_set_option (pixbuf, "orientation", text);
    }
  option = gdk_pixbuf_get_option (pixbuf, "orientation");
  *sides_swapped = option != NULL && option[0] >= '5' && option[0] <= '8';
  return gdk_pixbuf_apply_embedded_orientation (pixbuf);
}

static SlPicture *
picture_from_pixbuf (GdkPixbuf *pixbuf)
{
  int width = gdk_pixbuf_get_width (pixbuf);
  int height = gdk_pixbuf_get_height (pixbuf);
  int channels = gdk_pixbuf_get_n_channels (pixbuf);
  gsize stride = gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  SlPicture *self = _sl_picture_try_new (width, height);

  if (self == NULL)
    return NULL;
  for (int y = 0; y < height; y++)
    {
      const guint8 *from = pixels + y * stride;
      guint8 *to = self->pixels + (gsize)y * width * 3;

      if (channels == 3)
        {
          memcpy (to, from, (gsize)width * 3);
          continue;
        }
      for (int x = 0; x < width; x++, from += 4, to += 3) /* over white */
        for (int c = 0; c < 3; c++)
          to[c] = (from[c] * from[3] + 255 * (255 - from[3]) + 127) / 255;
    }
  return self;
}

SlPicture *
_sl_picture_decode (const guint8 *data, gsize size, int min_side, SlPictureInfo *info,
                    GError **error)
{
  g_autoptr (GdkPixbuf) stored = NULL;
  g_autoptr (GdkPixbuf) upright = NULL;
  Decoding decoding = { .min_side = min_side };
  const char *kind;
  SlPicture *picture;
  int orientation;
  gboolean swapped;

  decoding.format = size > 0 ? sl_picture_format_find (data, size, &kind) : NULL;
  if (decoding.format == NULL)
    {
      set_reason (error, size == 0 ? "empty" : kind ? kind : "not a picture");
      return NULL;
    }
  if (decoding.format->n_pixels && decoding.format->n_pixels (data, size) > SL_PICTURE_MAX_PIXELS)
    {
      set_reason (error, "too large");
      return NULL;
    }
  if (decoding.format->is_whole && !decoding.format->is_whole (data, size))
    {
      set_reason (error, "cut short");
      return NULL;
    }
  stored = decode_pixbuf (data, size, &decoding, error);
  if (stored == NULL)
    return NULL;

  orientation = decoding.format->orientation ? decoding.format->orientation (data, size) : 1;
  upright = apply_orientation (stored, orientation, &swapped);
  picture = upright ? picture_from_pixbuf (upright) : NULL;
  if (picture == NULL)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_MEMORY, "too large for the memory");
      return NULL;
    }
  picture->file_width = swapped ? decoding.height : decoding.width;
  picture->file_height = swapped ? decoding.width : decoding.height;
  if (info != NULL)
    {
      info->width = picture->file_width;
      info->height = picture->file_height;
      g_strlcpy (info->format, decoding.format->name, sizeof info->format);
    }
  return picture;
}

/* ---- Files */

static gboolean
set_file_error (GError **error, int code)
{
  g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (code), g_strerror (code));
  return FALSE;
}

/* Only regular files, and not more than fits: a pipe would block, a device never end. */
static gboolean
read_file (const char *path, GByteArray **out, GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  GStatBuf info;
  gssize n = 1;
  gsize have = 0;

  if (fd < 0)
    return set_file_error (error, errno);
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) || (guint64)info.st_size > MAX_FILE_BYTES)
    {
      close (fd);
      return set_reason (error, S_ISREG (info.st_mode) ? "too large" : "not a file");
    }

  bytes = g_byte_array_sized_new (info.st_size);
  g_byte_array_set_size (bytes, info.st_size);
  while (have < bytes->len && n > 0)
    {
      n = read (fd, bytes->data + have, bytes->len - have);
      if (n < 0 && errno == EINTR)
        n = 1;
      else if (n > 0)
        have += n;
    }
  if (n < 0)
    {
      int code = errno;

      close (fd);
      return set_file_error (error, code);
    }
  close (fd);
  g_byte_array_set_size (bytes, have); /* it may have shrunk meanwhile */
  *out = g_steal_pointer (&bytes);
  return TRUE;
}

gboolean
_sl_picture_sniff (const char *path)
{
  guint8 head[64];
  const char *kind;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gssize n;

  if (fd < 0)
    return FALSE;
  n = read (fd, head, sizeof head);
  close (fd);
  return n > 0 && sl_picture_format_find (head, n, &kind) != NULL;
}

gboolean
sl_picture_check (const char *path, SlPictureInfo *info, GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (SlPicture) picture = NULL;
  g_autofree char *hash = NULL;
  SlPictureInfo found = { 0 };

  g_return_val_if_fail (path != NULL, FALSE);

  if (!read_file (path, &bytes, error))
    return FALSE;
  /* The smallest scale still reads every byte: the entropy decoder has no short cut. */
  picture = _sl_picture_decode (bytes->data, bytes->len, 1, &found, error);
  if (picture == NULL)
    return FALSE;

  /* 128 bits find copies; nobody gains by forging one. */
  hash = g_compute_checksum_for_data (G_CHECKSUM_MD5, bytes->data, bytes->len);
  g_strlcpy (found.content_hash, hash, sizeof found.content_hash);
  if (info != NULL)
    *info = found;
  return TRUE;
}

SlPicture *
_sl_picture_read (const char *path, int min_side, GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;

  return read_file (path, &bytes, error)
             ? _sl_picture_decode (bytes->data, bytes->len, min_side, NULL, error)
             : NULL;
}

SlPicture *
sl_picture_load (const char *path, int min_side, GError **error)
{
  SlPicture *picture;

  g_return_val_if_fail (path != NULL && min_side >= 0, NULL);

  picture = _sl_picture_read (path, min_side, error);
  if (picture == NULL && error != NULL)
    {
      g_autofree char *name = g_filename_display_basename (path);

      g_prefix_error (error, "%s cannot be used: ", name);
    }
  return picture;
}
