/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Files with a picture's suffix in @folder and below it, or with @texts those with ".txt"; hidden ones left out, in
 * the order in which a file manager shows them.  (transfer full): char *.  Any thread. */
GPtrArray *slope_picture_files_list        (GFile *folder, gboolean texts,
                                            GCancellable *cancellable, GError **error);
void       slope_picture_files_list_async  (GFile *folder, gboolean texts,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *slope_picture_files_list_finish (GAsyncResult *result, GError **error);

/* A file chooser's filter for the pictures, or the texts, that can be read. (transfer full) */
GtkFileFilter *slope_picture_files_filter_new (gboolean texts);

G_END_DECLS
