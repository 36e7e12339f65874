/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/text-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define MAX_BYTES (256 << 20)
#define SNIFF_BYTES 4096

static const struct
{
  const char *encoding;
  gsize length;
  const char *bytes;
} marks[] = {
  { "UTF-8", 3, "\xEF\xBB\xBF" },
  { "UTF-16LE", 2, "\xFF\xFE" },
  { "UTF-16BE", 2, "\xFE\xFF" },
};

/* UTF-16 without a mark: of Latin text, every other byte is 0. */
static const char *
guess_wide (const char *data, gsize length)
{
  gsize n = MIN (length, SNIFF_BYTES) / 2, zeros[2] = { 0, 0 };

  for (gsize i = 0; i < 2 * n; i++)
    zeros[i % 2] += data[i] == '\0';
  if (n > 0 && zeros[0] == 0 && zeros[1] > n / 2)
    return "UTF-16LE";
  return n > 0 && zeros[1] == 0 && zeros[0] > n / 2 ? "UTF-16BE" : NULL;
}

static const char *
guess_narrow (const char *data, gsize length)
{
  if (g_utf8_validate_len (data, length, NULL))
    return "UTF-8";
  for (gsize i = 0; i < length; i++)
    if ((guchar)data[i] >= 0x80 && (guchar)data[i] < 0xA0)
      return "WINDOWS-1252";
  return "ISO-8859-1";
}

gsize
_sl_text_tell_encoding (const char *data, gsize length, const char *charset,
                        SlTextEncoding *encoding)
{
  *encoding = (SlTextEncoding){ 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (length >= marks[i].length && memcmp (data, marks[i].bytes, marks[i].length) == 0)
      {
        encoding->encoding = marks[i].encoding;
        encoding->has_bom = TRUE;
        return marks[i].length;
      }
  encoding->encoding = charset != NULL ? charset : guess_wide (data, length);
  if (encoding->encoding == NULL)
    encoding->encoding = guess_narrow (data, length);
  return 0;
}

static gboolean
check_size (const char *path, const char *shown, GError **error)
{
  GStatBuf info;

  if (g_stat (path, &info) != 0 || info.st_size <= MAX_BYTES)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "%s is larger than 256 MiB: that is no list of labels; choose another file", shown);
  return FALSE;
}

char *
_sl_text_read (const char *path, gsize *length, SlTextEncoding *encoding, GError **error)
{
  return _sl_text_read_as (path, NULL, length, encoding, error);
}

char *
_sl_text_read_as (const char *path, const char *charset, gsize *length, SlTextEncoding *encoding,
                  GError **error)
{
  g_autofree char *shown = g_filename_display_basename (path);
  g_autofree char *data = NULL;
  char *text;
  gsize size, mark;

  if (!check_size (path, shown, error) || !g_file_get_contents (path, &data, &size, error))
    return NULL;
  mark = _sl_text_tell_encoding (data, size, charset, encoding);
  text = g_convert (data + mark, (gssize)(size - mark), "UTF-8", encoding->encoding, NULL, length,
                    NULL);
  if (text == NULL && charset == NULL && g_str_equal (encoding->encoding, "WINDOWS-1252"))
    {
      encoding->encoding = "ISO-8859-1"; /* which has a meaning for each byte */
      text = g_convert (data, (gssize)size, "UTF-8", encoding->encoding, NULL, length, NULL);
    }
  if (text != NULL && memchr (text, '\0', *length) == NULL)
    return text;
  g_free (text);
  if (charset != NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                 "%s is no text in %s: choose another encoding, or let it be guessed", shown,
                 charset);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                 "%s is no text that can be read: save it as UTF-8 text, or choose another file",
                 shown);
  return NULL;
}
