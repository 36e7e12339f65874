/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/label-table.h"

#include <math.h>
#include <string.h>

/* Whole numbers with no more values than this are classes, such as digits. */
#define MAX_NUMBER_CLASSES 50
#define REPEATED_ONE_IN 20 /* different cells */
#define MAX_TOKENS 64      /* labels of one picture: more words are a sentence */

typedef struct _Reading Reading;

/* One meaning that the columns of labels can have. */
typedef struct
{
  const char *task;
  /* (transfer full) (nullable): the target; %NULL with *@reason, to which the line is added. */
  char *(*target) (const Reading *self, gsize row, const char **reason);
  /* (transfer full): the names of the classes, given all targets. */
  char **(*classes) (const Reading *self, const char *const *targets, gsize n);
} Kind;

struct _Reading
{
  SlLabelTable table;
  const Kind *kind;
  char delimiter; /* 0: none */
};

/* ---- Targets: several labels */

/* A label as it may stand in a list of labels that is divided by semicolons. */
static char *
clean_label (const char *text)
{
  return g_strstrip (g_strdelimit (g_strdup (text), ";\n\r\t", ','));
}

static void
add_labels (const Reading *self, gsize row, GPtrArray *labels)
{
  /* Without a delimiter the cell is one label: a line break stands in none. */
  const char separator[2] = { self->delimiter != '\0' ? self->delimiter : '\n', '\0' };
  const char *cell = _sl_table_cell (self->table.table, row, self->table.first);
  g_auto (GStrv) parts = g_strsplit (cell, separator, -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      char *label = clean_label (parts[i]);

      if (*label != '\0')
        g_ptr_array_add (labels, label);
      else
        g_free (label);
    }
}

/* (transfer full): sorted, each once. */
static char *
join_labels (GPtrArray *labels)
{
  g_auto (GStrv) sorted = _sl_sorted_set ((const char *const *)labels->pdata, labels->len);

  return g_strjoinv (";", sorted);
}

/* All rows that name the picture together, as in tables with a row for each label. */
static char *
target_many (const Reading *self, gsize row, const char **reason)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = row + 1; i != 0;
       i = self->table.next_row[i - 1] ? self->table.next_row[i - 1] + 1 : 0)
    add_labels (self, i - 1, labels);
  return join_labels (labels);
}

static char **
classes_many (const Reading *self, const char *const *targets, gsize n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree const char **names = NULL;
  guint n_names;

  for (gsize i = 0; i < n; i++)
    {
      g_auto (GStrv) labels = targets[i] != NULL ? g_strsplit (targets[i], ";", -1) : NULL;

      for (gsize k = 0; labels != NULL && labels[k] != NULL; k++)
        g_hash_table_add (seen, g_strdup (labels[k]));
    }
  names = (const char **)g_hash_table_get_keys_as_array (seen, &n_names);
  return _sl_sorted_set (names, n_names);
}

/* ---- Targets: columns of 0 and 1 */

static gboolean
read_flag (const SlTable *table, gsize row, guint column, gboolean *flag)
{
  double number;

  if (!_sl_table_number (table, row, column, &number) || (number != 0.0 && number != 1.0))
    return FALSE;
  *flag = number == 1.0;
  return TRUE;
}

static char *
target_one_hot (const Reading *self, gsize row, const char **reason)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) names = _sl_label_table_names (&self->table);

  for (guint i = self->table.first; i <= self->table.last; i++)
    {
      gboolean flag;

      if (!read_flag (self->table.table, row, i, &flag))
        {
          *reason = "a label is neither 0 nor 1";
          return NULL;
        }
      if (flag)
        g_ptr_array_add (labels, clean_label (names[i - self->table.first]));
    }
  return join_labels (labels);
}

static char **
classes_one_hot (const Reading *self, const char *const *targets, gsize n)
{
  g_auto (GStrv) names = _sl_label_table_names (&self->table);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (labels, clean_label (names[i]));
  return _sl_sorted_set ((const char *const *)labels->pdata, labels->len);
}

/* ---- Targets: one label, numbers */

static char *
target_one (const Reading *self, gsize row, const char **reason)
{
  const char *cell = _sl_table_cell (self->table.table, row, self->table.first);

  if (*cell != '\0')
    return g_strdup (cell);
  *reason = "the label is empty";
  return NULL;
}

static char **
classes_one (const Reading *self, const char *const *targets, gsize n)
{
  return _sl_sorted_set (targets, n);
}

static char *
target_numbers (const Reading *self, gsize row, const char **reason)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean any = FALSE;

  for (guint i = self->table.first; i <= self->table.last; i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      gboolean known, is_empty = *_sl_table_cell (self->table.table, row, i) == '\0';
      double value;

      known = _sl_table_number (self->table.table, row, i, &value);
      if (!known && !is_empty)
        {
          *reason = "what should be a number is none";
          return NULL;
        }
      any |= known;
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, known ? g_ascii_formatd (number, sizeof number, "%.9g", value) : "-");
    }
  if (!any)
    {
      *reason = "all numbers are missing";
      return NULL;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* How something is turned in space, as heads in BIWI's tables are. */
static gboolean
are_turns (char **names)
{
  static const char *const turns[] = { "roll", "pitch", "yaw" };

  for (gsize i = 0; names[i] != NULL; i++)
    {
      gboolean is_turn = FALSE;

      for (gsize k = 0; k < G_N_ELEMENTS (turns); k++)
        is_turn |= g_ascii_strcasecmp (names[i], turns[k]) == 0;
      if (!is_turn)
        return FALSE;
    }
  return TRUE;
}

/* No angle in radians is more than a whole turn. */
static gboolean
beyond_a_turn (const char *target)
{
  g_auto (GStrv) numbers = g_strsplit (target, " ", -1);

  for (gsize i = 0; numbers[i] != NULL; i++)
    if (fabs (g_ascii_strtod (numbers[i], NULL)) > 2 * G_PI)
      return TRUE;
  return FALSE;
}

/* Angles that can only be degrees get their unit, which is a part of a number's name. */
static char **
classes_numbers (const Reading *self, const char *const *targets, gsize n)
{
  char **names = _sl_label_table_names (&self->table);
  const gboolean turns = are_turns (names);
  gboolean degrees = FALSE;

  for (gsize i = 0; turns && i < n && !degrees; i++)
    degrees = targets[i] != NULL && beyond_a_turn (targets[i]);
  for (gsize i = 0; degrees && names[i] != NULL; i++)
    {
      char *plain = names[i];

      names[i] = g_strconcat (plain, " (°)", NULL);
      g_free (plain);
    }
  return names;
}

static const Kind one_label = { "classify", target_one, classes_one };
static const Kind many_labels = { "multilabel", target_many, classes_many };
static const Kind one_hot = { "multilabel", target_one_hot, classes_one_hot };
static const Kind numbers = { "numbers", target_numbers, classes_numbers };

/* ---- What the columns hold */

static gboolean
are_flags (const SlLabelTable *self, guint column)
{
  gboolean flag;

  for (gsize i = self->first_row; i < self->table->n_rows; i++)
    if (!read_flag (self->table, i, column, &flag))
      return FALSE;
  return TRUE;
}

/* Empty cells may be numbers that are not known. */
static gboolean
are_numbers (const SlLabelTable *self, guint column)
{
  gboolean any = FALSE;
  double number;

  for (gsize i = self->first_row; i < self->table->n_rows; i++)
    {
      gboolean is_number = _sl_table_number (self->table, i, column, &number);

      if (!is_number && *_sl_table_cell (self->table, i, column) != '\0')
        return FALSE;
      any |= is_number;
    }
  return any;
}

/* Numbers that measure something rather than stand for classes. */
static gboolean
is_measure (const SlLabelTable *self, guint column)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);

  if (!are_numbers (self, column))
    return FALSE;
  for (gsize i = self->first_row; i < self->table->n_rows; i++)
    g_hash_table_add (values, (gpointer)_sl_table_cell (self->table, i, column));
  return g_hash_table_size (values) > MAX_NUMBER_CLASSES;
}

/* Cells that hold several labels each: more cells differ than labels do, and hardly any has a label
 * twice, as real tables sometimes do.  "polar bear" and "brown bear" are two cells of three words. */
static gboolean
divides (const SlLabelTable *self, char delimiter)
{
  g_autoptr (GHashTable) cells = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char separator[2] = { delimiter, '\0' };
  guint n_repeated = 0;

  for (gsize i = self->first_row; i < self->table->n_rows; i++)
    {
      const char *cell = _sl_table_cell (self->table, i, self->first);
      g_auto (GStrv) parts = NULL;

      if (*cell == '\0' || !g_hash_table_add (cells, (gpointer)cell))
        continue;
      parts = g_strsplit (cell, separator, -1);
      if (g_strv_length (parts) > MAX_TOKENS)
        return FALSE;
      for (gsize k = 0; parts[k] != NULL; k++)
        {
          for (gsize m = 0; m < k; m++)
            n_repeated += *parts[k] != '\0' && g_str_equal (parts[k], parts[m]);
          g_hash_table_add (words, g_strdup (parts[k]));
        }
    }
  return g_hash_table_size (cells) > g_hash_table_size (words)
         && n_repeated * REPEATED_ONE_IN <= g_hash_table_size (cells);
}

static char
guess_delimiter (const SlLabelTable *self)
{
  static const char candidates[] = { ';', '|', ',', ' ' };

  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (divides (self, candidates[i]))
      return candidates[i];
  return '\0';
}

/* ---- Which columns */

static gboolean
is_free (const SlLabelTable *self, guint column)
{
  return column != self->name_column && (int)column != self->split_column;
}

/* The longest run of columns for which @holds; FALSE: shorter than two. */
static gboolean
find_run (SlLabelTable *self, gboolean (*holds) (const SlLabelTable *, guint))
{
  guint best = 1, run = 0;

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      run = is_free (self, i) && holds (self, i) ? run + 1 : 0;
      if (run > best)
        {
          best = run;
          self->first = i + 1 - run;
          self->last = i;
        }
    }
  return best > 1;
}

/* A column that is called so; else all columns of 0 and 1, or of numbers; else the next one. */
static gboolean
choose_columns (SlLabelTable *self, GError **error)
{
  static const char *const names[] = { "label", "labels", "class",  "classes",
                                       "tags",  "tag",    "target", "category" };

  for (guint i = 0; self->first_row > 0 && i < self->table->n_columns; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
      if (g_ascii_strcasecmp (_sl_table_cell (self->table, 0, i), names[k]) == 0
          && is_free (self, i))
        {
          self->first = self->last = i;
          return TRUE;
        }
  if (find_run (self, are_flags) || find_run (self, are_numbers))
    return TRUE;
  for (guint i = 0; i < self->table->n_columns; i++)
    {
      guint column = (self->name_column + 1 + i) % self->table->n_columns;

      if (!is_free (self, column))
        continue;
      self->first = self->last = column;
      return TRUE;
    }
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "%s has no column of labels beside the names: add one, or choose another file",
               self->file);
  return FALSE;
}

static const Kind *
guess_range_kind (const Reading *self, const SlLabelSource *source, GError **error)
{
  gboolean flags = TRUE;

  for (guint i = self->table.first; i <= self->table.last; i++)
    {
      flags = flags && are_flags (&self->table, i);
      if (!are_numbers (&self->table, i))
        {
          g_autofree char *name = _sl_label_table_column (&self->table, i);

          g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                       "Column “%s” of %s holds neither 0 and 1 nor numbers: choose one column of "
                       "labels, or several of numbers",
                       name, self->table.file);
          return NULL;
        }
    }
  return flags && _sl_label_source_wants (source, one_hot.task) ? &one_hot : &numbers;
}

static const Kind *
guess_kind (Reading *self, const SlLabelSource *source, GError **error)
{
  SlLabelTable *table = &self->table;
  const char *given = table->spec.delimiter;

  if (given != NULL && !_sl_divider_parse (given, &self->delimiter, error))
    return NULL;
  if (table->last > table->first)
    return guess_range_kind (self, source, error);
  if (given == NULL && is_measure (table, table->first)
      && _sl_label_source_wants (source, numbers.task))
    return &numbers;
  if (given == NULL && _sl_label_source_wants (source, many_labels.task))
    self->delimiter = guess_delimiter (table);
  if (source->task == NULL)
    return self->delimiter != '\0' ? &many_labels : &one_label;
  return g_str_equal (source->task->id, many_labels.task) ? &many_labels
         : g_str_equal (source->task->id, numbers.task)   ? &numbers
                                                          : &one_label;
}

/* ---- The labeller */

static void
reading_free (gpointer data)
{
  Reading *self = data;

  _sl_label_table_clear (&self->table);
  g_free (self);
}

/* The whole argument, as it would have to be written to mean the same. */
static char *
spell (const Reading *self)
{
  const SlLabelTable *table = &self->table;
  const gboolean divides = table->last == table->first && self->kind != &numbers;
  g_autofree char *delimiter = divides ? _sl_divider_spell (self->delimiter) : NULL;
  g_autofree char *argument = _sl_label_table_spell (table, delimiter);

  return g_strconcat ("csv:", argument, NULL);
}

static gboolean
csv_open (SlLabels *labels, const SlLabelSource *source, const char *argument, GError **error)
{
  Reading *self = g_new0 (Reading, 1);

  labels->reading = self;
  if (!_sl_label_table_open (&self->table, source, argument, choose_columns, labels->understood,
                             error)
      || (self->kind = guess_kind (self, source, error)) == NULL)
    {
      reading_free (self);
      return FALSE;
    }
  labels->task = sl_task_find (self->kind->task);
  labels->understood->labels = spell (self);
  labels->understood->table->delimiter = self->delimiter;
  return TRUE;
}

static char *
csv_guess (const SlLabelSource *source)
{
  return _sl_label_table_guess (source);
}

static void
csv_label (const SlLabels *labels, guint index, const SlFound *found, SlLabel *out)
{
  const Reading *self = labels->reading;
  gint64 row = _sl_label_table_row (&self->table, index, found, out);
  const char *reason = NULL;

  if (row < 0)
    return;
  out->target = self->kind->target (self, (gsize)row, &reason);
  if (out->target == NULL)
    out->reason = g_strdup_printf ("%s, line %u: %s", self->table.file,
                                   _sl_table_line (self->table.table, (gsize)row), reason);
}

static char **
csv_classes (const SlLabels *labels, const char *const *targets, gsize n)
{
  const Reading *self = labels->reading;

  return self->kind->classes (self, targets, n);
}

static void
csv_leftover (const SlLabels *labels, GPtrArray *skipped)
{
  const Reading *self = labels->reading;

  _sl_label_table_leftover (&self->table, self->kind != &many_labels, skipped);
}

const SlLabeller _sl_labeller_csv = {
  "csv",
  "csv:[FILE:]NAME_COL,LABEL_COL[,DELIM]",
  { "classify", "multilabel", "numbers" },
  csv_guess,
  csv_open,
  csv_label,
  csv_classes,
  csv_leftover,
  reading_free,
};
