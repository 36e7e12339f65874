/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts in files: one a file, or many in a corpus. */
#define _GNU_SOURCE
#include "dataset/text-sink.h"
#include "dataset/text-stream.h"

#include <string.h>

gboolean
_sl_text_is_text (const SlSideFile *file)
{
  gsize length = strlen (file->rel_path);

  return length > 4 && g_ascii_strcasecmp (file->rel_path + length - 4, ".txt") == 0;
}

gboolean
_sl_text_is_unlabelled (const char *folder)
{
  static const char *const names[] = { "unsup", "unsupervised", "unlabelled", "unlabeled",
                                       "nolabel" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (folder, names[i]) == 0)
      return TRUE;
  return FALSE;
}

/* ---- One text a file */

static gboolean
read_file (SlTextSink *sink, const SlSideFile *file, gboolean by_folder, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  const char *encoding, *target = NULL;
  gsize length;

  if (by_folder && file->label == NULL)
    {
      _sl_text_sink_skip (sink, file->rel_path, "lies in no class folder");
      return TRUE;
    }
  text = _sl_text_read_all (file->path, SL_MAX_TEXT_BYTES, &length, &encoding, &local);
  if (text == NULL)
    {
      _sl_text_sink_skip (sink, file->rel_path, local->message);
      return TRUE;
    }
  if (by_folder && !_sl_text_is_unlabelled (file->label))
    target = file->label;
  _sl_text_sink_count_encoding (sink, encoding);
  return _sl_text_sink_take (sink, file->rel_path, text, length, target, file->part, error);
}

gboolean
_sl_text_read_files (SlTextSink *sink, const SlFolderScan *scan, gboolean by_folder, GError **error)
{
  for (guint i = 0; i < scan->texts->len; i++)
    {
      const SlSideFile *file = scan->texts->pdata[i];

      if (!_sl_text_sink_go_on (sink, i, scan->texts->len, file->rel_path, error)
          || (_sl_text_is_text (file) && !read_file (sink, file, by_folder, error)))
        return FALSE;
    }
  return TRUE;
}

/* ---- Many texts a file */

#define CHUNK_BYTES (64 * 1024)
/* A text ends at the first blank line once it has so much; at the end of any line once it has so much more;
 * and in the middle of a line rather than be larger than any text. */
#define GOOD_BYTES (4 * 1024)
#define MANY_BYTES (64 * 1024)

typedef struct
{
  SlTextSink *sink;
  const SlSideFile *file;
  GString *text;
  guint64 line;  /* being read, from 1 */
  guint64 begin; /* line that the text begins in */
} Cutter;

static gboolean
finish_text (Cutter *self, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s:%" G_GUINT64_FORMAT, self->file->rel_path,
                                           self->begin);
  gboolean ok = self->text->len == 0
                || _sl_text_sink_take (self->sink, name, self->text->str, self->text->len, NULL,
                                       self->file->part, error);

  g_string_truncate (self->text, 0);
  return ok;
}

static gboolean
is_blank_line (const char *line, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (line[i]))
      return FALSE;
  return TRUE;
}

/* @line: with its break, unless the file or its limit ends it.  Blank lines in front of a text are not part of it. */
static gboolean
add_line (Cutter *self, const char *line, gsize length, GError **error)
{
  gboolean blank = is_blank_line (line, length), whole = length > 0 && line[length - 1] == '\n';

  if (self->text->len > 0 || !blank)
    {
      if (self->text->len == 0)
        self->begin = self->line;
      g_string_append_len (self->text, line, (gssize)length);
    }
  self->line += whole;
  if ((blank && self->text->len >= GOOD_BYTES) || (whole && self->text->len >= MANY_BYTES)
      || self->text->len >= SL_MAX_TEXT_BYTES - 2 * CHUNK_BYTES)
    return finish_text (self, error);
  return TRUE;
}

/* Bytes of @data that are whole lines, or whole characters where there is no end of a line. */
static gsize
whole_part (const GString *data)
{
  const char *end = data->str + data->len, *stop = memrchr (data->str, '\n', data->len);
  const char *last;

  if (stop != NULL)
    return (gsize)(stop + 1 - data->str);
  last = g_utf8_find_prev_char (data->str, end);
  return last != NULL ? (gsize)(last - data->str) : 0;
}

static gboolean
add_lines (Cutter *self, const char *data, gsize length, GError **error)
{
  const char *end = data + length;

  while (data < end)
    {
      const char *stop = memchr (data, '\n', (gsize)(end - data));
      gsize n = (gsize)((stop != NULL ? stop + 1 : end) - data);

      if (!add_line (self, data, n, error))
        return FALSE;
      data += n;
    }
  return TRUE;
}

static gboolean
cut_stream (Cutter *self, SlTextStream *stream, GError **error)
{
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  gssize n;

  while ((n = _sl_text_stream_read (stream, chunk, CHUNK_BYTES, error)) > 0)
    {
      gsize whole;

      g_string_append_len (data, chunk, n);
      whole = whole_part (data);
      if (!add_lines (self, data->str, whole, error)
          || !_sl_text_sink_go_on (self->sink, self->sink->items->len, 0, self->file->rel_path,
                                   error))
        return FALSE;
      g_string_erase (data, 0, (gssize)whole);
    }
  return n == 0 && add_lines (self, data->str, data->len, error) && finish_text (self, error);
}

gboolean
_sl_text_read_corpus (SlTextSink *sink, const SlFolderScan *scan, GError **error)
{
  for (guint i = 0; i < scan->texts->len; i++)
    {
      const SlSideFile *file = scan->texts->pdata[i];
      g_autoptr (GString) text = g_string_new (NULL);
      Cutter cutter = { sink, file, text, 1, 1 };
      g_autoptr (GError) local = NULL;
      g_autoptr (SlTextStream) stream = NULL;

      if (!_sl_text_is_text (file))
        continue;
      stream = _sl_text_stream_open (file->path, &local);
      if (stream == NULL)
        {
          _sl_text_sink_skip (sink, file->rel_path, local->message);
          continue;
        }
      _sl_text_sink_count_encoding (sink, stream->encoding);
      if (!cut_stream (&cutter, stream, error))
        return FALSE;
    }
  return TRUE;
}
