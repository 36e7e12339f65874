/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/text-stream.h"
#include "dataset/text-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unicode/ucsdet.h>

#define CHUNK_BYTES (64 * 1024)
#define SAMPLE_BYTES (64 * 1024)
#define MIN_CONFIDENCE \
  30 /* of 100; ICU is less sure of short texts, and reading them decides then */

/* ---- Looking at the whole file */

/* What one pass over the bytes finds. */
typedef struct
{
  gboolean is_utf8;
  gboolean has_zero;
  gsize mark;            /* bytes of the byte order mark */
  GString *sample;       /* the beginning, and what surrounds the first byte that is not ASCII */
  gboolean has_high;     /* in the sample */
  SlTextEncoding begins; /* what the beginning tells */
} Look;

/* Valid UTF-8 but for a character that the chunk's end cuts, whose bytes are kept for the next one. */
static gboolean
check_utf8 (GString *pending)
{
  const char *end;

  if (g_utf8_validate_len (pending->str, pending->len, &end))
    {
      g_string_truncate (pending, 0);
      return TRUE;
    }
  if (g_utf8_get_char_validated (end, pending->str + pending->len - end) != (gunichar)-2)
    return FALSE;
  g_string_erase (pending, 0, end - pending->str);
  return TRUE;
}

static void
keep_sample (Look *look, const char *data, gsize n)
{
  gsize high = 0;

  while (high < n && (guchar)data[high] < 0x80)
    high++;
  if (look->has_high || look->sample->len == 0)
    g_string_append_len (look->sample, data,
                         (gssize)MIN (n, SAMPLE_BYTES - MIN (look->sample->len, SAMPLE_BYTES)));
  else if (high < n)
    {
      g_string_truncate (look->sample, 0);
      g_string_append_len (look->sample, data, (gssize)n);
    }
  look->has_high |= high < n;
}

static void
look_at (Look *look, const char *data, gsize n, gboolean first, GString *pending)
{
  if (first)
    look->mark = _sl_text_tell_encoding (data, n, NULL, &look->begins);
  look->has_zero |= memchr (data, '\0', n) != NULL;
  if (look->is_utf8)
    {
      g_string_append_len (pending, data, (gssize)n);
      look->is_utf8 = check_utf8 (pending);
    }
  keep_sample (look, data, n);
}

static gboolean
look_through (const char *path, Look *look, GError **error)
{
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  g_autoptr (GString) pending = g_string_new (NULL);
  FILE *file = g_fopen (path, "rb");
  gsize n, total = 0;
  gboolean ok = file != NULL;

  look->is_utf8 = TRUE;
  while (ok && (n = fread (chunk, 1, CHUNK_BYTES, file)) > 0)
    {
      look_at (look, chunk, n, total == 0, pending);
      total += n;
    }
  if (!ok || ferror (file))
    {
      g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                           g_strerror (errno));
      ok = FALSE;
    }
  look->is_utf8 = look->is_utf8 && pending->len == 0;
  g_clear_pointer (&file, fclose);
  return ok;
}

/* ---- Which encoding */

static GInputStream *
open_as (const char *path, gsize mark, const char *encoding, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) raw = g_file_read (file, NULL, error);
  g_autoptr (GCharsetConverter) converter = NULL;

  if (raw == NULL || !g_seekable_seek (G_SEEKABLE (raw), (goffset)mark, G_SEEK_SET, NULL, error))
    return NULL;
  if (g_str_equal (encoding, "UTF-8"))
    return G_INPUT_STREAM (g_steal_pointer (&raw));
  converter = g_charset_converter_new ("UTF-8", encoding, error);
  return converter != NULL
             ? g_converter_input_stream_new (G_INPUT_STREAM (raw), G_CONVERTER (converter))
             : NULL;
}

/* Whether the file can be read so from its beginning to its end, as a text without zeros. */
static gboolean
reads_as (const char *path, gsize mark, const char *encoding)
{
  g_autoptr (GInputStream) stream = open_as (path, mark, encoding, NULL);
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  gssize n = -1;

  while (stream != NULL && (n = g_input_stream_read (stream, chunk, CHUNK_BYTES, NULL, NULL)) > 0)
    if (memchr (chunk, '\0', (gsize)n) != NULL)
      return FALSE;
  return n == 0;
}

/* What ICU makes of the sample, the likeliest first. */
static const char *
ask_icu (const char *path, const GString *sample)
{
  UErrorCode status = U_ZERO_ERROR;
  UCharsetDetector *detector = ucsdet_open (&status);
  const char *found = NULL;
  int32_t n = 0;
  const UCharsetMatch **matches;

  ucsdet_setText (detector, sample->str, (int32_t)sample->len, &status);
  matches = ucsdet_detectAll (detector, &n, &status);
  for (int32_t i = 0; U_SUCCESS (status) && i < n && found == NULL; i++)
    {
      const char *name = ucsdet_getName (matches[i], &status);

      if (ucsdet_getConfidence (matches[i], &status) >= MIN_CONFIDENCE && U_SUCCESS (status)
          && !g_str_has_prefix (name, "UTF-") && reads_as (path, 0, name))
        found = g_intern_string (name);
    }
  ucsdet_close (detector);
  return found;
}

/* %NULL: none. */
static const char *
choose_encoding (const char *path, const Look *look)
{
  static const char *const last[] = { "WINDOWS-1252", "ISO-8859-1" };
  const char *begins = look->begins.encoding, *found;
  gboolean is_wide = g_str_has_prefix (begins, "UTF-16");

  if (is_wide)
    return reads_as (path, look->mark, begins) ? begins : NULL;
  if (look->has_zero)
    return NULL;
  if (look->is_utf8)
    return "UTF-8";
  found = look->begins.has_bom ? NULL : ask_icu (path, look->sample);
  for (gsize i = 0; found == NULL && i < G_N_ELEMENTS (last); i++)
    if (reads_as (path, look->mark, last[i]))
      found = last[i];
  return found;
}

/* ---- The stream */

SlTextStream *
_sl_text_stream_open (const char *path, GError **error)
{
  return _sl_text_stream_open_as (path, NULL, error);
}

SlTextStream *
_sl_text_stream_open_as (const char *path, const char *charset, GError **error)
{
  g_autoptr (SlTextStream) self = g_new0 (SlTextStream, 1);
  g_autoptr (GString) sample = g_string_new (NULL);
  Look look = { .sample = sample };

  self->shown = g_filename_display_basename (path);
  if (!look_through (path, &look, error))
    return NULL;
  self->has_bom = look.begins.has_bom;
  if (charset != NULL && !self->has_bom)
    {
      self->encoding = charset;
      if (g_ascii_strcasecmp (charset, "UTF-8") == 0 ? !look.is_utf8 || look.has_zero
                                                     : !reads_as (path, 0, charset))
        {
          g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                       "cannot be read as %s: choose another encoding", charset);
          return NULL;
        }
    }
  else
    self->encoding = look.sample->len > 0 ? choose_encoding (path, &look) : "UTF-8";
  if (self->encoding == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "no text that can be read");
      return NULL;
    }
  self->bytes = open_as (path, look.mark, self->encoding, error);
  return self->bytes != NULL ? g_steal_pointer (&self) : NULL;
}

void
_sl_text_stream_free (SlTextStream *self)
{
  g_clear_object (&self->bytes);
  g_free (self->shown);
  g_free (self);
}

gssize
_sl_text_stream_read (SlTextStream *self, char *buffer, gsize n, GError **error)
{
  gsize done;

  return g_input_stream_read_all (self->bytes, buffer, n, &done, NULL, error) ? (gssize)done : -1;
}

char *
_sl_text_read_all (const char *path, gsize max_bytes, gsize *length, const char **encoding,
                   GError **error)
{
  g_autoptr (SlTextStream) stream = _sl_text_stream_open (path, error);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  gssize n = 0;

  if (stream == NULL)
    return NULL;
  while (text->len <= max_bytes
         && (n = _sl_text_stream_read (stream, chunk, CHUNK_BYTES, error)) > 0)
    g_string_append_len (text, chunk, n);
  if (n < 0)
    return NULL;
  if (text->len > max_bytes)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "larger than %" G_GSIZE_FORMAT " MiB",
                   max_bytes >> 20);
      return NULL;
    }
  *encoding = stream->encoding;
  *length = text->len;
  return g_string_free (g_steal_pointer (&text), FALSE);
}
