/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- Messages */

/* One line, whatever the message holds. */
static void
print_message (const char *message)
{
  g_autofree char *line = g_strdelimit (g_strdup (message), "\n\r", ' ');

  cli_progress_clear ();
  g_printerr ("slope-cli: %s\n", line);
}

int
cli_fail (GError *error)
{
  print_message (error->message);
  g_error_free (error);
  return CLI_FAILED;
}

int
cli_usage (const char *verb, const char *format, ...)
{
  g_autofree char *what = NULL;
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (verb != NULL)
    message = g_strdup_printf (_ ("%s: see “slope-cli %s --help”"), what, verb);
  else
    message = g_strdup_printf (_ ("%s: see “slope-cli --help”"), what);
  print_message (message);
  return CLI_USAGE;
}

/* ---- Progress */

static gboolean progress_shown;

static gboolean
has_terminal (void)
{
  return isatty (STDERR_FILENO);
}

void
cli_progress (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (!has_terminal ())
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("\r%s\033[K", text);
  progress_shown = TRUE;
}

void
cli_progress_clear (void)
{
  if (progress_shown)
    g_printerr ("\r\033[K");
  progress_shown = FALSE;
}

void
cli_progress_count (gsize done, gsize total, const char *what, gpointer data)
{
  if (total > 0)
    cli_progress ("%s %" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT "  %s", (const char *)data, done, total,
                  what != NULL ? what : "");
  else
    cli_progress ("%s %" G_GSIZE_FORMAT "  %s", (const char *)data, done, what != NULL ? what : "");
}

void
cli_progress_bytes (guint64 done, guint64 total, double rate, gpointer data)
{
  g_autofree char *have = g_format_size (done), *all = g_format_size (total);
  g_autofree char *speed = g_format_size ((guint64)rate);

  if (total == 0)
    cli_progress ("%s  %s/s", have, speed);
  else
    /* Translators: "12.3 MB of 46.8 MB  5.1 MB/s" */
    cli_progress (_ ("%s of %s  %s/s"), have, all, speed);
}

/* ---- JSON */

JsonBuilder *
cli_json_begin (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
}

void
cli_json_end (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  puts (text);
  fflush (stdout);
  g_object_unref (builder);
}

void
cli_json_double (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
cli_json_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
cli_json_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
cli_json_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
cli_json_metrics (JsonBuilder *builder, const SlTask *task, const double *metrics)
{
  json_builder_set_member_name (builder, "metrics");
  json_builder_begin_object (builder);
  for (guint i = 0; i < task->n_metrics; i++)
    cli_json_double (builder, task->metrics[i].name, metrics[i]);
  json_builder_end_object (builder);
}

/* ---- Tables */

struct _CliTable
{
  const char *const *columns;
  guint n_columns;
  GPtrArray *cells;
};

CliTable *
cli_table_new (const char *const *columns)
{
  CliTable *self = g_new0 (CliTable, 1);

  self->columns = columns;
  self->n_columns = g_strv_length ((char **)columns);
  self->cells = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->n_columns; i++)
    g_ptr_array_add (self->cells, g_strdup (columns[i] + (columns[i][0] == '>')));
  return self;
}

void
cli_table_add (CliTable *self, char *cell)
{
  g_ptr_array_add (self->cells, cell);
}

static int
text_width (const char *text)
{
  int width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static void
print_cell (const char *cell, int width, gboolean right, gboolean last)
{
  int gap = width - text_width (cell);

  if (right)
    g_print ("%*s%s", gap, "", cell);
  else
    g_print ("%s%*s", cell, last ? 0 : gap, "");
  g_print ("%s", last ? "\n" : "  ");
}

void
cli_table_print (CliTable *self)
{
  g_autofree int *widths = g_new0 (int, self->n_columns);

  for (guint i = 0; i < self->cells->len; i++)
    {
      guint column = i % self->n_columns;

      widths[column] = MAX (widths[column], text_width (self->cells->pdata[i]));
    }
  for (guint i = 0; i < self->cells->len; i++)
    {
      guint column = i % self->n_columns;

      print_cell (self->cells->pdata[i], widths[column], self->columns[column][0] == '>',
                  column + 1 == self->n_columns);
    }
  g_ptr_array_unref (self->cells);
  g_free (self);
}

char *
cli_format_time (double seconds)
{
  guint s = (guint)(seconds + 0.5);

  if (s >= 3600)
    return g_strdup_printf ("%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
  return g_strdup_printf ("%u:%02u", s / 60, s % 60);
}

char *
cli_format_metric (const SlMetricDef *def, double value)
{
  if (!isfinite (value))
    return g_strdup ("–");
  if (def->percent)
    return g_strdup_printf ("%.1f %%", 100 * value);
  return g_strdup_printf ("%.4f", value);
}

char *
cli_format_loss (double loss)
{
  return isfinite (loss) ? g_strdup_printf ("%.4f", loss) : g_strdup ("–");
}

char *
cli_format_rate (double rate)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.1e", rate));
}

/* ---- Projects */

SlRun *
cli_find_run (SlProject *project, gint64 id, GError **error)
{
  GListModel *runs = sl_project_get_runs (project);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);

      /* A language model answers nothing that is asked of a run that nobody named. */
      if (id != 0 ? sl_run_get_id (run) == id
                  : sl_run_has_model (run) && sl_run_get_recipe (run)->learn != SL_LEARN_LANGUAGE)
        return run; /* the project keeps it */
    }
  if (id != 0)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 _ ("There is no run %" PRId64 ": see “slope-cli runs”"), id);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "%s",
                 _ ("Nothing has been trained yet: run “slope-cli train” first"));
  return NULL;
}

gboolean
cli_parse_split (const char *text, int *split)
{
  if (text == NULL || g_str_equal (text, "all"))
    *split = -1;
  else if (g_str_equal (text, "train"))
    *split = SL_SPLIT_TRAIN;
  else if (g_str_equal (text, "valid"))
    *split = SL_SPLIT_VALID;
  else
    return FALSE;
  return TRUE;
}
