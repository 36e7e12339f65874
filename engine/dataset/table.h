/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/text-file.h"

G_BEGIN_DECLS

/* A table of texts, as a CSV file holds it.  Immutable after reading; any thread. */
typedef struct
{
  char          *shown; /* file name for messages */
  SlTextEncoding encoding;
  char           separator;
  guint          n_columns; /* of the longest row */
  gsize          n_rows;    /* the header too, if there is one; empty lines are none */
  GByteArray    *texts;     /* cells, each with a 0 at its end */
  GArray        *cells;     /* guint32: where each begins in texts */
  GArray        *rows;      /* gsize: first cell of each row, and one more at the end */
  GArray        *lines;     /* guint32: line of the file, from 1, that each row begins in */
} SlTable;

/**
 * _sl_table_read:
 * @error: %SL_ERROR_FORMAT: no text, a quote that is never closed, no row; %G_FILE_ERROR
 *
 * Reads comma-separated values, or such with ; | or tab between them, whichever divides most of
 * the first rows alike.  Fields may stand in double quotes, with line breaks inside.
 */
SlTable    *_sl_table_read (const char *path, GError **error);

/* Likewise, where something is known.  @charset: (nullable): lives as long as the table, as an
 * interned string does; @separator: 0: whichever divides. */
SlTable    *_sl_table_read_as (const char *path, const char *charset, char separator, GError **error);
void        _sl_table_free (SlTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTable, _sl_table_free)

/* The separator that divides most rows of @text alike. */
char        _sl_table_guess_separator (const char *text, gsize length);

/* "" where the row is shorter. */
const char *_sl_table_cell (const SlTable *self, gsize row, guint column);
guint       _sl_table_line (const SlTable *self, gsize row);

/* (transfer full): (*@n_rows, n_columns) cells of the first rows, at most @max of them; NULL-terminated. */
char      **_sl_table_first_cells (const SlTable *self, guint max, guint *n_rows);

/* Finite numbers only; a decimal comma is one where fields are not divided by commas. */
gboolean    _sl_table_number (const SlTable *self, gsize row, guint column, double *number);

G_END_DECLS
