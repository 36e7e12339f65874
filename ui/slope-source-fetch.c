/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-source-fetch.h"

#include "slope-files.h"

#include <glib/gi18n.h>

#define SAMPLE_PREFIX "sample:"

typedef struct
{
  char *source;
  SlSource *web; /* (nullable): nothing of the web */
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *self = data;

  g_clear_pointer (&self->web, sl_source_free);
  g_free (self->source);
  g_free (self);
}

static void
return_source (GTask *task)
{
  const Fetch *self = g_task_get_task_data (task);

  if (self->web != NULL)
    sl_source_use (self->web);
  g_task_return_pointer (task, g_strdup (self->source), g_free);
}

static void
downloaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (sl_download_finish (result, &error))
    return_source (task);
  else
    g_task_return_error (task, error);
}

gboolean
slope_source_is_to_fetch (const char *source)
{
  g_autoptr (SlSource) web = NULL;

  g_return_val_if_fail (source != NULL, FALSE);

  if (sl_source_is_web (source))
    web = sl_source_new (source, NULL);
  return web != NULL && !sl_source_is_here (web);
}

void
slope_source_fetch_async (const char *source, GCancellable *cancellable, SlDownloadFunc progress,
                          gpointer progress_data, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Fetch *self;
  GError *error = NULL;

  g_return_if_fail (source != NULL);

  self = g_new0 (Fetch, 1);
  self->source = g_strdup (source);
  if (sl_source_is_web (source))
    self->web = sl_source_new (source, &error);
  g_task_set_source_tag (task, slope_source_fetch_async);
  g_task_set_task_data (task, self, fetch_free);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (self->web == NULL || sl_source_is_here (self->web))
    return_source (task);
  else
    sl_download_async (&self->web->download, cancellable, progress, progress_data, downloaded_cb,
                       g_steal_pointer (&task));
}

char *
slope_source_fetch_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, slope_source_fetch_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Words */

char *
slope_source_for_display (const char *source)
{
  g_return_val_if_fail (source != NULL, NULL);

  if (g_str_has_prefix (source, SAMPLE_PREFIX)
      || g_str_has_prefix (source, g_get_user_cache_dir ()))
    return g_strdup ("");
  if (g_str_has_prefix (source, SL_SOURCE_CATALOGUE))
    {
      g_autoptr (SlSource) web = sl_source_new (source, NULL);

      return g_strdup (web != NULL ? web->data_set->title : "");
    }
  return sl_source_is_web (source) ? g_strdup (source) : slope_path_for_display (source);
}

const char *
slope_source_say_work (const char *source)
{
  g_return_val_if_fail (source != NULL, NULL);

  if (g_str_has_prefix (source, SAMPLE_PREFIX))
    return _ ("Drawing the Sample");
  if (sl_source_is_web (source))
    return _ ("Downloading");
  return sl_address_list_is (source) ? _ ("Fetching Pictures") : _ ("Looking at Every File");
}
