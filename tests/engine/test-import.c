/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture-files.h"

#include <slope/dataset.h>

#include <unistd.h>

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = picture_files_new_folder ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  picture_files_remove (self->folder);
  g_free (self->folder);
}

static void
add (const Fixture *self, const char *name, guint seed)
{
  picture_files_make (self->folder, name, "png", 12, 10, seed);
}

static void
add_class (const Fixture *self, const char *folder, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%02u.png", folder, i);

      add (self, name, g_str_hash (name));
    }
}

static SlImport *
scan (const Fixture *self, const SlImportOptions *options)
{
  g_autoptr (GError) error = NULL;
  SlImport *import = sl_import_scan (self->folder, options, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sl_import_n_found (import), ==,
                    sl_import_n_items (import) + sl_import_n_skipped (import));
  return import;
}

static void
assert_fails (const char *source, const SlImportOptions *options, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_import_scan (source, options, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, code);
  g_assert_nonnull (strstr (error->message, word));
}

static const SlCandidate *
find (const SlImport *import, const char *rel_path)
{
  for (gsize i = 0; i < sl_import_n_items (import); i++)
    if (g_str_equal (sl_import_get_item (import, i)->rel_path, rel_path))
      return sl_import_get_item (import, i);
  g_error ("%s was not found", rel_path);
}

static const char *
reason_of (const SlImport *import, const char *path)
{
  for (gsize i = 0; i < sl_import_n_skipped (import); i++)
    if (g_str_equal (sl_import_get_skipped (import, i)->path, path))
      return sl_import_get_skipped (import, i)->reason;
  g_error ("%s was not skipped", path);
}

/* ---- Layouts */

static void
test_class_folders (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  const SlCandidate *item;

  add_class (self, "dog", 10);
  add_class (self, "cat", 20);
  add (self, "one more/only.png", 99);
  import = scan (self, NULL);
  g_assert_cmpuint (g_strv_length ((char **)sl_import_get_classes (import)), ==, 3);
  g_assert_cmpstr (sl_import_get_classes (import)[0], ==, "cat");
  g_assert_cmpstr (sl_import_get_classes (import)[2], ==, "one more");
  g_assert_cmpuint (sl_import_n_items (import), ==, 31);
  g_assert_cmpuint (sl_import_count (import, 0, SL_SPLIT_TRAIN), ==, 16);
  g_assert_cmpuint (sl_import_count (import, 0, SL_SPLIT_VALID), ==, 4);
  g_assert_cmpuint (sl_import_count (import, 1, SL_SPLIT_VALID), ==, 2);
  g_assert_cmpuint (sl_import_count (import, 2, SL_SPLIT_TRAIN), ==, 1);
  g_assert_false (sl_import_is_staged (import));
  g_assert_false (sl_import_has_parts (import, NULL));
  g_assert_true (sl_import_get_task (import) == &sl_task_classify);

  item = find (import, "dog/03.png");
  g_assert_cmpstr (item->target, ==, "dog");
  g_assert_null (item->part);
  g_assert_cmpint (item->info.width, ==, 12);
  g_assert_true (g_str_has_prefix (item->path, self->folder));
  g_assert_cmpint (item->bytes, >, 60);
}

static void
test_parts (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "valid", "val", "Validation" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      Fixture inner = { g_build_filename (self->folder, names[i], NULL) };
      g_autofree char *valid = g_strconcat ("data/", names[i], "/cat", NULL);
      g_autoptr (SlImport) import = NULL;
      const char *valid_name = NULL;

      add_class (&inner, "data/train/cat", 5);
      add_class (&inner, "data/train/dog", 5);
      add_class (&inner, valid, 3);
      add_class (&inner, "data/test", 2); /* without labels */
      import = scan (&inner, NULL);
      g_assert_true (sl_import_has_parts (import, &valid_name));
      g_assert_cmpstr (valid_name, ==, names[i]);
      g_assert_cmpuint (g_strv_length ((char **)sl_import_get_classes (import)), ==, 2);
      g_assert_cmpuint (sl_import_count (import, 0, SL_SPLIT_TRAIN), ==, 5);
      g_assert_cmpuint (sl_import_count (import, 0, SL_SPLIT_VALID), ==, 3);
      g_assert_cmpuint (sl_import_n_items (import), ==, 15);
      g_assert_null (find (import, "test/00.png")->target);
      g_assert_cmpint (find (import, "test/00.png")->split, ==, SL_SPLIT_TEST);
      g_assert_cmpstr (find (import, "train/cat/00.png")->part, ==, "train");
      g_free (inner.folder);
    }
}

/* A class may be called "train": vehicles have such a one. */
static void
test_train_is_a_class (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  add_class (self, "train", 4);
  add_class (self, "plane", 4);
  import = scan (self, NULL);
  g_assert_cmpstr (sl_import_get_classes (import)[1], ==, "train");
  g_assert_null (find (import, "train/00.png")->part);
}

static void
test_nested (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  add_class (self, "animals/cats/siamese", 3);
  add_class (self, "animals/dogs/poodle", 3);
  add (self, "animals/loose.png", 7);
  add_class (self, "plants", 3);
  import = scan (self, NULL);
  g_assert_cmpstr (sl_import_get_classes (import)[0], ==, "animals");
  g_assert_cmpstr (sl_import_get_classes (import)[2], ==, "poodle");
  g_assert_cmpstr (find (import, "animals/cats/siamese/00.png")->target, ==, "siamese");
}

static void
test_wrapped (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  add_class (self, "a/b/cat", 3);
  add_class (self, "a/b/dog", 3);
  add (self, "a/b/loose.png", 7);
  import = scan (self, NULL);
  g_assert_cmpstr (find (import, "cat/00.png")->target, ==, "cat");
  g_assert_null (find (import, "loose.png")->target);
  g_assert_cmpint (find (import, "loose.png")->split, ==, SL_SPLIT_TEST);
}

/* ---- What is in the way */

static void
test_unusable (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  g_autofree char *link = g_build_filename (self->folder, "cat", "gone.jpg", NULL);

  add_class (self, "cat", 3);
  add_class (self, "dog", 3);
  add (self, "dog/no-suffix", 50);
  picture_files_make (self->folder, "dog/real.jpg", "webp", 20, 20, 51);
  picture_files_write (self->folder, "cat/empty.JPG", "", 0);
  picture_files_write (self->folder, "cat/letter.jpg", "Dear aunt,\n", 11);
  picture_files_write (self->folder, "cat/short.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  picture_files_write (self->folder, "labels.csv", "a,b\n", 4);
  picture_files_write (self->folder, "cat/README", "BMP files are not here\n", 23);
  picture_files_write (self->folder, "cat/Thumbs.db", "x", 1);
  picture_files_write (self->folder, "cat/.hidden.jpg", "x", 1);
  picture_files_write (self->folder, "__MACOSX/cat/._00.png", "x", 1);
  g_assert_cmpint (symlink ("/nowhere/at/all.jpg", link), ==, 0);

  import = scan (self, NULL);
  g_assert_cmpuint (sl_import_n_items (import), ==, 8);
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 4);
  g_assert_cmpstr (reason_of (import, "cat/empty.JPG"), ==, "empty");
  g_assert_cmpstr (reason_of (import, "cat/letter.jpg"), ==, "a text file");
  g_assert_cmpstr (reason_of (import, "cat/short.png"), ==, "cut short");
  g_assert_cmpstr (reason_of (import, "cat/gone.jpg"), ==, "a link to nothing");
  g_assert_cmpstr (find (import, "dog/real.jpg")->info.format, ==, "WEBP");
  g_assert_cmpstr (find (import, "dog/no-suffix")->target, ==, "dog");
}

static void
test_links (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  g_autofree char *loop = g_build_filename (self->folder, "cat", "loop", NULL);
  g_autofree char *twin = g_build_filename (self->folder, "zebra", NULL);

  add_class (self, "cat", 3);
  add_class (self, "dog", 3);
  g_assert_cmpint (symlink ("..", loop), ==, 0);
  g_assert_cmpint (symlink ("dog", twin), ==, 0);
  import = scan (self, NULL);
  g_assert_cmpuint (sl_import_n_items (import), ==, 6);
}

static void
test_odd_names (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  add_class (self, "gr\303\274n", 2);
  add (self, "caf\351/a\nb c.png", 1); /* Latin-1 */
  add (self, "caf\350/'\"%s.png", 2);
  import = scan (self, NULL);
  g_assert_cmpuint (sl_import_n_items (import), ==, 4);
  g_assert_cmpstr (sl_import_get_classes (import)[0], ==, "caf\\xE8");
  g_assert_cmpstr (sl_import_get_classes (import)[1], ==, "caf\\xE9");
  g_assert_cmpstr (sl_import_get_classes (import)[2], ==, "gr\303\274n");
  g_assert_true (g_file_test (find (import, "caf\\xE9/a\nb c.png")->path, G_FILE_TEST_IS_REGULAR));
}

static void
test_twins (Fixture *self, gconstpointer data)
{
  for (guint64 seed = 0; seed < 12; seed++)
    {
      SlImportOptions options = { .split = { SL_SPLIT_BY_RANDOM, 0.4, NULL, seed } };
      g_autoptr (SlImport) import = NULL;

      add_class (self, "cat", 8);
      add_class (self, "dog", 8);
      add (self, "cat/one.png", 1234);
      add (self, "dog/two.png", 1234);
      import = scan (self, &options);
      g_assert_cmpint (find (import, "cat/one.png")->split, ==,
                       find (import, "dog/two.png")->split);
    }
}

/* ---- What is refused */

static void
test_refusals (Fixture *self, gconstpointer data)
{
  SlImportOptions by_magic = { .labels = (char *)"magic:(.*)_\\d+" };
  SlImportOptions by_folder = { .labels = (char *)"folder",
                                .split = { SL_SPLIT_BY_FOLDER, 0, (char *)"later", 0 } };
  g_autofree char *missing = g_build_filename (self->folder, "missing", NULL);

  assert_fails (self->folder, NULL, SL_ERROR_DATA, "no pictures");
  picture_files_write (self->folder, "cat/empty.jpg", "", 0);
  assert_fails (self->folder, NULL, SL_ERROR_DATA, "cat/empty.jpg: empty");
  add_class (self, "cat", 3);
  assert_fails (self->folder, NULL, SL_ERROR_DATA, "“cat”");
  assert_fails (self->folder, &by_magic, SL_ERROR_DATA, "regex:RE");
  add_class (self, "dog", 3);
  assert_fails (self->folder, &by_folder, SL_ERROR_NOT_FOUND, "later");
  assert_fails (missing, NULL, SL_ERROR_NOT_FOUND, "missing");
  assert_fails ("sample:zebras", NULL, SL_ERROR_NOT_FOUND, "sample:bears");
  picture_files_write (self->folder, "project.db", "", 0);
  assert_fails (self->folder, NULL, SL_ERROR_EXISTS, "open it instead");
}

static void
test_loose_pictures_only (Fixture *self, gconstpointer data)
{
  add_class (self, ".", 3);
  assert_fails (self->folder, NULL, SL_ERROR_DATA, "outside of any class folder");
}

static void
test_two_pictures (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  add_class (self, "cat", 1);
  add_class (self, "dog", 1);
  import = scan (self, NULL);
  g_assert_cmpint (sl_import_get_split (import)->kind, ==, SL_SPLIT_BY_NONE);
}

static void
test_set_split (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  SlSplitSpec spec = { SL_SPLIT_BY_STRATIFIED, 0.5, NULL, 3 };

  add_class (self, "cat", 10);
  add_class (self, "dog", 10);
  import = scan (self, NULL);
  g_assert_true (sl_import_set_split (import, &spec, NULL));
  g_assert_cmpuint (sl_import_count (import, 1, SL_SPLIT_VALID), ==, 5);
  g_assert_true (sl_import_set_split (import, sl_import_get_split (import), NULL));
  spec = (SlSplitSpec){ SL_SPLIT_BY_FOLDER, 0, (char *)"x", 0 };
  g_assert_false (sl_import_set_split (import, &spec, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_cmpuint (sl_import_count (import, 1, SL_SPLIT_VALID), ==, 5); /* as before */
}

/* ---- Progress, cancelling, the asynchronous pair */

typedef struct
{
  GCancellable *cancellable;
  GMainLoop *loop;
  GThread *thread; /* that progress must come on */
  gsize calls, last, total;
  SlImport *import;
  GError *error;
} Watch;

static void
note (gsize done, gsize total, const char *what, gpointer user_data)
{
  Watch *self = user_data;

  if (self->thread != NULL)
    g_assert_true (g_thread_self () == self->thread);
  g_assert_cmpuint (done, <=, total > 0 ? total : G_MAXSIZE);
  self->calls++;
  self->last = done;
  self->total = total;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Watch watch = { .cancellable = cancellable };

  add_class (self, "cat", 10);
  add_class (self, "dog", 10);
  g_assert_null (sl_import_scan (self->folder, NULL, cancellable, note, &watch, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (watch.calls, ==, 1);
}

static void
on_scanned (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Watch *self = user_data;

  self->import = sl_import_scan_finish (result, &self->error);
  g_main_loop_quit (self->loop);
}

static void
test_async (Fixture *self, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Watch watch = { .loop = loop, .thread = g_thread_self () };
  SlImportOptions options = { .labels = (char *)"folder" };

  add_class (self, "cat", 10);
  add_class (self, "dog", 10);
  sl_import_scan_async (self->folder, &options, NULL, note, &watch, on_scanned, &watch);
  g_main_loop_run (loop);
  g_assert_no_error (watch.error);
  g_assert_cmpuint (sl_import_n_items (watch.import), ==, 20);
  g_assert_cmpuint (watch.calls, >=, 1);
  g_assert_cmpuint (watch.last, ==, 20);
  sl_import_unref (watch.import);

  sl_import_scan_async ("sample:zebras", NULL, NULL, NULL, NULL, on_scanned, &watch);
  g_main_loop_run (loop);
  g_assert_error (watch.error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_null (watch.import);
  g_clear_error (&watch.error);
}

/* ---- Sample and real data */

static void
test_sample (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) import = sl_import_scan ("sample:bears", NULL, NULL, NULL, NULL, &error);
  g_autofree char *path = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (sl_import_n_items (import), ==, 300);
  g_assert_cmpstr (sl_import_get_name (import), ==, "bears");
  g_assert_true (sl_import_is_staged (import));
  path = g_strdup (sl_import_get_item (import, 17)->path);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_pointer (&import, sl_import_unref);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS)); /* the staging folder went with it */
}

static SlImport *
scan_shared (const char *name, GError **error)
{
  const char *shared = g_getenv ("SLOPE_SHARED");
  g_autofree char *path = shared ? g_build_filename (shared, "data", name, NULL) : NULL;

  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the shared data are not there");
      return NULL;
    }
  return sl_import_scan (path, NULL, NULL, NULL, NULL, error);
}

static void
test_shared_bears (void)
{
  g_autoptr (SlImport) import = scan_shared ("bears/bears.zip", NULL);
  guint webp = 0;

  if (import == NULL)
    return;
  for (gsize i = 0; i < sl_import_n_items (import); i++)
    {
      const SlCandidate *item = sl_import_get_item (import, i);

      webp += g_str_equal (item->info.format, "WEBP") && !g_str_has_suffix (item->path, ".webp");
    }
  g_assert_cmpuint (sl_import_n_items (import), ==, 128);
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 0);
  g_assert_cmpuint (g_strv_length ((char **)sl_import_get_classes (import)), ==, 3);
  g_assert_cmpuint (webp, ==, 19);
}

static void
test_shared_mnist (void)
{
  g_autoptr (SlImport) import = scan_shared ("mnist_tiny/mnist_tiny.tgz", NULL);
  gsize counts[3] = { 0 };

  if (import == NULL)
    return;
  for (gsize i = 0; i < sl_import_n_items (import); i++)
    counts[sl_import_get_item (import, i)->split]++;
  g_assert_cmpuint (counts[SL_SPLIT_TRAIN], ==, 709);
  g_assert_cmpuint (counts[SL_SPLIT_VALID], ==, 699);
  g_assert_cmpuint (counts[SL_SPLIT_TEST], ==, 20);
  g_assert_cmpstr (sl_import_get_name (import), ==, "mnist_tiny");
}

static void
test_shared_labels_in_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) import = scan_shared ("dogs_cats/dogs_cats.tgz", &error);

  g_assert_no_error (error);
  if (import == NULL)
    return;
  g_assert_cmpuint (sl_import_n_items (import), ==, 320);
  g_assert_cmpuint (g_strv_length ((char **)sl_import_get_classes (import)), ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpuint (sl_import_count (import, i, SL_SPLIT_TRAIN), ==, 128);
  g_assert_true (g_str_has_prefix (sl_import_get_understanding (import)->labels, "regex:"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add ("/import/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("class-folders", test_class_folders);
  ADD ("parts", test_parts);
  ADD ("train-is-a-class", test_train_is_a_class);
  ADD ("nested", test_nested);
  ADD ("wrapped", test_wrapped);
  ADD ("unusable", test_unusable);
  ADD ("links", test_links);
  ADD ("odd-names", test_odd_names);
  ADD ("twins", test_twins);
  ADD ("refusals", test_refusals);
  ADD ("loose-pictures-only", test_loose_pictures_only);
  ADD ("two-pictures", test_two_pictures);
  ADD ("set-split", test_set_split);
  ADD ("cancel", test_cancel);
  ADD ("async", test_async);
  g_test_add_func ("/import/sample", test_sample);
  g_test_add_func ("/import/shared/bears", test_shared_bears);
  g_test_add_func ("/import/shared/mnist", test_shared_mnist);
  g_test_add_func ("/import/shared/labels-in-names", test_shared_labels_in_names);
  return g_test_run ();
}
