/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <stdio.h>

static struct
{
  gint64 run;
  gint words, top;
  double temperature;
  char *seed;
  gboolean whole, json;
} opt = { .words = 40, .temperature = 0.75 };

static const GOptionEntry options[] = {
  { "run", 0, 0, G_OPTION_ARG_INT64, &opt.run,
    N_ ("Run whose language model writes; the newest by default"), N_ ("RUN") },
  { "words", 0, 0, G_OPTION_ARG_INT, &opt.words, N_ ("How many words and marks (40)"), N_ ("N") },
  { "temperature", 0, 0, G_OPTION_ARG_DOUBLE, &opt.temperature,
    N_ ("Below 1 likely words become likelier; 0: the likeliest alone (0.75)"), N_ ("X") },
  { "top", 0, 0, G_OPTION_ARG_INT, &opt.top, N_ ("Choose among so many words (all)"), N_ ("N") },
  { "whole", 0, 0, G_OPTION_ARG_NONE, &opt.whole, N_ ("End where the model ends the text"), NULL },
  { "seed", 0, 0, G_OPTION_ARG_STRING, &opt.seed, N_ ("Seed: the same one, the same text (0)"),
    N_ ("N") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object"), NULL },
  { NULL }
};

static SlModel *
load_model (const char *path, GError **error)
{
  g_autoptr (SlProject) project = NULL;
  gint64 run = opt.run;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR) && g_file_test (path, G_FILE_TEST_EXISTS))
    return sl_model_load (path, error);
  project = sl_project_open (path, error);
  if (project == NULL)
    return NULL;
  if (run == 0)
    run = sl_project_find_language_run (project);
  if (run != 0)
    return sl_project_load_model (project, run, error);
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "%s",
               _ ("There is no language model yet: run “slope-cli train --learn language” first"));
  return NULL;
}

static void
print_piece (const char *piece, gpointer data)
{
  fputs (piece, stdout);
  fflush (stdout);
}

static int
generate (SlModel *model, const char *prompt, guint64 seed)
{
  SlGenerateOptions how = SL_GENERATE_OPTIONS_INIT;
  g_autoptr (SlGenerator) generator = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;

  how.n_tokens = (guint)opt.words;
  how.temperature = opt.temperature;
  how.top_k = (guint)opt.top;
  how.whole_text = opt.whole;
  how.seed = seed;
  generator = sl_model_new_generator (model, &error);
  if (generator == NULL)
    return cli_fail (error);
  if (!opt.json)
    fputs (prompt, stdout);
  text = sl_generator_run (generator, prompt, &how, opt.json ? NULL : print_piece, NULL, NULL,
                           &error);
  if (!opt.json)
    putchar ('\n');
  if (text == NULL)
    return cli_fail (error);
  if (opt.json)
    {
      JsonBuilder *builder = cli_json_begin ();

      cli_json_string (builder, "prompt", prompt);
      cli_json_string (builder, "text", text);
      cli_json_end (builder);
    }
  return CLI_DONE;
}

static int
run_generate (char **args)
{
  g_autoptr (SlModel) model = NULL;
  GError *error = NULL;
  guint64 seed = 0;

  if (opt.words < 0 || opt.top < 0)
    return cli_usage (cli_verb_generate.name, "%s", _ ("a number of words is not negative"));
  if (opt.seed != NULL && !g_ascii_string_to_unsigned (opt.seed, 10, 0, G_MAXINT64, &seed, NULL))
    return cli_usage (cli_verb_generate.name, _ ("“%s” is not a seed such as 2"), opt.seed);
  model = load_model (args[0], &error);
  if (model == NULL)
    return cli_fail (error);
  return generate (model, args[1] != NULL ? args[1] : "", seed);
}

const CliVerb cli_verb_generate = {
  "generate",
  N_ ("PROJECT|MODEL [TEXT]"),
  N_ ("Continue a text with a language model"),
  options,
  FALSE,
  1,
  2,
  run_generate,
};
