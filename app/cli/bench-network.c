/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps of a network over inputs that never change. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define N_WARM_UP 2
#define LEARNING_RATE 1e-3
#define BETA1 0.9

/* ---- Inputs */

SlRandom
bench_random (void)
{
  SlRandom random;

  sl_random_init (&random, sl_random_key (0, SL_PURPOSE_TEST, 0, 0));
  return random;
}

void
bench_fill_normal (SlRandom *random, float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = (float)sl_random_normal (random);
}

void
bench_fill_below (SlRandom *random, gint32 *values, gsize n, guint below)
{
  for (gsize i = 0; i < n; i++)
    values[i] = (gint32)sl_random_below (random, below);
}

void
bench_fill_ones (float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = 1;
}

/* ---- Measuring */

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

double
bench_median (double *values, gsize n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return values[n / 2];
}

void
bench_forget_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file == NULL)
    return;
  fputs ("5", file);
  fclose (file);
}

double
bench_peak_mib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss / 1024;
}

/* ---- Steps */

/* All that a step needs. */
typedef struct
{
  SlGraph *graph;
  SlParams *params;
  SlPlan *plan;
  SlAdamW adam;
  double *rates;
} Network;

static void
network_clear (Network *self)
{
  g_free (self->rates);
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->params, sl_params_unref);
  g_clear_pointer (&self->graph, sl_graph_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Network, network_clear)

static gboolean
network_open (Network *self, const BenchJob *job, GError **error)
{
  SlPlanFlags flags = SL_PLAN_BRIEF_GRADS;
  guint n_groups;

  self->graph = job->workload->build (job, error);
  if (self->graph == NULL)
    return FALSE;
  if (job->options->ops)
    flags |= SL_PLAN_PROFILE;
  if (job->options->precision == SL_PRECISION_BF16)
    flags |= SL_PLAN_BF16;
  self->params = sl_params_new (self->graph, 0);
  self->plan = sl_plan_new (self->graph, self->params, job->infer ? SL_MODE_EVAL : SL_MODE_TRAIN,
                            flags, error);
  if (self->plan == NULL)
    return FALSE;
  self->adam = SL_ADAMW_INIT;
  n_groups = sl_params_n_groups (self->params);
  self->rates = g_new (double, n_groups);
  sl_slice_rates (LEARNING_RATE, LEARNING_RATE, n_groups, self->rates);
  return TRUE;
}

static double
time_step (Network *self, guint step, gboolean infer)
{
  gint64 start = g_get_monotonic_time ();

  sl_plan_forward (self->plan, sl_random_key (0, SL_PURPOSE_DROPOUT, step, 0));
  if (!infer)
    sl_adamw_backward (&self->adam, self->plan, self->rates, BETA1);
  return (double)(g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND;
}

static void
print_timing (const BenchJob *job, double seconds, double loss)
{
  guint threads = sl_parallel_get_threads ();
  double rate = (double)job->workload->n_items (job) / seconds;
  const char *precision = job->options->precision == SL_PRECISION_BF16 ? "bf16" : "f32";
  JsonBuilder *builder;

  if (!job->options->json)
    {
      g_print ("%-22s  %s  %s %u  %8.4f s  %8.2f %s  %s %.0f MiB  %s %.7f\n", job->text, precision,
               _ ("threads"), threads, seconds, rate, _ ("items/s"), _ ("peak"), bench_peak_mib (),
               _ ("loss"), loss);
      return;
    }
  builder = cli_json_begin ();
  cli_json_string (builder, "workload", job->text);
  cli_json_string (builder, "precision", precision);
  cli_json_int (builder, "threads", threads);
  cli_json_double (builder, "seconds", seconds);
  cli_json_double (builder, "items_per_second", rate);
  cli_json_double (builder, "peak_mib", bench_peak_mib ());
  cli_json_double (builder, "loss", loss);
  cli_json_end (builder);
}

typedef struct
{
  double median, mean; /* seconds */
} Timing;

static Timing
time_steps (Network *self, const BenchJob *job)
{
  gint reps = job->options->reps;
  g_autofree double *seconds = g_new0 (double, reps);
  double sum = 0;

  for (gint i = -N_WARM_UP; i < reps; i++)
    {
      double step;

      if (i == 0 && job->options->ops)
        sl_plan_forget_times (self->plan);
      job->workload->fill (job, self->plan); /* the arena may have been used over them */
      step = time_step (self, (guint)(i + N_WARM_UP), job->infer);
      if (i >= 0)
        sum += seconds[i] = step;
    }
  return (Timing){ bench_median (seconds, (gsize)reps), sum / reps };
}

gboolean
bench_time_network (const BenchJob *job, double *seconds, GError **error)
{
  g_auto (Network) network = { 0 };

  if (!network_open (&network, job, error))
    return FALSE;
  *seconds = time_steps (&network, job).median;
  return TRUE;
}

gboolean
bench_run_network (const BenchJob *job, GError **error)
{
  g_auto (Network) network = { 0 };
  Timing timing;
  SlPeak peak;

  if (job->options->ops)
    {
      sl_measure_peak (&peak);
      bench_print_peak (job->options, &peak);
    }
  bench_forget_peak ();
  if (!network_open (&network, job, error))
    return FALSE;
  timing = time_steps (&network, job);
  print_timing (job, timing.median, *sl_plan_output (network.plan, "loss", NULL));
  if (job->options->ops)
    bench_print_ops (job, network.plan, &peak, timing.mean,
                     job->infer ? 0 : sl_params_n_values (network.params, TRUE));
  return TRUE;
}
