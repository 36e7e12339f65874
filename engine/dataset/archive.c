/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/archive.h"
#include "dataset/scan.h"
#include "pipeline/picture-format.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pictures are compressed already: more than this is a bomb. */
#define LEAST_BOUND (G_GUINT64_CONSTANT (2) << 30)
#define MOST_RATIO 100

typedef struct
{
  struct archive *archive;
  const char *folder;
  char *shown; /* file name for messages */
  GPtrArray *skipped;
  guint64 max_bytes;
  guint64 bytes;
  gint64 told;
} Unpacking;

static gboolean
set_damaged (const Unpacking *self, GError **error)
{
  const char *why = archive_error_string (self->archive);

  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "%s is damaged or cut short (%s): download or copy it again", self->shown,
               why ? why : "no more is known");
  return FALSE;
}

static gboolean
set_disk_error (const Unpacking *self, int code, GError **error)
{
  g_autofree char *where = g_filename_display_name (self->folder);

  g_set_error (error, SL_ERROR, SL_ERROR_FAILED,
               "%s cannot be unpacked into %s (%s): free some space there", self->shown, where,
               g_strerror (code));
  return FALSE;
}

static void
skip (Unpacking *self, const char *name, const char *reason)
{
  g_ptr_array_add (self->skipped, _sl_skipped_new (name, reason));
}

/* (transfer full) (nullable): @name without empty and "." parts; %NULL with *@reason where it
 * would lead out of the folder, %NULL without for clutter. */
static char *
safe_path (const char *name, const char **reason)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);
  g_autoptr (GString) path = g_string_new (NULL);

  *reason = NULL;
  if (name[0] == '/')
    *reason = "an absolute path, which leads out of the archive";
  for (gsize i = 0; *reason == NULL && parts[i] != NULL; i++)
    {
      if (parts[i][0] == '\0' || g_str_equal (parts[i], "."))
        continue;
      if (g_str_equal (parts[i], ".."))
        *reason = "a path that leads out of the archive";
      else if (_sl_is_clutter (parts[i]))
        return NULL;
      if (path->len > 0)
        g_string_append_c (path, '/');
      g_string_append (path, parts[i]);
    }
  if (*reason != NULL || path->len == 0)
    return NULL;
  return g_string_free (g_steal_pointer (&path), FALSE);
}

static gboolean
write_all (int fd, const guint8 *data, gsize size, guint64 offset)
{
  while (size > 0)
    {
      gssize n = pwrite (fd, data, size, (off_t)offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      size -= n;
      offset += n;
    }
  return TRUE;
}

/* Opens for writing, below folders that we made ourselves: no link can lie on the way.  -1 with
 * *@reason for an entry that must be left out; -1 without when the disk refuses. */
static int
create_file (const Unpacking *self, const char *path, const char **reason)
{
  g_autofree char *parent = g_path_get_dirname (path);
  int fd = -1;

  *reason = NULL;
  if (g_mkdir_with_parents (parent, 0700) == 0)
    fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd >= 0)
    return fd;
  if (errno == EEXIST || errno == ENOTDIR || errno == EISDIR)
    *reason = "there twice in the archive";
  else if (errno == ENAMETOOLONG)
    *reason = "a name that is too long";
  return -1;
}

static gboolean
is_wanted (const char *path, const void *data, gsize size)
{
  const char *kind;
  gboolean is_table;

  return sl_picture_format_is_suffix (path) || _sl_is_side_file (path, &is_table)
         || sl_picture_format_find (data, size, &kind) != NULL;
}

/* Copies the data of the current entry from its first block on. */
static gboolean
copy_blocks (Unpacking *self, int fd, const void *block, gsize size, gint64 offset,
             GCancellable *cancellable, GError **error)
{
  int result = ARCHIVE_OK;

  while (result >= ARCHIVE_WARN && result != ARCHIVE_EOF)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      self->bytes += size;
      /* Holes in sparse entries count too: what is read back must fit. */
      if (self->bytes > self->max_bytes || offset < 0 || (guint64)offset > self->max_bytes)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                       "%s holds far more than an archive of pictures does: unpack it yourself "
                       "if you trust it, then import the folder",
                       self->shown);
          return FALSE;
        }
      if (!write_all (fd, block, size, offset))
        return set_disk_error (self, errno, error);
      result = archive_read_data_block (self->archive, &block, &size, &offset);
    }
  return result == ARCHIVE_EOF ? TRUE : set_damaged (self, error);
}

static gboolean
unpack_file (Unpacking *self, const char *name, const char *rel_path, GCancellable *cancellable,
             GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, rel_path, NULL);
  const void *block = NULL;
  gsize size = 0;
  gint64 offset = 0;
  const char *reason;
  int result = archive_read_data_block (self->archive, &block, &size, &offset);
  gboolean ok = TRUE;
  int fd;

  if (result < ARCHIVE_WARN)
    return set_damaged (self, error);
  if (result == ARCHIVE_EOF)
    size = 0;
  if (!is_wanted (rel_path, block, size))
    return TRUE;
  fd = create_file (self, path, &reason);
  if (fd < 0 && reason == NULL)
    return set_disk_error (self, errno, error);
  if (fd < 0)
    {
      skip (self, name, reason);
      return TRUE;
    }
  if (result != ARCHIVE_EOF)
    ok = copy_blocks (self, fd, block, size, offset, cancellable, error);
  if (close (fd) != 0 && ok)
    ok = set_disk_error (self, errno, error);
  return ok;
}

static gboolean
unpack_entry (Unpacking *self, struct archive_entry *entry, GCancellable *cancellable,
              GError **error)
{
  const char *name = archive_entry_pathname_utf8 (entry);
  g_autofree char *rel_path = NULL;
  const char *reason;

  if (name == NULL)
    name = archive_entry_pathname (entry);
  if (name == NULL || archive_entry_filetype (entry) == AE_IFDIR)
    return TRUE;
  if (archive_entry_is_encrypted (entry))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "%s is locked by a password: unpack it yourself, then import the folder",
                   self->shown);
      return FALSE;
    }
  rel_path = safe_path (name, &reason);
  if (reason == NULL && rel_path != NULL
      && (archive_entry_hardlink (entry) != NULL || archive_entry_symlink (entry) != NULL))
    reason = "a link, which archives may not bring";
  else if (reason == NULL && rel_path != NULL && archive_entry_filetype (entry) != AE_IFREG)
    reason = "not a file";
  if (reason != NULL)
    skip (self, name, reason);
  if (reason != NULL || rel_path == NULL)
    return TRUE;
  return unpack_file (self, name, rel_path, cancellable, error);
}

static gboolean
unpack_all (Unpacking *self, guint64 total, GCancellable *cancellable, SlProgressFunc progress,
            gpointer user_data, GError **error)
{
  struct archive_entry *entry;
  int result;

  while ((result = archive_read_next_header (self->archive, &entry)) != ARCHIVE_EOF)
    {
      gint64 now = g_get_monotonic_time ();

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (result < ARCHIVE_WARN)
        return set_damaged (self, error);
      if (!unpack_entry (self, entry, cancellable, error))
        return FALSE;
      if (progress != NULL && now - self->told >= G_USEC_PER_SEC / 30)
        {
          self->told = now;
          progress (archive_filter_bytes (self->archive, -1), total, self->shown, user_data);
        }
    }
  return TRUE;
}

gboolean
_sl_archive_extract (const char *path, const char *folder, GPtrArray *skipped, guint64 max_bytes,
                     GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                     GError **error)
{
  g_autofree char *shown = g_filename_display_basename (path);
  Unpacking self = { archive_read_new (), folder, shown, skipped, max_bytes, 0, 0 };
  GStatBuf info = { 0 };
  gboolean ok;

  archive_read_support_format_zip (self.archive);
  archive_read_support_format_tar (self.archive);
  archive_read_support_filter_gzip (self.archive);
  if (g_stat (path, &info) == 0 && max_bytes == 0)
    self.max_bytes = MAX (LEAST_BOUND, (guint64)info.st_size * MOST_RATIO);

  ok = S_ISREG (info.st_mode)
       && archive_read_open_filename (self.archive, path, 128 * 1024) == ARCHIVE_OK;
  if (ok)
    ok = unpack_all (&self, info.st_size, cancellable, progress, user_data, error);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                 "%s is no .zip or .tar.gz archive that can be opened: choose another file, or "
                 "unpack it and choose the folder",
                 shown);
  archive_read_free (self.archive);
  return ok;
}
