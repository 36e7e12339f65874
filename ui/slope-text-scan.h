/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/* What is asked of all texts of a project, on a thread.  Both give a table from
 * SLOPE_SCAN_KEY() of items; the caller is told with no source.  (transfer full).  @error of both:
 * %G_IO_ERROR_CANCELLED, and as sl_texts_read(). */
#define SLOPE_SCAN_KEY(item) GSIZE_TO_POINTER (sl_item_get_id (item))

/* Those that say @wanted, in any case; all of them. */
void        slope_text_search_async  (SlProject *project, const char *wanted, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
GHashTable *slope_text_search_finish (GAsyncResult *result, GError **error);
/* How many words each has, GUINT_TO_POINTER(): slope_text_count_words(). */
void        slope_text_lengths_async  (SlProject *project, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
GHashTable *slope_text_lengths_finish (GAsyncResult *result, GError **error);

G_END_DECLS
