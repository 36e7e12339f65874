/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workloads that Slope is compared by: seconds a step over random pictures.  The network is a
 * plain ResNet of 37 classes with average pooling and one linear layer, not fast.ai's head, so that
 * other frameworks' figures for it can be set beside ours. */
#include "cli.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define N_CLASSES 37
#define N_WARM_UP 2
#define LEARNING_RATE 1e-3
#define BETA1 0.9

static struct
{
  gint threads, reps;
  gboolean json;
} opt = { .reps = 5 };

static const GOptionEntry options[] = {
  { "threads", 0, 0, G_OPTION_ARG_INT, &opt.threads, N_ ("Threads; all cores by default"),
    N_ ("N") },
  { "reps", 0, 0, G_OPTION_ARG_INT, &opt.reps, N_ ("Steps to time (5), after two to warm up"),
    N_ ("N") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object a line"), NULL },
  { NULL }
};

static const char *const default_workloads[] = { "resnet18:32:64", "resnet34:32:128",
                                                 "resnet34:16:224", "infer-resnet34:1:224", NULL };

typedef struct
{
  const char *name;
  const SlArch *arch;
  gboolean infer;
  guint batch, size;
} Workload;

typedef struct
{
  double seconds; /* median of a step */
  double loss;    /* of the last step: a checksum of the arithmetic; 0 when inferring */
} Timing;

static gboolean
parse_workload (const char *text, Workload *work, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  guint64 batch, size;

  *work = (Workload){ .name = text, .infer = g_str_has_prefix (text, "infer-") };
  if (g_strv_length (parts) == 3 && g_ascii_string_to_unsigned (parts[1], 10, 1, 4096, &batch, NULL)
      && g_ascii_string_to_unsigned (parts[2], 10, 32, 2048, &size, NULL))
    work->arch = sl_arch_find (parts[0] + (work->infer ? strlen ("infer-") : 0));
  if (work->arch == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   _ ("There is no workload “%s”: write NETWORK:BATCH:SIZE, such as %s"), text,
                   default_workloads[0]);
      return FALSE;
    }
  work->batch = (guint)batch;
  work->size = (guint)size;
  return TRUE;
}

/* ---- The network */

static SlGraph *
build (const Workload *work, GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue pictures = sl_graph_input (graph, "pictures", SL_DTYPE_F32,
                                     SL_SHAPE4 (work->batch, work->size, work->size, 3));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE1 (work->batch));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (work->batch));
  SlValue x, loss, losses, probabilities;

  x = work->arch->build_body (graph, pictures, error);
  sl_graph_set_group (graph, work->arch->n_groups);
  x = sl_global_avg_pool (graph, x, error);
  x = sl_linear (graph, "fc", x, N_CLASSES, FALSE, error);
  if (!sl_cross_entropy (graph, x, targets, weights, 0, &loss, &losses, &probabilities, error))
    return NULL;
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "probabilities", probabilities);
  return g_steal_pointer (&graph);
}

/* Normal pixels, random classes, no padding: the same for every run. */
static void
fill_inputs (SlPlan *plan, const Workload *work)
{
  float *pictures = sl_plan_input_data (plan, "pictures");
  gint32 *targets = sl_plan_input_data (plan, "targets");
  float *weights = sl_plan_input_data (plan, "weights");
  SlRandom random;

  sl_random_init (&random, sl_random_key (0, SL_PURPOSE_TEST, 0, 0));
  for (gsize i = 0; i < (gsize)work->batch * work->size * work->size * 3; i++)
    pictures[i] = (float)sl_random_normal (&random);
  for (guint i = 0; i < work->batch; i++)
    {
      targets[i] = (gint32)sl_random_below (&random, N_CLASSES);
      weights[i] = 1;
    }
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static double
time_step (SlPlan *plan, SlParams *params, SlAdamW *adam, const double *rates, guint step,
           gboolean infer)
{
  gint64 start = g_get_monotonic_time ();

  sl_plan_forward (plan, sl_random_key (0, SL_PURPOSE_DROPOUT, step, 0));
  if (!infer)
    {
      sl_plan_backward (plan);
      sl_adamw_step (adam, params, rates, BETA1);
    }
  return (double)(g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND;
}

static gboolean
time_workload (const Workload *work, Timing *timing, GError **error)
{
  g_autoptr (SlGraph) graph = build (work, error);
  g_autoptr (SlParams) params = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autofree double *seconds = g_new0 (double, opt.reps);
  g_autofree double *rates = NULL;
  SlAdamW adam = SL_ADAMW_INIT;

  if (graph == NULL)
    return FALSE;
  params = sl_params_new (graph, 0);
  plan = sl_plan_new (graph, params, work->infer ? SL_MODE_EVAL : SL_MODE_TRAIN, SL_PLAN_DEFAULT,
                      error);
  if (plan == NULL)
    return FALSE;
  rates = g_new (double, sl_params_n_groups (params));
  sl_slice_rates (LEARNING_RATE, LEARNING_RATE, sl_params_n_groups (params), rates);
  for (gint i = -N_WARM_UP; i < opt.reps; i++)
    {
      double step;

      fill_inputs (plan, work); /* the arena may have been used over them */
      step = time_step (plan, params, &adam, rates, (guint)(i + N_WARM_UP), work->infer);
      if (i >= 0)
        seconds[i] = step;
    }
  qsort (seconds, (gsize)opt.reps, sizeof *seconds, compare_doubles);
  timing->seconds = seconds[opt.reps / 2];
  timing->loss = *sl_plan_output (plan, "loss", NULL);
  return TRUE;
}

/* ---- Output */

/* Each workload's peak is its own, not that of a larger one before it (Linux, see proc(5)). */
static void
forget_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file == NULL)
    return;
  fputs ("5", file);
  fclose (file);
}

static double
peak_mib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss / 1024;
}

static void
print_timing (const Workload *work, const Timing *timing)
{
  guint threads = sl_parallel_get_threads ();
  double rate = work->batch / timing->seconds;
  JsonBuilder *builder;

  if (!opt.json)
    {
      g_print ("%-22s  f32  %s %u  %8.4f s  %8.2f %s  %s %.0f MiB  %s %.7f\n", work->name,
               _ ("threads"), threads, timing->seconds, rate, _ ("items/s"), _ ("peak"),
               peak_mib (), _ ("loss"), timing->loss);
      return;
    }
  builder = cli_json_begin ();
  cli_json_string (builder, "workload", work->name);
  cli_json_string (builder, "precision", "f32");
  cli_json_int (builder, "threads", threads);
  cli_json_double (builder, "seconds", timing->seconds);
  cli_json_double (builder, "items_per_second", rate);
  cli_json_double (builder, "peak_mib", peak_mib ());
  cli_json_double (builder, "loss", timing->loss);
  cli_json_end (builder);
}

static int
run_bench (char **args)
{
  const char *const *names = *args != NULL ? (const char *const *)args : default_workloads;
  GError *error = NULL;

  if (opt.reps < 1 || opt.threads < 0)
    return cli_usage (cli_verb_bench.name, "%s", _ ("--reps and --threads must be positive"));
  if (opt.threads > 0)
    sl_parallel_set_threads ((guint)opt.threads);
  for (; *names != NULL; names++)
    {
      Workload work;
      Timing timing;

      forget_peak ();
      if (!parse_workload (*names, &work, &error) || !time_workload (&work, &timing, &error))
        return cli_fail (error);
      print_timing (&work, &timing);
    }
  return CLI_DONE;
}

const CliVerb cli_verb_bench = {
  "bench",   N_ ("[WORKLOAD…]"), N_ ("Time training steps: NETWORK:BATCH:SIZE"), options, FALSE, 0,
  G_MAXUINT, run_bench,
};
