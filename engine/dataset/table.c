/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/table.h"

#include <csv.h>
#include <math.h>
#include <string.h>

#define SAMPLE_BYTES (64 * 1024)
#define SAMPLE_COLUMNS 1024

static const char separators[] = { ',', ';', '\t', '|' };

static int
is_space (unsigned char c)
{
  return c == ' '; /* a tab may be a separator: never trimmed */
}

/* ---- Which separator */

typedef struct
{
  guint fields;                        /* of the row being read */
  guint rows_with[SAMPLE_COLUMNS + 1]; /* rows by number of fields */
} Tally;

static void
tally_field (void *text, size_t length, void *data)
{
  ((Tally *)data)->fields++;
}

static void
tally_row (int end, void *data)
{
  Tally *self = data;

  self->rows_with[MIN (self->fields, SAMPLE_COLUMNS)]++;
  self->fields = 0;
}

/* Rows that have the most common number of fields, if that is more than one. */
static guint
tally (const char *text, gsize length, char separator)
{
  g_autofree Tally *self = g_new0 (Tally, 1);
  struct csv_parser parser;
  guint best = 0;

  csv_init (&parser, 0);
  csv_set_delim (&parser, (unsigned char)separator);
  csv_set_space_func (&parser, is_space);
  csv_parse (&parser, text, length, tally_field, tally_row, self);
  csv_fini (&parser, tally_field, tally_row, self);
  csv_free (&parser);
  for (guint n = 2; n <= SAMPLE_COLUMNS; n++)
    best = MAX (best, self->rows_with[n]);
  return best;
}

char
_sl_table_guess_separator (const char *text, gsize length)
{
  gsize sample = MIN (length, SAMPLE_BYTES);
  char separator = separators[0];
  guint most = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (separators); i++)
    {
      guint n = tally (text, sample, separators[i]);

      if (n > most)
        {
          most = n;
          separator = separators[i];
        }
    }
  return separator;
}

/* ---- Reading */

typedef struct
{
  SlTable *table;
  guint line;   /* of the file, being read */
  guint begin;  /* line after the last whole row */
  guint breaks; /* inside the fields of the row being read */
} Reader;

static void
take_field (void *text, size_t length, void *data)
{
  Reader *self = data;
  SlTable *table = self->table;
  guint32 begin = table->texts->len;

  g_array_append_val (table->cells, begin);
  g_byte_array_append (table->texts, text, (guint)length);
  g_byte_array_append (table->texts, (const guint8 *)"", 1);
  for (const char *at = text; (at = memchr (at, '\n', length - (gsize)(at - (char *)text))); at++)
    self->breaks++;
}

static void
take_row (int end, void *data)
{
  Reader *self = data;
  SlTable *table = self->table;
  gsize first = g_array_index (table->rows, gsize, table->n_rows), next = table->cells->len;
  guint32 line = self->line - self->breaks;

  g_array_append_val (table->rows, next);
  g_array_append_val (table->lines, line);
  table->n_rows++;
  table->n_columns = MAX (table->n_columns, (guint)(next - first));
  self->breaks = 0;
  self->begin = self->line + 1;
}

/* Line by line, so that each row is known by its line. */
static gboolean
parse (SlTable *table, const char *text, gsize length, GError **error)
{
  Reader reader = { table, 1, 1, 0 };
  struct csv_parser parser;
  const char *at = text, *end = text + length;
  gsize n_whole;
  guint begin;

  csv_init (&parser, 0);
  csv_set_delim (&parser, (unsigned char)table->separator);
  csv_set_space_func (&parser, is_space);
  while (at < end)
    {
      const char *stop = memchr (at, '\n', (gsize)(end - at));
      gsize n = stop != NULL ? (gsize)(stop - at) + 1 : (gsize)(end - at);

      csv_parse (&parser, at, n, take_field, take_row, &reader);
      at += n;
      reader.line += stop != NULL && at < end;
    }
  csv_parse (&parser, "\n", 1, take_field, take_row, &reader);
  n_whole = table->n_rows; /* what is still unfinished lies behind an open quote */
  begin = reader.begin;
  csv_fini (&parser, take_field, take_row, &reader);
  csv_free (&parser);
  if (table->n_rows > n_whole)
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                 "%s: a quote is opened in line %u or below and never closed: close it",
                 table->shown, begin);
  return table->n_rows == n_whole;
}

SlTable *
_sl_table_read (const char *path, GError **error)
{
  return _sl_table_read_as (path, NULL, 0, error);
}

SlTable *
_sl_table_read_as (const char *path, const char *charset, char separator, GError **error)
{
  g_autoptr (SlTable) self = g_new0 (SlTable, 1);
  g_autofree char *text = NULL;
  gsize length, zero = 0;

  self->shown = g_filename_display_basename (path);
  text = _sl_text_read_as (path, charset, &length, &self->encoding, error);
  if (text == NULL)
    return NULL;
  self->texts = g_byte_array_new ();
  self->cells = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->lines = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (self->rows, zero);
  if (memchr (text, '\n', length) == NULL)
    g_strdelimit (text, "\r", '\n'); /* as old Macintoshes ended their lines */
  self->separator = separator != 0 ? separator : _sl_table_guess_separator (text, length);
  if (!parse (self, text, length, error))
    return NULL;
  if (self->n_rows > 0)
    return g_steal_pointer (&self);
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "%s is empty: choose another file", self->shown);
  return NULL;
}

void
_sl_table_free (SlTable *self)
{
  g_clear_pointer (&self->texts, g_byte_array_unref);
  g_clear_pointer (&self->cells, g_array_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->lines, g_array_unref);
  g_free (self->shown);
  g_free (self);
}

/* ---- Cells */

const char *
_sl_table_cell (const SlTable *self, gsize row, guint column)
{
  gsize first, next;

  g_return_val_if_fail (row < self->n_rows, "");
  first = g_array_index (self->rows, gsize, row);
  next = g_array_index (self->rows, gsize, row + 1);
  if (column >= next - first)
    return "";
  return (const char *)self->texts->data + g_array_index (self->cells, guint32, first + column);
}

guint
_sl_table_line (const SlTable *self, gsize row)
{
  return g_array_index (self->lines, guint32, row);
}

char **
_sl_table_first_cells (const SlTable *self, guint max, guint *n_rows)
{
  char **cells;
  gsize n = 0;

  *n_rows = (guint)MIN (self->n_rows, max);
  cells = g_new0 (char *, (gsize)*n_rows * self->n_columns + 1);
  for (guint row = 0; row < *n_rows; row++)
    for (guint column = 0; column < self->n_columns; column++)
      cells[n++] = g_strdup (_sl_table_cell (self, row, column));
  return cells;
}

gboolean
_sl_table_number (const SlTable *self, gsize row, guint column, double *number)
{
  g_autofree char *dotted = NULL;
  const char *text = _sl_table_cell (self, row, column);
  const char *comma = self->separator != ',' ? strchr (text, ',') : NULL;
  char *end;

  if (comma != NULL && strchr (text, '.') == NULL)
    {
      dotted = g_strdup (text);
      dotted[comma - text] = '.';
      text = dotted;
    }
  if (strpbrk (text, "xXnN") != NULL) /* hexadecimal, nan, inf */
    return FALSE;
  *number = g_ascii_strtod (text, &end);
  while (*end == ' ')
    end++;
  return end != text && *end == '\0' && isfinite (*number);
}
