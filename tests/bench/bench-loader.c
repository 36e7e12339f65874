/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/loader.h>
#include <slope/parallel.h>

#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>

/* Pictures a second that the loader delivers, with the default augmentation:
 *
 *   bench-loader [FOLDER|ARCHIVE|sample:NAME [THREADS]]
 *
 * One line a size: the first pass decodes, the second finds its pictures in the cache. */

static double
pass (SlSampleSet *samples, SlPictureCache *cache, int size, guint threads, guint64 epoch)
{
  SlLoaderOptions options = { .height = size,
                              .width = size,
                              .batch = 32,
                              .augment = sl_augment_find ("default"),
                              .normalise = sl_normalise_imagenet,
                              .shuffle = TRUE,
                              .n_threads = threads };
  g_autoptr (SlLoader) loader = sl_loader_new (samples, cache, &options, epoch, 0);
  gint64 start = g_get_monotonic_time ();
  SlBatch *batch;
  gsize n = 0;

  while ((batch = sl_loader_next (loader, NULL, NULL)) != NULL)
    {
      n += batch->n_items;
      sl_loader_give_back (loader, batch);
    }
  return (double) n * G_USEC_PER_SEC / (double) (g_get_monotonic_time () - start);
}

static SlSampleSet *
samples_of (SlImport *import)
{
  SlSampleSet *samples = sl_sample_set_new (sl_import_get_task (import),
                                            sl_import_get_classes (import));

  for (gsize i = 0; i < sl_import_n_items (import); i++)
    {
      const SlCandidate *item = sl_import_get_item (import, i);

      if (item->target != NULL)
        sl_sample_set_add (samples, (gint64) i + 1, item->path, item->target);
    }
  return samples;
}

int
main (int argc, char **argv)
{
  static const int sizes[] = { 28, 64, 128, 224 };
  const char *source = argc > 1 ? argv[1] : "sample:bears";
  guint threads = argc > 2 ? (guint) atoi (argv[2]) : sl_parallel_get_threads ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) import = NULL;
  g_autoptr (SlSampleSet) samples = NULL;

  setlocale (LC_ALL, "");
  import = sl_import_scan (source, NULL, NULL, NULL, NULL, &error);
  if (import == NULL)
    {
      g_printerr ("bench-loader: %s\n", error->message);
      return 1;
    }
  samples = samples_of (import);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (SlPictureCache) cache = sl_picture_cache_new ((gsize) 1 << 30);
      double cold = pass (samples, cache, sizes[i], threads, 0);
      double warm = 0.0;

      for (guint64 epoch = 1; epoch <= 3; epoch++)
        warm = MAX (warm, pass (samples, cache, sizes[i], threads, epoch));
      g_print ("{\"source\":\"%s\",\"size\":%d,\"threads\":%u,\"decoded_per_second\":%.0f,"
               "\"cached_per_second\":%.0f}\n",
               sl_import_get_name (import), sizes[i], threads, cold, warm);
    }
  return 0;
}
