/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A data set small enough to train on inside a test: 32-pixel pictures, each class a colour of its
 * own on noise, so that a few steps learn it. */
#pragma once

#include "samples.h"
#include <slope/slope.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#define TINY_SIDE 32

static const char *const tiny_classes[] = { "blue", "green", "red", NULL };

/* Writes one picture; @noise: 0 … 255, at 255 the class can't be seen. */
G_GNUC_UNUSED static void
tiny_write (const char *path, guint class_index, int noise, guint64 key)
{
  g_autoptr (GdkPixbuf)
      pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, TINY_SIDE, TINY_SIDE);
  g_autoptr (GError) error = NULL;
  guchar *pixels = gdk_pixbuf_get_pixels (pixbuf);
  int stride = gdk_pixbuf_get_rowstride (pixbuf);
  SlRandom random;

  sl_random_init (&random, sl_random_key (key, SL_PURPOSE_TEST, class_index, 0));
  for (int y = 0; y < TINY_SIDE; y++)
    for (int x = 0; x < TINY_SIDE; x++)
      for (int c = 0; c < 3; c++)
        {
          int base = c == 2 - (int)class_index ? 200 : 60;
          int random_part = (int)sl_random_below (&random, 256);

          pixels[y * stride + 3 * x + c] = (guchar)((base * (255 - noise) + random_part * noise)
                                                    / 255);
        }
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", &error, NULL));
  g_assert_no_error (error);
}

/* @n pictures in @folder, classes in turn; ids from @first_id.  (transfer full) */
G_GNUC_UNUSED static SlSampleSet *
tiny_set (const char *folder, guint n, gint64 first_id, int noise)
{
  SlSampleSet *set = samples_new (tiny_classes);

  for (guint i = 0; i < n; i++)
    {
      guint class_index = i % 3;
      g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT ".png", first_id + i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      tiny_write (path, class_index, noise, (guint64)first_id + i);
      sl_sample_set_add (set, first_id + i, path, tiny_classes[class_index]);
    }
  return set;
}

/* The smallest recipe: resnet18 on 32 pixels, batches of 6. */
G_GNUC_UNUSED static SlRecipe *
tiny_recipe (guint epochs)
{
  SlRecipe *recipe = sl_recipe_new ();

  recipe->height = recipe->width = TINY_SIDE;
  recipe->batch = 6;
  recipe->stages[0].epochs = epochs;
  recipe->seed = 3;
  return recipe;
}

G_GNUC_UNUSED static char *
tiny_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("slope-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

G_GNUC_UNUSED static void
tiny_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        tiny_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}
