/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* Whether that has to be downloaded before it can be imported. */
gboolean slope_source_is_to_fetch  (const char *source);
/* Before an import: downloads the archive that @source means (see <slope/source.h>), if it does and is
 * not here.  @progress: in this context.  @callback comes later in any case. */
void     slope_source_fetch_async  (const char *source, GCancellable *cancellable,
                                    SlDownloadFunc progress, gpointer progress_data,
                                    GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) (nullable): @source, which can be scanned now. */
char    *slope_source_fetch_finish (GAsyncResult *result, GError **error);

/* (transfer full): what is read, in words for a subtitle; "" where there is nothing to say. */
char    *slope_source_for_display  (const char *source);
/* What an import of it does first; translated. */
const char *slope_source_say_work  (const char *source);

G_END_DECLS
