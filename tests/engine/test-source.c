/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Imports whose pictures come from the web: archives, data sets of a catalogue, lists of addresses. */
#include "picture-files.h"
#include "server-fixture.h"

#include <slope/dataset.h>
#include <slope/source.h>
#include <utime.h>

typedef struct
{
  ServerFixture server;
  char *folder; /* of the test; the cache is its "cache" */
  GMainLoop *loop;
  GCancellable *cancellable;
  SlImport *import;
  GError *error;
  gsize done, total;
} Fixture;

static char *cache; /* of all tests: GLib reads its place once */

static void
set_up (Fixture *self, gconstpointer data)
{
  server_fixture_set_up (&self->server);
  self->folder = picture_files_new_folder ();
  self->loop = g_main_loop_new (NULL, FALSE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *downloads = g_build_filename (cache, "slope", "downloads", NULL);

  g_clear_pointer (&self->import, sl_import_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_main_loop_unref (self->loop);
  server_fixture_tear_down (&self->server);
  picture_files_remove (self->folder);
  picture_files_remove (downloads);
  g_unsetenv ("SLOPE_CATALOGUE");
  g_free (self->folder);
}

static void
note_progress (gsize done, gsize total, const char *what, gpointer data)
{
  Fixture *self = data;

  self->done = done;
  self->total = total;
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;

  self->import = sl_import_scan_finish (result, &self->error);
  g_main_loop_quit (self->loop);
}

static void
scan (Fixture *self, const char *source)
{
  g_clear_pointer (&self->import, sl_import_unref);
  g_clear_error (&self->error);
  self->server.n_requests = 0;
  sl_import_scan_async (source, NULL, self->cancellable, note_progress, self, scanned_cb, self);
  g_main_loop_run (self->loop);
  if (self->error != NULL)
    g_test_message ("%s", self->error->message);
  if (self->import != NULL)
    g_assert_cmpuint (sl_import_n_found (self->import), ==,
                      sl_import_n_items (self->import) + sl_import_n_skipped (self->import));
}

/* A .tar of pictures pets/images/cat_N.png and dog_N.png and of scribbles beside them, at @path. */
static GBytes *
serve_archive (Fixture *self, const char *path)
{
  g_autofree char *tar = g_build_filename (self->folder, "set.tgz", NULL);
  const char *argv[] = { "tar", "-C", self->folder, "-czf", tar, "pets", NULL };
  char *contents;
  gsize size;
  int status;
  GBytes *bytes;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *cat = g_strdup_printf ("pets/images/cat_%u.png", i);
      g_autofree char *dog = g_strdup_printf ("pets/images/dog_%u.png", i);
      g_autofree char *scribble = g_strdup_printf ("pets/scribbles/dog_%u.png", i);

      picture_files_make (self->folder, cat, "png", 12, 10, i);
      picture_files_make (self->folder, dog, "png", 12, 10, 10 + i);
      picture_files_make (self->folder, scribble, "png", 12, 10, 20 + i);
    }
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_get_contents (tar, &contents, &size, NULL));
  bytes = g_bytes_new_take (contents, size);
  g_hash_table_insert (self->server.files, g_strdup (path), bytes);
  return bytes;
}

static void
assert_failed (Fixture *self, int code, const char *says)
{
  g_assert_null (self->import);
  g_assert_error (self->error, SL_ERROR, code);
  g_assert_nonnull (strstr (self->error->message, says));
}

/* Fetched once, and used again for a day. */
static void
test_archive (Fixture *self, gconstpointer data)
{
  g_autofree char *address = g_strconcat (self->server.root, "/a/my%20pets.tgz?raw=1", NULL);
  g_autoptr (SlSource) source = NULL;
  struct utimbuf old = { 0, 0 };

  serve_archive (self, "/a/my pets.tgz");
  scan (self, address);
  g_assert_no_error (self->error);
  g_assert_cmpstr (sl_import_get_name (self->import), ==, "my pets");
  g_assert_true (sl_import_is_staged (self->import));
  g_assert_cmpuint (sl_import_n_items (self->import), ==, 12);
  g_assert_cmpuint (self->server.n_requests, ==, 1);
  scan (self, address);
  g_assert_cmpuint (self->server.n_requests, ==, 0);
  g_assert_cmpuint (sl_import_n_items (self->import), ==, 12);
  source = sl_source_new (address, NULL);
  g_assert_true (sl_source_is_here (source));
  old.actime = old.modtime = time (NULL) - 100000;
  g_assert_cmpint (utime (source->download.path, &old), ==, 0);
  scan (self, address);
  g_assert_cmpuint (self->server.n_requests, ==, 1);
}

/* A page in place of the archive is said to be none, and not kept. */
static void
test_no_archive (Fixture *self, gconstpointer data)
{
  g_autofree char *page = g_strconcat (self->server.root, "/page/pets.zip", NULL);
  g_autofree char *missing = g_strconcat (self->server.root, "/missing/pets.zip", NULL);
  g_autofree char *circle = g_strconcat (self->server.root, "/circle/pets.zip", NULL);

  scan (self, page);
  assert_failed (self, SL_ERROR_FORMAT, "pets.zip");
  scan (self, page);
  g_assert_cmpuint (self->server.n_requests, ==, 1);
  scan (self, missing);
  assert_failed (self, SL_ERROR_NETWORK, "404");
  scan (self, circle);
  assert_failed (self, SL_ERROR_NETWORK, "pets.zip");
  scan (self, "https://");
  assert_failed (self, SL_ERROR_FORMAT, "is no address");
}

/* @more: members of the entry besides */
static void
write_catalogue (Fixture *self, const char *more)
{
  g_autofree char *path = g_build_filename (self->folder, "catalogue.json", NULL);
  g_autofree char *text = g_strdup_printf (
      "{'format':1,'weights':[],'data':[{'id':'beasts','title':'Beasts','task':'classify',"
      "'licence':'CC0-1.0','address':'%s/set.tgz'%s}]}",
      self->server.root, more);

  g_strdelimit (text, "'", '"');
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_setenv ("SLOPE_CATALOGUE", path, TRUE);
}

/* It says which folder of the archive, which labels and which split. */
static void
test_data_set (Fixture *self, gconstpointer data)
{
  gsize size;
  GBytes *bytes = serve_archive (self, "/set.tgz");
  const guint8 *archive = g_bytes_get_data (bytes, &size);
  g_autofree char *md5 = g_compute_checksum_for_data (G_CHECKSUM_MD5, archive, size);
  g_autofree char *sums = g_strdup_printf (",'bytes':%" G_GSIZE_FORMAT ",'head_md5':'%s'", size,
                                           md5);
  g_autofree char *whole = g_strconcat (sums,
                                        ",'inside':'pets/images','labels':'regex:([a-z]+)_',"
                                        "'split':'random:0.5'",
                                        NULL);
  g_autoptr (SlCatalogue) catalogue = NULL;
  const SlDataSet *set;
  g_autofree char *note = NULL, *path = NULL;

  write_catalogue (self, whole);
  scan (self, "catalogue:beasts");
  g_assert_no_error (self->error);
  g_assert_cmpuint (sl_import_n_items (self->import), ==, 8);
  g_assert_cmpstr (sl_import_get_name (self->import), ==, "beasts");
  g_assert_cmpstr (sl_import_get_classes (self->import)[1], ==, "dog");
  g_assert_cmpint (sl_import_get_split (self->import)->kind, ==, SL_SPLIT_BY_RANDOM);
  g_assert_true (sl_import_is_staged (self->import));
  catalogue = sl_catalogue_load (NULL, NULL);
  set = sl_catalogue_get_data_set (catalogue, 0);
  g_assert_true (sl_data_set_is_here (set));
  path = sl_data_set_dup_path (set);
  note = g_strconcat (path, ".sha256", NULL);
  g_assert_true (g_file_test (note, G_FILE_TEST_EXISTS));
  scan (self, "catalogue:beasts");
  g_assert_cmpuint (self->server.n_requests, ==, 0);
  scan (self, "catalogue:birds");
  assert_failed (self, SL_ERROR_NOT_FOUND, "birds");
}

static void
test_other_data_set (Fixture *self, gconstpointer data)
{
  serve_archive (self, "/set.tgz");
  write_catalogue (self, ",'head_md5':'0123456789abcdef0123456789abcdef'");
  scan (self, "catalogue:beasts");
  assert_failed (self, SL_ERROR_FORMAT, "not 01234567");
  write_catalogue (self, ",'bytes':7");
  scan (self, "catalogue:beasts");
  assert_failed (self, SL_ERROR_FORMAT, "not 7");
  write_catalogue (self, ",'inside':'pets/sounds'");
  scan (self, "catalogue:beasts");
  assert_failed (self, SL_ERROR_FORMAT, "pets/sounds");
}

/* A task that this version cannot train: the archive can be fetched, but not imported. */
static void
test_unknown_task (Fixture *self, gconstpointer data)
{
  serve_archive (self, "/set.tgz");
  write_catalogue (self, "");
  {
    g_autofree char *path = g_build_filename (self->folder, "catalogue.json", NULL);
    g_autofree char *text = NULL;
    g_autoptr (GString) other = NULL;

    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    other = g_string_new (text);
    g_string_replace (other, "classify", "divine", 0);
    g_assert_true (g_file_set_contents (path, other->str, -1, NULL));
  }
  scan (self, "catalogue:beasts");
  assert_failed (self, SL_ERROR_UNSUPPORTED, "divine");
}

static void
test_addresses (Fixture *self, gconstpointer data)
{
  g_autofree char *black = g_strdup_printf ("%1$s/ok/1\n%1$s/ok/2\n%1$s/ok/2\n%1$s/missing/3\n",
                                            self->server.root);
  g_autofree char *teddy = g_strdup_printf ("%1$s/ok/4\n%1$s/ok/5\nfile:///etc/passwd\n",
                                            self->server.root);
  static const char *const skipped[] = { "urls_black.txt:3", "urls_black.txt:4",
                                         "urls_teddy.txt:3" };

  picture_files_write (self->folder, "urls_black.txt", black, strlen (black));
  picture_files_write (self->folder, "urls_teddy.txt", teddy, strlen (teddy));
  scan (self, self->folder);
  g_assert_no_error (self->error);
  g_assert_cmpuint (sl_import_n_found (self->import), ==, 7);
  g_assert_cmpuint (sl_import_n_items (self->import), ==, 4);
  g_assert_true (sl_import_is_staged (self->import));
  for (gsize k = 0; k < G_N_ELEMENTS (skipped); k++)
    {
      gboolean found = FALSE;

      for (gsize i = 0; i < sl_import_n_skipped (self->import); i++)
        found |= g_str_equal (sl_import_get_skipped (self->import, i)->path, skipped[k]);
      g_assert_true (found);
    }
  scan (self, self->folder);
  g_assert_cmpuint (self->server.n_requests, ==, 1); /* the missing one */
  g_assert_cmpuint (sl_import_n_items (self->import), ==, 4);
}

static void
test_no_picture (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("%1$s/missing/1\n%1$s/page/2\n", self->server.root);
  g_autofree char *path = g_build_filename (self->folder, "urls_black.txt", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  scan (self, path);
  assert_failed (self, SL_ERROR_NETWORK, "None of the 2 addresses");
}

static gboolean
cancel_cb (gpointer data)
{
  Fixture *self = data;

  if (self->server.held->len == 0)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_autofree char *address = g_strconcat (self->server.root, "/stall/pets.tgz", NULL);
  g_autofree char *text = g_strdup_printf ("%1$s/ok/1\n%1$s/stall-once/2\n", self->server.root);
  g_autofree char *list = g_build_filename (self->folder, "urls_black.txt", NULL);

  self->cancellable = g_cancellable_new ();
  g_timeout_add (5, cancel_cb, self);
  scan (self, address);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_assert_true (g_file_set_contents (list, text, -1, NULL));
  g_ptr_array_set_size (self->server.held, 0);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_timeout_add (5, cancel_cb, self);
  scan (self, list);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What was used longest ago goes when there is more than the bound; checksums stay. */
static void
test_room (Fixture *self, gconstpointer data)
{
  g_autofree char *downloads = g_build_filename (cache, "slope", "downloads", NULL);
  g_autofree char *address = g_strconcat (self->server.root, "/pets.tgz", NULL);
  static const char *const names[] = { "old.tgz", "newer.tgz", "old.tgz.sha256" };
  g_auto (GStrv) paths = g_new0 (char *, G_N_ELEMENTS (names) + 1);

  serve_archive (self, "/pets.tgz");
  g_assert_cmpint (g_mkdir_with_parents (downloads, 0755), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      struct utimbuf times = { time (NULL) - 1000 + 100 * (i % 2), 0 };
      FILE *file;

      paths[i] = g_build_filename (downloads, names[i], NULL);
      file = fopen (paths[i], "w");
      if (i < 2) /* with holes: they take no room here */
        g_assert_cmpint (ftruncate (fileno (file), (off_t)(SL_DOWNLOADS_MOST_BYTES / 4 * 3)), ==,
                         0);
      fclose (file);
      g_assert_cmpint (utime (paths[i], &times), ==, 0);
    }
  scan (self, address);
  g_assert_no_error (self->error);
  g_assert_false (g_file_test (paths[0], G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (paths[1], G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (paths[2], G_FILE_TEST_EXISTS));
}

#define TEST(name, func) g_test_add ("/engine/source/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int result;

  cache = picture_files_new_folder ();
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_setenv ("no_proxy", "127.0.0.1", TRUE);
  g_test_init (&argc, &argv, NULL);
  TEST ("archive", test_archive);
  TEST ("no-archive", test_no_archive);
  TEST ("data-set", test_data_set);
  TEST ("other-data-set", test_other_data_set);
  TEST ("unknown-task", test_unknown_task);
  TEST ("addresses", test_addresses);
  TEST ("no-picture", test_no_picture);
  TEST ("cancel", test_cancel);
  TEST ("room", test_room);
  result = g_test_run ();
  picture_files_remove (cache);
  g_free (cache);
  return result;
}
