/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plain classifier of 37 classes: a body of the registry, average pooling and one linear layer,
 * not fast.ai's head, so that other frameworks' figures for it can be set beside ours. */
#include "bench.h"

#define N_CLASSES 37

static SlGraph *
build (const BenchJob *job, GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  const SlArch *arch = sl_arch_find (job->network);
  guint batch = job->numbers[0], size = job->numbers[1];
  SlValue pictures = sl_graph_input (graph, "pictures", SL_DTYPE_F32,
                                     SL_SHAPE4 (batch, size, size, 3));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE1 (batch));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (batch));
  SlValue x, loss, losses, probabilities;

  x = arch->build_body (graph, pictures, error);
  sl_graph_set_group (graph, arch->n_groups);
  x = sl_global_avg_pool (graph, x, error);
  x = sl_linear (graph, "fc", x, N_CLASSES, FALSE, error);
  if (!sl_cross_entropy (graph, x, targets, weights, 0, &loss, &losses, &probabilities, error))
    return NULL;
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "probabilities", probabilities);
  return g_steal_pointer (&graph);
}

/* Normal pixels, random classes, no padding. */
static void
fill (const BenchJob *job, SlPlan *plan)
{
  gsize batch = job->numbers[0], size = job->numbers[1];
  SlRandom random = bench_random ();

  bench_fill_normal (&random, sl_plan_input_data (plan, "pictures"), batch * size * size * 3);
  bench_fill_below (&random, sl_plan_input_data (plan, "targets"), batch, N_CLASSES);
  bench_fill_ones (sl_plan_input_data (plan, "weights"), batch);
}

static guint64
n_items (const BenchJob *job)
{
  return job->numbers[0];
}

const BenchWorkload bench_classify = {
  .form = "NETWORK:BATCH:SIZE",
  .low = { 1, 28 },
  .high = { 4096, 2048 },
  .run = bench_run_network,
  .build = build,
  .fill = fill,
  .n_items = n_items,
};
