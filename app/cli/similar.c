/* SPDX-License-Identifier: GPL-3.0-or-later */
/* similar: which pictures a trained model sees the same in. */
#include "cli.h"

static struct
{
  gboolean json;
  gint count, threads;
  gint64 run;
} opt = { .count = 20 };

static const GOptionEntry options[] = {
  { "run", 0, 0, G_OPTION_ARG_INT64, &opt.run, N_ ("Run to ask; the newest by default"),
    N_ ("RUN") },
  { "count", 0, 0, G_OPTION_ARG_INT, &opt.count, N_ ("How many pairs to list (20)"), N_ ("K") },
  { "threads", 0, 0, G_OPTION_ARG_INT, &opt.threads, N_ ("Threads; all cores by default"),
    N_ ("N") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("JSON: an object a pair"), NULL },
  { NULL }
};

static void
watch_progress (gsize done, gsize total, const char *what, gpointer data)
{
  if (!cli_stop_if_interrupted (data))
    cli_progress_count (done, total, what, (gpointer)_ ("comparing"));
}

static void
print_json (const SlSimilarPair *pair, SlItem *a, SlItem *b)
{
  JsonBuilder *builder = cli_json_begin ();

  cli_json_double (builder, "likeness", pair->likeness);
  cli_json_string (builder, "a", sl_item_get_rel_path (a));
  cli_json_string (builder, "b", sl_item_get_rel_path (b));
  cli_json_boolean (builder, "across", pair->across);
  cli_json_boolean (builder, "labels_differ", pair->differs);
  cli_json_end (builder);
}

static const char *
describe (const SlSimilarPair *pair)
{
  if (pair->across && pair->differs)
    return _ ("across the split, labels differ");
  if (pair->across)
    return _ ("across the split");
  return pair->differs ? _ ("labels differ") : "";
}

static void
print_pairs (SlProject *project, const GArray *pairs)
{
  const char *const columns[] = { _ (">Likeness"), _ ("Picture"), _ ("Picture"), "", NULL };
  CliTable *table = opt.json ? NULL : cli_table_new (columns);

  for (guint i = 0; i < pairs->len; i++)
    {
      const SlSimilarPair *pair = &g_array_index (pairs, SlSimilarPair, i);
      SlItem *a = sl_project_get_item (project, pair->a);
      SlItem *b = sl_project_get_item (project, pair->b);

      if (opt.json)
        {
          print_json (pair, a, b);
          continue;
        }
      cli_table_add (table, g_strdup_printf ("%.4f", pair->likeness));
      cli_table_add (table, g_strdup (sl_item_get_rel_path (a)));
      cli_table_add (table, g_strdup (sl_item_get_rel_path (b)));
      cli_table_add (table, g_strdup (describe (pair)));
    }
  if (table != NULL)
    cli_table_print (table);
}

static int
run_similar (char **args)
{
  GError *error = NULL;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GArray) pairs = NULL;
  SlJobWatch watch = { .progress = watch_progress };
  SlRun *run;

  if (opt.count < 1 || opt.count > SL_SIMILAR_MOST)
    return cli_usage ("similar", _ ("--count is out of range: give 1 … %d"), SL_SIMILAR_MOST);
  project = sl_project_open (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  if (opt.threads > 0)
    sl_parallel_set_threads ((guint)opt.threads);
  run = cli_find_run (project, opt.run, &error);
  if (run == NULL)
    return cli_fail (error);
  watch.data = project;
  cli_catch_interrupts ();
  if (!sl_project_compare (project, sl_run_get_id (run), &watch, NULL, &error))
    return cli_fail (error);
  cli_progress_clear ();
  pairs = sl_project_dup_similar (project, (guint)opt.count);
  print_pairs (project, pairs);
  return CLI_DONE;
}

const CliVerb cli_verb_similar = {
  "similar", N_ ("PROJECT"), N_ ("List pictures in which a trained model sees the same"),
  options,   FALSE,          1,
  1,         run_similar,
};
