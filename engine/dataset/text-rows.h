/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/text-stream.h"

G_BEGIN_DECLS

/* One row of a table that is being read. */
typedef struct
{
  GByteArray *texts; /* cells, each with a 0 at its end */
  GArray     *cells; /* guint32: where each begins in texts */
  guint       line;  /* of the file, from 1, that it begins in */
} SlTextRow;

/* "" where the row is shorter. */
const char *_sl_text_row_cell (const SlTextRow *self, guint column);

/* FALSE: stop; with @error set, because of that. */
typedef gboolean (*SlTextRowFunc) (const SlTextRow *row, gpointer data, GError **error);

/**
 * _sl_text_rows_each:
 * @separator: between cells
 * @error: %SL_ERROR_FORMAT: a quote that is never closed; what @func and the stream say
 *
 * Calls @func for each row of comma-separated values, of which one is in memory at a time.  Fields may stand in double
 * quotes, with line breaks inside; empty lines are no rows.
 */
gboolean _sl_text_rows_each (SlTextStream *stream, char separator, SlTextRowFunc func, gpointer data,
                             GError **error);

G_END_DECLS
