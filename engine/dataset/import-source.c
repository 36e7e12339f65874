/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/import-source.h"
#include "dataset/archive.h"
#include "dataset/scan.h"
#include "dataset/source-fetch.h"
#include "dataset/staging.h"

#include <glib/gstdio.h>
#include <slope/addresses.h>
#include <slope/source.h>
#include <string.h>

/* "~/x" and "file:///x" come from hands and from drops. */
static char *
local_path (const char *source)
{
  g_autofree char *path = NULL;

  if (g_str_has_prefix (source, "file:"))
    path = g_filename_from_uri (source, NULL, NULL);
  else if (source[0] == '~' && (source[1] == '/' || source[1] == '\0'))
    path = g_build_filename (g_get_home_dir (), source + 1, NULL);
  return g_canonicalize_filename (path ? path : source, NULL);
}

/* "Pictures/bears.tar.gz" → "bears". */
static char *
proposed_name (const char *path)
{
  static const char *const endings[] = { ".zip", ".tar.gz", ".tgz", ".tar" };
  g_autofree char *base = g_path_get_basename (path);
  char *name = _sl_display_name (base);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize length = strlen (name), tail = strlen (endings[i]);

      if (length > tail && g_ascii_strcasecmp (name + length - tail, endings[i]) == 0)
        {
          name[length - tail] = '\0';
          break;
        }
    }
  return name;
}

static gboolean
check_no_project (const char *folder, GError **error)
{
  g_autofree char *file = g_build_filename (folder, "project.db", NULL);
  g_autofree char *shown = g_filename_display_name (folder);

  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_EXISTS, "%s is a Slope project already: open it instead",
               shown);
  return FALSE;
}

/* A table among pictures stands for the folder that it lies in. */
static gboolean
open_table (SlImportSource *self, const char *path, GError **error)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *folder_name = NULL;

  self->folder = g_path_get_dirname (path);
  self->table = _sl_display_name (base);
  folder_name = g_path_get_basename (self->folder);
  self->name = _sl_display_name (folder_name);
  return check_no_project (self->folder, error);
}

/* "Texts/austen.txt" → "austen". */
static gboolean
open_text (SlImportSource *self, const char *path)
{
  g_autofree char *base = g_path_get_basename (path);

  self->text = g_strdup (path);
  self->folder = g_path_get_dirname (path);
  self->name = _sl_display_name (base);
  *strrchr (self->name, '.') = '\0';
  return TRUE;
}

static gboolean
open_path (SlImportSource *self, const char *path, GPtrArray *skipped, GCancellable *cancellable,
           SlProgressFunc progress, gpointer user_data, GError **error)
{
  gboolean is_table;

  if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && _sl_is_side_file (path, &is_table) && is_table)
    return open_table (self, path, error);
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && _sl_is_text_name (path))
    return open_text (self, path);
  self->name = proposed_name (path);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      self->folder = g_strdup (path);
      return check_no_project (path, error);
    }
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "%s does not exist: check the spelling, or that its disk is connected", shown);
      return FALSE;
    }
  self->staging = _sl_staging_new (error);
  self->folder = g_strdup (self->staging);
  return self->staging != NULL
         && _sl_archive_extract (path, self->staging, skipped, 0, cancellable, progress, user_data,
                                 error);
}

static gboolean
open_address_list (SlImportSource *self, const char *path, GPtrArray *skipped,
                   GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                   GError **error)
{
  self->name = sl_address_list_label_of (path);
  self->is_fetched = TRUE;
  self->folder = _sl_source_fetch_pictures (path, skipped, cancellable, progress, user_data, error);
  return self->folder != NULL;
}

/* The archive is kept, so that a second project does not fetch it again; unless it is none. */
static gboolean
open_web (SlImportSource *self, const char *text, GPtrArray *skipped, GCancellable *cancellable,
          SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autoptr (SlSource) source = sl_source_new (text, error);
  g_autoptr (GError) failure = NULL;
  const SlDataSet *set;

  if (source == NULL || !_sl_source_fetch_archive (source, cancellable, progress, user_data, error))
    return FALSE;
  self->name = g_strdup (source->name);
  self->staging = _sl_staging_new (error);
  if (self->staging == NULL)
    return FALSE;
  if (!_sl_archive_extract (source->download.path, self->staging, skipped, 0, cancellable, progress,
                            user_data, &failure))
    {
      if (g_error_matches (failure, SL_ERROR, SL_ERROR_FORMAT))
        g_unlink (source->download.path);
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  set = source->data_set;
  self->folder = g_build_filename (self->staging, set != NULL ? set->inside : NULL, NULL);
  if (!g_file_test (self->folder, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "%s has no folder %s in it: correct the catalogue, or import the archive itself",
                   source->name, set->inside);
      return FALSE;
    }
  self->task = g_strdup (set != NULL ? set->task : NULL);
  self->labels = g_strdup (set != NULL ? set->labels : NULL);
  self->split = g_strdup (set != NULL ? set->split : NULL);
  return TRUE;
}

gboolean
_sl_import_source_open (SlImportSource *self, const char *text, GPtrArray *skipped,
                        GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                        GError **error)
{
  g_autofree char *path = NULL;

  *self = (SlImportSource){ 0 };
  if (g_str_has_prefix (text, "sample:"))
    {
      self->name = g_strdup (text + strlen ("sample:"));
      self->staging = _sl_staging_new (error);
      self->folder = g_strdup (self->staging);
      return self->staging != NULL
             && sl_sample_write (self->name, self->staging, NULL, cancellable, progress, user_data,
                                 error);
    }
  if (sl_source_is_web (text))
    return open_web (self, text, skipped, cancellable, progress, user_data, error);
  path = local_path (text);
  if (sl_address_list_is (path))
    return open_address_list (self, path, skipped, cancellable, progress, user_data, error);
  return open_path (self, path, skipped, cancellable, progress, user_data, error);
}

void
_sl_import_source_clear (SlImportSource *self)
{
  if (self->staging != NULL)
    _sl_staging_remove (self->staging);
  g_clear_pointer (&self->staging, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->table, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->task, g_free);
  g_clear_pointer (&self->labels, g_free);
  g_clear_pointer (&self->split, g_free);
}
