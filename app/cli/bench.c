/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workloads that Slope is compared by. */
#include "bench.h"
#include <string.h>

/* To add one: a file bench-NAME.c and a line here. */
static const BenchWorkload *const workloads[] = { &bench_lm, &bench_text, &bench_classify,
                                                  &bench_unet, &bench_pictures };

static const char *const default_workloads[] = { "resnet18:32:64",
                                                 "resnet34:32:128",
                                                 "resnet34:16:224",
                                                 "infer-resnet34:1:224",
                                                 "unet:8:128",
                                                 "lm:32:70",
                                                 NULL };

static BenchOptions opt = { .reps = 5 };

static const GOptionEntry options[] = {
  { "threads", 0, 0, G_OPTION_ARG_INT, &opt.threads, N_ ("Threads; all cores by default"),
    N_ ("N") },
  { "reps", 0, 0, G_OPTION_ARG_INT, &opt.reps, N_ ("Steps to time (5), after two to warm up"),
    N_ ("N") },
  { "precision", 0, 0, G_OPTION_ARG_STRING, &opt.precision_name,
    N_ ("What products are computed in: f32 (default) or bf16"), N_ ("NAME") },
  { "ops", 0, 0, G_OPTION_ARG_NONE, &opt.ops,
    N_ ("What each op takes, beside the measured peak of this computer"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object a line"), NULL },
  { NULL }
};

static gboolean
is_meant (const BenchWorkload *workload, const char *network)
{
  gsize n;

  if (workload->name == NULL)
    return sl_arch_find (network) != NULL;
  n = strlen (workload->name);
  return g_str_equal (workload->name, network)
         || (workload->has_body && g_str_has_prefix (network, workload->name) && network[n] == '-'
             && sl_arch_find (network + n + 1) != NULL);
}

static const BenchWorkload *
find_workload (const char *network)
{
  for (gsize i = 0; i < G_N_ELEMENTS (workloads); i++)
    if (is_meant (workloads[i], network))
      return workloads[i];
  return NULL;
}

/* Whether @parts, behind the name, are the numbers that the workload wants. */
static gboolean
read_numbers (BenchJob *job, char **parts)
{
  const BenchWorkload *workload = job->workload;
  guint n = 0;

  for (; n < G_N_ELEMENTS (job->numbers) && workload->low[n] > 0; n++)
    {
      guint64 number;

      if (parts[n] == NULL
          || !g_ascii_string_to_unsigned (parts[n], 10, workload->low[n], workload->high[n],
                                          &number, NULL))
        return FALSE;
      job->numbers[n] = (guint)number;
    }
  return parts[n] == NULL;
}

static char *
list_forms (void)
{
  GString *forms = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (workloads); i++)
    g_string_append_printf (forms, "%s%s", i > 0 ? ", " : "", workloads[i]->form);
  return g_string_free (forms, FALSE);
}

/* @job->network: (transfer full). */
static gboolean
parse_job (const char *text, BenchJob *job, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  g_autofree char *forms = NULL;
  const char *name = parts[0] != NULL ? parts[0] : "";

  *job = (BenchJob){ .options = &opt, .text = text, .infer = g_str_has_prefix (name, "infer-") };
  name += job->infer ? strlen ("infer-") : 0;
  job->workload = find_workload (name);
  if (job->workload != NULL && (!job->infer || job->workload->build != NULL)
      && read_numbers (job, parts + 1))
    {
      job->network = g_strdup (name);
      return TRUE;
    }
  forms = list_forms ();
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               _ ("There is no workload “%s”: write %s, such as %s"), text, forms,
               default_workloads[0]);
  return FALSE;
}

static int
run_bench (char **args)
{
  const char *const *names = *args != NULL ? (const char *const *)args : default_workloads;
  GError *error = NULL;

  if (opt.reps < 1 || opt.threads < 0)
    return cli_usage (cli_verb_bench.name, "%s", _ ("--reps and --threads must be positive"));
  if (opt.precision_name != NULL && !sl_precision_parse (opt.precision_name, &opt.precision))
    return cli_usage (cli_verb_bench.name, _ ("“%s” is not a precision: write f32 or bf16"),
                      opt.precision_name);
  if (opt.threads > 0)
    sl_parallel_set_threads ((guint)opt.threads);
  for (; *names != NULL; names++)
    {
      BenchJob job;
      gboolean done = parse_job (*names, &job, &error) && job.workload->run (&job, &error);

      g_free (job.network);
      if (!done)
        return cli_fail (error);
    }
  return CLI_DONE;
}

const CliVerb cli_verb_bench = {
  "bench",
  N_ ("[WORKLOAD…]"),
  N_ ("Time training steps, such as resnet18:32:64"),
  options,
  FALSE,
  0,
  G_MAXUINT,
  run_bench,
};
