/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <math.h>

static struct
{
  gboolean json;
  gint64 delete;
} opt;

static const GOptionEntry options[] = { { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json,
                                          N_ ("One JSON object a line"), NULL },
                                        { "delete", 0, 0, G_OPTION_ARG_INT64, &opt.delete,
                                          N_ ("Delete a run and its files"), N_ ("RUN") },
                                        { NULL } };

/* In JSON; the words for people are below. */
static const char *
state_id (SlRunState state)
{
  switch (state)
    {
    case SL_RUN_RUNNING:
      return "running";
    case SL_RUN_DONE:
      return "done";
    case SL_RUN_STOPPED:
      return "stopped";
    case SL_RUN_INTERRUPTED:
      return "interrupted";
    case SL_RUN_FAILED:
    default:
      return "failed";
    }
}

static const char *
state_word (SlRunState state)
{
  switch (state)
    {
    case SL_RUN_RUNNING:
      return _ ("running");
    case SL_RUN_DONE:
      return _ ("done");
    case SL_RUN_STOPPED:
      return _ ("stopped");
    case SL_RUN_INTERRUPTED:
      return _ ("interrupted");
    case SL_RUN_FAILED:
    default:
      return _ ("failed");
    }
}

static char *
format_started (gint64 seconds, gboolean iso)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  if (local == NULL)
    return g_strdup ("–");
  return iso ? g_date_time_format_iso8601 (utc) : g_date_time_format (local, "%Y-%m-%d %H:%M");
}

static void
add_recipe (JsonBuilder *builder, const SlRecipe *recipe)
{
  g_autofree char *json = sl_recipe_to_json (recipe);

  json_builder_set_member_name (builder, "recipe");
  json_builder_add_value (builder, json_from_string (json, NULL));
}

/* The curve by epochs; that by batches is in the project alone. */
static void
add_curve (JsonBuilder *builder, SlRun *run, const SlTask *task)
{
  gsize n;
  const SlEpochRecord *epochs = sl_run_get_epochs (run, &n);

  json_builder_set_member_name (builder, "curve");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    {
      json_builder_begin_object (builder);
      cli_json_int (builder, "epoch", epochs[i].epoch);
      cli_json_int (builder, "stage", epochs[i].stage + 1);
      cli_json_double (builder, "train_loss", epochs[i].train_loss);
      cli_json_double (builder, "train_eval_loss", epochs[i].train_eval_loss);
      cli_json_double (builder, "valid_loss", epochs[i].valid_loss);
      cli_json_metrics (builder, task, epochs[i].metrics);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* Whether the pictures are others than those that the run was trained on; %FALSE: not known either. */
static gboolean
data_changed (SlRun *run, const char *fingerprint)
{
  const char *own = sl_run_get_fingerprint (run);

  return own != NULL && !g_str_equal (own, fingerprint);
}

static void
print_json (SlRun *run, const SlTask *task, const char *fingerprint)
{
  const SlRecipe *recipe = sl_run_get_recipe (run);
  g_autofree char *started = format_started (sl_run_get_started (run), TRUE);
  JsonBuilder *builder = cli_json_begin ();
  double metrics[SL_MAX_METRICS];
  gsize n_epochs;

  sl_run_get_epochs (run, &n_epochs);
  for (guint i = 0; i < SL_MAX_METRICS; i++)
    metrics[i] = sl_run_get_metric (run, i);
  cli_json_int (builder, "run", sl_run_get_id (run));
  cli_json_string (builder, "state", state_id (sl_run_get_state (run)));
  cli_json_string (builder, "arch", recipe->arch);
  cli_json_int (builder, "height", recipe->height);
  cli_json_int (builder, "width", recipe->width);
  cli_json_int (builder, "batch", sl_run_get_batch (run));
  cli_json_int (builder, "epochs", (gint64)n_epochs);
  cli_json_double (builder, "valid_loss", sl_run_get_valid_loss (run));
  cli_json_metrics (builder, task, metrics);
  cli_json_double (builder, "peak_mib", (double)sl_run_get_peak_bytes (run) / (1 << 20));
  cli_json_string (builder, "started", started);
  cli_json_string (builder, "error", sl_run_get_error (run));
  cli_json_int (builder, "seed", (gint64)recipe->seed);
  cli_json_int (builder, "from_run", sl_run_get_from_run (run));
  cli_json_int (builder, "from_stage",
                sl_run_get_from_stage (run) > 0 ? (gint64)sl_run_get_from_stage (run) + 1 : 0);
  cli_json_int (builder, "kept_epoch", sl_run_get_kept_epoch (run));
  cli_json_string (builder, "data", sl_run_get_fingerprint (run));
  cli_json_boolean (builder, "data_changed", data_changed (run, fingerprint));
  add_curve (builder, run, task);
  add_recipe (builder, recipe);
  cli_json_advice (builder, run, task);
  cli_json_end (builder);
}

static void
add_row (CliTable *table, SlRun *run, const SlTask *task)
{
  const SlRecipe *recipe = sl_run_get_recipe (run);
  gsize n_epochs;

  sl_run_get_epochs (run, &n_epochs);
  cli_table_add (table, g_strdup_printf ("%d", (int)sl_run_get_id (run)));
  cli_table_add (table, g_strdup (state_word (sl_run_get_state (run))));
  /* Translators: a network that learns a language, "awd-lstm (language)" */
  cli_table_add (table, task == &sl_task_language
                            ? g_strdup_printf (_ ("%s (language)"), recipe->arch)
                            : g_strdup (recipe->arch));
  if (task->texts)
    cli_table_add (table, g_strdup ("–"));
  else
    cli_table_add (table, recipe->height == recipe->width
                              ? g_strdup_printf ("%d", recipe->height)
                              : g_strdup_printf ("%d×%d", recipe->height, recipe->width));
  cli_table_add (table, g_strdup_printf ("%u/%u", (guint)n_epochs, sl_recipe_n_epochs (recipe)));
  cli_table_add (table, cli_format_loss (sl_run_get_valid_loss (run)));
  cli_table_add (table, cli_format_metric (&task->metrics[0], sl_run_get_metric (run, 0)));
  cli_table_add (table, format_started (sl_run_get_started (run), FALSE));
}

/* Below the table: which runs saw other pictures than those of now. */
static void
print_changed (GListModel *runs, const char *fingerprint)
{
  g_autoptr (GString) numbers = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);

      if (data_changed (run, fingerprint))
        g_string_append_printf (numbers, "%s%d", n++ > 0 ? ", " : "", (int)sl_run_get_id (run));
    }
  if (n > 0)
    g_print (ngettext ("The pictures have changed since run %s\n",
                       "The pictures have changed since runs %s\n", n),
             numbers->str);
}

static int
delete_run (SlProject *project)
{
  GError *error = NULL;

  if (!sl_project_delete_run (project, opt.delete, &error))
    return cli_fail (error);
  if (!opt.json)
    g_print (_ ("Run %d is deleted\n"), (int)opt.delete);
  return CLI_DONE;
}

static int
run_runs (char **args)
{
  GError *error = NULL;
  g_autoptr (SlProject) project = sl_project_open (args[0], &error);
  g_autofree char *fingerprint = NULL;
  g_autoptr (SlRun) newest = NULL;
  GListModel *runs;
  const SlTask *task;
  CliTable *table;

  if (project == NULL)
    return cli_fail (error);
  if (opt.delete != 0)
    return delete_run (project);
  fingerprint = sl_project_dup_fingerprint (project);
  runs = sl_project_get_runs (project);
  task = sl_project_get_task (project);
  if (!opt.json && g_list_model_get_n_items (runs) == 0)
    {
      g_print ("%s\n", _ ("Nothing has been trained yet"));
      return CLI_DONE;
    }
  const char *const columns[] = {
    /* Translators: headings of columns; keep the ">", which stands for "aligned to the right". */
    _ (">run"),        _ ("state"),           _ ("network"), _ (">size"), _ (">epochs"),
    _ (">valid loss"), task->metrics[0].name, _ ("started"), NULL
  };
  table = opt.json ? NULL : cli_table_new (columns);
  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);

      if (opt.json)
        print_json (run, sl_project_get_run_task (project, run), fingerprint);
      else
        add_row (table, run, sl_project_get_run_task (project, run));
    }
  if (!opt.json)
    {
      cli_table_print (table);
      print_changed (runs, fingerprint);
      newest = g_list_model_get_item (runs, 0);
      cli_print_advice (newest, sl_project_get_run_task (project, newest));
    }
  return CLI_DONE;
}

const CliVerb cli_verb_runs = {
  "runs", N_ ("PROJECT"), N_ ("List what was trained, newest first"), options, FALSE, 1,
  1,      run_runs,
};
