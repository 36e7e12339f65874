/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/downloads.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <slope/source.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGITS 16 /* of an address's hash: enough that two never meet */
#define MOST_NAME 64

char *
_sl_downloads_dup_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "slope", "downloads", NULL);
}

/* "1a2b…": stands for @key, whatever characters that has. */
static char *
entry_name (const char *key)
{
  char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);

  hash[DIGITS] = '\0';
  return hash;
}

/* The end of @name in plain characters. */
static char *
plain_name (const char *name)
{
  gsize length = strlen (name);
  char *plain = g_strdup (name + (length > MOST_NAME ? length - MOST_NAME : 0));

  g_strcanon (plain, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-+", '_');
  if (plain[0] == '.')
    plain[0] = '_';
  return plain;
}

char *
_sl_downloads_dup_path (const char *address)
{
  g_autofree char *folder = _sl_downloads_dup_folder ();
  g_autofree char *entry = entry_name (address);
  g_autofree char *plain = g_strndup (address, strcspn (address, "?#"));
  const char *slash = strrchr (plain, '/');
  g_autofree char *name = plain_name (slash != NULL && slash[1] != '\0' ? slash + 1 : "archive");

  return g_build_filename (folder, entry, name, NULL);
}

char *
_sl_downloads_dup_pictures (const char *path)
{
  g_autofree char *folder = _sl_downloads_dup_folder ();
  g_autofree char *entry = entry_name (path);

  return g_build_filename (folder, entry, "pictures", NULL);
}

/* ---- The bound */

typedef struct
{
  char *path;
  guint64 n_bytes;
  gint64 used; /* seconds */
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->path);
  g_free (entry);
}

static guint64
measure (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  struct stat info;
  guint64 n_bytes;

  if (lstat (path, &info) != 0)
    return 0;
  n_bytes = (guint64)info.st_size;
  dir = S_ISDIR (info.st_mode) ? g_dir_open (path, 0, NULL) : NULL;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      n_bytes += measure (inside);
    }
  return n_bytes;
}

static gboolean
is_locked (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  gboolean locked = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;

  if (fd >= 0)
    close (fd);
  return locked;
}

/* What is just being written has a lock on it, or on a file inside. */
static gboolean
is_being_written (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  gboolean locked = dir == NULL && is_locked (path);
  const char *name;

  while (!locked && dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      locked = is_being_written (inside);
    }
  return locked;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  struct stat info;

  if (lstat (path, &info) == 0 && S_ISDIR (info.st_mode))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      remove_tree (inside);
    }
  g_remove (path);
}

static int
compare_used (gconstpointer a, gconstpointer b)
{
  const Entry *one = *(Entry *const *)a, *other = *(Entry *const *)b;

  return (one->used > other->used) - (one->used < other->used);
}

/* Checksums that were written at a first download stay: they are what later ones are held to. */
static GPtrArray *
list_entries (const char *folder, const char *keep)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat info;
      Entry *entry;

      if (g_str_has_suffix (name, ".sha256") || g_str_equal (keep, path)
          || lstat (path, &info) != 0)
        continue;
      entry = g_new (Entry, 1);
      /* Measuring a folder reads it: its time of access says nothing. */
      *entry = (Entry){ g_steal_pointer (&path), 0,
                        S_ISDIR (info.st_mode) ? info.st_mtime : info.st_atime };
      entry->n_bytes = measure (entry->path);
      g_ptr_array_add (entries, entry);
    }
  g_ptr_array_sort (entries, compare_used);
  return entries;
}

/* The time of a file's last change stays: it says how old an archive is. */
static void
mark (const char *path)
{
  struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_OMIT } };

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    times[1] = times[0];
  utimensat (AT_FDCWD, path, times, 0);
}

/* The entry of @folder that @path is or lies in. */
static char *
entry_of (const char *folder, const char *path)
{
  gsize length = strlen (folder) + 1;

  return g_strndup (path, length + strcspn (path + length, "/"));
}

void
_sl_downloads_use (const char *path)
{
  g_autofree char *folder = _sl_downloads_dup_folder ();
  g_autofree char *entry = entry_of (folder, path);
  g_autoptr (GPtrArray) entries = list_entries (folder, entry);
  guint64 n_bytes = 0;

  mark (entry);
  for (guint i = 0; i < entries->len; i++)
    n_bytes += ((const Entry *)entries->pdata[i])->n_bytes;
  for (guint i = 0; i < entries->len && n_bytes > SL_DOWNLOADS_MOST_BYTES; i++)
    {
      const Entry *oldest = entries->pdata[i];

      if (is_being_written (oldest->path))
        continue;
      n_bytes -= oldest->n_bytes;
      remove_tree (oldest->path);
    }
}
