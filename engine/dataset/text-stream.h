/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/error.h>

G_BEGIN_DECLS

/**
 * SlTextStream:
 *
 * A text file of any size and encoding as UTF-8, piece by piece.  The encoding is told by the byte order mark;
 * by all of the file being UTF-8; by ICU's detector, where the file can be read so from beginning to end; else it is
 * Windows-1252 or ISO-8859-1, which has a meaning for every byte.  One thread.
 */
typedef struct
{
  char         *shown;    /* file name for messages */
  const char   *encoding; /* interned: "UTF-8", "windows-1251", … */
  gboolean      has_bom;  /* a byte order mark told it */
  GInputStream *bytes;    /* UTF-8 */
} SlTextStream;

/* @error: %SL_ERROR_FORMAT: a 0 byte inside, so no text; %G_FILE_ERROR; %G_IO_ERROR */
SlTextStream *_sl_text_stream_open (const char *path, GError **error);
/* Likewise, but @charset, interned, which iconv knows, is believed where there is no mark; %NULL: told as above.
 * @error: %SL_ERROR_DATA: bytes that it has no letters for */
SlTextStream *_sl_text_stream_open_as (const char *path, const char *charset, GError **error);
void          _sl_text_stream_free (SlTextStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTextStream, _sl_text_stream_free)
/* Fills @buffer; less than @n bytes only at the end; -1: @error. */
gssize        _sl_text_stream_read (SlTextStream *self, char *buffer, gsize n, GError **error);

/* (transfer full): all of it, which must be no more than @max_bytes; *@encoding as above.
 * @error: as above; %SL_ERROR_FORMAT: larger */
char         *_sl_text_read_all    (const char *path, gsize max_bytes, gsize *length,
                                    const char **encoding, GError **error);

G_END_DECLS
