/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is in a text file, as imports read it, sl_texts_read_file(): on a thread. */
void  slope_text_file_read_async  (const char *path, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
char *slope_text_file_read_finish (GAsyncResult *result, GError **error); /* (transfer full) */

G_END_DECLS
