/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw-large FOLDER COUNT: COUNT small distinct JPEG files in ten classes, FOLDER/CLASS/NUMBER.jpg,
 * to see how Slope bears a large project.  50,000 of them take some 15 s and 200 MB. */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <stdlib.h>

#define SIDE 96
#define N_CLASSES 10
#define BAR 6 /* px of a bit of the picture's number */

/* A slope of the class's colour; the bars are the number in binary, so that no two are equal. */
static void
draw (GdkPixbuf *pixbuf, guint number)
{
  guchar *pixels = gdk_pixbuf_get_pixels (pixbuf);
  const int stride = gdk_pixbuf_get_rowstride (pixbuf);
  const guint class_index = number % N_CLASSES;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        guchar *pixel = pixels + y * stride + 3 * x;
        const gboolean bar = y > SIDE / 2 && number >> (x / BAR) & 1;

        pixel[0] = (guchar)(bar ? 255 : class_index * 25);
        pixel[1] = (guchar)(bar ? 255 : y * 2);
        pixel[2] = (guchar)(bar ? 255 : 255 - class_index * 20 - x / 2);
      }
}

static gboolean
write_one (const char *folder, GdkPixbuf *pixbuf, guint number, GError **error)
{
  g_autofree char *class_name = g_strdup_printf ("class-%02u", number % N_CLASSES);
  g_autofree char *name = g_strdup_printf ("%06u.jpg", number);
  g_autofree char *path = g_build_filename (folder, class_name, name, NULL);

  draw (pixbuf, number);
  return gdk_pixbuf_save (pixbuf, path, "jpeg", error, "quality", "80", NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, SIDE, SIDE);
  g_autoptr (GError) error = NULL;

  if (argc != 3)
    {
      g_printerr ("Usage: draw-large FOLDER COUNT\n");
      return 2;
    }
  for (guint i = 0; i < N_CLASSES; i++)
    {
      g_autofree char *folder = g_strdup_printf ("%s/class-%02u", argv[1], i);

      g_mkdir_with_parents (folder, 0755);
    }
  for (guint i = 0; i < (guint)atoi (argv[2]); i++)
    if (!write_one (argv[1], pixbuf, i, &error))
      {
        g_printerr ("%s\n", error->message);
        return 1;
      }
  return 0;
}
