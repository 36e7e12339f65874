/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/staging.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "import-"

void
_sl_staging_remove (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf info;

      if (g_lstat (path, &info) == 0 && S_ISDIR (info.st_mode))
        _sl_staging_remove (path);
      else
        g_unlink (path);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (folder);
}

/* Folders are named import-PID-XXXXXX; those of processes that are gone are rubbish. */
static void
sweep (const char *parent)
{
  GDir *dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = NULL;
      gint64 pid;

      if (!g_str_has_prefix (name, PREFIX))
        continue;
      pid = g_ascii_strtoll (name + sizeof PREFIX - 1, NULL, 10);
      if (pid <= 0 || pid > G_MAXINT || kill ((pid_t)pid, 0) == 0 || errno != ESRCH)
        continue;
      path = g_build_filename (parent, name, NULL);
      _sl_staging_remove (path);
    }
  g_clear_pointer (&dir, g_dir_close);
}

char *
_sl_staging_new (GError **error)
{
  g_autofree char *parent = g_build_filename (g_get_user_cache_dir (), "slope", NULL);
  g_autofree char *folder = g_strdup_printf ("%s/" PREFIX "%d-XXXXXX", parent, (int)getpid ());

  if (g_mkdir_with_parents (parent, 0700) != 0 || (sweep (parent), g_mkdtemp (folder)) == NULL)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "No folder can be made in %s (%s): free some space or check its permissions",
                   parent, g_strerror (code));
      return NULL;
    }
  return g_steal_pointer (&folder);
}
