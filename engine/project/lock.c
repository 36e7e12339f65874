/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "project/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>

#define RETRY_MS 20

int
sl_lock_open (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

  if (fd < 0)
    {
      int code = errno;
      g_autofree char *name = g_filename_display_name (path);

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "“%s” could not be made (%s): check the folder's permissions", name,
                   g_strerror (code));
    }
  return fd;
}

/* Owned by the open file, not by the process: two projects in one process exclude each other too.
 * One byte a kind. */
static gboolean
set_lock (int fd, SlLockKind kind, short type)
{
  struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = kind, .l_len = 1 };

  return fcntl (fd, F_OFD_SETLK, &lock) == 0;
}

static gboolean
wait_for_lock (int fd, SlLockKind kind, short type, guint wait_ms, const char *title,
               GError **error)
{
  for (guint waited = 0; !set_lock (fd, kind, type); waited += RETRY_MS)
    {
      if (waited >= wait_ms)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_BUSY,
                       "Another program is at work on “%s”: wait until it has finished, or stop "
                       "it there",
                       title);
          return FALSE;
        }
      g_usleep (RETRY_MS * 1000);
    }
  return TRUE;
}

gboolean
sl_lock_take (int fd, SlLockKind kind, guint wait_ms, const char *title, GError **error)
{
  return wait_for_lock (fd, kind, F_WRLCK, wait_ms, title, error);
}

gboolean
sl_lock_share (int fd, SlLockKind kind, guint wait_ms, const char *title, GError **error)
{
  return wait_for_lock (fd, kind, F_RDLCK, wait_ms, title, error);
}

void
sl_lock_release (int fd, SlLockKind kind)
{
  set_lock (fd, kind, F_UNLCK);
}
