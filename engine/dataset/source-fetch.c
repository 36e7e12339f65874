/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/source-fetch.h"
#include "dataset/scan.h"
#include "net/downloads.h"

#include <slope/addresses.h>

/* ---- Archives */

typedef struct
{
  SlProgressFunc func;
  gpointer user_data;
  const char *name;
} Progress;

static void
tell_bytes (guint64 done, guint64 total, double rate, gpointer data)
{
  const Progress *progress = data;

  progress->func ((gsize)done, (gsize)total, progress->name, progress->user_data);
}

gboolean
_sl_source_fetch_archive (const SlSource *source, GCancellable *cancellable,
                          SlProgressFunc progress, gpointer user_data, GError **error)
{
  Progress told = { progress, user_data, source->name };

  if (!sl_source_is_here (source)
      && !sl_download (&source->download, cancellable, progress != NULL ? tell_bytes : NULL, &told,
                       error))
    return FALSE;
  sl_source_use (source);
  return TRUE;
}

/* ---- Lists of addresses */

static void
skip (GPtrArray *skipped, const SlAddress *address)
{
  g_autofree char *place = g_strdup_printf ("%s:%u", address->file, address->line);

  g_ptr_array_add (skipped, _sl_skipped_new (place, address->reason));
}

static gboolean
check_report (const SlAddressReport *report, GCancellable *cancellable, GError **error)
{
  const SlAddress *first = report->failures->len > 0 ? report->failures->pdata[0] : NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (report->fetched + report->kept > 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_NETWORK,
               "None of the %u addresses gave a picture (line %u of %s: %s): check them in a "
               "browser, and the connection",
               report->asked, first->line, first->file, first->reason);
  return FALSE;
}

char *
_sl_source_fetch_pictures (const char *path, GPtrArray *skipped, GCancellable *cancellable,
                           SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autoptr (SlAddressList) list = sl_address_list_load (path, error);
  g_autofree char *folder = _sl_downloads_dup_pictures (path);
  g_autoptr (SlAddressReport) report = NULL;

  if (list == NULL)
    return NULL;
  report = sl_address_list_fetch (list, folder, NULL, cancellable, progress, user_data, error);
  _sl_downloads_use (folder);
  if (report == NULL || !check_report (report, cancellable, error))
    return NULL;
  for (guint i = 0; i < sl_address_list_n (list); i++)
    if (sl_address_list_get (list, i)->again)
      skip (skipped, sl_address_list_get (list, i));
  for (guint i = 0; i < report->failures->len; i++)
    skip (skipped, report->failures->pdata[i]);
  return g_steal_pointer (&folder);
}
