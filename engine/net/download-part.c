/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/download-part.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BLOCK (256 << 10)

static gboolean
set_disk_error (const SlPart *self, int code, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->what->path);
  g_autofree char *where = g_filename_display_name (folder);

  if (code == ENOSPC || code == EDQUOT || code == EFBIG)
    g_set_error (error, SL_ERROR, SL_ERROR_FAILED,
                 "There is no room left for %s in %s: free some space and try again; what has "
                 "arrived is kept",
                 self->shown, where);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_FAILED,
                 "%s cannot be written into %s (%s): check the folder's permissions", self->shown,
                 where, g_strerror (code));
  return FALSE;
}

/* ---- Opening */

/* Whether the open file is still the one with that name: another may just have finished it. */
static gboolean
is_still_there (const SlPart *self)
{
  struct stat open_file, named;

  return fstat (self->fd, &open_file) == 0 && g_stat (self->path, &named) == 0
         && open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

static gboolean
open_locked (SlPart *self, GError **error)
{
  for (;;)
    {
      self->fd = g_open (self->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
      if (self->fd < 0)
        return set_disk_error (self, errno, error);
      if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
        {
          int code = errno;

          close (self->fd);
          self->fd = -1;
          if (code != EWOULDBLOCK)
            return set_disk_error (self, code, error);
          g_set_error (error, SL_ERROR, SL_ERROR_BUSY,
                       "%s is being downloaded already: wait until that is done", self->shown);
          return FALSE;
        }
      if (is_still_there (self))
        return TRUE;
      close (self->fd);
    }
}

/* The mark of the version that the part begins, if it is of the same address. */
static char *
read_validator (const SlPart *self)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (self->from, &text, NULL, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", 3);
  if (g_strv_length (lines) < 2 || !g_str_equal (lines[0], self->what->address)
      || lines[1][0] == '\0')
    return NULL;
  return g_strdup (lines[1]);
}

/* Adds what is there to the checksum. */
static gboolean
read_again (SlPart *self, GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  gssize n;

  while ((n = read (self->fd, block, BLOCK)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_disk_error (self, errno, error);
      g_checksum_update (self->sha256, block, n);
      self->done += (guint64)n;
    }
  return TRUE;
}

gboolean
_sl_part_open (SlPart *self, const SlDownload *what, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (what->path);

  *self = (SlPart){ .what = what,
                    .shown = g_filename_display_basename (what->path),
                    .path = g_strconcat (what->path, ".part", NULL),
                    .from = g_strconcat (what->path, ".part.from", NULL),
                    .fd = -1,
                    .sha256 = g_checksum_new (G_CHECKSUM_SHA256) };
  if (g_mkdir_with_parents (folder, 0755) != 0)
    return set_disk_error (self, errno, error);
  if (!open_locked (self, error))
    return FALSE;
  self->validator = read_validator (self);
  return self->validator != NULL ? read_again (self, error) : _sl_part_begin (self, NULL, error);
}

gboolean
_sl_part_begin (SlPart *self, const char *validator, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *copy = g_strdup (validator);

  g_free (self->validator);
  self->validator = g_steal_pointer (&copy);
  self->done = 0;
  g_checksum_reset (self->sha256);
  if (ftruncate (self->fd, 0) != 0 || lseek (self->fd, 0, SEEK_SET) != 0)
    return set_disk_error (self, errno, error);
  g_unlink (self->from);
  if (self->validator == NULL)
    return TRUE;
  text = g_strdup_printf ("%s\n%s\n", self->what->address, self->validator);
  if (!g_file_set_contents (self->from, text, -1, NULL)) /* then the next attempt begins anew */
    g_clear_pointer (&self->validator, g_free);
  return TRUE;
}

/* ---- Writing */

gboolean
_sl_part_has_room (const SlPart *self, guint64 n, GError **error)
{
  struct statvfs info;

  if (fstatvfs (self->fd, &info) != 0 || (guint64)info.f_bavail * info.f_frsize >= n)
    return TRUE;
  return set_disk_error (self, ENOSPC, error);
}

gboolean
_sl_part_write (SlPart *self, const guint8 *data, gsize n, GError **error)
{
  while (n > 0)
    {
      gssize written = write (self->fd, data, n);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return set_disk_error (self, errno, error);
      g_checksum_update (self->sha256, data, written);
      self->done += (guint64)written;
      data += written;
      n -= (gsize)written;
    }
  return TRUE;
}

gboolean
_sl_part_commit (SlPart *self, GError **error)
{
  const char *expected = self->what->sha256;
  const char *found = g_checksum_get_string (self->sha256);

  if (expected != NULL && g_ascii_strncasecmp (found, expected, strlen (expected)) != 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "%s at %s is not the file that was expected (its SHA-256 is %.8s…, not %.8s…): "
                   "try again later, or get it from elsewhere",
                   self->shown, self->what->address, found, expected);
      _sl_part_begin (self, NULL, NULL);
      return FALSE;
    }
  if (fsync (self->fd) != 0 || g_rename (self->path, self->what->path) != 0)
    return set_disk_error (self, errno, error);
  g_unlink (self->from);
  return TRUE;
}

void
_sl_part_close (SlPart *self)
{
  if (self->fd >= 0 && self->done == 0)
    {
      g_unlink (self->path);
      g_unlink (self->from);
    }
  if (self->fd >= 0)
    close (self->fd);
  g_checksum_free (self->sha256);
  g_free (self->validator);
  g_free (self->from);
  g_free (self->path);
  g_free (self->shown);
}
