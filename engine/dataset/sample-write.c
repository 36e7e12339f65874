/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-write.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#define SAMPLE_SEED 20

gboolean
_sl_sample_write_all (const SampleWriter *self, guint n, SampleWriteFunc write, gpointer data,
                      GError **error)
{
  gint64 told = 0;

  for (guint i = 0; i < n; i++)
    {
      gint64 now = g_get_monotonic_time ();

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
          || !write (self, i, data, error))
        return FALSE;
      if (self->progress != NULL && now - told >= G_USEC_PER_SEC / 30)
        {
          told = now;
          self->progress (i, n, NULL, self->user_data);
        }
    }
  return TRUE;
}

void
_sl_sample_add_wrong (const SampleWriter *self, const char *rel_path)
{
  if (self->wrong != NULL)
    g_ptr_array_add (self->wrong, g_strdup (rel_path));
}

void
_sl_sample_random (SlRandom *random, guint i, guint sample)
{
  sl_random_init (random, sl_random_key (SAMPLE_SEED, SL_PURPOSE_SAMPLE, i, sample));
}

void
_sl_sample_order (guint32 *numbers, guint n, guint sample)
{
  SlRandom random;

  for (guint32 i = 0; i < n; i++)
    numbers[i] = i + 1;
  sl_random_init (&random, sl_random_key (SAMPLE_SEED, SL_PURPOSE_SHUFFLE, sample, 0));
  sl_random_shuffle (&random, numbers, n);
}

/* ---- Files */

/* (transfer full) (nullable): the absolute path, whose folder is there. */
static char *
make_place (const SampleWriter *self, const char *rel_path, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, rel_path, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  int code;

  if (g_mkdir_with_parents (parent, 0755) == 0)
    return g_steal_pointer (&path);
  code = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               "The folder %s cannot be made (%s): choose another place", parent,
               g_strerror (code));
  return NULL;
}

static gboolean
save_rgb (const SampleWriter *self, cairo_surface_t *surface, const char *rel_path,
          const char *format, const char *option, const char *value, GError **error)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  gsize stride = cairo_image_surface_get_stride (surface);
  const guint8 *data = cairo_image_surface_get_data (surface);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  guint8 *out = gdk_pixbuf_get_pixels (pixbuf);
  gsize out_stride = gdk_pixbuf_get_rowstride (pixbuf);
  g_autofree char *path = make_place (self, rel_path, error);

  if (path == NULL)
    return FALSE;
  for (int y = 0; y < height; y++)
    {
      const guint32 *row = (const guint32 *)(gconstpointer)(data + y * stride);

      for (int x = 0; x < width; x++)
        for (int c = 0; c < 3; c++)
          out[y * out_stride + 3 * x + c] = row[x] >> (16 - 8 * c) & 0xff;
    }
  return gdk_pixbuf_save (pixbuf, path, format, error, option, value, NULL);
}

gboolean
_sl_sample_save_jpeg (const SampleWriter *self, cairo_surface_t *surface, const char *rel_path,
                      GError **error)
{
  return save_rgb (self, surface, rel_path, "jpeg", "quality", "90", error);
}

/* Packing grain harder takes as long as drawing the street and saves a twelfth. */
gboolean
_sl_sample_save_png (const SampleWriter *self, cairo_surface_t *surface, const char *rel_path,
                     GError **error)
{
  return save_rgb (self, surface, rel_path, "png", "compression", "2", error);
}

gboolean
_sl_sample_save_mask (const SampleWriter *self, cairo_surface_t *surface, const char *rel_path,
                      GError **error)
{
  g_autofree char *path = make_place (self, rel_path, error);
  cairo_status_t status;

  if (path == NULL)
    return FALSE;
  status = cairo_surface_write_to_png (surface, path);
  if (status != CAIRO_STATUS_SUCCESS)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                 "%s cannot be written (%s): make room or choose another place", path,
                 cairo_status_to_string (status));
  return status == CAIRO_STATUS_SUCCESS;
}

gboolean
_sl_sample_save_text (const SampleWriter *self, const char *text, const char *rel_path,
                      GError **error)
{
  g_autofree char *path = make_place (self, rel_path, error);

  return path != NULL && g_file_set_contents (path, text, -1, error);
}
