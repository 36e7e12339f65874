/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/archive.h"
#include "picture-files.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

typedef struct
{
  char *folder;  /* with the archive, and things that must not change */
  char *archive; /* its path */
  char *out;     /* where it is unpacked */
  GPtrArray *skipped;
  struct archive *writer;
} Fixture;

static void
skipped_free (gpointer data)
{
  SlSkipped *self = data;

  g_free (self->path);
  g_free (self->reason);
  g_free (self);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = picture_files_new_folder ();
  self->archive = g_build_filename (self->folder, "set.zip", NULL);
  self->out = g_build_filename (self->folder, "inner", "out", NULL);
  g_assert_cmpint (g_mkdir_with_parents (self->out, 0700), ==, 0);
  self->skipped = g_ptr_array_new_with_free_func (skipped_free);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->skipped);
  picture_files_remove (self->folder);
  g_free (self->folder);
  g_free (self->archive);
  g_free (self->out);
}

/* ---- Writing */

typedef enum
{
  ZIP,
  TAR,
  TAR_GZ,
  ZIP_LOCKED,
  N_KINDS
} Kind;

static void
begin (Fixture *self, Kind kind)
{
  self->writer = archive_write_new ();
  if (kind == ZIP || kind == ZIP_LOCKED)
    archive_write_set_format_zip (self->writer);
  else
    archive_write_set_format_pax_restricted (self->writer);
  if (kind == TAR_GZ)
    archive_write_add_filter_gzip (self->writer);
  if (kind == ZIP_LOCKED)
    {
      g_assert_cmpint (archive_write_set_options (self->writer, "zip:encryption=traditional"), ==,
                       ARCHIVE_OK);
      archive_write_set_passphrase (self->writer, "secret");
    }
  g_assert_cmpint (archive_write_open_filename (self->writer, self->archive), ==, ARCHIVE_OK);
}

static void
put (Fixture *self, const char *name, mode_t type, const char *link, gconstpointer data, gsize size)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, type);
  archive_entry_set_perm (entry, 0777);
  archive_entry_set_size (entry, (gint64)size);
  if (type == AE_IFLNK)
    archive_entry_set_symlink (entry, link);
  else if (link != NULL)
    archive_entry_set_hardlink (entry, link);
  g_assert_cmpint (archive_write_header (self->writer, entry), >=, ARCHIVE_WARN);
  if (size > 0)
    g_assert_cmpint (archive_write_data (self->writer, data, size), ==, size);
  archive_entry_free (entry);
}

static void
put_picture (Fixture *self, const char *name)
{
  g_autoptr (GdkPixbuf) pixbuf = picture_files_pixbuf (12, 10, g_str_hash (name));
  g_autoptr (GByteArray) bytes = picture_files_encode (pixbuf, "png");

  put (self, name, AE_IFREG, NULL, bytes->data, bytes->len);
}

static void
end (Fixture *self)
{
  g_assert_cmpint (archive_write_close (self->writer), ==, ARCHIVE_OK);
  archive_write_free (self->writer);
}

/* ---- Reading */

static gboolean
extract (Fixture *self, guint64 max_bytes, GError **error)
{
  return _sl_archive_extract (self->archive, self->out, self->skipped, max_bytes, NULL, NULL, NULL,
                              error);
}

static void
assert_fails (Fixture *self, guint64 max_bytes, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (extract (self, max_bytes, &error));
  g_assert_error (error, SL_ERROR, code);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_nonnull (strstr (error->message, "set.zip"));
}

static gboolean
is_out (const Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->out, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

/* Whatever was unpacked, nothing else in the folder has come or changed. */
static void
assert_nothing_escaped (const Fixture *self)
{
  g_autofree char *inner = g_build_filename (self->folder, "inner", NULL);
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  g_autoptr (GDir) inner_dir = g_dir_open (inner, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_equal (name, "set.zip") || g_str_equal (name, "inner"));
  while ((name = g_dir_read_name (inner_dir)) != NULL)
    g_assert_cmpstr (name, ==, "out");
  g_assert_false (g_file_test ("/slope-escaped.png", G_FILE_TEST_EXISTS));
}

static void
test_kinds (Fixture *self, gconstpointer data)
{
  for (Kind kind = ZIP; kind <= TAR_GZ; kind++)
    {
      g_autoptr (GError) error = NULL;

      begin (self, kind);
      put (self, "set/", AE_IFDIR, NULL, NULL, 0);
      put_picture (self, "set/cat/1.png");
      put_picture (self, "./set/dog//gr\303\274n 2");
      put (self, "set/labels.csv", AE_IFREG, NULL, "a,b\n", 4);
      put (self, "set/broken.jpg", AE_IFREG, NULL, "", 0);
      put (self, "__MACOSX/set/cat/._1.png", AE_IFREG, NULL, "x", 1);
      put (self, "set/.DS_Store", AE_IFREG, NULL, "x", 1);
      end (self);
      g_assert_true (extract (self, 0, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (self->skipped->len, ==, 0);
      g_assert_true (is_out (self, "set/cat/1.png"));
      g_assert_true (is_out (self, "set/dog/gr\303\274n 2")); /* a picture without a suffix */
      g_assert_true (is_out (self, "set/broken.jpg"));        /* to be listed as empty */
      g_assert_true (is_out (self, "set/labels.csv"));
      g_assert_false (is_out (self, "set/.DS_Store"));
      picture_files_remove (self->out);
      g_mkdir (self->out, 0700);
    }
}

static void
test_escapes (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "/slope-escaped.png",
                                       "../escaped.png",
                                       "../../escaped.png",
                                       "a/../../b.png",
                                       "a/b/../../../c.png",
                                       "set/../../../escaped.png",
                                       "..",
                                       "a/.." };

  for (Kind kind = ZIP; kind <= TAR; kind++)
    {
      begin (self, kind);
      for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        put_picture (self, names[i]);
      put_picture (self, "cat/..png"); /* odd but harmless: hidden */
      put_picture (self, "cat/a..b.png");
      end (self);
      g_ptr_array_set_size (self->skipped, 0);
      g_assert_true (extract (self, 0, NULL));
      g_assert_cmpuint (self->skipped->len, ==, G_N_ELEMENTS (names));
      for (guint i = 0; i < self->skipped->len; i++)
        {
          const SlSkipped *skipped = self->skipped->pdata[i];

          g_assert_cmpstr (skipped->path, ==, names[i]);
          g_assert_nonnull (strstr (skipped->reason, "leads out of the archive"));
        }
      g_assert_true (is_out (self, "cat/a..b.png"));
      assert_nothing_escaped (self);
      picture_files_remove (self->out);
      g_mkdir (self->out, 0700);
    }
}

/* A link to a folder outside, then a file "in" it: the classic. */
static void
test_links (Fixture *self, gconstpointer data)
{
  begin (self, TAR);
  put (self, "door", AE_IFLNK, self->folder, NULL, 0);
  put_picture (self, "door/through.png");
  put (self, "window.png", AE_IFLNK, "/etc/passwd", NULL, 0);
  put (self, "hard.png", AE_IFREG, "../../set.zip", NULL, 0);
  put (self, "pipe.png", AE_IFIFO, NULL, NULL, 0);
  put (self, "device.png", AE_IFCHR, NULL, NULL, 0);
  end (self);
  g_assert_true (extract (self, 0, NULL));
  g_assert_cmpuint (self->skipped->len, ==, 5);
  g_assert_true (is_out (self, "door/through.png")); /* in a folder of that name, not behind it */
  g_assert_false (is_out (self, "window.png"));
  g_assert_false (is_out (self, "hard.png"));
  assert_nothing_escaped (self);
}

static void
test_twice (Fixture *self, gconstpointer data)
{
  begin (self, TAR);
  put_picture (self, "cat/1.png");
  put_picture (self, "cat/1.png");
  put_picture (self, "cat/1.png/under.png");
  end (self);
  g_assert_true (extract (self, 0, NULL));
  g_assert_cmpuint (self->skipped->len, ==, 2);
  g_assert_true (is_out (self, "cat/1.png"));
}

static void
test_long_names (Fixture *self, gconstpointer data)
{
  g_autofree char *base = g_strnfill (300, 'x');
  g_autofree char *name = g_strconcat ("cat/", base, ".png", NULL);

  begin (self, TAR);
  put_picture (self, name);
  put_picture (self, "cat/1.png");
  end (self);
  g_assert_true (extract (self, 0, NULL));
  g_assert_cmpuint (self->skipped->len, ==, 1);
  g_assert_true (is_out (self, "cat/1.png"));
}

/* Ten megabytes of nothing in a few bytes. */
static void
test_bomb (Fixture *self, gconstpointer data)
{
  g_autofree guint8 *zeros = g_malloc0 (10 << 20);

  begin (self, TAR_GZ);
  put (self, "cat/1.png", AE_IFREG, NULL, zeros, 10 << 20);
  end (self);
  assert_fails (self, 1 << 20, SL_ERROR_DATA, "far more");
  picture_files_remove (self->out);
  g_mkdir (self->out, 0700);
  begin (self, ZIP);
  for (int i = 0; i < 10; i++)
    put (self, "cat/1.png", AE_IFREG, NULL, zeros, 1 << 20);
  put (self, "cat/2.png", AE_IFREG, NULL, zeros, 1 << 20);
  end (self);
  assert_fails (self, (1 << 20) + 1000, SL_ERROR_DATA, "far more");
}

static void
test_locked (Fixture *self, gconstpointer data)
{
  begin (self, ZIP_LOCKED);
  put_picture (self, "cat/1.png");
  end (self);
  assert_fails (self, 0, SL_ERROR_FORMAT, "password");
}

static void
test_not_an_archive (Fixture *self, gconstpointer data)
{
  static const char *const contents[] = { "", "Dear aunt,", "PK\003\004", "\x1f\x8b\x08" };

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (self->archive, contents[i], -1, NULL));
      g_assert_false (extract (self, 0, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
    }
}

static guint
count_whole (const Fixture *self)
{
  static const char *const names[] = { "cat/1.png", "cat/2.png" };
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->out, names[i], NULL);

      n += sl_picture_check (path, NULL, NULL);
    }
  return n;
}

/* Cut anywhere: an error, or, where only the list at the end is gone, all that was there.  A plain
 * .tar that ends between two files cannot be told from a whole one. */
static void
test_cut_short (Fixture *self, gconstpointer data)
{
  for (Kind kind = ZIP; kind <= TAR_GZ; kind++)
    {
      g_autofree char *whole = NULL;
      guint failures = 0;
      gsize size;

      begin (self, kind);
      put_picture (self, "cat/1.png");
      put_picture (self, "cat/2.png");
      end (self);
      g_assert_true (g_file_get_contents (self->archive, &whole, &size, NULL));
      for (gsize cut = 1; cut < size; cut += 1 + size / 97)
        {
          g_autoptr (GError) error = NULL;

          g_assert_true (g_file_set_contents (self->archive, whole, (gssize)cut, NULL));
          if (!extract (self, 0, &error))
            {
              g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
              failures++;
            }
          else if (count_whole (self) < (kind == TAR ? 1 : 2))
            g_error ("kind %d passes with %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes", kind,
                     cut, size);
          picture_files_remove (self->out);
          g_mkdir (self->out, 0700);
        }
      g_assert_cmpuint (failures, >, 10);
    }
}

static void
stop (gsize done, gsize total, const char *what, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  begin (self, ZIP);
  put_picture (self, "cat/1.png");
  put_picture (self, "cat/2.png");
  end (self);
  g_assert_false (_sl_archive_extract (self->archive, self->out, self->skipped, 0, cancellable,
                                       stop, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* As an import: skipped entries are counted, the staging folder goes with the import. */
static void
test_import (Fixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  begin (self, TAR_GZ);
  put_picture (self, "pets/cat/1.png");
  put_picture (self, "pets/cat/2.png");
  put_picture (self, "pets/dog/1.png");
  put_picture (self, "pets/dog/2.png");
  put_picture (self, "../evil.png");
  put (self, "pets/dog/3.jpg", AE_IFREG, NULL, "", 0);
  end (self);
  import = sl_import_scan (self->archive, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sl_import_get_name (import), ==, "set");
  g_assert_cmpuint (sl_import_n_items (import), ==, 4);
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 2);
  g_assert_cmpuint (sl_import_n_found (import), ==, 6);
  g_assert_cmpstr (sl_import_get_item (import, 0)->rel_path, ==, "cat/1.png");
  g_assert_true (sl_import_is_staged (import));
  path = g_strdup (sl_import_get_item (import, 0)->path);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_pointer (&import, sl_import_unref);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) \
  g_test_add ("/archive/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("kinds", test_kinds);
  ADD ("escapes", test_escapes);
  ADD ("links", test_links);
  ADD ("twice", test_twice);
  ADD ("long-names", test_long_names);
  ADD ("bomb", test_bomb);
  ADD ("locked", test_locked);
  ADD ("not-an-archive", test_not_an_archive);
  ADD ("cut-short", test_cut_short);
  ADD ("cancelled", test_cancelled);
  ADD ("import", test_import);
  return g_test_run ();
}
