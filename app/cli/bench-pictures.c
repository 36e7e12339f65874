/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures a second that one core loads, beside what training takes: a step should never wait.
 * The pictures are JPEGs of a web photograph's size, drawn into a temporary folder: waves and
 * noise, so that decoding costs what it does for photographs. */
#include "bench.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>

#define N_PICTURES 128
#define WIDTH 500
#define HEIGHT 375
#define BATCH 16
#define CACHED_PASSES 3

static const char *const networks[] = { "resnet18", "resnet34" };

/* Pictures a second. */
typedef struct
{
  double decoded; /* the first time: read, decoded, scaled, transformed */
  double cached;  /* from the second epoch on */
  double trained[G_N_ELEMENTS (networks)];
} Rates;

/* ---- Pictures */

static gboolean
draw_picture (const char *path, guint64 number, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, WIDTH, HEIGHT);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  gsize stride = gdk_pixbuf_get_rowstride (pixbuf);
  SlRandom random;
  double wave[3];

  sl_random_init (&random, sl_random_key (number, SL_PURPOSE_TEST, 0, 0));
  for (guint c = 0; c < 3; c++)
    wave[c] = sl_random_uniform (&random, 0.02, 0.2);
  for (gsize y = 0; y < HEIGHT; y++)
    for (gsize x = 0; x < WIDTH; x++)
      for (gsize c = 0; c < 3; c++)
        pixels[y * stride + 3 * x + c] =
            (guint8)(128 + 80 * sin (wave[c] * (double)x) * cos (wave[2 - c] * (double)y)
                     + sl_random_uniform (&random, -24, 24));
  return gdk_pixbuf_save (pixbuf, path, "jpeg", error, "quality", "90", NULL);
}

/* (transfer full): drawn in @folder, two classes. */
static SlSampleSet *
draw_pictures (const char *folder, GError **error)
{
  static const char *const classes[] = { "even", "odd", NULL };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_classify, classes, NULL);
  g_autoptr (SlSampleSet) samples = sl_sample_set_new (problem);

  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u.jpg", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!draw_picture (path, i, error))
        return NULL;
      sl_sample_set_add (samples, i + 1, path, classes[i % 2]);
    }
  return g_steal_pointer (&samples);
}

static void
remove_pictures (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* ---- Measuring */

/* Pictures a second of one pass of one thread. */
static double
load_all (SlSampleSet *samples, SlPictureCache *cache, guint size, guint64 epoch)
{
  const SlLoaderOptions options = { .height = (int)size,
                                    .width = (int)size,
                                    .batch = BATCH,
                                    .augment = sl_augment_find ("default"),
                                    .normalise = sl_normalise_imagenet,
                                    .shuffle = TRUE,
                                    .n_threads = 1 };
  g_autoptr (SlLoader) loader = sl_loader_new (samples, cache, &options, epoch, 0);
  gint64 start = g_get_monotonic_time ();
  SlBatch *batch;

  while ((batch = sl_loader_next (loader, NULL, NULL)) != NULL)
    sl_loader_give_back (loader, batch);
  return N_PICTURES * (double)G_USEC_PER_SEC / (double)(g_get_monotonic_time () - start);
}

static void
measure_loading (SlSampleSet *samples, guint size, Rates *rates)
{
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (SL_PICTURE_CACHE_BYTES);

  rates->decoded = load_all (samples, cache, size, 0);
  rates->cached = 0;
  for (guint64 epoch = 1; epoch <= CACHED_PASSES; epoch++)
    rates->cached = MAX (rates->cached, load_all (samples, cache, size, epoch));
}

static gboolean
measure_training (const BenchJob *job, Rates *rates, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      BenchOptions options = *job->options;
      BenchJob training = { .workload = &bench_classify,
                            .options = &options,
                            .network = (char *)networks[i],
                            .numbers = { BATCH, job->numbers[0] } };
      double seconds;

      options.ops = FALSE;
      if (!bench_time_network (&training, &seconds, error))
        return FALSE;
      rates->trained[i] = BATCH / seconds;
    }
  return TRUE;
}

static void
print_rates (const BenchJob *job, const Rates *rates)
{
  guint threads = sl_parallel_get_threads ();
  JsonBuilder *builder;

  if (!job->options->json)
    {
      g_print (_ ("%-14s  one core loads %.0f pictures/s, the first time %.0f;"), job->text,
               rates->cached, rates->decoded);
      for (gsize i = 0; i < G_N_ELEMENTS (networks); i++)
        g_print (_ ("  %s trains %.0f (loading is %.1f %%)"), networks[i], rates->trained[i],
                 100 * rates->trained[i] / rates->cached / threads);
      g_print ("\n");
      return;
    }
  builder = cli_json_begin ();
  cli_json_string (builder, "workload", job->text);
  cli_json_int (builder, "threads", threads);
  cli_json_double (builder, "decoded_per_second", rates->decoded);
  cli_json_double (builder, "cached_per_second", rates->cached);
  for (gsize i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree char *name = g_strconcat (networks[i], "_per_second", NULL);

      cli_json_double (builder, name, rates->trained[i]);
    }
  cli_json_end (builder);
}

static gboolean
run_pictures (const BenchJob *job, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-bench-XXXXXX", error);
  g_autoptr (SlSampleSet) samples = NULL;
  Rates rates;
  gboolean done;

  if (folder == NULL)
    return FALSE;
  samples = draw_pictures (folder, error);
  if (samples != NULL)
    measure_loading (samples, job->numbers[0], &rates);
  remove_pictures (folder);
  done = samples != NULL && measure_training (job, &rates, error);
  if (done)
    print_rates (job, &rates);
  return done;
}

const BenchWorkload bench_pictures = {
  .name = "pictures",
  .form = "pictures:SIZE",
  .low = { 16 },
  .high = { 2048 },
  .run = run_pictures,
};
