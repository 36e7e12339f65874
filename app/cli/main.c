/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slope-cli: everything the window can do, without one. */
#include "cli.h"
#include <locale.h>
#include <slope/parallel.h>
#include <stdio.h>
#include <string.h>

static const CliVerb *const verbs[] = {
  &cli_verb_new,     &cli_verb_info,       &cli_verb_lr_find,   &cli_verb_train,
  &cli_verb_runs,    &cli_verb_top_losses, &cli_verb_confusion, &cli_verb_clean,
  &cli_verb_audit,   &cli_verb_similar,    &cli_verb_words,     &cli_verb_generate,
  &cli_verb_predict, &cli_verb_weights,    &cli_verb_data,      &cli_verb_bench,
};

static void
print_help (void)
{
  g_print ("%s\n\n", _ ("Usage: slope-cli VERB [OPTION…] …"));
  g_print ("%s\n\n",
           _ ("Trains neural networks on your own pictures and texts, on this computer."));
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_print ("  %-11s  %s\n", verbs[i]->name, _ (verbs[i]->summary));
  g_print ("\n%s\n", _ ("“slope-cli VERB --help” explains a verb and its options."));
}

static const CliVerb *
find_verb (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i]->name, name))
      return verbs[i];
  return NULL;
}

/* Reads the options and runs the verb.  @args: from the verb on. */
static int
run_verb (const CliVerb *verb, char **args)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_ (verb->arguments));
  g_autofree char *name = g_strconcat ("slope-cli ", verb->name, NULL);
  g_autoptr (GError) error = NULL;
  guint n;

  g_set_prgname (name); /* for the usage line of --help */
  g_option_context_set_summary (context, _ (verb->summary));
  g_option_context_add_main_entries (context, verb->options, GETTEXT_PACKAGE);
  if (verb->takes_recipe)
    g_option_context_add_main_entries (context, cli_recipe_options, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, &args, &error))
    return cli_usage (verb->name, "%s", error->message);
  n = g_strv_length (args) - 1;
  if (n < verb->min_args)
    return cli_usage (verb->name, _ ("Too few arguments, %s is wanted"), verb->arguments);
  if (n > verb->max_args)
    return cli_usage (verb->name, _ ("“%s” is one argument too many"), args[1 + verb->max_args]);
  return verb->run (args + 1);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) args = NULL;
  const CliVerb *verb;

  sl_parallel_be_patient (argv);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc < 2)
    return cli_usage (NULL, "%s", _ ("A verb is missing"));
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_help ();
      return CLI_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("slope-cli %s\n", SLOPE_VERSION);
      return CLI_DONE;
    }
  verb = find_verb (argv[1]);
  if (verb == NULL)
    return cli_usage (NULL, _ ("There is no verb “%s”"), argv[1]);
  args = g_strdupv (argv + 1);
  return run_verb (verb, args);
}
