/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>

G_BEGIN_DECLS

/* How a text file was written. */
typedef struct
{
  const char *encoding; /* "UTF-8", "UTF-16LE", "UTF-16BE", "WINDOWS-1252", "ISO-8859-1"; static */
  gboolean    has_bom;
} SlTextEncoding;

/**
 * _sl_text_read:
 * @length: (out): bytes of the text, without the 0 at its end
 * @encoding: (out): told by the byte order mark, by the bytes being valid UTF-8, by every other byte
 *   being 0; else by the bytes 0x80 to 0x9f, which ISO-8859-1 has no letters for
 * @error: %SL_ERROR_FORMAT: no text (a 0 inside), or larger than 256 MiB; %G_FILE_ERROR
 *
 * Returns: (transfer full): UTF-8, without the mark.  Threads: any.
 */
char *_sl_text_read (const char *path, gsize *length, SlTextEncoding *encoding, GError **error);

/* Likewise, but @charset, which iconv knows, is believed where there is no mark; %NULL: told as above.
 * @encoding.encoding is then @charset. */
char *_sl_text_read_as (const char *path, const char *charset, gsize *length,
                        SlTextEncoding *encoding, GError **error);

/* Tells the encoding of bytes as above; @charset: (nullable): what it is if no mark says otherwise.
 * Returns: length of the mark. */
gsize _sl_text_tell_encoding (const char *data, gsize length, const char *charset,
                              SlTextEncoding *encoding);

G_END_DECLS
