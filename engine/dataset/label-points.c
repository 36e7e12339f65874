/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/label-pose.h"
#include "dataset/label-table.h"

#include <string.h>

/* "points:csv:…": a table with two columns for each point; "points:biwi": a text for each picture. */

typedef struct
{
  gboolean is_pose;
  SlLabelTable table; /* where not */
  SlPoseFiles *poses; /* where it is */
} Reading;

/* ---- Columns */

/* Length of the name before "_x" or "_y", or 0. */
static gsize
stem_length (const char *column, char axis)
{
  gsize length = strlen (column);

  return length > 2 && g_ascii_tolower (column[length - 1]) == axis
                 && strchr ("_.- ", column[length - 2]) != NULL
             ? length - 2
             : 0;
}

static gboolean
is_pair (const SlTable *table, guint column)
{
  const char *x = _sl_table_cell (table, 0, column), *y = _sl_table_cell (table, 0, column + 1);
  gsize length = stem_length (x, 'x');

  return length > 0 && stem_length (y, 'y') == length && strncmp (x, y, length) == 0;
}

/* The first run of columns that are pairs. */
static gboolean
find_pairs (const SlTable *table, guint *first, guint *last)
{
  for (guint i = 0; i + 1 < table->n_columns; i++)
    if (is_pair (table, i))
      {
        *first = i;
        for (*last = i + 1; *last + 2 < table->n_columns && is_pair (table, *last + 1);)
          *last += 2;
        return TRUE;
      }
  return FALSE;
}

static gboolean
choose_columns (SlLabelTable *self, GError **error)
{
  if (find_pairs (self->table, &self->first, &self->last))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "%s has no columns such as nose_x, nose_y: write which hold points, as in "
               "points:csv:name,2..5",
               self->file);
  return FALSE;
}

static gboolean
check_pairs (const SlLabelTable *self, GError **error)
{
  guint n = self->last - self->first + 1;

  if (n % 2 == 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "%u columns of %s cannot be points: each has two, x and y", n, self->file);
  return FALSE;
}

/* ---- The labeller */

static void
reading_free (gpointer data)
{
  Reading *self = data;

  _sl_label_table_clear (&self->table);
  g_clear_pointer (&self->poses, _sl_pose_files_free);
  g_free (self);
}

static gboolean
open_table (Reading *self, SlLabels *labels, const SlLabelSource *source, const char *argument,
            GError **error)
{
  g_autofree char *spelled = NULL;

  if (!_sl_label_table_open (&self->table, source, argument, choose_columns, labels->understood,
                             error)
      || !check_pairs (&self->table, error))
    return FALSE;
  spelled = _sl_label_table_spell (&self->table, NULL);
  labels->understood->labels = g_strconcat ("points:csv:", spelled, NULL);
  return TRUE;
}

static gboolean
open_poses (Reading *self, SlLabels *labels, const SlLabelSource *source, GError **error)
{
  self->is_pose = TRUE;
  self->poses = _sl_pose_files_new (source, error);
  labels->understood->labels = g_strdup ("points:biwi");
  return self->poses != NULL;
}

static gboolean
points_open (SlLabels *labels, const SlLabelSource *source, const char *argument, GError **error)
{
  Reading *self = g_new0 (Reading, 1);
  gboolean is_csv = argument != NULL && g_str_has_prefix (argument, "csv")
                    && (argument[3] == ':' || argument[3] == '\0');

  labels->reading = self;
  labels->task = sl_task_find ("points");
  if (is_csv)
    argument = argument[3] == ':' && argument[4] != '\0' ? argument + 4 : NULL;
  if (g_strcmp0 (argument, "biwi") == 0 ? open_poses (self, labels, source, error)
                                        : open_table (self, labels, source, argument, error))
    return TRUE;
  reading_free (self);
  return FALSE;
}

static char *
points_guess (const SlLabelSource *source)
{
  g_autofree char *file = NULL;
  guint first, last;

  if (_sl_pose_files_suit (source))
    return g_strdup ("biwi");
  file = _sl_label_table_guess (source);
  for (guint i = 0; file != NULL && i < source->texts->len; i++)
    {
      const SlSideFile *side = source->texts->pdata[i];
      g_autoptr (SlTable) table = NULL;

      if (!g_str_equal (side->rel_path, file))
        continue;
      table = _sl_table_read (side->path, NULL);
      if (table != NULL && find_pairs (table, &first, &last))
        return g_strconcat ("csv:", file, NULL);
    }
  return NULL;
}

/* ---- Targets */

/* Appends a point or "-"; FALSE: neither two numbers nor nothing. */
static gboolean
append_point (const SlTable *table, gsize row, guint column, GString *text, gboolean *any)
{
  char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
  double at_x, at_y;

  if (text->len > 0)
    g_string_append_c (text, ' ');
  if (*_sl_table_cell (table, row, column) == '\0'
      && *_sl_table_cell (table, row, column + 1) == '\0')
    {
      g_string_append_c (text, '-');
      return TRUE;
    }
  if (!_sl_table_number (table, row, column, &at_x)
      || !_sl_table_number (table, row, column + 1, &at_y))
    return FALSE;
  *any = TRUE;
  g_string_append_printf (text, "%s,%s", g_ascii_formatd (x, sizeof x, "%.9g", at_x),
                          g_ascii_formatd (y, sizeof y, "%.9g", at_y));
  return TRUE;
}

static void
label_by_row (const SlLabelTable *self, gsize row, SlLabel *out)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean any = FALSE;

  for (guint i = self->first; i < self->last; i += 2)
    if (!append_point (self->table, row, i, text, &any))
      {
        g_autofree char *column = _sl_label_table_column (self, i);

        out->reason = g_strdup_printf ("%s, line %u: no point in column “%s”", self->file,
                                       _sl_table_line (self->table, row), column);
        return;
      }
  if (any)
    out->target = g_strdup (text->str);
  else
    out->reason = g_strdup_printf ("%s, line %u: all points are missing", self->file,
                                   _sl_table_line (self->table, row));
}

static void
points_label (const SlLabels *labels, guint index, const SlFound *found, SlLabel *out)
{
  const Reading *self = labels->reading;
  gint64 row;

  if (self->is_pose)
    {
      _sl_pose_files_label (self->poses, found, out);
      return;
    }
  row = _sl_label_table_row (&self->table, index, found, out);
  if (row >= 0)
    label_by_row (&self->table, (gsize)row, out);
}

/* "nose" for nose_x and nose_y; else the number of the point. */
static char **
points_classes (const SlLabels *labels, const char *const *targets, gsize n)
{
  const Reading *self = labels->reading;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (self->is_pose)
    g_ptr_array_add (names, g_strdup ("head"));
  for (guint i = self->table.first; !self->is_pose && i < self->table.last; i += 2)
    {
      const char *column = _sl_table_cell (self->table.table, 0, i);

      g_ptr_array_add (names, self->table.first_row > 0 && is_pair (self->table.table, i)
                                  ? g_strndup (column, stem_length (column, 'x'))
                                  : g_strdup_printf ("%u", names->len + 1));
    }
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static void
points_leftover (const SlLabels *labels, GPtrArray *skipped)
{
  const Reading *self = labels->reading;

  if (!self->is_pose)
    _sl_label_table_leftover (&self->table, TRUE, skipped);
}

const SlLabeller _sl_labeller_points = {
  .prefix = "points",
  .usage = "points:csv[:[FILE:]NAME_COL,FIRST..LAST] or points:biwi",
  .tasks = { "points" },
  .guess = points_guess,
  .open = points_open,
  .label = points_label,
  .classes = points_classes,
  .leftover = points_leftover,
  .free = reading_free,
};
