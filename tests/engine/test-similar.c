/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs-fixture.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Made rows */

static void
fill_row (SlFeatures *self, gsize row, guint64 key, const float *near, float off)
{
  float *x = self->rows + row * self->n_features;
  double square = 0;
  SlRandom random;

  sl_random_init (&random, sl_random_key (key, SL_PURPOSE_TEST, 0, 0));
  for (gsize i = 0; i < self->n_features; i++)
    {
      x[i] = (float)sl_random_normal (&random);
      if (near != NULL)
        x[i] = near[i] + off * x[i];
      square += (double)x[i] * x[i];
    }
  for (gsize i = 0; i < self->n_features; i++)
    x[i] = (float)(x[i] / sqrt (square));
  self->ids[row] = (gint64)row + 1;
}

static SlFeatures *
make_rows (gsize n, gsize n_features)
{
  SlFeatures *self = sl_features_new (n, n_features);

  for (gsize i = 0; i < n; i++)
    fill_row (self, i, i, NULL, 0);
  return self;
}

static void
plant (SlFeatures *self, gsize of, gsize at, float off)
{
  fill_row (self, at, 100000 + at, self->rows + of * self->n_features, off);
}

static GArray *
find_pairs (const SlFeatures *self, guint count)
{
  return sl_similar_pairs (self, count, NULL, NULL, NULL, NULL, NULL);
}

static void
assert_pair (const GArray *pairs, guint i, guint32 a, guint32 b)
{
  const SlSimilar *pair = &g_array_index (pairs, SlSimilar, i);

  g_assert_cmpuint (pair->a, ==, a);
  g_assert_cmpuint (pair->b, ==, b);
}

/* Over more rows and columns than a block has: 10,240 columns from each row block's first. */
static void
test_planted (void)
{
  g_autoptr (SlFeatures) features = make_rows (10900, 48);
  g_autoptr (GArray) pairs = NULL;
  double before = 1;

  plant (features, 3, 10899, 0.01f); /* two blocks apart */
  plant (features, 255, 256, 0.02f); /* beside each other in two */
  plant (features, 700, 701, 0.03f); /* in one */
  plant (features, 9, 10250, 0.04f);
  pairs = find_pairs (features, 4);
  g_assert_cmpuint (pairs->len, ==, 4);
  assert_pair (pairs, 0, 3, 10899);
  assert_pair (pairs, 1, 255, 256);
  assert_pair (pairs, 2, 700, 701);
  assert_pair (pairs, 3, 9, 10250);
  for (guint i = 0; i < pairs->len; i++)
    {
      double likeness = g_array_index (pairs, SlSimilar, i).likeness;

      g_assert_cmpfloat (likeness, <=, before + 1e-6);
      g_assert_cmpfloat (likeness, >, 0.95);
      before = likeness;
    }
}

/* The nearest four of each, by the plainest way there is; equals in order. */
static void
test_all (void)
{
  enum
  {
    N = 300,
    WIDTH = 7
  };
  g_autoptr (SlFeatures) features = make_rows (N, WIDTH);
  g_autoptr (GArray) pairs = NULL;
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  double last = 2;

  memset (features->rows + 20 * WIDTH, 0, WIDTH * sizeof (float)); /* unreadable */
  pairs = find_pairs (features, G_MAXUINT);
  g_assert_cmpuint (pairs->len, >, N);
  g_assert_cmpuint (pairs->len, <=, N * SL_SIMILAR_NEIGHBOURS);
  for (guint i = 0; i < pairs->len; i++)
    {
      const SlSimilar *pair = &g_array_index (pairs, SlSimilar, i);

      g_assert_cmpuint (pair->a, <, pair->b);
      g_assert_true (pair->a != 20 && pair->b != 20);
      g_assert_cmpfloat (pair->likeness, <=, last);
      last = pair->likeness;
      g_assert_true (g_hash_table_add (found, GUINT_TO_POINTER (pair->a * N + pair->b)));
    }
  for (guint32 i = 0; i < N; i++)
    {
      g_autofree guint8 *others = g_malloc (N);
      g_autoptr (GArray) nearest = NULL;

      memset (others, 1, N);
      others[i] = 0;
      nearest = sl_similar_nearest (features, features, i, others, SL_SIMILAR_NEIGHBOURS);
      if (i == 20)
        continue;
      g_assert_cmpuint (nearest->len, ==, SL_SIMILAR_NEIGHBOURS);
      for (guint k = 0; k < nearest->len; k++)
        {
          guint32 other = g_array_index (nearest, SlNearest, k).row;
          guint32 key = MIN (i, other) * N + MAX (i, other);

          g_assert_true (g_hash_table_contains (found, GUINT_TO_POINTER (key)));
        }
    }
}

/* Seven that are equal to the bit: each has the first four others, not the last ones found. */
static void
test_ties (void)
{
  g_autoptr (SlFeatures) features = make_rows (40, 16);
  g_autoptr (GArray) pairs = NULL;
  g_autoptr (GArray) nearest = NULL;
  static const guint32 equal[] = { 2, 5, 11, 12, 20, 30, 39 };
  guint n_equal = 0;

  for (guint i = 1; i < G_N_ELEMENTS (equal); i++)
    memcpy (features->rows + equal[i] * 16, features->rows + equal[0] * 16, 16 * sizeof (float));
  pairs = find_pairs (features, 100);
  while (n_equal < pairs->len && g_array_index (pairs, SlSimilar, n_equal).likeness > 0.9999)
    n_equal++;
  /* 2, 5, 11, 12 with each other, 20 with these four, and 30 and 39 with them */
  g_assert_cmpuint (n_equal, ==, 6 + 4 + 4 + 4);
  assert_pair (pairs, 0, 2, 5);
  assert_pair (pairs, 1, 2, 11);
  assert_pair (pairs, n_equal - 1, 12, 39);
  nearest = sl_similar_nearest (features, features, 39, NULL, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (g_array_index (nearest, SlNearest, i).row, ==, equal[i]);
}

/* Of three there are three pairs, however unlike; an unreadable one has none. */
static void
test_few (void)
{
  g_autoptr (SlFeatures) features = make_rows (4, 2);
  g_autoptr (GArray) pairs = NULL;
  g_autoptr (GArray) nearest = NULL;
  static const float rows[] = { 1, 0, -1, 0, 0, 0, 0, -1 };

  memcpy (features->rows, rows, sizeof rows);
  pairs = find_pairs (features, 100);
  g_assert_cmpuint (pairs->len, ==, 3);
  assert_pair (pairs, 0, 0, 3);
  assert_pair (pairs, 1, 1, 3);
  assert_pair (pairs, 2, 0, 1);
  g_assert_cmpfloat (g_array_index (pairs, SlSimilar, 2).likeness, ==, -1);
  nearest = sl_similar_nearest (features, features, 0, NULL, 100);
  g_assert_cmpuint (nearest->len, ==, 3);
  g_assert_cmpuint (g_array_index (nearest, SlNearest, 2).row, ==, 1);
}

static void
test_threads (void)
{
  g_autoptr (SlFeatures) features = make_rows (1500, 200);
  g_autoptr (GArray) one = NULL;
  g_autoptr (GArray) two = NULL;
  const guint before = sl_parallel_get_threads ();

  sl_parallel_set_threads (1);
  one = find_pairs (features, 500);
  sl_parallel_set_threads (2);
  two = find_pairs (features, 500);
  sl_parallel_set_threads (before);
  g_assert_cmpmem (one->data, one->len * sizeof (SlSimilar), two->data,
                   two->len * sizeof (SlSimilar));
}

static void
stop_cb (gsize done, gsize total, const char *what, gpointer data)
{
  g_assert_cmpuint (done, <, total);
  if (done >= 512)
    sl_train_control_stop (data);
}

static void
test_stop (void)
{
  g_autoptr (SlFeatures) features = make_rows (2000, 8);
  g_autoptr (SlTrainControl) control = sl_train_control_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_similar_pairs (features, 9, control, stop_cb, control, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (sl_similar_pairs (features, 9, NULL, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- A project: drawings, some of them drawn again a little smaller, darker and worse. */

#define N_SCENES 24
#define N_AGAIN 4

static const char *const labels[] = { "black", "teddy" };

static void
write_scene (Fixture *fixture, GdkPixbuf *drawing, const char *label, guint i, const char *quality)
{
  g_autofree char *folder = g_build_filename (fixture->pictures, label, NULL);
  g_autofree char *path = g_strdup_printf ("%s/%02u-%s.jpg", folder, i, quality);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  gdk_pixbuf_save (drawing, path, "jpeg", &error, "quality", quality, NULL);
  g_assert_no_error (error);
}

/* Scenes are of two classes in turn, whatever they show; of those that are drawn again, the first and
 * third have the other class then. */
static void
draw_scenes (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->root, "drawings", NULL);

  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  g_assert_true (sl_sample_write ("scene", folder, NULL, NULL, NULL, NULL, NULL));
  for (guint i = 0; i < N_SCENES; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/images/scene_%03u.jpg", folder, i + 1);
      g_autoptr (GdkPixbuf) drawing = gdk_pixbuf_new_from_file (path, NULL);
      int size = gdk_pixbuf_get_width (drawing) * 3 / 4;
      g_autoptr (GdkPixbuf)
          small = gdk_pixbuf_scale_simple (drawing, size, size, GDK_INTERP_BILINEAR);

      write_scene (fixture, drawing, labels[i % 2], i, "90");
      if (i < N_AGAIN)
        write_scene (fixture, small, labels[1], i, "60");
    }
}

static SlProject *
create (Fixture *fixture)
{
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autoptr (GError) error = NULL;
  SlProject *project;

  fixture_set_up (fixture, 0);
  draw_scenes (fixture);
  project = fixture_create (fixture);
  sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return project;
}

static SlItem *
item_at (SlProject *project, gint64 id)
{
  return sl_project_get_item (project, id);
}

/* Which scene a picture is of: by its name. */
static int
scene_of (SlItem *item)
{
  return atoi (sl_item_get_name (item));
}

static void
test_project (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = create (&fixture);
  g_autoptr (GArray) pairs = NULL;
  g_autoptr (GArray) fewer = NULL;
  g_autoptr (GError) error = NULL;
  Watched watched = { 0 };
  const SlJobWatch watch = watch_all (&watched);
  guint n_planted = 0, n_first = 0;
  gboolean mattered = TRUE;
  gint64 removed = 0;

  g_assert_cmpint (sl_project_get_compared_run (project), ==, 0);
  g_assert_true (sl_project_compare (project, 1, &watch, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (watched.n_progress, >=, 2);
  g_assert_cmpint (sl_project_get_compared_run (project), ==, 1);
  pairs = sl_project_dup_similar (project, 2 * N_AGAIN);
  g_assert_cmpuint (pairs->len, ==, 2 * N_AGAIN);
  for (guint i = 0; i < pairs->len; i++)
    {
      const SlSimilarPair *pair = &g_array_index (pairs, SlSimilarPair, i);
      SlItem *a = item_at (project, pair->a), *b = item_at (project, pair->b);

      if (scene_of (a) == scene_of (b))
        {
          n_planted++;
          removed = pair->a;
        }
      g_assert_cmpint (pair->differs, ==,
                       !g_str_equal (sl_item_get_target (a), sl_item_get_target (b)));
      g_assert_cmpint (pair->across, ==, sl_item_get_split (a) != sl_item_get_split (b));
      if (!(pair->across || pair->differs))
        mattered = FALSE;
      else
        {
          g_assert_true (mattered); /* what matters comes first */
          n_first++;
        }
    }
  g_assert_cmpuint (n_planted, ==, N_AGAIN);
  g_assert_cmpuint (n_first, >=, 2);

  g_assert_true (sl_project_remove (project, &removed, 1, &error));
  fewer = sl_project_dup_similar (project, SL_SIMILAR_MOST);
  for (guint i = 0; i < fewer->len; i++)
    g_assert_true (g_array_index (fewer, SlSimilarPair, i).a != removed
                   && g_array_index (fewer, SlSimilarPair, i).b != removed);

  g_assert_false (sl_project_compare (project, 9, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpint (sl_project_get_compared_run (project), ==, 1); /* as it was */
  g_assert_true (sl_project_delete_run (project, 1, &error));
  g_assert_cmpint (sl_project_get_compared_run (project), ==, 0);
  fixture_tear_down (&fixture);
}

/* ---- Rows that are kept */

static void
set_times (const char *path, struct timespec modified)
{
  const struct timespec times[] = { modified, modified };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static struct timespec
get_time (const char *path)
{
  struct stat file;

  g_assert_cmpint (stat (path, &file), ==, 0);
  return file.st_mtim;
}

/* Opened anew and compared.  (transfer full) */
static GArray *
compare_again (Fixture *fixture)
{
  g_autoptr (SlProject) project = fixture_open (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_project_compare (project, 1, NULL, NULL, &error));
  g_assert_no_error (error);
  return sl_project_dup_similar (project, SL_SIMILAR_MOST);
}

static gboolean
names (const GArray *pairs, gint64 id)
{
  for (guint i = 0; i < pairs->len; i++)
    if (g_array_index (pairs, SlSimilarPair, i).a == id
        || g_array_index (pairs, SlSimilarPair, i).b == id)
      return TRUE;
  return FALSE;
}

static void
assert_same_pairs (const GArray *pairs, const GArray *others)
{
  g_assert_cmpmem (pairs->data, pairs->len * sizeof (SlSimilarPair), others->data,
                   others->len * sizeof (SlSimilarPair));
}

/* A file that holds no picture any more, but has the size and time that it had, is not looked at again; when its
 * time has changed it is, and when the model's has, all are. */
static void
test_kept (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = create (&fixture);
  g_autofree char *path = g_strdup (sl_item_get_path (item_at (project, 1)));
  g_autofree char *folder = g_strdup (sl_project_get_path (project));
  g_autofree char *model = g_build_filename (folder, "runs", "1", "model.safetensors", NULL);
  g_autofree char *kept = g_build_filename (folder, "features", NULL);
  const struct timespec drawn = get_time (path), trained = get_time (model), later = { 7, 0 };
  g_autoptr (GArray) first = NULL, same = NULL, changed = NULL, back = NULL, anew = NULL,
                     last = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  g_clear_object (&project);
  first = compare_again (&fixture);
  g_assert_true (names (first, 1));
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  memset (contents, 'x', length);
  g_assert_true (g_file_set_contents (path, contents, (gssize)length, NULL));
  set_times (path, drawn);
  same = compare_again (&fixture);
  assert_same_pairs (same, first);

  set_times (path, later);
  changed = compare_again (&fixture);
  g_assert_false (names (changed, 1));
  set_times (path, drawn);
  back = compare_again (&fixture);
  assert_same_pairs (back, first);
  set_times (model, later);
  anew = compare_again (&fixture);
  assert_same_pairs (anew, changed);
  set_times (model, trained);

  /* What is damaged is made anew; it goes with its run. */
  g_assert_true (g_file_set_contents (kept, "no database", -1, NULL));
  last = compare_again (&fixture);
  assert_same_pairs (last, changed);
  project = fixture_open (&fixture);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  g_assert_true (sl_project_delete_run (project, 1, NULL));
  g_assert_false (g_file_test (kept, G_FILE_TEST_EXISTS));
  fixture_tear_down (&fixture);
}

static SlItem *
find_item (SlProject *project, const char *rel_path)
{
  GListModel *items = sl_project_get_items (project);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      if (g_str_equal (sl_item_get_rel_path (item), rel_path))
        return item;
    }
  g_assert_not_reached ();
}

static GArray *
ask_nearest (SlProject *project, const char *path, GError **error)
{
  Waiter waiter = { NULL };
  GArray *nearest;

  sl_project_nearest_async (project, path, 5, NULL, on_done, &waiter);
  wait_for (&waiter);
  nearest = sl_project_nearest_finish (project, waiter.result, error);
  g_object_unref (waiter.result);
  return nearest;
}

/* The picture drawn again is the nearest to the one that is not trained on, and not itself. */
static void
test_nearest (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = create (&fixture);
  g_autoptr (GArray) nearest = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_build_filename (fixture.root, "text.jpg", NULL);
  SlItem *one = find_item (project, "teddy/01-90.jpg");
  SlItem *again = find_item (project, "teddy/01-60.jpg");
  const gint64 ids[] = { sl_item_get_id (one), sl_item_get_id (again) };
  Waiter waiter = { NULL };

  g_assert_null (ask_nearest (project, sl_item_get_path (one), &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_clear_error (&error);
  sl_project_compare_async (project, 1, NULL, on_done, &waiter);
  g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_COMPARE);
  wait_for (&waiter);
  g_assert_true (sl_project_compare_finish (project, waiter.result, &error));
  g_assert_no_error (error);
  g_object_unref (waiter.result);

  sl_project_set_item_split (project, ids, 2, SL_SPLIT_TRAIN, NULL);
  nearest = ask_nearest (project, sl_item_get_path (one), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (nearest->len, ==, 5);
  g_assert_cmpint (g_array_index (nearest, SlNeighbour, 0).id, ==, ids[1]);
  for (guint i = 0; i < nearest->len; i++)
    {
      const SlNeighbour *found = &g_array_index (nearest, SlNeighbour, i);

      g_assert_cmpint (found->id, !=, ids[0]);
      g_assert_cmpint (sl_item_get_split (item_at (project, found->id)), ==, SL_SPLIT_TRAIN);
      g_assert_cmpfloat (found->likeness, <=, i > 0 ? found[-1].likeness : 1 + 1e-6);
    }
  g_clear_pointer (&nearest, g_array_unref);
  sl_project_set_item_split (project, &ids[1], 1, SL_SPLIT_VALID, NULL);
  nearest = ask_nearest (project, sl_item_get_path (one), &error);
  for (guint i = 0; i < nearest->len; i++) /* what does not teach explains nothing */
    g_assert_cmpint (g_array_index (nearest, SlNeighbour, i).id, !=, ids[1]);

  g_assert_true (g_file_set_contents (text, "no picture", -1, NULL));
  g_assert_null (ask_nearest (project, text, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
  g_clear_object (&project);
  fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  use_memory_for_files ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/similar/planted", test_planted);
  g_test_add_func ("/similar/all", test_all);
  g_test_add_func ("/similar/ties", test_ties);
  g_test_add_func ("/similar/few", test_few);
  g_test_add_func ("/similar/threads", test_threads);
  g_test_add_func ("/similar/stop", test_stop);
  g_test_add_func ("/similar/project", test_project);
  g_test_add_func ("/similar/kept", test_kept);
  g_test_add_func ("/similar/nearest", test_nearest);
  return g_test_run ();
}
