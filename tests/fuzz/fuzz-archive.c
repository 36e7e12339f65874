/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as an archive: whatever comes out lies in the folder given, and within the bound. */
#include "dataset/archive.h"
#include "dataset/scan.h"
#include "dataset/staging.h"
#include "fuzz.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_BYTES (4 << 20)

/* Bytes of the regular files under @folder; nothing else may be there. */
static guint64
measure (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint64 bytes = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf info;

      g_assert_cmpint (g_lstat (path, &info), ==, 0);
      g_assert_true (S_ISDIR (info.st_mode) || S_ISREG (info.st_mode));
      bytes += S_ISDIR (info.st_mode) ? measure (path) : (guint64)info.st_blocks * 512;
    }
  return bytes;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *top = g_dir_make_tmp ("slope-fuzz-XXXXXX", NULL);
  g_autofree char *archive = g_build_filename (top, "archive", NULL);
  g_autofree char *out = g_build_filename (top, "out", NULL);
  g_autoptr (GPtrArray) skipped = g_ptr_array_new_with_free_func (_sl_skipped_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  guint entries = 0;

  g_assert_true (g_file_set_contents (archive, (const char *)data, (gssize)size, NULL));
  g_assert_cmpint (g_mkdir (out, 0700), ==, 0);
  if (!_sl_archive_extract (archive, out, skipped, MAX_BYTES, NULL, NULL, NULL, &error))
    g_assert_nonnull (error);
  g_assert_cmpuint (measure (out), <=, 2 * MAX_BYTES);
  dir = g_dir_open (top, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    entries++;
  g_assert_cmpuint (entries, ==, 2); /* the archive and the folder: nothing escaped */
  _sl_staging_remove (top);
  return 0;
}
