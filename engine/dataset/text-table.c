/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of which each row is a text: csv:[FILE:]TEXT[,LABEL[,,OPTION…]]. */
#include "dataset/label-table.h"
#include "dataset/text-rows.h"
#include "dataset/text-sink.h"

#include <string.h>

#define SAMPLE_BYTES (256 * 1024)
#define SAMPLE_ROWS 500
#define MAX_COLUMNS 1024
/* The mean length, in bytes, from which on a column without a telling name holds texts. */
#define LONG_BYTES 25

typedef struct
{
  SlTextSink *sink;
  const SlSideFile *file;
  SlTableSpec spec; /* as it was asked for */
  char separator;
  GPtrArray *sample; /* of char **: the first rows */
  guint n_columns;   /* of the sample's longest row */
  gboolean has_header;
  guint text;   /* columns */
  int label;    /* -1: none */
  int split;    /* -1: none */
  gsize n_rows; /* read so far, the header too */
} Table;

static void
table_clear (Table *self)
{
  g_clear_pointer (&self->sample, g_ptr_array_unref);
  _sl_table_spec_clear (&self->spec);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

/* ---- The first rows */

static gboolean
keep_row (const SlTextRow *row, gpointer data, GError **error)
{
  Table *self = data;
  guint n = MIN (row->cells->len, MAX_COLUMNS);
  char **cells = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    cells[i] = g_strdup (_sl_text_row_cell (row, i));
  g_ptr_array_add (self->sample, cells);
  self->n_columns = MAX (self->n_columns, n);
  return self->sample->len < SAMPLE_ROWS;
}

/* What is wrong with a stream does not name its file; rows that are wrong do. */
static SlTextStream *
open_stream (const Table *self, GError **error)
{
  SlTextStream *stream = _sl_text_stream_open_as (self->file->path, self->spec.charset, error);

  if (stream == NULL)
    g_prefix_error (error, "%s: ", self->file->rel_path);
  return stream;
}

static gboolean
read_sample (Table *self, GError **error)
{
  g_autoptr (SlTextStream) stream = open_stream (self, error);
  g_autoptr (SlTextStream) again = NULL;
  g_autofree char *begin = g_malloc (SAMPLE_BYTES);
  g_autoptr (GError) local = NULL;
  gssize n;

  if (stream == NULL)
    return FALSE;
  n = _sl_text_stream_read (stream, begin, SAMPLE_BYTES, error);
  if (n < 0)
    {
      g_prefix_error (error, "%s: ", self->file->rel_path);
      return FALSE;
    }
  self->separator = self->spec.separator != '\0' ? self->spec.separator
                                                 : _sl_table_guess_separator (begin, (gsize)n);
  again = open_stream (self, error);
  if (again == NULL
      || (!_sl_text_rows_each (again, self->separator, keep_row, self, &local) && local != NULL))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (self->sample->len == 0)
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "%s is empty: choose another file",
                 self->file->rel_path);
  return self->sample->len > 0;
}

static const char *
cell (const Table *self, guint row, guint column)
{
  char **cells = self->sample->pdata[row];

  for (guint i = 0; i < column && *cells != NULL; i++)
    cells++;
  return *cells != NULL ? *cells : "";
}

/* ---- Which columns */

static const char *const text_names[] = {
  "text",    "review", "sentence", "comment", "content",
  "message", "body",   "document", "tweet",   "description"
};
static const char *const label_names[] = { "label",    "sentiment", "class",
                                           "category", "target",    "tag" };
static const char *const split_names[] = { "is_valid", "valid",  "is_val",   "split",
                                           "set",      "subset", "partition" };

static int
find_name (const Table *self, const char *const *names, gsize n)
{
  if (self->spec.header == 0)
    return -1;
  for (gsize k = 0; k < n; k++)
    for (guint i = 0; i < self->n_columns; i++)
      if (g_ascii_strcasecmp (cell (self, 0, i), names[k]) == 0)
        return (int)i;
  return -1;
}

static gsize
mean_bytes (const Table *self, guint column)
{
  guint first = self->has_header ? 1 : 0;
  gsize sum = 0;

  for (guint i = first; i < self->sample->len; i++)
    sum += strlen (cell (self, i, column));
  return self->sample->len > first ? sum / (self->sample->len - first) : 0;
}

/* By its name, else the longest. */
static int
guess_text (const Table *self)
{
  int named = find_name (self, text_names, G_N_ELEMENTS (text_names)), best = -1;
  gsize most = LONG_BYTES;

  if (named >= 0)
    return named;
  for (guint i = 0; i < self->n_columns; i++)
    if (mean_bytes (self, i) >= most)
      {
        most = mean_bytes (self, i) + 1;
        best = (int)i;
      }
  return best;
}

/* By its name, else the first whose cells repeat. */
static int
guess_label (const Table *self)
{
  int named = find_name (self, label_names, G_N_ELEMENTS (label_names));
  guint first = self->has_header ? 1 : 0;

  for (guint i = 0; named < 0 && i < self->n_columns; i++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

      if (i == self->text || (int)i == self->split)
        continue;
      for (guint row = first; row < self->sample->len; row++)
        g_hash_table_add (seen, (gpointer)cell (self, row, i));
      if (g_hash_table_size (seen) > 1 && g_hash_table_size (seen) * 2 <= self->sample->len - first)
        named = (int)i;
    }
  return named != (int)self->text ? named : -1;
}

static gboolean
divides (const Table *self, guint column)
{
  for (guint i = 1; i < self->sample->len; i++)
    if (_sl_label_table_part (cell (self, i, column)) == NULL)
      return FALSE;
  return self->sample->len > 1;
}

static int
guess_split (const Table *self)
{
  int named = find_name (self, split_names, G_N_ELEMENTS (split_names));

  return named >= 0 && divides (self, (guint)named) ? named : -1;
}

static gboolean
find_column (Table *self, const char *name, int *column, GError **error)
{
  const char *digits = *name == '#' ? name + 1 : name;
  guint64 number;

  for (guint i = 0; i < self->n_columns; i++)
    if (g_str_equal (cell (self, 0, i), name))
      {
        self->has_header = TRUE;
        *column = (int)i;
        return TRUE;
      }
  if (g_ascii_string_to_unsigned (digits, 10, 1, self->n_columns, &number, NULL))
    {
      *column = (int)number - 1;
      return TRUE;
    }
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
               "%s has no column “%s”: write one of its first row, or a number from 1 to %u",
               self->file->rel_path, name, self->n_columns);
  return FALSE;
}

/* The first row is a header if a cell of it is called as columns are, or if it is far shorter than the texts. */
static gboolean
looks_like_header (const Table *self, guint text)
{
  return find_name (self, text_names, G_N_ELEMENTS (text_names)) >= 0
         || find_name (self, label_names, G_N_ELEMENTS (label_names)) >= 0
         || find_name (self, split_names, G_N_ELEMENTS (split_names)) >= 0
         || strlen (cell (self, 0, text)) * 5 < mean_bytes (self, text);
}

static gboolean
choose_columns (Table *self, const char *split, GError **error)
{
  const SlTableSpec *spec = &self->spec;
  int text = -1;

  self->label = self->split = -1;
  if (spec->name != NULL && !find_column (self, spec->name, &text, error))
    return FALSE;
  if (spec->name == NULL && (text = guess_text (self)) < 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "%s has no column of texts: name it, as in csv:%s:text,label",
                   self->file->rel_path, self->file->rel_path);
      return FALSE;
    }
  self->text = (guint)text;
  self->has_header = self->has_header || looks_like_header (self, self->text);
  if (split != NULL && !find_column (self, split, &self->split, error))
    return FALSE;
  if (split == NULL)
    self->split = guess_split (self);
  if (spec->first != NULL && !find_column (self, spec->first, &self->label, error))
    return FALSE;
  if (spec->name == NULL && spec->first == NULL)
    self->label = guess_label (self);
  if (spec->header >= 0)
    self->has_header = spec->header;
  return TRUE;
}

/* ---- What is asked for */

static gboolean
parse_spec (Table *self, const char *columns, GError **error)
{
  if (!_sl_table_spec_parse (&self->spec, columns, error))
    return FALSE;
  if (self->spec.last == NULL && self->spec.delimiter == NULL)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "“%s”: a text has one label, in one column: write it as in csv:text,label", columns);
  return FALSE;
}

/* ---- All rows */

static gboolean
take_row (const SlTextRow *row, gpointer data, GError **error)
{
  Table *self = data;
  const char *text = _sl_text_row_cell (row, self->text);
  const char *label = self->label >= 0 ? _sl_text_row_cell (row, (guint)self->label) : "";
  const char *part = NULL;
  g_autofree char *name = NULL;

  if (self->n_rows++ == 0 && self->has_header)
    return TRUE;
  name = g_strdup_printf ("%s:%u", self->file->rel_path, row->line);
  if (!_sl_text_sink_go_on (self->sink, self->n_rows, 0, name, error))
    return FALSE;
  if (self->split >= 0
      && (part = _sl_label_table_part (_sl_text_row_cell (row, (guint)self->split))) == NULL)
    {
      _sl_text_sink_skip (self->sink, name,
                          "divided neither as true or false nor as train, valid or test");
      return TRUE;
    }
  return _sl_text_sink_take (self->sink, name, text, strlen (text), *label != '\0' ? label : NULL,
                             part, error);
}

/* ---- Which file */

static const SlSideFile *
find_file (const SlFolderScan *scan, const char *rel_path, gsize length)
{
  for (guint i = 0; i < scan->texts->len; i++)
    {
      const SlSideFile *file = scan->texts->pdata[i];

      if (file->is_table && strlen (file->rel_path) == length
          && strncmp (file->rel_path, rel_path, length) == 0)
        return file;
    }
  return NULL;
}

/* The one that is named, else the first; *@columns: what is left of @argument, or %NULL. */
static const SlSideFile *
choose_file (const SlFolderScan *scan, const char *argument, const char *table,
             const char **columns, GError **error)
{
  const char *colon = argument != NULL ? strrchr (argument, ':') : NULL;
  const SlSideFile *file = NULL;

  *columns = argument;
  if (argument != NULL)
    file = find_file (scan, argument,
                      colon != NULL ? (gsize)(colon - argument) : strlen (argument));
  if (file != NULL)
    *columns = colon != NULL && colon[1] != '\0' ? colon + 1 : NULL;
  else if (table != NULL)
    file = find_file (scan, table, strlen (table));
  for (guint i = 0; file == NULL && i < scan->texts->len; i++)
    if (((const SlSideFile *)scan->texts->pdata[i])->is_table)
      file = scan->texts->pdata[i];
  if (file == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "There is no .csv file: choose another source, or other labels");
  return file;
}

/* (transfer full): the name in the header, or the number from 1. */
static char *
column_name (const Table *self, guint column)
{
  const char *name = self->has_header ? cell (self, 0, column) : "";

  return *name != '\0' ? g_strdup (name) : g_strdup_printf ("%u", column + 1);
}

/* (transfer full): the same, as it can be read again. */
static char *
spell_column (const Table *self, guint column)
{
  char *name = column_name (self, column);

  if (strchr (name, ',') == NULL && strstr (name, "..") == NULL)
    return name;
  g_free (name);
  return g_strdup_printf ("#%u", column + 1);
}

static char *
spell (const Table *self)
{
  g_autofree char *text = spell_column (self, self->text);
  g_autofree char *label = self->label >= 0 ? spell_column (self, (guint)self->label) : NULL;
  g_autoptr (GString) rest = g_string_new (NULL);

  _sl_table_spec_append_rest (&self->spec, NULL, rest);
  return g_strdup_printf ("csv:%s:%s%s%s%s", self->file->rel_path, text,
                          label != NULL || rest->len > 0 ? "," : "", label != NULL ? label : "",
                          rest->str);
}

/* (transfer full): the beginning of the table, row by row. */
static char **
first_cells (const Table *self, guint n_rows)
{
  char **cells = g_new0 (char *, (gsize)n_rows * self->n_columns + 1);

  for (guint row = 0; row < n_rows; row++)
    for (guint column = 0; column < self->n_columns; column++)
      cells[row * self->n_columns + column] = g_strdup (cell (self, row, column));
  return cells;
}

static SlTableInfo *
describe (const Table *self, const SlTextStream *stream)
{
  SlTableInfo *info = g_new0 (SlTableInfo, 1);

  info->file = g_strdup (self->file->rel_path);
  info->encoding = g_strdup (stream->encoding);
  info->has_bom = stream->has_bom;
  info->separator = self->separator;
  info->has_header = self->has_header;
  info->columns = g_new0 (char *, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    info->columns[i] = column_name (self, i);
  info->name_column = self->text;
  info->first_column = self->label >= 0 ? (guint)self->label : 1;
  info->last_column = self->label >= 0 ? (guint)self->label : 0;
  info->split_column = self->split;
  info->prefix = g_strdup ("");
  info->suffix = g_strdup ("");
  info->example = g_strdup ("");
  info->n_columns = self->n_columns;
  info->n_first = MIN (self->sample->len, SL_N_TABLE_ROWS);
  info->cells = first_cells (self, info->n_first);
  info->n_rows = self->n_rows - (self->has_header ? 1 : 0);
  return info;
}

gboolean
_sl_text_read_table (SlTextSink *sink, const SlFolderScan *scan, const char *argument,
                     const char *table, const char *split_column, char **labels, char **found_split,
                     SlTableInfo **info, GError **error)
{
  const char *columns;
  g_auto (Table)
      self = { .sink = sink, .file = choose_file (scan, argument, table, &columns, error) };
  g_autoptr (SlTextStream) stream = NULL;

  self.sample = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  if (self.file == NULL || !parse_spec (&self, columns, error))
    return FALSE;
  if (!read_sample (&self, error) || !choose_columns (&self, split_column, error))
    return FALSE;
  stream = open_stream (&self, error);
  if (stream == NULL)
    return FALSE;
  _sl_text_sink_count_encoding (sink, stream->encoding);
  if (!_sl_text_rows_each (stream, self.separator, take_row, &self, error))
    return FALSE;
  *labels = spell (&self);
  *found_split = self.split >= 0 ? column_name (&self, (guint)self.split) : NULL;
  *info = describe (&self, stream);
  return TRUE;
}
