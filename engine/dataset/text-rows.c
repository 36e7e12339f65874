/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/text-rows.h"

#include <csv.h>
#include <string.h>

#define CHUNK_BYTES (64 * 1024)
#define MAX_ROW_BYTES (16 << 20) /* beyond it, a quote was left open */

typedef struct
{
  SlTextRow row;
  SlTextRowFunc func;
  gpointer data;
  GError **error;
  gboolean stopped;
  guint line;      /* being read */
  gsize row_bytes; /* since the last whole row */
} Reader;

const char *
_sl_text_row_cell (const SlTextRow *self, guint column)
{
  return column < self->cells->len
             ? (const char *)self->texts->data + g_array_index (self->cells, guint32, column)
             : "";
}

static int
is_space (unsigned char c)
{
  return c == ' '; /* a tab may be a separator: never trimmed */
}

static void
take_field (void *text, size_t length, void *data)
{
  SlTextRow *row = &((Reader *)data)->row;
  guint32 begin = row->texts->len;

  g_array_append_val (row->cells, begin);
  g_byte_array_append (row->texts, text, (guint)length);
  g_byte_array_append (row->texts, (const guint8 *)"", 1);
}

static void
take_row (int end, void *data)
{
  Reader *self = data;

  if (!self->stopped)
    self->stopped = !self->func (&self->row, self->data, self->error);
  g_byte_array_set_size (self->row.texts, 0);
  g_array_set_size (self->row.cells, 0);
  self->row_bytes = 0;
}

static gboolean
set_open_quote (Reader *self, const SlTextStream *stream)
{
  g_set_error (self->error, SL_ERROR, SL_ERROR_FORMAT,
               "%s: a quote is opened in line %u or below and never closed: close it",
               stream->shown, self->row.line);
  self->stopped = TRUE;
  return FALSE;
}

/* Behind the line's break: "\n", "\r\n", or "\r" alone as old Macintoshes had it; %NULL: not in sight. */
static const char *
line_end (const char *data, const char *end)
{
  const char *stop = memchr (data, '\n', (gsize)(end - data));
  const char *old = memchr (data, '\r', (gsize)((stop != NULL ? stop : end) - data));

  if (old != NULL && old + 1 < end && old[1] != '\n')
    return old + 1;
  return stop != NULL ? stop + 1 : NULL;
}

static gboolean
is_break (const char *line, gsize n)
{
  return n == 1 ? *line == '\n' || *line == '\r' : n == 2 && line[0] == '\r' && line[1] == '\n';
}

/* Line by line, so that each row is known by its line. */
static gboolean
feed (Reader *self, struct csv_parser *parser, const SlTextStream *stream, const char *data,
      gsize length)
{
  const char *end = data + length;

  while (data < end && !self->stopped)
    {
      const char *stop = line_end (data, end);
      gsize n = (gsize)((stop != NULL ? stop : end) - data);

      if (self->row_bytes == 0)
        self->row.line = self->line;
      self->row_bytes += n;
      csv_parse (parser, data, n, take_field, take_row, self);
      if (self->row_bytes == n && stop != NULL && is_break (data, n))
        self->row_bytes = 0; /* an empty line, and no quote stands open */
      self->line += stop != NULL;
      if (self->row_bytes > MAX_ROW_BYTES)
        return set_open_quote (self, stream);
      data += n;
    }
  return !self->stopped;
}

/* What the file's end leaves open is taken, unless it is a quote. */
static gboolean
finish (Reader *self, struct csv_parser *parser, const SlTextStream *stream)
{
  csv_parse (parser, "\n", 1, take_field, take_row, self);
  if (self->stopped)
    return FALSE;
  self->stopped = TRUE; /* no more rows are wanted; only whether there would be one */
  self->row_bytes = 1;
  csv_fini (parser, take_field, take_row, self);
  return self->row_bytes == 0 ? set_open_quote (self, stream) : TRUE;
}

gboolean
_sl_text_rows_each (SlTextStream *stream, char separator, SlTextRowFunc func, gpointer data,
                    GError **error)
{
  g_autoptr (GByteArray) texts = g_byte_array_new ();
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (guint32));
  Reader self = { { texts, cells, 1 }, func, data, error, FALSE, 1, 0 };
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  struct csv_parser parser;
  gssize n;
  gboolean ok = TRUE;

  csv_init (&parser, 0);
  csv_set_delim (&parser, (unsigned char)separator);
  csv_set_space_func (&parser, is_space);
  while (ok && (n = _sl_text_stream_read (stream, chunk, CHUNK_BYTES, error)) != 0)
    ok = n > 0 && feed (&self, &parser, stream, chunk, (gsize)n);
  if (n < 0)
    g_prefix_error (error, "%s: ", stream->shown);
  ok = ok && finish (&self, &parser, stream);
  csv_free (&parser);
  return ok;
}
