/* SPDX-License-Identifier: GPL-3.0-or-later */
/* top-losses and confusion: what a run says of every picture. */
#include "cli.h"
#include <math.h>

static struct
{
  gboolean json, tta;
  gint n, threads;
  gint64 run;
  char *split;
} opt = { .n = 20 };

#define COMMON_OPTIONS                                                                              \
  {                                                                                                 \
    "run", 0, 0, G_OPTION_ARG_INT64, &opt.run, N_ ("Run to ask; the newest by default"), N_ ("RUN") \
  },                                                                                                \
      { "split",     0, 0, G_OPTION_ARG_STRING, &opt.split, N_ ("all (default), train or valid"),   \
        N_ ("WHICH") },                                                                             \
      { "tta",                                                                                      \
        0,                                                                                          \
        0,                                                                                          \
        G_OPTION_ARG_NONE,                                                                          \
        &opt.tta,                                                                                   \
        N_ ("Look at each picture in nine views and blend the answers: slower, often more "         \
            "accurate"),                                                                            \
        NULL },                                                                                     \
      { "threads", 0, 0, G_OPTION_ARG_INT, &opt.threads, N_ ("Threads; all cores by default"),      \
        N_ ("N") },                                                                                 \
  {                                                                                                 \
    "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("JSON"), NULL                                   \
  }

static const GOptionEntry top_losses_options[] = { { "number", 'n', 0, G_OPTION_ARG_INT, &opt.n,
                                                     N_ ("How many to list (20)"), N_ ("N") },
                                                   COMMON_OPTIONS,
                                                   { NULL } };

static const GOptionEntry confusion_options[] = { COMMON_OPTIONS, { NULL } };

static void
watch_progress (gsize done, gsize total, const char *what, gpointer data)
{
  cli_progress_count (done, total, what, (gpointer)_ ("looking"));
}

/* Whether the project's predictions are those of @run, from as many views as are wanted. */
static gboolean
is_evaluated (SlProject *project, SlRun *run)
{
  return sl_project_get_evaluated_run (project) == sl_run_get_id (run)
         && sl_project_get_evaluated_tta (project) == opt.tta;
}

/* Opens the project and makes sure that the predictions of the run are there. */
static SlProject *
open_evaluated (const char *path, GError **error)
{
  g_autoptr (SlProject) project = sl_project_open (path, error);
  SlJobWatch watch = { .progress = watch_progress };
  SlRun *run;

  if (project == NULL)
    return NULL;
  if (opt.threads > 0)
    sl_parallel_set_threads ((guint)opt.threads);
  run = cli_find_run (project, opt.run, error);
  if (run == NULL)
    return NULL;
  if (opt.tta && !sl_project_get_task (project)->may_blend)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED, "%s",
                   _ ("--tta averages answers, which goes with labels alone: leave it out"));
      return NULL;
    }
  if (!is_evaluated (project, run)
      && !sl_project_evaluate (project, sl_run_get_id (run), opt.tta, &watch, NULL, error))
    return NULL;
  cli_progress_clear ();
  return g_steal_pointer (&project);
}

static void
print_item_json (SlItem *item)
{
  JsonBuilder *builder = cli_json_begin ();
  double loss, probability;
  const char *predicted;

  sl_item_get_prediction (item, &loss, &probability, &predicted);
  cli_json_int (builder, "item", sl_item_get_id (item));
  cli_json_string (builder, "path", sl_item_get_rel_path (item));
  cli_json_string (builder, "actual", sl_item_get_target (item));
  cli_json_string (builder, "predicted", predicted);
  cli_json_double (builder, "loss", loss);
  cli_json_double (builder, "probability", probability);
  cli_json_end (builder);
}

/* A target as a cell of the table: dozens of points would leave no room for the rest. (transfer full) */
static char *
short_target (const char *target)
{
  const glong most = 32;

  if (target == NULL || g_utf8_strlen (target, -1) <= most)
    return g_strdup (target != NULL ? target : "");
  return g_strdup_printf ("%.*s…", (int)(g_utf8_offset_to_pointer (target, most) - target), target);
}

/* (transfer full): where an item is from, of a text how it begins too. */
static char *
name_item (SlProject *project, SlItem *item)
{
  g_autofree char *text = NULL, *first = NULL;

  if (sl_project_get_texts (project) != NULL)
    text = sl_project_dup_text (project, item, NULL);
  if (text == NULL)
    return g_strdup (sl_item_get_rel_path (item));
  g_strdelimit (text, "\r\n\t", ' ');
  first = short_target (text);
  return g_strdup_printf ("%s  %s", sl_item_get_rel_path (item), first);
}

static void
add_item_row (CliTable *table, SlProject *project, SlItem *item)
{
  double loss, probability;
  const char *predicted;

  sl_item_get_prediction (item, &loss, &probability, &predicted);
  cli_table_add (table, g_strdup_printf ("%d", (int)sl_item_get_id (item)));
  cli_table_add (table, cli_format_loss (loss));
  cli_table_add (table, isnan (probability) ? g_strdup ("")
                                            : g_strdup_printf ("%.1f %%", 100 * probability));
  cli_table_add (table, short_target (sl_item_get_target (item)));
  cli_table_add (table, short_target (predicted));
  cli_table_add (table, name_item (project, item));
}

static int
run_top_losses (char **args)
{
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GPtrArray) items = NULL;
  /* Translators: headings of columns; keep the ">", which stands for "aligned to the right". */
  const char *columns[] = { _ (">item"), _ (">loss"),     _ (">probability"),
                            _ ("label"), _ ("predicted"), _ ("picture"),
                            NULL };
  CliTable *table;
  GError *error = NULL;
  int split;

  if (opt.n < 1)
    return cli_usage (cli_verb_top_losses.name, "%s", _ ("-n must be at least 1"));
  if (!cli_parse_split (opt.split, &split))
    return cli_usage (cli_verb_top_losses.name, _ ("There is no split “%s”"), opt.split);
  project = open_evaluated (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  if (sl_project_get_texts (project) != NULL)
    columns[G_N_ELEMENTS (columns) - 2] = _ ("text");
  items = sl_project_top_losses (project, split, (gsize)opt.n);
  if (opt.json)
    {
      g_ptr_array_foreach (items, (GFunc)print_item_json, NULL);
      return CLI_DONE;
    }
  table = cli_table_new (columns);
  for (guint i = 0; i < items->len; i++)
    add_item_row (table, project, items->pdata[i]);
  cli_table_print (table);
  return CLI_DONE;
}

const CliVerb cli_verb_top_losses = {
  "top-losses",
  N_ ("PROJECT"),
  N_ ("List the pictures or texts that the model finds hardest, worst first"),
  top_losses_options,
  FALSE,
  1,
  1,
  run_top_losses,
};

/* ---- confusion */

static void
print_confusion_json (const char *const *classes, const guint *counts, guint n)
{
  JsonBuilder *builder = cli_json_begin ();

  json_builder_set_member_name (builder, "classes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    json_builder_add_string_value (builder, classes[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "counts"); /* rows: label, columns: predicted */
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      json_builder_begin_array (builder);
      for (guint j = 0; j < n; j++)
        json_builder_add_int_value (builder, counts[i * n + j]);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  cli_json_end (builder);
}

static void
print_confusion (const char *const *classes, const guint *counts, guint n)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  CliTable *table;

  g_ptr_array_add (columns, g_strdup (_ ("label \\ predicted")));
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (columns, g_strconcat (">", classes[i], NULL));
  g_ptr_array_add (columns, NULL);
  table = cli_table_new ((const char *const *)columns->pdata);
  for (guint i = 0; i < n; i++)
    {
      cli_table_add (table, g_strdup (classes[i]));
      for (guint j = 0; j < n; j++)
        cli_table_add (table, g_strdup_printf ("%u", counts[i * n + j]));
    }
  cli_table_print (table);
}

static int
run_confusion (char **args)
{
  g_autoptr (SlProject) project = NULL;
  g_autofree guint *counts = NULL;
  const char *const *classes;
  GError *error = NULL;
  guint n;
  int split;

  if (!cli_parse_split (opt.split, &split))
    return cli_usage (cli_verb_confusion.name, _ ("There is no split “%s”"), opt.split);
  project = open_evaluated (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  if (!sl_project_get_task (project)->one_class)
    return cli_fail (g_error_new (SL_ERROR, SL_ERROR_UNSUPPORTED, "%s",
                                  _ ("Only pictures with one label each can be confused: "
                                     "top-losses shows where the model is wrong")));
  classes = sl_project_get_classes (project);
  counts = sl_project_confusion (project, split, &n);
  if (opt.json)
    print_confusion_json (classes, counts, n);
  else
    print_confusion (classes, counts, n);
  return CLI_DONE;
}

const CliVerb cli_verb_confusion = {
  "confusion", N_ ("PROJECT"), N_ ("Count labels against predictions"), confusion_options, FALSE, 1,
  1,           run_confusion,
};
