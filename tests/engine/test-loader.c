/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "samples.h"
#include "picture-files.h"

#include <slope/loader.h>
#include <slope/random.h>

#define N 23 /* pictures: two batches of 10 and a rest of 3 */
#define BATCH 10
#define SIZE 16

static const char *const classes[] = { "a", "b", NULL };

typedef struct
{
  char *folder;
  SlSampleSet *samples;
  SlPictureCache *cache;
  SlLoaderOptions options;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = picture_files_new_folder ();
  self->samples = samples_new (classes);
  self->cache = sl_picture_cache_new (1 << 20);
  self->options = (SlLoaderOptions){ .height = SIZE,
                                     .width = SIZE,
                                     .batch = BATCH,
                                     .augment = sl_augment_find ("default"),
                                     .normalise = sl_normalise_imagenet,
                                     .seed = 5,
                                     .shuffle = TRUE,
                                     .n_threads = 2 };
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      picture_files_make (self->folder, name, "png", 30 + (int)i, 24, i);
      sl_sample_set_add (self->samples, 100 + i, path, i % 2 ? "b" : "a");
    }
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sl_sample_set_unref (self->samples);
  sl_picture_cache_unref (self->cache);
  picture_files_remove (self->folder);
  g_free (self->folder);
}

/* Everything of one pass in a row of bytes, to compare. */
static GByteArray *
record (Fixture *self, guint64 epoch, gsize first_batch)
{
  g_autoptr (SlLoader)
      loader = sl_loader_new (self->samples, self->cache, &self->options, epoch, first_batch);
  GByteArray *all = g_byte_array_new ();
  SlBatch *batch;

  while ((batch = sl_loader_next (loader, NULL, NULL)) != NULL)
    {
      g_byte_array_append (all, sl_tensor_get_data (batch->pictures),
                           (guint)sl_tensor_get_bytes (batch->pictures));
      g_byte_array_append (all, sl_tensor_get_data (batch->targets),
                           (guint)sl_tensor_get_bytes (batch->targets));
      g_byte_array_append (all, sl_tensor_get_data (batch->weights),
                           (guint)sl_tensor_get_bytes (batch->weights));
      g_byte_array_append (all, (guint8 *)batch->ids, BATCH * sizeof *batch->ids);
      sl_loader_give_back (loader, batch);
    }
  return all;
}

#define assert_equal(a, b) g_assert_cmpmem ((a)->data, (a)->len, (b)->data, (b)->len)

/* ---- What comes out */

static void
test_each_once (Fixture *self, gconstpointer data)
{
  g_autoptr (SlLoader) loader = sl_loader_new (self->samples, self->cache, &self->options, 0, 0);
  gboolean seen[N] = { FALSE };
  gsize n = 0;

  g_assert_cmpuint (sl_loader_n_batches (loader), ==, 3);
  for (gsize b = 0; b < 3; b++)
    {
      SlBatch *batch = sl_loader_next (loader, NULL, NULL);
      SlShape shape = sl_tensor_get_shape (batch->pictures);

      g_assert_true (sl_shape_equal (shape, SL_SHAPE4 (BATCH, SIZE, SIZE, 3)));
      g_assert_cmpuint (batch->index, ==, b);
      g_assert_cmpuint (batch->n_items, ==, b < 2 ? BATCH : N - 2 * BATCH);
      for (gsize i = 0; i < BATCH; i++)
        {
          const float *row = sl_tensor_f32 (batch->pictures) + i * SIZE * SIZE * 3;

          g_assert_cmpfloat (sl_tensor_f32 (batch->weights)[i], ==, i < batch->n_items);
          if (i >= batch->n_items) /* padding */
            {
              g_assert_cmpint (batch->ids[i], ==, 0);
              g_assert_cmpfloat (row[7], ==, 0.0f);
              continue;
            }
          g_assert_false (seen[batch->ids[i] - 100]);
          seen[batch->ids[i] - 100] = TRUE;
          g_assert_cmpint (sl_tensor_i32 (batch->targets)[i], ==, batch->ids[i] % 2);
          n++;
        }
      sl_loader_give_back (loader, batch);
    }
  g_assert_cmpuint (n, ==, N);
  g_assert_null (sl_loader_next (loader, NULL, NULL));
  g_assert_cmpuint (sl_loader_n_unreadable (loader), ==, 0);
  g_assert_cmpfloat (sl_loader_waited_seconds (loader), >=, 0.0);
}

/* A row is what the transform makes of the decoded picture, and nothing else. */
static void
test_contents (Fixture *self, gconstpointer data)
{
  g_autoptr (SlLoader) loader = NULL;
  SlBatch *batch;

  self->options.augment = NULL;
  self->options.shuffle = FALSE;
  loader = sl_loader_new (self->samples, self->cache, &self->options, 0, 1);
  batch = sl_loader_next (loader, NULL, NULL);
  for (gsize i = 0; i < BATCH; i++)
    {
      const SlSample *sample = sl_sample_set_get (self->samples, BATCH + i);
      g_autoptr (SlPicture) picture = sl_picture_load (sample->path, 0, NULL);
      float row[SIZE * SIZE * 3];
      SlTransform transform;

      sl_transform_draw (&transform, NULL, SL_RESIZE_CROP, picture->width, picture->height, SIZE,
                         SIZE, 0);
      sl_transform_apply (&transform, picture, &sl_normalise_imagenet, row);
      g_assert_cmpint (batch->ids[i], ==, sample->id);
      g_assert_cmpmem (sl_tensor_f32 (batch->pictures) + i * SIZE * SIZE * 3, sizeof row, row,
                       sizeof row);
    }
  sl_loader_give_back (loader, batch);
}

static void
test_drop_last (Fixture *self, gconstpointer data)
{
  static const struct
  {
    gsize batch, batches;
  } cases[] = { { 10, 2 }, { 23, 1 }, { 30, 1 }, { 1, 23 } };

  self->options.drop_last = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SlLoader) loader = NULL;
      gsize n = 0;
      SlBatch *batch;

      self->options.batch = cases[i].batch;
      loader = sl_loader_new (self->samples, self->cache, &self->options, 0, 0);
      g_assert_cmpuint (sl_loader_n_batches (loader), ==, cases[i].batches);
      while ((batch = sl_loader_next (loader, NULL, NULL)) != NULL)
        {
          n++;
          sl_loader_give_back (loader, batch);
        }
      g_assert_cmpuint (n, ==, cases[i].batches);
    }
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_autoptr (SlSampleSet) none = samples_new (classes);
  g_autoptr (SlLoader) loader = sl_loader_new (none, self->cache, &self->options, 0, 0);

  g_assert_cmpuint (sl_loader_n_batches (loader), ==, 0);
  g_assert_null (sl_loader_next (loader, NULL, NULL));
}

/* ---- Same seed, same bits */

static void
test_threads_do_not_matter (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) one = NULL;

  self->options.n_threads = 1;
  one = record (self, 3, 0);
  for (guint threads = 2; threads <= 7; threads++)
    {
      g_autoptr (GByteArray) many = NULL;

      self->options.n_threads = threads;
      self->options.n_ahead = threads % 3 + 1;
      many = record (self, 3, 0);
      assert_equal (one, many);
    }
}

static void
test_cache_does_not_matter (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) cold = record (self, 3, 0);
  g_autoptr (GByteArray) warm = record (self, 3, 0);
  g_autoptr (GByteArray) tiny = NULL;

  sl_picture_cache_unref (self->cache);
  self->cache = sl_picture_cache_new (0);
  tiny = record (self, 3, 0);
  assert_equal (cold, warm);
  assert_equal (cold, tiny);
}

static void
test_epochs_and_seeds_differ (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) first = record (self, 0, 0);
  g_autoptr (GByteArray) second = record (self, 1, 0);
  g_autoptr (GByteArray) other = NULL;

  self->options.seed++;
  other = record (self, 0, 0);
  g_assert_cmpint (memcmp (first->data, second->data, first->len), !=, 0);
  g_assert_cmpint (memcmp (first->data, other->data, first->len), !=, 0);
}

static void
test_resumed (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) whole = record (self, 2, 0);

  for (gsize first = 1; first <= 4; first++)
    {
      g_autoptr (GByteArray) rest = record (self, 2, first);
      gsize left = first >= 3 ? 0 : whole->len / 3 * (3 - first);

      g_assert_cmpmem (whole->data + whole->len - left, left, rest->data, rest->len);
    }
}

/* ---- What goes wrong */

static void
test_unreadable (Fixture *self, gconstpointer data)
{
  g_autofree char *gone = g_build_filename (self->folder, "04.png", NULL);
  g_autoptr (SlLoader) loader = NULL;
  SlBatch *batch;
  gsize weight = 0;

  picture_files_write (self->folder, "17.png", "no longer a picture", 19);
  g_unlink (gone);
  loader = sl_loader_new (self->samples, self->cache, &self->options, 0, 0);
  while ((batch = sl_loader_next (loader, NULL, NULL)) != NULL)
    {
      for (gsize i = 0; i < batch->n_items; i++)
        {
          gboolean bad = batch->ids[i] == 104 || batch->ids[i] == 117;

          g_assert_cmpfloat (sl_tensor_f32 (batch->weights)[i], ==, !bad);
          weight += !bad;
        }
      sl_loader_give_back (loader, batch);
    }
  g_assert_cmpuint (weight, ==, N - 2);
  g_assert_cmpuint (sl_loader_n_unreadable (loader), ==, 2);
  for (gsize i = 0; i < 2; i++)
    {
      const SlSkipped *skipped = sl_loader_get_unreadable (loader, i);

      g_assert_true (g_str_has_suffix (skipped->path, "04.png")
                     || g_str_has_suffix (skipped->path, "17.png"));
      g_assert_null (strstr (skipped->reason, ".png")); /* the path is beside it */
    }
  g_assert_null (sl_loader_get_unreadable (loader, 2));
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (SlLoader) loader = sl_loader_new (self->samples, self->cache, &self->options, 0, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (sl_loader_next (loader, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  sl_loader_give_back (loader, sl_loader_next (loader, NULL, NULL)); /* goes on all the same */
}

static void
test_nothing_given_back (Fixture *self, gconstpointer data)
{
  g_autoptr (SlLoader) loader = NULL;
  g_autoptr (GError) error = NULL;

  self->options.n_ahead = 1;
  loader = sl_loader_new (self->samples, self->cache, &self->options, 0, 0);
  g_assert_nonnull (sl_loader_next (loader, NULL, NULL));
  g_assert_nonnull (sl_loader_next (loader, NULL, NULL));
  g_assert_null (sl_loader_next (loader, NULL, &error)); /* an error, not a wait for ever */
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
}

/* Freed at any moment: before the first batch, between, holding one, at the end. */
static void
test_freed_any_time (Fixture *self, gconstpointer data)
{
  SlRandom random;

  sl_random_init (&random, 1);
  for (int round = 0; round < 150; round++)
    {
      SlLoader *loader;

      self->options.n_threads = 1 + (guint)sl_random_below (&random, 6);
      self->options.n_ahead = 1 + (guint)sl_random_below (&random, 3);
      self->options.batch = 1 + sl_random_below (&random, 12);
      loader = sl_loader_new (self->samples, self->cache, &self->options, (guint64)round, 0);
      for (guint64 n = sl_random_below (&random, 5); n > 0; n--)
        {
          SlBatch *batch = sl_loader_next (loader, NULL, NULL);

          if (batch != NULL && n > 1)
            sl_loader_give_back (loader, batch);
        }
      if (sl_random_below (&random, 2))
        g_usleep (sl_random_below (&random, 500));
      sl_loader_free (loader);
    }
}

/* ---- Cache */

static void
test_cache_is_bounded (Fixture *self, gconstpointer data)
{
  const gsize room = 8000; /* about three pictures of 36 × 24 */
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (room);

  for (int round = 0; round < 3; round++)
    for (gsize i = 0; i < N; i++)
      {
        const SlSample *sample = sl_sample_set_get (self->samples, i);
        g_autoptr (SlPicture) picture = sl_picture_cache_get (cache, sample->path, 40, NULL);

        g_assert_cmpint (picture->height, ==, 24);
        g_assert_cmpuint (sl_picture_cache_bytes (cache), <=, room);
        g_assert_cmpuint (sl_picture_cache_bytes (cache), >, 2000);
      }
}

static void
test_cache_keeps_the_recent (Fixture *self, gconstpointer data)
{
  const char *path = sl_sample_set_get (self->samples, 0)->path;
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (15000);
  g_autoptr (SlPicture) first = sl_picture_cache_get (cache, path, 40, NULL);

  for (gsize i = 1; i < N; i++)
    {
      g_autoptr (SlPicture) other = sl_picture_cache_get (
          cache, sl_sample_set_get (self->samples, i)->path, 40, NULL);
      g_autoptr (SlPicture) again = sl_picture_cache_get (cache, path, 40, NULL);

      g_assert_true (again == first); /* used all the time, so never the one to go */
    }
}

static void
test_cache_sees_changes (Fixture *self, gconstpointer data)
{
  const char *path = sl_sample_set_get (self->samples, 0)->path;
  g_autoptr (SlPicture) before = sl_picture_cache_get (self->cache, path, 40, NULL);
  g_autoptr (SlPicture) after = NULL;

  picture_files_make (self->folder, "00.png", "png", 50, 50, 77);
  after = sl_picture_cache_get (self->cache, path, 40, NULL);
  g_assert_cmpint (before->height, ==, 24);
  g_assert_cmpint (after->height, ==, 50);
}

static void
test_cache_scales (Fixture *self, gconstpointer data)
{
  static const char *const types[] = { "png", "jpeg" };
  g_autofree char *path = g_build_filename (self->folder, "large", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (SlPicture) small = NULL;
      g_autoptr (SlPicture) full = NULL;

      picture_files_make (self->folder, "large", types[i], 900, 600, (guint)i);
      small = sl_picture_cache_get (self->cache, path, 100, NULL);
      g_assert_cmpint (small->height, >=, 130); /* room for the crop */
      g_assert_cmpint (small->height, <=, 163);
      g_assert_cmpint (ABS (small->width * 2 - small->height * 3), <=, 3);
      full = sl_picture_cache_get (self->cache, path, 0, NULL);
      g_assert_cmpint (full->height, ==, 600);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/loader/each-once", test_each_once);
  ADD ("/loader/contents", test_contents);
  ADD ("/loader/drop-last", test_drop_last);
  ADD ("/loader/empty", test_empty);
  ADD ("/loader/threads-do-not-matter", test_threads_do_not_matter);
  ADD ("/loader/cache-does-not-matter", test_cache_does_not_matter);
  ADD ("/loader/epochs-and-seeds-differ", test_epochs_and_seeds_differ);
  ADD ("/loader/resumed", test_resumed);
  ADD ("/loader/unreadable", test_unreadable);
  ADD ("/loader/cancelled", test_cancelled);
  ADD ("/loader/nothing-given-back", test_nothing_given_back);
  ADD ("/loader/freed-any-time", test_freed_any_time);
  ADD ("/cache/is-bounded", test_cache_is_bounded);
  ADD ("/cache/keeps-the-recent", test_cache_keeps_the_recent);
  ADD ("/cache/sees-changes", test_cache_sees_changes);
  ADD ("/cache/scales", test_cache_scales);
  return g_test_run ();
}
