/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U-Nets for 32 classes of pixels: the plain one of the registry, whose sizes other frameworks can
 * have too, and fast.ai's on any body. */
#include "bench.h"
#include <string.h>

#define N_CLASSES 32

static SlValue
build_logits (SlGraph *graph, const BenchJob *job, SlValue pictures, GError **error)
{
  const char *body = strchr (job->network, '-');
  const SlArch *arch = sl_arch_find (body != NULL ? body + 1 : "unet-small");

  return sl_pixel_head_build (graph, arch, pictures, arch->build_body (graph, pictures, error),
                              N_CLASSES, error);
}

static SlGraph *
build (const BenchJob *job, GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  guint batch = job->numbers[0], size = job->numbers[1];
  SlValue pictures = sl_graph_input (graph, "pictures", SL_DTYPE_F32,
                                     SL_SHAPE4 (batch, size, size, 3));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE3 (batch, size, size));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (batch));
  SlValue logits = build_logits (graph, job, pictures, error), loss;

  if (!sl_pixel_cross_entropy (graph, logits, targets, weights, -1, &loss, NULL, NULL, error))
    return NULL;
  sl_graph_output (graph, "loss", loss);
  return g_steal_pointer (&graph);
}

/* Normal pixels, random classes, no padding. */
static void
fill (const BenchJob *job, SlPlan *plan)
{
  gsize batch = job->numbers[0], size = job->numbers[1];
  SlRandom random = bench_random ();

  bench_fill_normal (&random, sl_plan_input_data (plan, "pictures"), batch * size * size * 3);
  bench_fill_below (&random, sl_plan_input_data (plan, "targets"), batch * size * size, N_CLASSES);
  bench_fill_ones (sl_plan_input_data (plan, "weights"), batch);
}

static guint64
n_items (const BenchJob *job)
{
  return job->numbers[0];
}

const BenchWorkload bench_unet = {
  .name = "unet",
  .form = "unet[-NETWORK]:BATCH:SIZE",
  .has_body = TRUE,
  .low = { 1, 16 },
  .high = { 1024, 2048 },
  .run = bench_run_network,
  .build = build,
  .fill = fill,
  .n_items = n_items,
};
