/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/source.h>

G_BEGIN_DECLS

/* What an import has to fetch before it can look.  @progress: bytes of an archive, addresses of a
 * list. */

/* @error: as sl_download() */
gboolean _sl_source_fetch_archive  (const SlSource *source, GCancellable *cancellable,
                                    SlProgressFunc progress, gpointer user_data, GError **error);
/* (transfer full) (nullable): the folder of the pictures of the list at @path, kept until its
 * project has them.  @skipped: receives #SlSkipped, "urls_black.txt:12", of addresses that gave none.
 * @error: %SL_ERROR_NETWORK: not one gave any; those of sl_address_list_load() and
 * sl_address_list_fetch(); %G_IO_ERROR_CANCELLED */
char    *_sl_source_fetch_pictures (const char *path, GPtrArray *skipped,
                                    GCancellable *cancellable, SlProgressFunc progress,
                                    gpointer user_data, GError **error);

G_END_DECLS
