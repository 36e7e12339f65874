/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Picture files made on the spot, in a folder that goes away again. */

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* (transfer full) */
static inline char *
picture_files_new_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("slope-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static inline void
picture_files_remove (const char *folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file, "standard::name,standard::type", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;

  while (children != NULL && (info = g_file_enumerator_next_file (children, NULL, NULL)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, g_file_info_get_name (info), NULL);

      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
        picture_files_remove (path);
      else
        g_unlink (path);
      g_object_unref (info);
    }
  g_rmdir (folder);
}

/* (transfer full): @folder/@name, its folders made. */
static inline char *
picture_files_path (const char *folder, const char *name)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  return path;
}

/* (transfer full): left third red, middle green, right blue, getting darker downwards; noisy
 * enough that no two seeds are equal. */
static inline GdkPixbuf *
picture_files_pixbuf (int width, int height, guint seed)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  gsize stride = (gsize)gdk_pixbuf_get_rowstride (pixbuf);
  guint state = seed * 2654435761u + 1;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++)
        {
          int value = (3 * x / width == c ? 230 : 30) - 20 * y / height;

          state = state * 1664525u + 1013904223u;
          pixels[(gsize)y * stride + 3 * (gsize)x + c] = (guint8)(value + (state >> 28) - 8);
        }
  return pixbuf;
}

static inline void
picture_files_write (const char *folder, const char *name, gconstpointer data, gsize size)
{
  g_autofree char *path = picture_files_path (folder, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize)size, &error);
  g_assert_no_error (error);
}

/* Encodes into memory; (transfer full).  @type: gdk-pixbuf's, or "pnm" and "gif", which it does
 * not write. */
static inline GByteArray *
picture_files_encode (GdkPixbuf *pixbuf, const char *type)
{
  g_autoptr (GError) error = NULL;
  GByteArray *bytes = g_byte_array_new ();
  g_autofree char *data = NULL;
  gsize size;

  if (g_str_equal (type, "pnm"))
    {
      g_autofree char *head = g_strdup_printf ("P6\n%d %d\n255\n", gdk_pixbuf_get_width (pixbuf),
                                               gdk_pixbuf_get_height (pixbuf));

      g_byte_array_append (bytes, (guint8 *)head, (guint)strlen (head));
      for (int y = 0; y < gdk_pixbuf_get_height (pixbuf); y++)
        g_byte_array_append (bytes,
                             gdk_pixbuf_get_pixels (pixbuf)
                                 + (gsize)y * (gsize)gdk_pixbuf_get_rowstride (pixbuf),
                             3 * (guint)gdk_pixbuf_get_width (pixbuf));
      return bytes;
    }
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, type, &error, NULL);
  g_assert_no_error (error);
  g_byte_array_append (bytes, (guint8 *)data, (guint)size);
  return bytes;
}

/* A picture of @width × @height, different for each seed, as @type into @folder/@name. */
static inline void
picture_files_make (const char *folder, const char *name, const char *type, int width, int height,
                    guint seed)
{
  g_autoptr (GdkPixbuf) pixbuf = picture_files_pixbuf (width, height, seed);
  g_autoptr (GByteArray) bytes = picture_files_encode (pixbuf, type);

  picture_files_write (folder, name, bytes->data, bytes->len);
}
