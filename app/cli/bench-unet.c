/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plain U-Net for 32 classes of pixels, whose weights fit other frameworks' of the same sizes:
 * three levels of two convolutions with batch norm and ReLU, 32 to 256 channels, halved by
 * max-pooling; up again by nearest pixels joined with the skip. */
#include "bench.h"

#define N_CLASSES 32
#define N_LEVELS 3
#define WIDTH 32 /* channels of the first level; each next one has twice as many */

/* Two convolutions, named like the modules of a PyTorch Sequential: 0 and 3, their norms 1 and 4. */
static SlValue
build_pair (SlGraph *graph, const char *name, SlValue x, guint channels, GError **error)
{
  const SlConv2dAttrs conv = { .out_channels = channels, .kernel = 3, .stride = 1, .pad = 1 };
  const SlBatchNormAttrs norm = { .activation = SL_ACTIVATION_RELU };

  sl_graph_push_prefix (graph, name);
  x = sl_conv2d (graph, "0", x, &conv, error);
  x = sl_batch_norm (graph, "1", x, SL_NO_VALUE, &norm, error);
  x = sl_conv2d (graph, "3", x, &conv, error);
  x = sl_batch_norm (graph, "4", x, SL_NO_VALUE, &norm, error);
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
build_logits (SlGraph *graph, SlValue x, GError **error)
{
  SlValue skip[N_LEVELS];
  char name[8];

  for (guint level = 0; level <= N_LEVELS; level++)
    {
      g_snprintf (name, sizeof name, "d.%u", level);
      if (level > 0)
        x = sl_max_pool (graph, x, 2, 2, 0, error);
      x = build_pair (graph, name, x, WIDTH << level, error);
      if (level < N_LEVELS)
        skip[level] = x;
    }
  for (guint level = N_LEVELS; level-- > 0;)
    {
      g_snprintf (name, sizeof name, "u.%u", N_LEVELS - 1 - level);
      x = sl_resize_concat (graph, x, skip[level], error);
      x = build_pair (graph, name, x, WIDTH << level, error);
    }
  return sl_conv2d (
      graph, "o", x,
      &(SlConv2dAttrs){ .out_channels = N_CLASSES, .kernel = 1, .stride = 1, .bias = TRUE }, error);
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
  SlValue logits = build_logits (graph, pictures, error), loss;

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
  .form = "unet:BATCH:SIZE",
  .low = { 1, 16 },
  .high = { 1024, 2048 },
  .run = bench_run_network,
  .build = build,
  .fill = fill,
  .n_items = n_items,
};
