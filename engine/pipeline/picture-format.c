/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/picture-format.h"

#include <libexif/exif-data.h>
#include <string.h>

static guint32
read_u32_be (const guint8 *p)
{
  return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static guint32
read_u32_le (const guint8 *p)
{
  return (guint32)p[3] << 24 | (guint32)p[2] << 16 | (guint32)p[1] << 8 | p[0];
}

/* Orientation out of a bare TIFF structure, as PNG and WEBP keep it. */
static int
orientation_of_exif (const guint8 *tiff, gsize size)
{
  static const guint8 head[6] = "Exif\0";
  g_autofree guint8 *block = NULL;
  ExifData *exif;
  ExifEntry *entry;
  int orientation = 1;

  if (size >= sizeof head && memcmp (tiff, head, sizeof head) == 0)
    {
      tiff += sizeof head;
      size -= sizeof head;
    }
  if (size < 8 || size > G_MAXUINT16)
    return 1;

  /* libexif wants the head that JPEG puts before it. */
  block = g_malloc (sizeof head + size);
  memcpy (block, head, sizeof head);
  memcpy (block + sizeof head, tiff, size);
  exif = exif_data_new_from_data (block, sizeof head + size);
  entry = exif ? exif_content_get_entry (exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION) : NULL;
  if (entry != NULL && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
    orientation = exif_get_short (entry->data, exif_data_get_byte_order (exif));
  if (exif != NULL)
    exif_data_unref (exif);

  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/* ---- JPEG */

/* Position of the next marker's second byte at or after @pos, or 0. */
static gsize
jpeg_next_marker (const guint8 *data, gsize size, gsize pos)
{
  while (pos + 1 < size)
    {
      const guint8 *ff = memchr (data + pos, 0xff, size - pos - 1);

      if (ff == NULL)
        return 0;
      pos = (gsize)(ff - data) + 1;
      /* FF 00 is a data byte, FF FF padding, FF D0 … D7 a restart inside the data. */
      if (data[pos] != 0x00 && data[pos] != 0xff && !(data[pos] >= 0xd0 && data[pos] <= 0xd7))
        return pos;
    }
  return 0;
}

/* Libjpeg draws grey where data are missing; only the end marker tells.  Segments are stepped
 * over, so that the end marker of an embedded thumbnail does not count. */
static gboolean
jpeg_is_whole (const guint8 *data, gsize size)
{
  gsize pos = 2;

  while ((pos = jpeg_next_marker (data, size, pos)) != 0)
    {
      guint8 marker = data[pos++];
      gsize length;

      if (marker == 0xd9)
        return TRUE;
      if (marker == 0xd8 || marker == 0x01)
        continue;
      if (pos + 2 > size)
        return FALSE;
      length = (gsize)data[pos] << 8 | data[pos + 1];
      if (length < 2 || length > size - pos)
        return FALSE;
      pos += length;
    }
  return FALSE;
}

/* ---- PNG */

/* Payload of chunk @type, or %NULL when the file ends before it. */
static const guint8 *
png_find_chunk (const guint8 *data, gsize size, const char *type, gsize *length)
{
  gsize pos = 8;

  while (size - pos >= 12)
    {
      gsize n = read_u32_be (data + pos);

      if (n > size - pos - 12)
        return NULL;
      if (memcmp (data + pos + 4, type, 4) == 0)
        {
          *length = n;
          return data + pos + 8;
        }
      pos += 12 + n;
    }
  return NULL;
}

static gboolean
png_is_whole (const guint8 *data, gsize size)
{
  gsize length;

  return png_find_chunk (data, size, "IEND", &length) != NULL;
}

static int
png_orientation (const guint8 *data, gsize size)
{
  gsize length = 0;
  const guint8 *exif = png_find_chunk (data, size, "eXIf", &length);

  return exif ? orientation_of_exif (exif, length) : 1;
}

/* ---- WEBP */

static gboolean
webp_is_whole (const guint8 *data, gsize size)
{
  guint64 riff = (guint64)read_u32_le (data + 4) + 8;

  /* Some writers count the padding byte at the end but do not write it. */
  return riff <= (guint64)size + (riff & 1 ? 0 : 1);
}

static int
webp_orientation (const guint8 *data, gsize size)
{
  gsize pos = 12;

  while (size > pos && size - pos >= 8)
    {
      gsize n = read_u32_le (data + pos + 4);

      if (n > size - pos - 8)
        return 1;
      if (memcmp (data + pos, "EXIF", 4) == 0)
        return orientation_of_exif (data + pos + 8, n);
      pos += 8 + n + (n & 1);
    }
  return 1;
}

/* The canvas of the extended format, each side less one in 24 bits; the others have at most 16,383 pixels
 * a side. */
static guint64
webp_n_pixels (const guint8 *data, gsize size)
{
  if (size < 30 || memcmp (data + 12, "VP8X", 4) != 0)
    return 0;
  return ((guint64)(read_u32_le (data + 24) & 0xffffff) + 1)
         * ((guint64)(read_u32_le (data + 26) >> 8) + 1);
}

/* ---- BMP */

/* gdk-pixbuf asks for as much memory as lies before the pixels, on the header's word. */
static gboolean
bmp_is_whole (const guint8 *data, gsize size)
{
  return read_u32_le (data + 10) < size;
}

/* ---- PNM */

/* After "P6": width and height in digits, apart by white space and comments. */
static guint64
pnm_n_pixels (const guint8 *data, gsize size)
{
  guint64 number[2] = { 0, 0 };
  gsize pos = 2;

  for (int i = 0; i < 2; i++)
    {
      while (pos < size && (g_ascii_isspace (data[pos]) || data[pos] == '#'))
        if (data[pos++] == '#')
          while (pos < size && data[pos] != '\n')
            pos++;
      for (; pos < size && g_ascii_isdigit (data[pos]) && number[i] < G_MAXINT; pos++)
        number[i] = number[i] * 10 + (data[pos] - '0');
    }
  return number[0] * number[1];
}

/* ---- Telling them apart */

typedef struct
{
  const char *magic; /* '?' stands for any byte, '_' for white space */
  guint length;
  SlPictureFormat format;
} Signature;

static const Signature signatures[] = {
  { "\xff\xd8\xff", 3, { "JPEG", "jpeg", jpeg_is_whole, NULL, NULL } },
  { "\x89PNG\r\n\x1a\n", 8, { "PNG", "png", png_is_whole, NULL, png_orientation } },
  { "RIFF????WEBP", 12, { "WEBP", "webp", webp_is_whole, webp_n_pixels, webp_orientation } },
  { "GIF8", 4, { "GIF", "gif", NULL, NULL, NULL } },
  { "BM????????????\x28\0\0\0", 18, { "BMP", "bmp", bmp_is_whole, NULL, NULL } },
  { "BM????????????\x6c\0\0\0", 18, { "BMP", "bmp", bmp_is_whole, NULL, NULL } },
  { "BM????????????\x7c\0\0\0", 18, { "BMP", "bmp", bmp_is_whole, NULL, NULL } },
  { "BM????????????\x0c\0\0\0", 18, { "BMP", "bmp", bmp_is_whole, NULL, NULL } },
  { "II*\0", 4, { "TIFF", "tiff", NULL, NULL, NULL } },
  { "MM\0*", 4, { "TIFF", "tiff", NULL, NULL, NULL } },
  { "P4_", 3, { "PNM", "pnm", NULL, pnm_n_pixels, NULL } },
  { "P5_", 3, { "PNM", "pnm", NULL, pnm_n_pixels, NULL } },
  { "P6_", 3, { "PNM", "pnm", NULL, pnm_n_pixels, NULL } },
};

/* What people have in their folders and gdk-pixbuf cannot read everywhere. */
static const struct
{
  const char *magic;
  guint length;
  const char *kind;
} strangers[] = {
  { "????ftypheic", 12, "a HEIC picture" },
  { "????ftypheix", 12, "a HEIC picture" },
  { "????ftypmif1", 12, "a HEIC picture" },
  { "????ftypavif", 12, "an AVIF picture" },
  { "\xff\x0a", 2, "a JPEG XL picture" },
  { "<svg", 4, "an SVG drawing" },
  { "<?xml", 5, "an XML file" },
  { "<!DOCTYPE", 9, "a web page" },
  { "<html", 5, "a web page" },
  { "%PDF", 4, "a PDF document" },
};

static gboolean
starts_with (const guint8 *data, gsize size, const char *magic, guint length)
{
  if (size < length)
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (magic[i] == '_' ? !g_ascii_isspace (data[i])
                        : magic[i] != '?' && data[i] != (guint8)magic[i])
      return FALSE;
  return TRUE;
}

const SlPictureFormat *
sl_picture_format_find (const guint8 *data, gsize size, const char **kind)
{
  *kind = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (signatures); i++)
    if (starts_with (data, size, signatures[i].magic, signatures[i].length))
      return &signatures[i].format;

  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    if (starts_with (data, size, strangers[i].magic, strangers[i].length))
      *kind = strangers[i].kind;
  if (*kind == NULL && size > 0 && memchr (data, 0, MIN (size, 512)) == NULL
      && g_utf8_validate ((const char *)data, MIN (size, 64), NULL))
    *kind = "a text file";
  return NULL;
}

gboolean
sl_picture_format_is_suffix (const char *file_name)
{
  static const char *const suffixes[] = { "jpg",  "jpeg", "jpe",  "jfif", "png", "webp", "gif",
                                          "bmp",  "tif",  "tiff", "pnm",  "pgm", "ppm",  "pbm",
                                          "heic", "heif", "avif", "jxl",  "svg" };
  const char *dot = strrchr (file_name, '.');

  if (dot == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_ascii_strcasecmp (dot + 1, suffixes[i]) == 0)
      return TRUE;
  return FALSE;
}
