/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/picture.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

gboolean
sl_picture_save_png (const SlPicture *self, const char *path, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);
  pixbuf = gdk_pixbuf_new_from_data (self->pixels, GDK_COLORSPACE_RGB, FALSE, 8, self->width,
                                     self->height, 3 * self->width, NULL, NULL);
  return gdk_pixbuf_save (pixbuf, path, "png", error, NULL);
}
