/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "project/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
set_errno (GError **error, int code, const char *what, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "“%s” could not be %s (%s): %s",
               name, what, g_strerror (code),
               code == ENOSPC ? "make room on the disk" : "check the folder's permissions");
  return FALSE;
}

gboolean
sl_file_exists (const char *path)
{
  struct stat st;

  return lstat (path, &st) == 0;
}

/* rename() that refuses to replace; 0 or errno. */
static int
rename_without_replacing (const char *from, const char *to)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;
  /* A file system without that flag: link() refuses to replace too. */
  if (link (from, to) == 0)
    return unlink (from) == 0 ? 0 : errno;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
    return errno;
  if (sl_file_exists (to))
    return EEXIST;
  return rename (from, to) == 0 ? 0 : errno;
}

static gboolean
sync_file (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean ok = fd >= 0 && fsync (fd) == 0;
  int code = errno;

  if (fd >= 0)
    close (fd);
  return ok || set_errno (error, code, "written", path);
}

void
sl_file_sync_folder (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  /* Some file systems cannot sync a folder: then there is nothing better to do. */
  if (fsync (fd) != 0)
    g_debug ("Could not sync “%s”: %s", folder, g_strerror (errno));
  close (fd);
}

/* Under the final name only when whole, and if @durable on the disk. */
gboolean
sl_file_copy (const char *from, const char *to, gboolean durable, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (to);
  g_autofree char *base = g_path_get_basename (to);
  g_autofree char *aside = g_strdup_printf ("%s/.%s.partial", folder, base);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (aside);
  int code;

  if (!g_file_copy (source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL,
                    NULL, NULL, error))
    {
      g_autofree char *name = g_filename_display_name (from);

      g_prefix_error (error, "“%s” could not be copied: ", name);
      g_unlink (aside);
      return FALSE;
    }
  if (durable && !sync_file (aside, error))
    {
      g_unlink (aside);
      return FALSE;
    }
  code = rename_without_replacing (aside, to);
  if (code != 0)
    {
      g_unlink (aside);
      return set_errno (error, code, "written", to);
    }
  return TRUE;
}

gboolean
sl_file_link_or_copy (const char *from, const char *to, GError **error)
{
  if (link (from, to) == 0)
    return TRUE;
  return sl_file_copy (from, to, FALSE, error);
}

gboolean
sl_file_move (const char *from, const char *to, GError **error)
{
  int code = rename_without_replacing (from, to);

  if (code == 0)
    return TRUE;
  if (code != EXDEV)
    return set_errno (error, code, "moved", from);
  if (!sl_file_copy (from, to, TRUE, error))
    return FALSE;
  if (g_unlink (from) != 0)
    {
      code = errno;
      /* Not a move if the original stays: take the copy back. */
      g_unlink (to);
      return set_errno (error, code, "moved", from);
    }
  return TRUE;
}

gboolean
sl_file_same_bytes (const char *a, const char *b)
{
  g_autoptr (GMappedFile) map_a = g_mapped_file_new (a, FALSE, NULL);
  g_autoptr (GMappedFile) map_b = g_mapped_file_new (b, FALSE, NULL);
  gsize n;

  if (map_a == NULL || map_b == NULL)
    return FALSE;
  n = g_mapped_file_get_length (map_a);
  return n == g_mapped_file_get_length (map_b)
         && (n == 0
             || memcmp (g_mapped_file_get_contents (map_a), g_mapped_file_get_contents (map_b), n)
                    == 0);
}

char *
sl_file_free_name (const char *folder, const char *base, GHashTable *taken)
{
  const char *dot = strrchr (base, '.');
  int stem = dot != NULL && dot != base ? (int)(dot - base) : (int)strlen (base);

  for (guint i = 1;; i++)
    {
      g_autofree char *name = i == 1 ? g_strdup (base)
                                     : g_strdup_printf ("%.*s-%u%s", stem, base, i, base + stem);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if ((taken != NULL && g_hash_table_contains (taken, path)) || sl_file_exists (path))
        continue;
      if (taken != NULL)
        g_hash_table_add (taken, g_strdup (path));
      return g_steal_pointer (&path);
    }
}

gboolean
sl_file_remove_tree (const char *path, GError **error)
{
  struct stat st;

  if (lstat (path, &st) != 0)
    return errno == ENOENT || set_errno (error, errno, "removed", path);
  if (S_ISDIR (st.st_mode))
    {
      g_autoptr (GDir) dir = g_dir_open (path, 0, error);
      const char *name;

      if (dir == NULL)
        return FALSE;
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          if (!sl_file_remove_tree (child, error))
            return FALSE;
        }
    }
  return g_remove (path) == 0 || set_errno (error, errno, "removed", path);
}

char *
sl_path_to_stored (const char *project_folder, const char *absolute)
{
  g_autofree char *parent = g_path_get_dirname (project_folder);
  gsize inside = strlen (project_folder), beside = strlen (parent);

  if (g_str_has_prefix (absolute, project_folder) && absolute[inside] == '/')
    return g_strdup (absolute + inside + 1);
  if (beside > 1 && g_str_has_prefix (absolute, parent) && absolute[beside] == '/')
    return g_build_filename ("..", absolute + beside + 1, NULL);
  return g_strdup (absolute);
}

char *
sl_path_from_stored (const char *project_folder, const char *stored)
{
  return g_canonicalize_filename (stored, project_folder);
}
