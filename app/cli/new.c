/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static struct
{
  char *from, *task, *labels, *valid, *seed;
  gboolean copy, json;
} opt;

static const GOptionEntry options[] = {
  { "from", 0, 0, G_OPTION_ARG_FILENAME, &opt.from,
    N_ ("A folder, a .zip or .tar.gz, a .csv of labels or texts, a .txt, a list of addresses, an "
        "address of an "
        "archive, catalogue:NAME or sample:NAME"),
    N_ ("SOURCE") },
  { "task", 0, 0, G_OPTION_ARG_STRING, &opt.task,
    N_ ("Kind of problem: classify, multilabel, segment, points, numbers or text (guessed)"),
    N_ ("TASK") },
  { "labels", 0, 0, G_OPTION_ARG_STRING, &opt.labels,
    N_ ("Where labels are found (guessed): folder, regex:RE, csv:NAME_COL,LABEL_COL[,DELIM], "
        "masks:PATTERN, points:csv or points:biwi; of texts folder, csv:[FILE:]TEXT,LABEL, none or "
        "corpus"),
    N_ ("HOW") },
  { "valid", 0, 0, G_OPTION_ARG_STRING, &opt.valid,
    N_ ("Validation set: stratified:0.2, random:0.2, folder:NAME, list:FILE, column:NAME, "
        "group:RE, time:0.2 or none"),
    N_ ("HOW") },
  { "seed", 0, 0, G_OPTION_ARG_STRING, &opt.seed, N_ ("Seed of the split (0)"), N_ ("N") },
  { "copy", 0, 0, G_OPTION_ARG_NONE, &opt.copy, N_ ("Copy the pictures into the project"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object"), NULL },
  { NULL }
};

static SlImport *
scan (guint64 seed, GError **error)
{
  SlImportOptions how = { .labels = opt.labels, .split = { .seed = seed } };
  g_autoptr (SlImport) import = NULL;

  if (opt.task != NULL)
    {
      how.task = sl_task_find (opt.task);
      if (how.task == NULL)
        {
          g_set_error (
              error, SL_ERROR, SL_ERROR_UNSUPPORTED,
              _ ("Slope does not know the task “%s”: choose classify, multilabel, segment, "
                 "points, numbers or text"),
              opt.task);
          return NULL;
        }
    }
  if (opt.valid != NULL && !sl_split_spec_parse (&how.split, opt.valid, seed, error))
    return NULL;
  import = sl_import_scan (opt.from, &how, NULL, cli_progress_count, (gpointer)_ ("reading"),
                           error);
  sl_split_spec_clear (&how.split);
  cli_progress_clear ();
  return g_steal_pointer (&import);
}

static int
run_new (char **args)
{
  g_autoptr (SlImport) import = NULL;
  g_autoptr (SlProject) project = NULL;
  GError *error = NULL;
  guint64 seed = 0;

  if (opt.from == NULL)
    return cli_usage (cli_verb_new.name, "%s", _ ("--from SOURCE is missing"));
  if (opt.seed != NULL && !g_ascii_string_to_unsigned (opt.seed, 10, 0, G_MAXINT64, &seed, NULL))
    return cli_usage (cli_verb_new.name, _ ("“%s” is not a seed such as 2"), opt.seed);
  if (!cli_fetch_source (opt.from, NULL, &error))
    return cli_fail (error);
  import = scan (seed, &error);
  if (import == NULL)
    return cli_fail (error);
  project = sl_project_create (args[0], import, opt.copy, NULL, cli_progress_count,
                               (gpointer)_ ("importing"), &error);
  if (project == NULL)
    return cli_fail (error);
  cli_progress_clear ();
  if (!opt.json)
    cli_print_understood (import);
  cli_print_info (project, opt.json);
  return CLI_DONE;
}

const CliVerb cli_verb_new = {
  "new", N_ ("PROJECT"), N_ ("Make a project from pictures or texts"), options, FALSE, 1,
  1,     run_new,
};
