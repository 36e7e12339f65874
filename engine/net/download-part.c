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
#define HEAD_BYTES ((gsize)1 << 20)
#define SHA256_DIGITS 64

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

/* ---- The end */

static gboolean
set_other_file (SlPart *self, const char *kind, const char *found, const char *expected,
                const char *hint, GError **error)
{
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "%s at %s is not the file that was expected (its %s is %.8s…, not %.8s…): %s",
               self->shown, self->what->address, kind, found, expected, hint);
  _sl_part_begin (self, NULL, NULL);
  return FALSE;
}

static gboolean
check_head (SlPart *self, GError **error)
{
  g_autofree guint8 *head = g_malloc (HEAD_BYTES);
  g_autofree char *found = NULL;
  gsize size = 0;
  gssize n;

  if (self->what->head_md5 == NULL)
    return TRUE;
  while (size < HEAD_BYTES
         && (n = pread (self->fd, head + size, HEAD_BYTES - size, (off_t)size)) != 0)
    {
      if (n < 0 && errno != EINTR)
        return set_disk_error (self, errno, error);
      size += (gsize)MAX (n, 0);
    }
  found = g_compute_checksum_for_data (G_CHECKSUM_MD5, head, size);
  if (g_ascii_strcasecmp (found, self->what->head_md5) == 0)
    return TRUE;
  return set_other_file (self, "beginning's MD5", found, self->what->head_md5,
                         "try again later, or get it from elsewhere", error);
}

/* What an earlier download was; %NULL if there was none. */
static char *
read_remembered (const char *path)
{
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  text[strspn (text, "0123456789abcdefABCDEF")] = '\0';
  if (strlen (text) != SHA256_DIGITS)
    g_clear_pointer (&text, g_free);
  return text;
}

static gboolean
check_whole (SlPart *self, GError **error)
{
  const char *found = g_checksum_get_string (self->sha256);
  g_autofree char *note = g_strconcat (self->what->path, ".sha256", NULL);
  g_autofree char *before = NULL, *line = NULL, *hint = NULL;

  if (self->what->sha256 != NULL)
    return g_ascii_strncasecmp (found, self->what->sha256, strlen (self->what->sha256)) == 0
           || set_other_file (self, "SHA-256", found, self->what->sha256,
                              "try again later, or get it from elsewhere", error);
  if (!self->what->remember)
    return TRUE;
  before = read_remembered (note);
  if (before == NULL)
    {
      line = g_strdup_printf ("%s  %s\n", found, self->shown);
      g_file_set_contents (note, line, -1, NULL); /* else the next one is the first */
      return TRUE;
    }
  hint = g_strdup_printf ("it has changed since it was first downloaded; remove %s if that is well",
                          note);
  return g_ascii_strcasecmp (found, before) == 0
         || set_other_file (self, "SHA-256", found, before, hint, error);
}

gboolean
_sl_part_commit (SlPart *self, GError **error)
{
  if (!check_head (self, error) || !check_whole (self, error))
    return FALSE;
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
