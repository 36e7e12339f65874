/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <stdio.h>
#include <string.h>

static struct
{
  gboolean csv, json;
  gint threads;
  gint64 run;
} opt;

static const GOptionEntry options[] = {
  { "run", 0, 0, G_OPTION_ARG_INT64, &opt.run,
    N_ ("Run of the project to ask; the newest by default"), N_ ("RUN") },
  { "csv", 0, 0, G_OPTION_ARG_NONE, &opt.csv, N_ ("A table with the probability of each class"),
    NULL },
  { "threads", 0, 0, G_OPTION_ARG_INT, &opt.threads, N_ ("Threads; all cores by default"),
    N_ ("N") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object a line"), NULL },
  { NULL }
};

/* ---- Which files */

static gboolean
looks_like_picture (const char *name)
{
  g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);
  g_autofree char *mime = g_content_type_get_mime_type (type);

  return mime != NULL && g_str_has_prefix (mime, "image/");
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* Appends the pictures of a folder and its folders, by name; hidden ones are passed over. */
static gboolean
add_folder (GPtrArray *files, const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *path = names->pdata[i];

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        {
          if (!add_folder (files, path, error))
            return FALSE;
        }
      else if (looks_like_picture (path))
        g_ptr_array_add (files, g_strdup (path));
    }
  return TRUE;
}

static GPtrArray *
collect_files (char **args, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  for (; *args != NULL; args++)
    {
      if (!g_file_test (*args, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (files, g_strdup (*args));
      else if (!add_folder (files, *args, error))
        return NULL;
    }
  if (files->len > 0)
    return g_steal_pointer (&files);
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "%s",
               _ ("There is no picture in that folder: choose another one"));
  return NULL;
}

/* A project's run, or a model file of its own. */
static SlModel *
load_model (const char *path, GError **error)
{
  g_autoptr (SlProject) project = NULL;
  SlRun *run;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR) && g_file_test (path, G_FILE_TEST_EXISTS))
    return sl_model_load (path, error);
  project = sl_project_open (path, error);
  run = project != NULL ? cli_find_run (project, opt.run, error) : NULL;
  return run != NULL ? sl_project_load_model (project, sl_run_get_id (run), error) : NULL;
}

/* ---- Output */

static char *
format_probability (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.6f", value));
}

/* A CSV cell: quoted where it must be (RFC 4180). */
static void
print_csv_cell (const char *text)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      fputs (text, stdout);
      return;
    }
  putchar ('"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        putchar ('"');
      putchar (*text);
    }
  putchar ('"');
}

static void
print_csv_header (const char *const *classes)
{
  fputs ("path,predicted,probability", stdout);
  for (; *classes != NULL; classes++)
    {
      putchar (',');
      print_csv_cell (*classes);
    }
  fputs ("\r\n", stdout);
}

static void
print_csv_row (const char *path, const SlPrediction *prediction)
{
  g_autofree char *probability = format_probability (prediction->probability);

  print_csv_cell (path);
  putchar (',');
  print_csv_cell (prediction->predicted);
  printf (",%s", probability);
  for (guint i = 0; i < prediction->n_outputs; i++)
    {
      g_autofree char *value = format_probability (prediction->outputs[i]);

      printf (",%s", value);
    }
  fputs ("\r\n", stdout);
}

static void
print_json (const char *path, const char *const *classes, const SlPrediction *prediction)
{
  JsonBuilder *builder = cli_json_begin ();

  cli_json_string (builder, "path", path);
  cli_json_string (builder, "predicted", prediction->predicted);
  cli_json_double (builder, "probability", prediction->probability);
  json_builder_set_member_name (builder, "probabilities");
  json_builder_begin_object (builder);
  for (guint i = 0; i < prediction->n_outputs; i++)
    cli_json_double (builder, classes[i], prediction->outputs[i]);
  json_builder_end_object (builder);
  cli_json_end (builder);
}

static void
print_one (SlModel *model, const char *path, const SlPrediction *prediction)
{
  if (opt.json)
    print_json (path, sl_model_get_classes (model), prediction);
  else if (opt.csv)
    print_csv_row (path, prediction);
  else
    g_print ("%5.1f %%  %s  %s\n", 100.0 * prediction->probability, prediction->predicted, path);
}

/* A file that can't be read does not keep the others from being predicted. */
static int
predict_files (SlModel *model, GPtrArray *files)
{
  int code = CLI_DONE;

  if (opt.csv)
    print_csv_header (sl_model_get_classes (model));
  for (guint i = 0; i < files->len; i++)
    {
      const char *path = files->pdata[i];
      GError *error = NULL;
      g_autoptr (SlPrediction) prediction = sl_model_predict (model, path, &error);

      if (prediction == NULL)
        code = cli_fail (error);
      else
        print_one (model, path, prediction);
    }
  return code;
}

static int
run_predict (char **args)
{
  g_autoptr (SlModel) model = NULL;
  g_autoptr (GPtrArray) files = NULL;
  GError *error = NULL;

  if (opt.csv && opt.json)
    return cli_usage (cli_verb_predict.name, "%s", _ ("--csv and --json contradict each other"));
  if (opt.threads > 0)
    sl_parallel_set_threads ((guint)opt.threads);
  model = load_model (args[0], &error);
  if (model == NULL)
    return cli_fail (error);
  files = collect_files (args + 1, &error);
  if (files == NULL)
    return cli_fail (error);
  return predict_files (model, files);
}

const CliVerb cli_verb_predict = {
  "predict",
  N_ ("PROJECT|MODEL FILE…"),
  N_ ("Say what pictures show; a folder stands for its pictures"),
  options,
  FALSE,
  2,
  G_MAXUINT,
  run_predict,
};
