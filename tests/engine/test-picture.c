/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memmem */
#include "picture-files.h"

#include <slope/picture.h>

#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = picture_files_new_folder ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  picture_files_remove (self->folder);
  g_free (self->folder);
}

static const char *const types[] = { "jpeg", "png", "webp", "bmp", "tiff", "pnm" };
static const char *const names[] = { "JPEG", "PNG", "WEBP", "BMP", "TIFF", "PNM" };

/* 4 × 3 pixels, two colours: the smallest GIF that is worth reading. */
static const guint8 gif[] = { 'G',  'I',  'F',  '8',  '9',  'a', 4,   0,   3,    0,   0x80,
                              0,    0,    255,  0,    0,    0,   0,   255, 0x2c, 0,   0,
                              0,    0,    4,    0,    3,    0,   0,   2,   0x8,  0x4, 0x98,
                              0x10, 0x60, 0x42, 0x80, 0x49, 0x1, 0x0, 0x3b };

static void
assert_colour (const SlPicture *picture, int x, int y, int r, int g, int b)
{
  const guint8 *p = picture->pixels + 3 * ((gsize)y * (gsize)picture->width + (gsize)x);
  const int wanted[3] = { r, g, b };

  for (int c = 0; c < 3; c++)
    g_assert_cmpint (ABS (p[c] - wanted[c]), <=, 40);
}

static SlPicture *
load (const Fixture *self, const char *name, int min_side)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  SlPicture *picture = sl_picture_load (path, min_side, &error);

  g_assert_no_error (error);
  return picture;
}

/* The reason that the list of unusable files would show. */
static char *
reason_of (const Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_picture_check (path, NULL, &error));
  g_assert_nonnull (error);
  return g_strdup (error->message);
}

#define assert_reason(fixture, name, text)             \
  G_STMT_START                                         \
  {                                                    \
    g_autofree char *_why = reason_of (fixture, name); \
    g_assert_cmpstr (_why, ==, text);                  \
  }                                                    \
  G_STMT_END

/* ---- What can be read */

static void
test_formats (Fixture *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, "liar.jpg", NULL);
      g_autoptr (SlPicture) picture = NULL;
      g_autoptr (GError) error = NULL;
      SlPictureInfo info;

      picture_files_make (self->folder, "liar.jpg", types[i], 61, 40, 1);
      g_assert_true (sl_picture_check (path, &info, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (info.format, ==, names[i]);
      g_assert_cmpint (info.width, ==, 61);
      g_assert_cmpint (info.height, ==, 40);
      g_assert_cmpuint (strlen (info.content_hash), ==, 32);

      picture = load (self, "liar.jpg", 0);
      g_assert_cmpint (picture->width, ==, 61);
      g_assert_cmpint (picture->height, ==, 40);
      assert_colour (picture, 5, 5, 230, 30, 30);
      assert_colour (picture, 30, 5, 230 - 200, 230, 30);
      assert_colour (picture, 56, 35, 15, 15, 215);
    }
}

static void
test_gif (Fixture *self, gconstpointer data)
{
  g_autoptr (SlPicture) picture = NULL;

  picture_files_write (self->folder, "a.gif", gif, sizeof gif);
  picture = load (self, "a.gif", 0);
  g_assert_cmpint (picture->width, ==, 4);
  g_assert_cmpint (picture->height, ==, 3);
  assert_colour (picture, 0, 2, 255, 0, 0);
  assert_colour (picture, 3, 0, 0, 0, 255);
}

static void
test_colour_spaces (Fixture *self, gconstpointer data)
{
  static const char *const files[] = { "cmyk.jpg", "grey.jpg", "progressive.jpg" };
  static const int left[][3] = { { 255, 0, 0 }, { 60, 60, 60 }, { 230, 30, 20 } };
  static const int right[][3] = { { 0, 0, 255 }, { 200, 200, 200 }, { 20, 30, 230 } };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "engine", "pictures", files[i],
                                                     NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (SlPicture) picture = sl_picture_load (path, 0, &error);

      g_assert_no_error (error);
      g_assert_cmpint (picture->width, ==, 24);
      g_assert_cmpint (picture->height, ==, 16);
      assert_colour (picture, 3, 8, left[i][0], left[i][1], left[i][2]);
      assert_colour (picture, 20, 8, right[i][0], right[i][1], right[i][2]);
    }
}

static void
test_alpha_over_white (Fixture *self, gconstpointer data)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 3, 1);
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (SlPicture) picture = NULL;
  static const guint8 pixels[] = { 200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 128 };
  static const guint8 wanted[] = { 200, 100, 0, 255, 255, 255, 227, 177, 127 };

  memcpy (gdk_pixbuf_get_pixels (pixbuf), pixels, sizeof pixels);
  bytes = picture_files_encode (pixbuf, "png");
  picture_files_write (self->folder, "a.png", bytes->data, bytes->len);
  picture = load (self, "a.png", 0);
  g_assert_cmpmem (picture->pixels, 9, wanted, sizeof wanted);
}

static void
test_scaled_decode (Fixture *self, gconstpointer data)
{
  static const int sides[] = { 1, 50, 99, 100, 101, 200, 399, 400, 4000 };

  picture_files_make (self->folder, "a.jpg", "jpeg", 1003, 801, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autoptr (SlPicture) picture = load (self, "a.jpg", sides[i]);
      int shorter = MIN (picture->width, picture->height);

      g_assert_cmpint (shorter, >=, MIN (sides[i], 801));
      g_assert_true (shorter < 2 * sides[i] || shorter == 101); /* an eighth is the least */
      g_assert_cmpint (ABS (picture->width * 801 - picture->height * 1003), <=, 1003);
      assert_colour (picture, picture->width / 8, 2, 230, 30, 30);
    }
}

static void
test_wide (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "wide.png", NULL);
  g_autoptr (SlPicture) picture = NULL;
  SlPictureInfo info;

  picture_files_make (self->folder, "wide.png", "png", 20000, 30, 1);
  g_assert_true (sl_picture_check (path, &info, NULL));
  g_assert_cmpint (info.width, ==, 20000);
  picture = load (self, "wide.png", 100);
  g_assert_cmpint (picture->height, ==, 30);
}

static void
test_twins (Fixture *self, gconstpointer data)
{
  static const char *const files[] = { "a.png", "b.jpg", "c.png" };
  SlPictureInfo info[3];

  picture_files_make (self->folder, "a.png", "png", 20, 20, 1);
  picture_files_make (self->folder, "b.jpg", "png", 20, 20, 1);
  picture_files_make (self->folder, "c.png", "png", 20, 20, 2);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *path = g_build_filename (self->folder, files[i], NULL);

      g_assert_true (sl_picture_check (path, &info[i], NULL));
    }
  g_assert_cmpstr (info[0].content_hash, ==, info[1].content_hash);
  g_assert_cmpstr (info[0].content_hash, !=, info[2].content_hash);
}

/* ---- EXIF orientation, in every kind of file that has one */

static void
append_u32 (GByteArray *bytes, guint32 value, gboolean big_endian)
{
  guint32 stored = big_endian ? GUINT32_TO_BE (value) : GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (guint8 *)&stored, 4);
}

/* A TIFF structure with one entry: orientation. */
static void
append_exif (GByteArray *bytes, guint8 orientation)
{
  const guint8 tiff[] = { 'M', 'M', 0, 42, 0, 0, 0,           8, 0, 1, 0x01, 0x12, 0,
                          3,   0,   0, 0,  1, 0, orientation, 0, 0, 0, 0,    0,    0 };

  g_byte_array_append (bytes, tiff, sizeof tiff);
}

#define EXIF_BYTES 26

static GByteArray *
jpeg_with_exif (const GByteArray *plain, guint8 orientation)
{
  const guint8 head[] = { 0xff, 0xd8, 0xff, 0xe1, 0, EXIF_BYTES + 8, 'E', 'x', 'i', 'f', 0, 0 };
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, head, sizeof head);
  append_exif (bytes, orientation);
  return g_byte_array_append (bytes, plain->data + 2, plain->len - 2);
}

static guint32
png_crc (const guint8 *data, gsize size)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < size; i++)
    {
      crc ^= data[i];
      for (int k = 0; k < 8; k++)
        crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
  return crc ^ 0xffffffff;
}

static GByteArray *
png_with_exif (const GByteArray *plain, guint8 orientation)
{
  const guint after_header = 33; /* signature and IHDR */
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, plain->data, after_header);
  append_u32 (bytes, EXIF_BYTES, TRUE);
  g_byte_array_append (bytes, (const guint8 *)"eXIf", 4);
  append_exif (bytes, orientation);
  append_u32 (bytes, png_crc (bytes->data + after_header + 4, 4 + EXIF_BYTES), TRUE);
  return g_byte_array_append (bytes, plain->data + after_header, plain->len - after_header);
}

/* The extended header, the old chunk, then EXIF. */
static GByteArray *
webp_with_exif (const GByteArray *plain, guint8 orientation, int width, int height)
{
  const guint8 sizes[] = { 0x08, 0, 0, 0, (guint8)(width - 1), 0, 0, (guint8)(height - 1), 0, 0 };
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *)"RIFF", 4);
  append_u32 (bytes, 4 + 18 + (plain->len - 12) + 8 + EXIF_BYTES, FALSE);
  g_byte_array_append (bytes, (const guint8 *)"WEBPVP8X", 8);
  append_u32 (bytes, 10, FALSE);
  g_byte_array_append (bytes, sizes, sizeof sizes);
  g_byte_array_append (bytes, plain->data + 12, plain->len - 12);
  g_byte_array_append (bytes, (const guint8 *)"EXIF", 4);
  append_u32 (bytes, EXIF_BYTES, FALSE);
  append_exif (bytes, orientation);
  return bytes;
}

/* What a file shows whose tag says that the stored rows and columns lie otherwise. */
static GdkPixbuf *
stored_as (GdkPixbuf *upright, int orientation)
{
  static const struct
  {
    GdkPixbufRotation turn; /* undoes what the reader will do */
    gboolean mirror;
  } how[] = { { GDK_PIXBUF_ROTATE_NONE, FALSE },
              { GDK_PIXBUF_ROTATE_NONE, TRUE },
              { GDK_PIXBUF_ROTATE_UPSIDEDOWN, FALSE },
              { GDK_PIXBUF_ROTATE_UPSIDEDOWN, TRUE },
              { GDK_PIXBUF_ROTATE_CLOCKWISE, TRUE },
              { GDK_PIXBUF_ROTATE_COUNTERCLOCKWISE, FALSE },
              { GDK_PIXBUF_ROTATE_COUNTERCLOCKWISE, TRUE },
              { GDK_PIXBUF_ROTATE_CLOCKWISE, FALSE } };
  g_autoptr (GdkPixbuf) turned = gdk_pixbuf_rotate_simple (upright, how[orientation - 1].turn);

  return how[orientation - 1].mirror ? gdk_pixbuf_flip (turned, TRUE) : g_object_ref (turned);
}

static void
test_orientation (Fixture *self, gconstpointer data)
{
  g_autoptr (GdkPixbuf) upright = picture_files_pixbuf (96, 64, 1);

  for (int orientation = 1; orientation <= 8; orientation++)
    for (int kind = 0; kind < 3; kind++)
      {
        g_autoptr (GdkPixbuf) stored = stored_as (upright, orientation);
        g_autoptr (GByteArray) plain = picture_files_encode (stored, types[kind]);
        g_autoptr (GByteArray) bytes = NULL;
        g_autofree char *path = g_build_filename (self->folder, "turned", NULL);
        g_autoptr (SlPicture) picture = NULL;
        g_autoptr (GError) error = NULL;
        SlPictureInfo info;

        if (kind == 0)
          bytes = jpeg_with_exif (plain, (guint8)orientation);
        else if (kind == 1)
          bytes = png_with_exif (plain, (guint8)orientation);
        else
          bytes = webp_with_exif (plain, (guint8)orientation, gdk_pixbuf_get_width (stored),
                                  gdk_pixbuf_get_height (stored));
        picture_files_write (self->folder, "turned", bytes->data, bytes->len);
        g_assert_true (sl_picture_check (path, &info, &error));
        g_assert_no_error (error);
        g_assert_cmpint (info.width, ==, 96);
        g_assert_cmpint (info.height, ==, 64);
        picture = load (self, "turned", 0);
        g_assert_cmpint (picture->width, ==, 96);
        assert_colour (picture, 8, 4, 230, 30, 30);
        assert_colour (picture, 90, 60, 12, 12, 212);
        g_assert_cmpint (picture->pixels[3 * (4 * 96 + 8)], >,
                         picture->pixels[3 * (60 * 96 + 8)] - 8);
      }
}

/* ---- What cannot */

static void
test_cut_short (Fixture *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GdkPixbuf) pixbuf = picture_files_pixbuf (61, 40, 1);
      g_autoptr (GByteArray) bytes = picture_files_encode (pixbuf, types[i]);
      g_autofree char *path = g_build_filename (self->folder, "cut", NULL);
      /* TIFF may end in an index whose last bytes say nothing. */
      gsize most = bytes->len - (g_str_equal (types[i], "tiff") ? 16 : 2);

      for (gsize size = 1; size < most; size += 1 + bytes->len / 61)
        {
          picture_files_write (self->folder, "cut", bytes->data, size);
          if (sl_picture_check (path, NULL, NULL))
            g_error ("%s of %u bytes passes with %" G_GSIZE_FORMAT, types[i], bytes->len, size);
        }
      picture_files_write (self->folder, "cut", bytes->data, most);
      g_assert_false (sl_picture_check (path, NULL, NULL));
      picture_files_write (self->folder, "cut", bytes->data, bytes->len * 2 / 3);
      if (!g_str_equal (types[i], "tiff"))
        assert_reason (self, "cut", "cut short");
    }
  picture_files_write (self->folder, "cut", gif, sizeof gif - 6);
  g_free (reason_of (self, "cut"));
}

/* The end marker of a thumbnail inside the EXIF block must not pass for the picture's own. */
static void
test_cut_short_with_thumbnail (Fixture *self, gconstpointer data)
{
  g_autoptr (GdkPixbuf) pixbuf = picture_files_pixbuf (200, 200, 1);
  g_autoptr (GByteArray) plain = picture_files_encode (pixbuf, "jpeg");
  g_autoptr (GByteArray) bytes = jpeg_with_exif (plain, 1);
  const guint8 segment[] = { 0xff, 0xe2, 0, 6, 0xff, 0xd8, 0xff, 0xd9 };
  g_autoptr (GByteArray) cut = g_byte_array_new ();

  g_byte_array_append (cut, bytes->data, 2);
  g_byte_array_append (cut, segment, sizeof segment);
  g_byte_array_append (cut, bytes->data + 2, bytes->len - 2);
  picture_files_write (self->folder, "whole.jpg", cut->data, cut->len);
  g_clear_pointer (&pixbuf, g_object_unref);
  sl_picture_unref (load (self, "whole.jpg", 0));
  picture_files_write (self->folder, "cut.jpg", cut->data, cut->len / 2);
  assert_reason (self, "cut.jpg", "cut short");
}

static void
test_reasons (Fixture *self, gconstpointer data)
{
  static const char text[] = "This is a letter to my aunt, and it goes on for a while.\n";
  static const guint8 heic[] = "\0\0\0\x18"
                               "ftypheic\0\0\0\0mif1heic";
  static const guint8 noise[] = { 0x9c, 0x00, 0x01, 0xfe, 0x77, 0x00, 0x13, 0x42, 0x99 };
  g_autofree char *missing = g_build_filename (self->folder, "missing.jpg", NULL);
  g_autofree char *pipe = g_build_filename (self->folder, "pipe.jpg", NULL);
  g_autoptr (GError) error = NULL;

  picture_files_write (self->folder, "empty.jpg", "", 0);
  assert_reason (self, "empty.jpg", "empty");
  picture_files_write (self->folder, "text.jpg", text, sizeof text - 1);
  assert_reason (self, "text.jpg", "a text file");
  picture_files_write (self->folder, "phone.jpg", heic, sizeof heic);
  assert_reason (self, "phone.jpg", "a HEIC picture");
  picture_files_write (self->folder, "noise.jpg", noise, sizeof noise);
  assert_reason (self, "noise.jpg", "not a picture");
  assert_reason (self, ".", "not a file");
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0); /* must not block */
  assert_reason (self, "pipe.jpg", "not a file");

  g_assert_false (sl_picture_check (missing, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (sl_picture_load (missing, 0, &error));
  g_assert_nonnull (strstr (error->message, "missing.jpg"));
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autoptr (GdkPixbuf) pixbuf = picture_files_pixbuf (61, 40, 1);
  g_autoptr (GByteArray) bytes = picture_files_encode (pixbuf, "png");

  memset (bytes->data + bytes->len / 2, 0x55, 40); /* in the compressed pixels */
  picture_files_write (self->folder, "a.png", bytes->data, bytes->len);
  g_free (reason_of (self, "a.png"));
}

static void
put_u32 (GByteArray *bytes, gsize at, guint32 value)
{
  guint32 stored = GUINT32_TO_LE (value);

  memcpy (bytes->data + at, &stored, 4);
}

/* A few bytes that promise thousands of millions of pixels: refused before memory is asked for. */
static void
test_bomb (Fixture *self, gconstpointer data)
{
  static const guint8 size[] = { 0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60 };
  static const guint8 sof[] = { 0xff, 0xc0 };
  g_autoptr (GdkPixbuf) pixbuf = picture_files_pixbuf (61, 40, 1);
  g_autoptr (GByteArray) png = picture_files_encode (pixbuf, "png");
  g_autoptr (GByteArray) jpeg = picture_files_encode (pixbuf, "jpeg");
  g_autoptr (GByteArray) bmp = picture_files_encode (pixbuf, "bmp");
  g_autofree guint8 *big_gif = g_memdup2 (gif, sizeof gif);
  guint32 crc;
  guint8 *head;

  memcpy (png->data + 16, size, sizeof size);
  crc = GUINT32_TO_BE (png_crc (png->data + 12, 17));
  memcpy (png->data + 29, &crc, 4);
  picture_files_write (self->folder, "bomb.png", png->data, png->len);
  assert_reason (self, "bomb.png", "too large");

  head = memmem (jpeg->data, jpeg->len, sof, sizeof sof);
  memcpy (head + 5, (guint8[]){ 0xea, 0x60, 0xea, 0x60 }, 4);
  picture_files_write (self->folder, "bomb.jpg", jpeg->data, jpeg->len);
  assert_reason (self, "bomb.jpg", "too large");

  put_u32 (bmp, 18, 60000);
  put_u32 (bmp, 22, 60000);
  picture_files_write (self->folder, "bomb.bmp", bmp->data, bmp->len);
  assert_reason (self, "bomb.bmp", "too large");
  put_u32 (bmp, 10, 0xffffffca); /* where the pixels are said to begin */
  picture_files_write (self->folder, "far.bmp", bmp->data, bmp->len);
  assert_reason (self, "far.bmp", "cut short");

  memset (big_gif + 6, 0xff, 4);
  picture_files_write (self->folder, "bomb.gif", big_gif, sizeof gif);
  assert_reason (self, "bomb.gif", "too large");

  picture_files_write (self->folder, "bomb.ppm", "P6\n#x\n60000 60000\n255\nxxxxxx", 29);
  assert_reason (self, "bomb.ppm", "too large");

  picture_files_write (self->folder, "bomb.webp",
                       "RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x5f\xea\0\x5f\xea\0", 30);
  assert_reason (self, "bomb.webp", "too large");
}

/* ---- Scaling */

static void
test_scale (Fixture *self, gconstpointer data)
{
  static const int sizes[][2] = { { 7, 5 }, { 90, 70 }, { 45, 35 }, { 200, 13 }, { 1, 1 } };
  g_autoptr (SlPicture) picture = sl_picture_new (90, 70);
  double mean = 0.0;

  for (gsize i = 0; i < 3 * 90 * 70; i++)
    {
      picture->pixels[i] = (guint8)(i * 131 % 251);
      mean += picture->pixels[i] / (3.0 * 90 * 70);
    }
  for (gsize k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      g_autoptr (SlPicture) scaled = sl_picture_scale (picture, sizes[k][0], sizes[k][1]);
      gsize n = 3 * (gsize)sizes[k][0] * (gsize)sizes[k][1];
      double after = 0.0;

      g_assert_cmpint (scaled->width, ==, sizes[k][0]);
      g_assert_cmpint (scaled->height, ==, sizes[k][1]);
      for (gsize i = 0; i < n; i++)
        after += scaled->pixels[i] / (double)n;
      g_assert_cmpfloat_with_epsilon (after, mean, 1.0);
      if (sizes[k][0] == 90)
        g_assert_cmpmem (scaled->pixels, n, picture->pixels, n);
    }
}

/* Two by two pixels become their mean, exactly. */
static void
test_scale_is_area (Fixture *self, gconstpointer data)
{
  g_autoptr (SlPicture) picture = sl_picture_new (4, 2);
  g_autoptr (SlPicture) half = NULL;
  static const guint8 values[] = { 10, 30, 100, 104, 50, 70, 108, 112 };

  for (gsize i = 0; i < 8; i++)
    memset (picture->pixels + 3 * i, values[i], 3);
  half = sl_picture_scale (picture, 2, 1);
  g_assert_cmpint (half->pixels[0], ==, 40);
  g_assert_cmpint (half->pixels[3], ==, 106);
}

/* ---- Threads */

static gpointer
load_all (gpointer folder)
{
  guint sum = 0;

  for (int round = 0; round < 6; round++)
    for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
      {
        g_autofree char *path = g_build_filename (folder, types[i], NULL);
        g_autoptr (SlPicture) picture = sl_picture_load (path, 0, NULL);

        for (gsize k = 0; picture && k < 3 * 61 * 40; k++)
          sum = sum * 31 + picture->pixels[k];
      }
  return GUINT_TO_POINTER (sum);
}

static void
test_threads (Fixture *self, gconstpointer data)
{
  GThread *threads[8];
  gpointer sum;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    picture_files_make (self->folder, types[i], types[i], 61, 40, 1);
  sum = load_all (self->folder);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("load", load_all, self->folder);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == sum);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) \
  g_test_add ("/picture/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("formats", test_formats);
  ADD ("gif", test_gif);
  ADD ("colour-spaces", test_colour_spaces);
  ADD ("alpha-over-white", test_alpha_over_white);
  ADD ("scaled-decode", test_scaled_decode);
  ADD ("wide", test_wide);
  ADD ("twins", test_twins);
  ADD ("orientation", test_orientation);
  ADD ("cut-short", test_cut_short);
  ADD ("cut-short-with-thumbnail", test_cut_short_with_thumbnail);
  ADD ("reasons", test_reasons);
  ADD ("damaged", test_damaged);
  ADD ("bomb", test_bomb);
  ADD ("scale", test_scale);
  ADD ("scale-is-area", test_scale_is_area);
  ADD ("threads", test_threads);
  return g_test_run ();
}
