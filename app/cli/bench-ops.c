/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a step's ops cost, those of one kind and shape together, beside what the computer could do
 * at best: an op that must count f operations and move b bytes can't be faster than the longer of
 * f at the peak of the micro-kernel and b at the peak of memory.  Its share of the peak is that
 * time through the measured one.  More than all of it is possible: Winograd's convolutions do
 * fewer multiplications than are counted, and the caches are faster than the memory. */
#include "bench.h"

/* Ops of one kind and shape. */
typedef struct
{
  SlOpProfile first; /* costs: sums over all of them, a step */
  guint count;
} Group;

static gboolean
is_alike (const SlOpProfile *a, const SlOpProfile *b)
{
  return g_str_equal (a->op, b->op) && sl_shape_equal (a->input, b->input)
         && sl_shape_equal (a->weights, b->weights) && sl_shape_equal (a->output, b->output);
}

static void
add_cost (SlOpCost *sum, const SlOpCost *cost)
{
  sum->seconds += cost->seconds;
  sum->flops += cost->flops;
  sum->bytes += cost->bytes;
}

static GArray *
group_ops (const SlPlan *plan)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));

  for (guint i = 0; i < sl_plan_n_ops (plan); i++)
    {
      Group one = { .count = 1 };
      guint at = 0;

      sl_plan_get_op (plan, i, &one.first);
      while (at < groups->len && !is_alike (&g_array_index (groups, Group, at).first, &one.first))
        at++;
      if (at == groups->len)
        {
          g_array_append_val (groups, one);
          continue;
        }
      add_cost (&g_array_index (groups, Group, at).first.forward, &one.first.forward);
      add_cost (&g_array_index (groups, Group, at).first.backward, &one.first.backward);
      g_array_index (groups, Group, at).count++;
    }
  return groups;
}

static double
seconds_of (const Group *group)
{
  return group->first.forward.seconds + group->first.backward.seconds;
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  double x = seconds_of (a), y = seconds_of (b);

  return (x < y) - (x > y);
}

/* The optimiser is no op: parameter, gradient and two moments are read, all but the gradient
 * written. */
static void
add_optimiser (GArray *groups, double step_seconds, gsize n_trained)
{
  Group rest = { .first = { .op = "adamw" }, .count = 1 };

  for (guint i = 0; i < groups->len; i++)
    step_seconds -= seconds_of (&g_array_index (groups, Group, i));
  rest.first.backward.seconds = step_seconds;
  rest.first.backward.bytes = 7.0 * sizeof (float) * (double)n_trained;
  g_array_append_val (groups, rest);
}

static double
share_of_peak (const SlOpCost *cost, const SlPeak *peak)
{
  double least = MAX (cost->flops / peak->flops, cost->bytes / peak->bytes);

  return cost->seconds > 0 ? least / cost->seconds : 0;
}

/* ---- For people */

static void
add_cost_cells (CliTable *table, const SlOpCost *cost, const SlPeak *peak)
{
  if (cost->seconds <= 0)
    {
      for (guint i = 0; i < 4; i++)
        cli_table_add (table, g_strdup (""));
      return;
    }
  cli_table_add (table, g_strdup_printf ("%.2f", 1e3 * cost->seconds));
  cli_table_add (table, g_strdup_printf ("%.0f", 1e-9 * cost->flops / cost->seconds));
  cli_table_add (table, g_strdup_printf ("%.1f", 1e-9 * cost->bytes / cost->seconds));
  cli_table_add (table, g_strdup_printf ("%.0f %%", 100 * share_of_peak (cost, peak)));
}

static void
print_table (const GArray *groups, const SlPeak *peak)
{
  /* Translators: headings of columns; keep the ">", which stands for "aligned to the right". */
  const char *columns[] = { _ ("op"),
                            _ ("input"),
                            _ ("weights"),
                            ">×",
                            _ (">forward, ms"),
                            ">GFLOP/s",
                            ">GB/s",
                            _ (">of peak"),
                            _ (">backward, ms"),
                            ">GFLOP/s",
                            ">GB/s",
                            _ (">of peak"),
                            NULL };
  CliTable *table = cli_table_new (columns);

  for (guint i = 0; i < groups->len; i++)
    {
      const Group *group = &g_array_index (groups, Group, i);
      const SlOpProfile *op = &group->first;

      cli_table_add (table, g_strdup (op->op));
      cli_table_add (table, op->input.rank > 0 ? sl_shape_to_string (op->input) : g_strdup (""));
      cli_table_add (table,
                     op->weights.rank > 0 ? sl_shape_to_string (op->weights) : g_strdup (""));
      cli_table_add (table, g_strdup_printf ("%u", group->count));
      add_cost_cells (table, &op->forward, peak);
      add_cost_cells (table, &op->backward, peak);
    }
  cli_table_print (table);
}

/* ---- For programs */

static void
print_json_cost (const BenchJob *job, const Group *group, const char *pass, const SlOpCost *cost,
                 const SlPeak *peak)
{
  g_autofree char *input = sl_shape_to_string (group->first.input);
  g_autofree char *weights = sl_shape_to_string (group->first.weights);
  JsonBuilder *builder;

  if (cost->seconds <= 0)
    return;
  builder = cli_json_begin ();
  cli_json_string (builder, "workload", job->text);
  cli_json_string (builder, "op", group->first.op);
  cli_json_string (builder, "input", group->first.input.rank > 0 ? input : NULL);
  cli_json_string (builder, "weights", group->first.weights.rank > 0 ? weights : NULL);
  cli_json_int (builder, "count", group->count);
  cli_json_string (builder, "pass", pass);
  cli_json_double (builder, "seconds", cost->seconds);
  cli_json_double (builder, "gflops", 1e-9 * cost->flops / cost->seconds);
  cli_json_double (builder, "gbytes_per_second", 1e-9 * cost->bytes / cost->seconds);
  cli_json_double (builder, "share_of_peak", share_of_peak (cost, peak));
  cli_json_end (builder);
}

void
bench_print_peak (const BenchOptions *options, const SlPeak *peak)
{
  JsonBuilder *builder;

  if (!options->json)
    {
      g_print (_ ("peak: %s, %u threads: %.0f GFLOP/s, %.1f GB/s\n"), peak->kernels,
               sl_parallel_get_threads (), 1e-9 * peak->flops, 1e-9 * peak->bytes);
      return;
    }
  builder = cli_json_begin ();
  cli_json_string (builder, "peak", peak->kernels);
  cli_json_int (builder, "threads", sl_parallel_get_threads ());
  cli_json_double (builder, "gflops", 1e-9 * peak->flops);
  cli_json_double (builder, "gbytes_per_second", 1e-9 * peak->bytes);
  cli_json_end (builder);
}

void
bench_print_ops (const BenchJob *job, const SlPlan *plan, const SlPeak *peak, double step_seconds,
                 gsize n_trained)
{
  g_autoptr (GArray) groups = group_ops (plan);

  if (n_trained > 0)
    add_optimiser (groups, step_seconds, n_trained);
  g_array_sort (groups, compare_groups);
  if (!job->options->json)
    print_table (groups, peak);
  else
    for (guint i = 0; i < groups->len; i++)
      {
        const Group *group = &g_array_index (groups, Group, i);

        print_json_cost (job, group, "forward", &group->first.forward, peak);
        print_json_cost (job, group, "backward", &group->first.backward, peak);
      }
}
