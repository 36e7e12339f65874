/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-draw.h"

#include <slope/dataset.h>

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#define N_(text) (text) /* translated by the window */

#define SAMPLE_SEED 20
#define BEARS_PER_CLASS 100
#define WRONG_PER_CLASS 4
#define BEAR_SIZE 160

static const SlSampleInfo samples[] = {
  { "bears", N_ ("Bears"), N_ ("One label each"), "classify" },
};

static const char *const bear_names[N_BEARS] = { "black", "grizzly", "teddy" };

const SlSampleInfo *
sl_samples (guint *n)
{
  *n = G_N_ELEMENTS (samples);
  return samples;
}

static gboolean
save_jpeg (cairo_surface_t *surface, const char *path, GError **error)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  gsize stride = cairo_image_surface_get_stride (surface);
  const guint8 *data = cairo_image_surface_get_data (surface);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  guint8 *out = gdk_pixbuf_get_pixels (pixbuf);
  gsize out_stride = gdk_pixbuf_get_rowstride (pixbuf);

  for (int y = 0; y < height; y++)
    {
      const guint32 *row = (const guint32 *)(gconstpointer)(data + y * stride);

      for (int x = 0; x < width; x++)
        for (int c = 0; c < 3; c++)
          out[y * out_stride + 3 * x + c] = row[x] >> (16 - 8 * c) & 0xff;
    }
  return gdk_pixbuf_save (pixbuf, path, "jpeg", error, "quality", "90", NULL);
}

/* Picture @i is number order[i], so that neither the name nor its place tells the class; the
 * first WRONG_PER_CLASS of each class show another bear. */
static gboolean
write_bear (const char *folder, guint i, guint number, GPtrArray *wrong, GError **error)
{
  Bear label = i / BEARS_PER_CLASS, shown = label;
  guint nth = i % BEARS_PER_CLASS;
  g_autofree char *rel_path = g_strdup_printf ("%s/%03u.jpg", bear_names[label], number);
  g_autofree char *path = g_build_filename (folder, rel_path, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  cairo_surface_t *surface;
  gboolean ok;

  if (nth < WRONG_PER_CLASS)
    {
      shown = (label + 1 + nth % (N_BEARS - 1)) % N_BEARS;
      if (wrong != NULL)
        g_ptr_array_add (wrong, g_strdup (rel_path));
    }
  if (g_mkdir_with_parents (parent, 0755) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "The folder %s cannot be made (%s): choose another place", parent,
                   g_strerror (code));
      return FALSE;
    }
  surface = _sl_bear_picture (shown, sl_random_key (SAMPLE_SEED, SL_PURPOSE_SAMPLE, i, 0),
                              BEAR_SIZE);
  ok = save_jpeg (surface, path, error);
  cairo_surface_destroy (surface);
  return ok;
}

static gboolean
write_bears (const char *folder, GPtrArray *wrong, GCancellable *cancellable,
             SlProgressFunc progress, gpointer user_data, GError **error)
{
  guint32 order[N_BEARS * BEARS_PER_CLASS];
  SlRandom random;
  gint64 told = 0;

  for (guint32 i = 0; i < G_N_ELEMENTS (order); i++)
    order[i] = i + 1;
  sl_random_init (&random, sl_random_key (SAMPLE_SEED, SL_PURPOSE_SHUFFLE, 0, 0));
  sl_random_shuffle (&random, order, G_N_ELEMENTS (order));

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      gint64 now = g_get_monotonic_time ();

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !write_bear (folder, i, order[i], wrong, error))
        return FALSE;
      if (progress != NULL && now - told >= G_USEC_PER_SEC / 30)
        {
          told = now;
          progress (i, G_N_ELEMENTS (order), NULL, user_data);
        }
    }
  return TRUE;
}

gboolean
sl_sample_write (const char *name, const char *folder, GPtrArray *wrong, GCancellable *cancellable,
                 SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_return_val_if_fail (name != NULL && folder != NULL, FALSE);

  if (g_str_equal (name, "bears"))
    return write_bears (folder, wrong, cancellable, progress, user_data, error);
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "There is no sample “%s”: sample:bears is one",
               name);
  return FALSE;
}
