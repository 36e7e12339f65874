/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/label-table.h"
#include "dataset/file-names.h"

#include <string.h>

#define GUESSED_COLUMNS 8 /* names of pictures are in one of the first */
#define GOOD_SHARE 0.5    /* of the rows that could name a picture */

/* ---- The argument */

/* The file whose path @text is or begins with, then with a colon; the longest one. */
static const SlSideFile *
find_file (const SlLabelSource *source, const char *text)
{
  const SlSideFile *found = NULL;

  for (guint i = 0; text != NULL && i < source->texts->len; i++)
    {
      const SlSideFile *file = source->texts->pdata[i];
      gsize length = strlen (file->rel_path);

      if (g_str_has_prefix (text, file->rel_path) && (text[length] == ':' || text[length] == '\0')
          && (found == NULL || length > strlen (found->rel_path)))
        found = file;
    }
  return found;
}

/* The table's file; *@columns: what is left of @argument, or %NULL. */
static const SlSideFile *
choose_file (const SlLabelSource *source, const char *argument, const char **columns,
             GError **error)
{
  const SlSideFile *file = find_file (source, argument);
  g_autofree char *guessed = NULL;

  *columns = argument;
  if (file != NULL)
    {
      const char *rest = argument + strlen (file->rel_path);

      *columns = rest[0] == ':' && rest[1] != '\0' ? rest + 1 : NULL;
    }
  else if (source->table != NULL)
    file = find_file (source, source->table);
  else if ((guessed = _sl_label_table_guess (source)) != NULL)
    file = find_file (source, guessed);
  if (file == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "There is no .csv file whose rows name these pictures: write the file's name, as "
                 "in csv:labels.csv:name,label");
  return file;
}

char *
_sl_label_table_column (const SlLabelTable *self, guint column)
{
  const char *name = self->first_row > 0 ? _sl_table_cell (self->table, 0, column) : "";

  return *name != '\0' ? _sl_display_name (name) : g_strdup_printf ("%u", column + 1);
}

/* The first column of this name; -1: none.  Without a header there are no names. */
static gint64
find_name (const SlLabelTable *self, const char *name)
{
  for (guint i = 0; self->spec.header != 0 && *name != '\0' && i < self->table->n_columns; i++)
    if (g_str_equal (_sl_table_cell (self->table, 0, i), name))
      return i;
  return -1;
}

/* A name, a number from 1 that is no name, or "#" and a number. */
static gboolean
find_column (SlLabelTable *self, const char *text, guint *column, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  const gboolean marked = text[0] == '#';
  const gint64 named = marked ? -1 : find_name (self, text);
  guint64 number;

  if (named >= 0)
    self->first_row = 1;
  if (named >= 0
      || g_ascii_string_to_unsigned (text + marked, 10, 1, self->table->n_columns, &number, NULL))
    {
      *column = named >= 0 ? (guint)named : (guint)number - 1;
      return TRUE;
    }
  for (guint i = 0; i < MIN (self->table->n_columns, 10); i++)
    g_string_append_printf (names, "%s“%s”", i > 0 ? ", " : "", _sl_table_cell (self->table, 0, i));
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
               "%s has no column “%s”: its first row has %s; a column without a name is written as "
               "its number, from 1 to %u",
               self->file, text, names->str, self->table->n_columns);
  return FALSE;
}

/* (transfer full): a text by which find_column() finds the column again. */
static char *
spell_column (const SlLabelTable *self, guint column)
{
  const char *name = self->first_row > 0 ? _sl_table_cell (self->table, 0, column) : "";
  g_autofree char *number = g_strdup_printf ("%u", column + 1);

  if (*name != '\0' && *name != '#' && strchr (name, ',') == NULL && strstr (name, "..") == NULL
      && find_name (self, name) == (gint64)column)
    return g_strdup (name);
  return find_name (self, number) < 0 ? g_steal_pointer (&number) : g_strconcat ("#", number, NULL);
}

char *
_sl_label_table_spell (const SlLabelTable *self, const char *delimiter)
{
  g_autofree char *name = spell_column (self, self->name_column);
  g_autofree char *first = spell_column (self, self->first);
  g_autofree char *last = spell_column (self, self->last);
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%s:%s,%s", self->file, name, first);
  if (self->last > self->first)
    g_string_append_printf (text, "..%s", last);
  _sl_table_spec_append_rest (&self->spec, delimiter, text);
  return g_string_free (text, FALSE);
}

/* "FIRST..LAST" or one column. */
static gboolean
find_range (SlLabelTable *self, GError **error)
{
  const SlTableSpec *spec = &self->spec;

  if (!find_column (self, spec->first, &self->first, error)
      || !find_column (self, spec->last != NULL ? spec->last : spec->first, &self->last, error))
    return FALSE;
  if (self->first <= self->last)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "“%s..%s” ends before it begins: write the columns in their order", spec->first,
               spec->last);
  return FALSE;
}

/* ---- Names and header */

static gboolean
has_digit (const char *text)
{
  return strpbrk (text, "0123456789") != NULL;
}

/* The first row is no header if its name fits a picture, or looks like that of one: with a
 * suffix or digits as all others have. */
static gboolean
is_header (SlLabelTable *self, SlFileNames *names)
{
  const char *cell = _sl_table_cell (self->table, 0, self->name_column);
  const char *second = self->table->n_rows > 1 ? _sl_table_cell (self->table, 1, self->name_column)
                                               : NULL;

  if (_sl_file_names_find (names, cell) != SL_FILE_NONE || second == NULL)
    return FALSE;
  if (strrchr (second, '.') != NULL)
    return strrchr (cell, '.') == NULL;
  return !has_digit (cell) || !has_digit (second);
}

static gboolean
choose_names (SlLabelTable *self, SlFileNames *names, const char *given, GError **error)
{
  double best = 0.0;

  if (given != NULL && !find_column (self, given, &self->name_column, error))
    return FALSE;
  for (guint i = 0; given == NULL && i < MIN (self->table->n_columns, GUESSED_COLUMNS); i++)
    {
      double share = _sl_file_names_fit (names, self->table, i);

      if (share > best)
        {
          best = share;
          self->name_column = i;
        }
    }
  if (_sl_file_names_fit (names, self->table, self->name_column) > 0.0
      || _sl_file_names_find (names, _sl_table_cell (self->table, 0, self->name_column)) >= 0)
    return TRUE;
  {
    g_autofree char *column = _sl_label_table_column (self, self->name_column);

    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "No row of %s names a picture of its own (column “%s” has “%s”): choose the "
                 "column with their file names, or the folder that they lie in",
                 self->file, column,
                 _sl_table_cell (self->table, self->table->n_rows - 1, self->name_column));
  }
  return FALSE;
}

/* ---- The column that divides */

static const struct
{
  const char *text;
  const char *part;
} part_cells[] = {
  { "true", "valid" },   { "1", "valid" },     { "1.0", "valid" },   { "yes", "valid" },
  { "valid", "valid" },  { "val", "valid" },   { "dev", "valid" },   { "validation", "valid" },
  { "test", "test" },    { "false", "train" }, { "0", "train" },     { "0.0", "train" },
  { "testing", "test" }, { "no", "train" },    { "train", "train" }, { "training", "train" },
};

const char *
_sl_label_table_part (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (part_cells); i++)
    if (g_ascii_strcasecmp (text, part_cells[i].text) == 0)
      return part_cells[i].part;
  return NULL;
}

static gboolean
check_parts (const SlLabelTable *self, guint column, GError **error)
{
  for (gsize i = self->first_row; i < self->table->n_rows; i++)
    if (_sl_label_table_part (_sl_table_cell (self->table, i, column)) == NULL)
      {
        g_autofree char *name = _sl_label_table_column (self, column);

        g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                     "%s, line %u: column “%s” has “%s”: write true or false, or train, valid or "
                     "test",
                     self->file, _sl_table_line (self->table, i), name,
                     _sl_table_cell (self->table, i, column));
        return FALSE;
      }
  return TRUE;
}

static gboolean
choose_split (SlLabelTable *self, const char *given, GError **error)
{
  static const char *const names[] = { "is_valid", "valid",  "is_val",   "split",
                                       "set",      "subset", "partition" };
  guint column;

  self->split_column = -1;
  if (given != NULL)
    {
      if (!find_column (self, given, &column, error) || !check_parts (self, column, error))
        return FALSE;
      self->split_column = (int)column;
    }
  for (gsize k = 0; given == NULL && self->first_row > 0 && k < G_N_ELEMENTS (names); k++)
    for (guint i = 0; i < self->table->n_columns && self->split_column < 0; i++)
      if (g_ascii_strcasecmp (_sl_table_cell (self->table, 0, i), names[k]) == 0
          && check_parts (self, i, NULL))
        self->split_column = (int)i;
  return TRUE;
}

/* ---- Rows and files */

static gboolean
same_labels (const SlLabelTable *self, gsize a, gsize b)
{
  for (guint i = self->first; i <= self->last; i++)
    if (!g_str_equal (_sl_table_cell (self->table, a, i), _sl_table_cell (self->table, b, i)))
      return FALSE;
  return TRUE;
}

static SlRowFate
match_row (SlLabelTable *self, SlFileNames *names, guint32 *last_row, gsize row)
{
  const char *name = _sl_table_cell (self->table, row, self->name_column);
  gint64 file;

  if (*name == '\0')
    return SL_ROW_NAMELESS;
  file = _sl_file_names_find (names, name);
  if (file < 0)
    return file == SL_FILE_NONE ? SL_ROW_MISSING : SL_ROW_AMBIGUOUS;
  if (self->row_of[file] == 0)
    {
      self->row_of[file] = last_row[file] = (guint32)row + 1;
      return SL_ROW_MATCHED;
    }
  self->next_row[last_row[file] - 1] = (guint32)row;
  last_row[file] = (guint32)row + 1;
  return same_labels (self, self->row_of[file] - 1, row) ? SL_ROW_REPEATED : SL_ROW_CONFLICT;
}

static void
match_rows (SlLabelTable *self, const SlLabelSource *source, SlFileNames *names)
{
  g_autofree guint32 *last_row = g_new0 (guint32, MAX (source->files->len, 1));

  self->row_of = g_new0 (guint32, MAX (source->files->len, 1));
  self->next_row = g_new0 (guint32, self->table->n_rows);
  self->fate = g_new0 (guint8, self->table->n_rows);
  for (gsize i = self->first_row; i < self->table->n_rows; i++)
    self->fate[i] = (guint8)match_row (self, names, last_row, i);
}

/* ---- What was understood */

/* What stands around the name in the path of the first picture that has a row. */
static void
describe_names (const SlLabelTable *self, const SlLabelSource *source, SlTableInfo *info)
{
  const char *path = NULL, *name = "", *at;

  for (guint i = 0; i < source->files->len && path == NULL; i++)
    if (self->row_of[i] != 0)
      {
        path = ((const SlFound *)source->files->pdata[i])->rel_path;
        name = _sl_table_cell (self->table, self->row_of[i] - 1, self->name_column);
      }
  at = path != NULL ? g_strrstr (path, name) : NULL;
  info->prefix = at != NULL ? g_strndup (path, (gsize)(at - path)) : g_strdup ("");
  info->suffix = g_strdup (at != NULL ? at + strlen (name) : "");
  info->example = g_strdup (name);
}

static void
describe (const SlLabelTable *self, const SlLabelSource *source, SlUnderstanding *understood)
{
  SlTableInfo *info = g_new0 (SlTableInfo, 1);
  const SlTable *table = self->table;

  understood->table = info;
  info->file = g_strdup (self->file);
  info->encoding = g_strdup (table->encoding.encoding);
  info->has_bom = table->encoding.has_bom;
  info->separator = table->separator;
  info->has_header = self->first_row > 0;
  info->n_columns = table->n_columns;
  info->cells = _sl_table_first_cells (table, SL_N_TABLE_ROWS, &info->n_first);
  info->columns = g_new0 (char *, table->n_columns + 1);
  for (guint i = 0; i < table->n_columns; i++)
    info->columns[i] = _sl_label_table_column (self, i);
  info->name_column = self->name_column;
  info->first_column = self->first;
  info->last_column = self->last;
  info->split_column = self->split_column;
  info->n_rows = table->n_rows - self->first_row;
  for (gsize i = self->first_row; i < table->n_rows; i++)
    {
      info->n_matched += self->fate[i] == SL_ROW_MATCHED;
      info->n_repeated += self->fate[i] == SL_ROW_REPEATED || self->fate[i] == SL_ROW_CONFLICT;
      info->n_missing += self->fate[i] >= SL_ROW_NAMELESS;
    }
  describe_names (self, source, info);
}

/* ---- All together */

static gboolean
choose_columns (SlLabelTable *self, SlFileNames *names, const char *split_column,
                SlChooseColumns choose, GError **error)
{
  if (!choose_names (self, names, self->spec.name, error))
    return FALSE;
  if (self->spec.header >= 0)
    self->first_row = (gsize)self->spec.header;
  else if (self->first_row == 0 && is_header (self, names))
    self->first_row = 1;
  return choose_split (self, split_column, error)
         && (self->spec.first != NULL ? find_range (self, error) : choose (self, error));
}

gboolean
_sl_label_table_open (SlLabelTable *self, const SlLabelSource *source, const char *argument,
                      SlChooseColumns choose, SlUnderstanding *understood, GError **error)
{
  const char *columns;
  const SlSideFile *file = choose_file (source, argument, &columns, error);
  g_autoptr (SlFileNames) names = NULL;

  *self = (SlLabelTable){ .split_column = -1, .spec.header = -1 };
  if (file == NULL || !_sl_table_spec_parse (&self->spec, columns, error))
    return FALSE;
  self->file = g_strdup (file->rel_path);
  self->table = _sl_table_read_as (file->path, self->spec.charset, self->spec.separator, error);
  if (self->table == NULL)
    return FALSE;
  names = _sl_file_names_new (source->files);
  if (!choose_columns (self, names, source->split_column, choose, error))
    return FALSE;
  match_rows (self, source, names);
  describe (self, source, understood);
  return TRUE;
}

void
_sl_label_table_clear (SlLabelTable *self)
{
  g_clear_pointer (&self->table, _sl_table_free);
  g_clear_pointer (&self->file, g_free);
  _sl_table_spec_clear (&self->spec);
  g_clear_pointer (&self->row_of, g_free);
  g_clear_pointer (&self->next_row, g_free);
  g_clear_pointer (&self->fate, g_free);
}

/* The table whose rows name most pictures; one that names few is about something else. */
char *
_sl_label_table_guess (const SlLabelSource *source)
{
  g_autoptr (SlFileNames) names = _sl_file_names_new (source->files);
  const char *best_path = NULL;
  double best = GOOD_SHARE;

  for (guint i = 0; i < source->texts->len; i++)
    {
      const SlSideFile *file = source->texts->pdata[i];
      g_autoptr (SlTable) table = NULL;

      if (!file->is_table
          || (source->table != NULL && !g_str_equal (file->rel_path, source->table)))
        continue;
      table = _sl_table_read (file->path, NULL);
      for (guint k = 0; table != NULL && k < MIN (table->n_columns, GUESSED_COLUMNS); k++)
        {
          double share = table->n_columns > 1 ? _sl_file_names_fit (names, table, k) : 0.0;

          if (share > best)
            {
              best = share;
              best_path = file->rel_path;
            }
        }
    }
  return g_strdup (best_path);
}

gint64
_sl_label_table_row (const SlLabelTable *self, guint index, const SlFound *found, SlLabel *out)
{
  gint64 row = (gint64)self->row_of[index] - 1;

  if (row < 0 && g_strcmp0 (found->part, "test") != 0)
    out->reason = g_strdup_printf ("no row in %s", self->file);
  if (row >= 0 && self->split_column >= 0)
    out->part = _sl_label_table_part (
        _sl_table_cell (self->table, (gsize)row, (guint)self->split_column));
  return row;
}

void
_sl_label_table_leftover (const SlLabelTable *self, gboolean conflicts, GPtrArray *skipped)
{
  static const char *const reasons[] = {
    [SL_ROW_CONFLICT] = "another row for the same picture; the first one counts",
    [SL_ROW_NAMELESS] = "names no picture",
    [SL_ROW_MISSING] = "there is no such picture",
    [SL_ROW_AMBIGUOUS] = "several pictures have this name",
  };

  for (gsize i = self->first_row; i < self->table->n_rows; i++)
    {
      const char *name = _sl_table_cell (self->table, i, self->name_column);
      g_autofree char *reason = NULL;

      if (reasons[self->fate[i]] == NULL || (self->fate[i] == SL_ROW_CONFLICT && !conflicts))
        continue;
      reason = g_strdup_printf ("%s, line %u: %s", self->file, _sl_table_line (self->table, i),
                                reasons[self->fate[i]]);
      g_ptr_array_add (skipped, _sl_skipped_new (*name != '\0' ? name : self->file, reason));
    }
}

char **
_sl_label_table_names (const SlLabelTable *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  char **names = g_new0 (char *, self->last - self->first + 2);

  for (guint i = self->first; i <= self->last; i++)
    {
      g_autofree char *name = _sl_label_table_column (self, i);
      char *own = g_hash_table_contains (seen, name) ? g_strdup_printf ("%s (%u)", name, i + 1)
                                                     : g_strdup (name);

      g_hash_table_add (seen, own);
      names[i - self->first] = own;
    }
  return names;
}
