/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static struct
{
  gboolean csv, json, tta;
  gint threads;
  gint64 run;
  char *heat_map, *split, *text;
} opt;

static const GOptionEntry options[] = {
  { "run", 0, 0, G_OPTION_ARG_INT64, &opt.run,
    N_ ("Run of the project to ask; the newest by default"), N_ ("RUN") },
  { "csv", 0, 0, G_OPTION_ARG_NONE, &opt.csv, N_ ("A table with the probability of each class"),
    NULL },
  { "tta", 0, 0, G_OPTION_ARG_NONE, &opt.tta,
    N_ ("Look at each picture in nine views and blend the answers: slower, often more accurate"),
    NULL },
  { "heat-map", 0, 0, G_OPTION_ARG_FILENAME, &opt.heat_map,
    N_ ("Also draw into this folder what in each picture speaks for the answer"), N_ ("FOLDER") },
  { "text", 0, 0, G_OPTION_ARG_STRING, &opt.text,
    N_ ("Say what this text is, in place of files; of texts, files are .txt"), N_ ("TEXT") },
  { "split", 0, 0, G_OPTION_ARG_STRING, &opt.split,
    N_ ("Measure on the project's own pictures in place of files: valid, train or all"),
    N_ ("WHICH") },
  { "threads", 0, 0, G_OPTION_ARG_INT, &opt.threads, N_ ("Threads; all cores by default"),
    N_ ("N") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object a line"), NULL },
  { NULL }
};

/* ---- Which files */

static gboolean
looks_like_text (const char *name)
{
  return g_str_has_suffix (name, ".txt");
}

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

/* Appends the pictures or texts of a folder and its folders, by name; hidden ones are passed over. */
static gboolean
add_folder (GPtrArray *files, const char *folder, gboolean (*fits) (const char *name),
            GError **error)
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
          if (!add_folder (files, path, fits, error))
            return FALSE;
        }
      else if (fits (path))
        g_ptr_array_add (files, g_strdup (path));
    }
  return TRUE;
}

static GPtrArray *
collect_files (char **args, gboolean texts, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  for (; *args != NULL; args++)
    {
      if (!g_file_test (*args, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (files, g_strdup (*args));
      else if (!add_folder (files, *args, texts ? looks_like_text : looks_like_picture, error))
        return NULL;
    }
  if (files->len > 0)
    return g_steal_pointer (&files);
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "%s",
               texts ? _ ("There is no .txt file in that folder: choose another one")
                     : _ ("There is no picture in that folder: choose another one"));
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

  if (isnan (value)) /* the kind of problem knows none */
    return g_strdup ("");
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

/* What a prediction lists: of a mask the share of each class, of a point two numbers. */
static guint
n_outputs (const SlProblem *problem)
{
  return problem->task->n_outputs (problem);
}

/* (transfer full) */
static char *
output_name (const SlProblem *problem, guint i)
{
  guint each = n_outputs (problem) / MAX (problem->n_classes, 1);

  return each == 2 ? g_strconcat (problem->classes[i / 2], i % 2 == 0 ? "_x" : "_y", NULL)
                   : g_strdup (problem->classes[i]);
}

static void
print_csv_header (const SlProblem *problem)
{
  fputs ("path,predicted,probability", stdout);
  for (guint i = 0; i < n_outputs (problem); i++)
    {
      g_autofree char *name = output_name (problem, i);

      putchar (',');
      print_csv_cell (name);
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
print_json (const char *path, const SlProblem *problem, const SlPrediction *prediction)
{
  JsonBuilder *builder = cli_json_begin ();

  cli_json_string (builder, "path", path);
  cli_json_string (builder, "predicted", prediction->predicted);
  cli_json_double (builder, "probability", prediction->probability);
  json_builder_set_member_name (builder, problem->task->has_classes ? "probabilities" : "outputs");
  json_builder_begin_object (builder);
  for (guint i = 0; i < prediction->n_outputs; i++)
    {
      g_autofree char *name = output_name (problem, i);

      cli_json_double (builder, name, prediction->outputs[i]);
    }
  json_builder_end_object (builder);
  cli_json_end (builder);
}

/* "roll 12.5°, length 3.4 mm" of the answer "12.5 3.4" */
static char *
say_numbers (const SlProblem *problem, const SlPrediction *prediction)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < prediction->n_outputs; i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *name = NULL;
      g_autofree char *unit = sl_number_split_unit (problem->classes[i], &name);
      const char *space = unit != NULL && !g_str_equal (unit, "°") ? " " : "";

      g_ascii_formatd (number, sizeof number, "%.6g", prediction->outputs[i]);
      g_string_append_printf (text, "%s%s %s%s%s", i > 0 ? ", " : "", name, number, space,
                              unit != NULL ? unit : "");
    }
  return g_string_free (text, FALSE);
}

static void
print_one (SlModel *model, const char *path, const SlPrediction *prediction)
{
  const SlProblem *problem = sl_model_get_problem (model);
  g_autofree char *numbers = problem->task->has_ranges ? say_numbers (problem, prediction) : NULL;

  if (opt.json)
    print_json (path, problem, prediction);
  else if (opt.csv)
    print_csv_row (path, prediction);
  else if (isnan (prediction->probability)) /* points and numbers are not more or less likely */
    g_print ("%s  %s\n", numbers != NULL ? numbers : prediction->predicted, path);
  else
    g_print ("%5.1f %%  %s  %s\n", 100.0 * prediction->probability, prediction->predicted, path);
}

/* ---- Heat maps */

static guint
index_of (const char *const *classes, const char *name)
{
  guint i = 0;

  while (!g_str_equal (classes[i], name))
    i++;
  return i;
}

/* Pictures of several folders may have the same name: each gets its place in the list before it. */
static char *
heat_map_path (guint i, const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_strdup_printf ("%04u-%s.png", i + 1, base);

  return g_build_filename (opt.heat_map, name, NULL);
}

static gboolean
draw_heat_map (SlModel *model, guint i, const char *path, const char *predicted, GError **error)
{
  g_autofree char *to = heat_map_path (i, path);
  g_autoptr (SlHeatMap) map = NULL;
  g_autoptr (SlPicture) picture = NULL;
  g_autoptr (SlPicture) overlay = NULL;

  map = sl_model_heat_map (model, path, index_of (sl_model_get_problem (model)->classes, predicted),
                           error);
  picture = map != NULL ? sl_picture_load (path, 0, error) : NULL;
  if (picture == NULL)
    return FALSE;
  overlay = sl_heat_map_overlay (map, picture, SL_HEAT_MAP_ALPHA);
  return sl_picture_save_png (overlay, to, error);
}

static gboolean
make_heat_map_folder (GError **error)
{
  if (opt.heat_map == NULL || g_mkdir_with_parents (opt.heat_map, 0777) == 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_FAILED,
               _ ("“%s” cannot be made (%s): give another folder for the heat maps"), opt.heat_map,
               g_strerror (errno));
  return FALSE;
}

/* One file, picture or text as the model wants it. */
static SlPrediction *
predict_file (SlModel *model, const char *path, GError **error)
{
  g_autofree char *bytes = NULL, *text = NULL;
  gsize length;

  if (!sl_model_get_problem (model)->task->texts)
    return sl_model_predict (model, path, error);
  if (!g_file_get_contents (path, &bytes, &length, error))
    return NULL;
  text = g_utf8_make_valid (bytes, (gssize)length);
  return sl_model_predict_text (model, text, NULL, error);
}

static int
predict_text (SlModel *model, const char *text)
{
  GError *error = NULL;
  g_autoptr (SlPrediction) prediction = sl_model_predict_text (model, text, NULL, &error);

  if (prediction == NULL)
    return cli_fail (error);
  if (opt.csv)
    print_csv_header (sl_model_get_problem (model));
  print_one (model, text, prediction);
  return CLI_DONE;
}

/* A file that can't be read does not keep the others from being predicted. */
static int
predict_files (SlModel *model, GPtrArray *files)
{
  int code = CLI_DONE;

  if (opt.csv)
    print_csv_header (sl_model_get_problem (model));
  for (guint i = 0; i < files->len; i++)
    {
      const char *path = files->pdata[i];
      GError *error = NULL;
      g_autoptr (SlPrediction) prediction = predict_file (model, path, &error);

      if (prediction == NULL)
        code = cli_fail (error);
      else
        print_one (model, path, prediction);
      if (prediction != NULL && opt.heat_map != NULL
          && !draw_heat_map (model, i, path, prediction->predicted, &error))
        code = cli_fail (error);
    }
  return code;
}

/* ---- The project's own pictures */

static void
watch_progress (gsize done, gsize total, const char *what, gpointer data)
{
  cli_progress_count (done, total, what, (gpointer)_ ("looking"));
}

static void
print_score (const SlProblem *problem, const SlScore *score)
{
  const SlTask *task = problem->task;
  double metrics[SL_MAX_METRICS], loss = sl_score_loss (score);
  g_autofree char *loss_text = cli_format_loss (loss);

  task->finish_score (problem, score, metrics);
  if (opt.json)
    {
      JsonBuilder *builder = cli_json_begin ();

      cli_json_int (builder, "items", (gint64)score->weight);
      cli_json_double (builder, "loss", loss);
      cli_json_metrics (builder, task, metrics);
      cli_json_end (builder);
      return;
    }
  g_print ("%s %s", _ ("loss"), loss_text);
  for (guint i = 0; i < task->n_metrics; i++)
    {
      g_autofree char *value = cli_format_metric (&task->metrics[i], metrics[i]);

      g_print ("  %s %s", task->metrics[i].name, value);
    }
  g_print ("\n");
}

/* Answers to several views are averaged, which not all kinds of problem allow. */
static gboolean
take_views (SlModel *model)
{
  if (opt.tta && !sl_model_get_problem (model)->task->may_blend)
    return FALSE;
  sl_model_set_tta (model, opt.tta);
  return TRUE;
}

static int
refuse_views (void)
{
  return cli_usage (cli_verb_predict.name, "%s",
                    _ ("--tta averages answers, which goes with labels alone"));
}

static int
measure_split (const char *path, int split)
{
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlModel) model = NULL;
  g_autoptr (SlSampleSet) samples = NULL;
  g_auto (SlScore) score = { 0 };
  GError *error = NULL;
  SlRun *run;

  project = sl_project_open (path, &error);
  run = project != NULL ? cli_find_run (project, opt.run, &error) : NULL;
  model = run != NULL ? sl_project_load_model (project, sl_run_get_id (run), &error) : NULL;
  if (model == NULL)
    return cli_fail (error);
  if (!take_views (model))
    return refuse_views ();
  samples = sl_project_dup_samples (project, split);
  if (!sl_model_evaluate (model, samples, NULL, NULL, NULL, &score, NULL, watch_progress, NULL,
                          NULL, &error))
    return cli_fail (error);
  cli_progress_clear ();
  print_score (sl_model_get_problem (model), &score);
  return CLI_DONE;
}

/* What contradicts itself; 0: nothing. */
static int
check_options (char **args, int *split)
{
  const char *verb = cli_verb_predict.name;

  if (opt.csv && opt.json)
    return cli_usage (verb, "%s", _ ("--csv and --json contradict each other"));
  if (opt.split == NULL && opt.text == NULL && args[1] == NULL)
    return cli_usage (verb, "%s",
                      _ ("give pictures or texts, --text, or --split for the project's own"));
  if (opt.text != NULL && (args[1] != NULL || opt.split != NULL || opt.heat_map != NULL))
    return cli_usage (verb, "%s", _ ("--text goes with neither files, --split nor --heat-map"));
  if (opt.split != NULL && !cli_parse_split (opt.split, split))
    return cli_usage (verb, _ ("There is no split “%s”"), opt.split);
  if (opt.split != NULL && (args[1] != NULL || opt.csv || opt.heat_map != NULL))
    return cli_usage (verb, "%s", _ ("--split goes with neither files, --csv nor --heat-map"));
  return CLI_DONE;
}

static int
run_predict (char **args)
{
  g_autoptr (SlModel) model = NULL;
  g_autoptr (GPtrArray) files = NULL;
  GError *error = NULL;
  int split = -1, code = check_options (args, &split);

  if (code != CLI_DONE)
    return code;
  if (opt.threads > 0)
    sl_parallel_set_threads ((guint)opt.threads);
  if (opt.split != NULL)
    return measure_split (args[0], split);
  model = load_model (args[0], &error);
  if (model == NULL)
    return cli_fail (error);
  if (opt.heat_map != NULL
      && (!sl_model_get_problem (model)->task->one_class
          || sl_model_get_problem (model)->task->texts))
    return cli_usage (cli_verb_predict.name, "%s",
                      _ ("--heat-map goes with pictures that have one label each"));
  if (opt.text != NULL)
    return predict_text (model, opt.text);
  files = collect_files (args + 1, sl_model_get_problem (model)->task->texts, &error);
  if (files == NULL || !make_heat_map_folder (&error))
    return cli_fail (error);
  if (!take_views (model))
    return refuse_views ();
  return predict_files (model, files);
}

const CliVerb cli_verb_predict = {
  "predict",
  N_ ("PROJECT|MODEL [FILE…]"),
  N_ ("Say what pictures show, or what texts are; a folder stands for what is in it"),
  options,
  FALSE,
  1,
  G_MAXUINT,
  run_predict,
};
