/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the files of the catalogue lie on this machine. */
#include "net/downloads.h"

#include <glib/gstdio.h>
#include <slope/catalogue.h>

/* Whether it is a file, and of this size; 0: of any. */
static gboolean
is_file_of (const char *path, guint64 n_bytes)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 && S_ISREG (info.st_mode)
         && (n_bytes == 0 || (guint64)info.st_size == n_bytes);
}

/* ---- What comes with Slope */

#define OWN_FOLDER "slope"

/* (transfer full) (nullable): FOLDER/@name, if it is there. */
static char *
find_in (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : NULL;
}

/* A program that was moved with its data finds them. */
static char *
find_beside_program (const char *name)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *bin = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *folder = bin != NULL ? g_build_filename (bin, "..", "share", OWN_FOLDER, NULL)
                                        : NULL;

  return folder != NULL ? find_in (folder, name) : NULL;
}

char *
sl_own_file_dup_path (const char *name)
{
  const char *set = g_getenv ("SLOPE_DATA_DIR");
  char *path = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  if (set != NULL && set[0] != '\0')
    return find_in (set, name);
  path = find_beside_program (name);
  for (const char *const *at = g_get_system_data_dirs (); path == NULL && *at != NULL; at++)
    {
      g_autofree char *folder = g_build_filename (*at, OWN_FOLDER, NULL);

      path = find_in (folder, name);
    }
  return path;
}

/* ---- Weights: projects begin with them, so that they are data of the user */

char *
sl_weights_dup_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "slope", "weights", NULL);
}

char *
sl_weights_dup_path (const SlWeights *self)
{
  g_autofree char *folder = sl_weights_dup_folder ();

  g_return_val_if_fail (self != NULL, NULL);
  if (self->address == NULL)
    return sl_own_file_dup_path (self->file_name);
  return g_build_filename (folder, self->file_name, NULL);
}

gboolean
sl_weights_is_here (const SlWeights *self)
{
  g_autofree char *path = sl_weights_dup_path (self);

  return path != NULL && is_file_of (path, self->n_bytes);
}

SlDownload
sl_weights_get_download (const SlWeights *self, const char *path)
{
  return (SlDownload){ .address = self->address,
                       .path = path,
                       .sha256 = self->sha256,
                       .head_md5 = self->head_md5,
                       .n_bytes = self->n_bytes,
                       .remember = self->sha256 == NULL };
}

/* ---- Data sets: what is imported is copied, so that the archive can be fetched again */

char *
sl_data_set_dup_path (const SlDataSet *self)
{
  g_autofree char *folder = _sl_downloads_dup_folder ();

  g_return_val_if_fail (self != NULL, NULL);
  return g_build_filename (folder, self->file_name, NULL);
}

gboolean
sl_data_set_is_here (const SlDataSet *self)
{
  g_autofree char *path = sl_data_set_dup_path (self);

  return is_file_of (path, self->n_bytes);
}

SlDownload
sl_data_set_get_download (const SlDataSet *self, const char *path)
{
  return (SlDownload){ .address = self->address,
                       .path = path,
                       .sha256 = self->sha256,
                       .head_md5 = self->head_md5,
                       .n_bytes = self->n_bytes,
                       .remember = self->sha256 == NULL };
}
