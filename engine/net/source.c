/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/downloads.h"

#include <glib/gstdio.h>
#include <slope/source.h>
#include <string.h>
#include <sys/stat.h>

#define DAY (24 * 60 * 60)

static gboolean
has_scheme (const char *text, const char *scheme)
{
  return g_ascii_strncasecmp (text, scheme, strlen (scheme)) == 0;
}

gboolean
sl_source_is_web (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);
  return has_scheme (text, "http://") || has_scheme (text, "https://")
         || g_str_has_prefix (text, SL_SOURCE_CATALOGUE);
}

/* "https://h.org/a/bears.tar.gz?raw=1" → "bears"; of one without a name, the host's. */
static char *
name_of_address (GUri *uri)
{
  static const char *const endings[] = { ".zip", ".tar.gz", ".tgz", ".tar" };
  g_autofree char *path = g_uri_unescape_string (g_uri_get_path (uri), NULL);
  const char *slash = path != NULL ? strrchr (path, '/') : NULL;
  char *name = g_strdup (slash != NULL && slash[1] != '\0' ? slash + 1 : g_uri_get_host (uri));
  gsize length = strlen (name);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize tail = strlen (endings[i]);

      if (length > tail && g_ascii_strcasecmp (name + length - tail, endings[i]) == 0)
        {
          name[length - tail] = '\0';
          break;
        }
    }
  return name;
}

static gboolean
open_address (SlSource *self, const char *address, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || host[0] == '\0')
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "“%s” is no address: copy it from the browser once more", address);
      return FALSE;
    }
  self->name = name_of_address (uri);
  self->download.address = g_strdup (address);
  self->download.path = _sl_downloads_dup_path (address);
  return TRUE;
}

static gboolean
open_data_set (SlSource *self, const char *id, GError **error)
{
  const SlDataSet *data_set;

  self->catalogue = sl_catalogue_load (NULL, error);
  if (self->catalogue == NULL)
    return FALSE;
  data_set = self->data_set = sl_catalogue_find_data_set (self->catalogue, id);
  if (data_set == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "The catalogue has no data set “%s”: see “slope-cli data list”", id);
      return FALSE;
    }
  self->name = g_strdup (id);
  self->download = sl_data_set_get_download (data_set, NULL);
  self->download.address = g_strdup (data_set->address);
  self->download.path = sl_data_set_dup_path (data_set);
  return TRUE;
}

SlSource *
sl_source_new (const char *text, GError **error)
{
  g_autoptr (SlSource) self = g_new0 (SlSource, 1);
  gboolean ok;

  g_return_val_if_fail (text != NULL, NULL);

  if (g_str_has_prefix (text, SL_SOURCE_CATALOGUE))
    ok = open_data_set (self, text + strlen (SL_SOURCE_CATALOGUE), error);
  else
    ok = open_address (self, text, error);
  return ok ? g_steal_pointer (&self) : NULL;
}

void
sl_source_free (SlSource *self)
{
  g_free ((char *)self->download.address);
  g_free ((char *)self->download.path);
  g_clear_pointer (&self->catalogue, sl_catalogue_free);
  g_free (self->name);
  g_free (self);
}

gboolean
sl_source_is_here (const SlSource *self)
{
  GStatBuf info;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->data_set != NULL)
    return sl_data_set_is_here (self->data_set);
  return g_stat (self->download.path, &info) == 0
         && g_get_real_time () / G_USEC_PER_SEC - info.st_mtime < DAY;
}

void
sl_source_use (const SlSource *self)
{
  g_return_if_fail (self != NULL);
  _sl_downloads_use (self->download.path);
}
