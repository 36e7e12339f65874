/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lm:BATCH:LENGTH: AWD-LSTM's sizes over 20,000 words, decoder tied to the embedding, without
 * dropout; every batch begins with an empty state. */
#include "bench.h"
#include <string.h>

#define N_WORDS 20000
#define N_FEATURES 400
#define N_HIDDEN 1152
#define N_LAYERS 3

static guint
layer_units (guint layer)
{
  return layer == N_LAYERS - 1 ? N_FEATURES : N_HIDDEN;
}

static SlValue
add_layer (SlGraph *graph, guint layer, guint batch, SlValue x, GError **error)
{
  g_autofree char *name = g_strdup_printf ("rnns.%u", layer);
  g_autofree char *h_name = g_strdup_printf ("h%u", layer);
  g_autofree char *c_name = g_strdup_printf ("c%u", layer);
  SlShape shape = SL_SHAPE2 (batch, layer_units (layer));
  SlValue h = sl_graph_input (graph, h_name, SL_DTYPE_F32, shape);
  SlValue c = sl_graph_input (graph, c_name, SL_DTYPE_F32, shape);

  return sl_lstm (graph, name, x, h, c, &(SlLstmAttrs){ layer_units (layer), 0 }, NULL, NULL,
                  error);
}

static SlGraph *
build (const BenchJob *job, GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  guint batch = job->numbers[0];
  SlShape shape = SL_SHAPE2 (batch, job->numbers[1]);
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, shape);
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, shape);
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, shape);
  SlValue x, loss;

  x = sl_embedding (graph, "encoder", tokens, &(SlEmbeddingAttrs){ N_WORDS, N_FEATURES, 0 }, error);
  for (guint layer = 0; layer < N_LAYERS; layer++)
    x = add_layer (graph, layer, batch, x, error);
  sl_graph_tie_param (graph, "decoder.weight", "encoder.weight");
  if (!sl_word_loss (graph, "decoder", x, targets, weights, N_WORDS, &loss, NULL, NULL, error))
    return NULL;
  sl_graph_output (graph, "loss", loss);
  return g_steal_pointer (&graph);
}

static void
fill (const BenchJob *job, SlPlan *plan)
{
  gsize n = (gsize)job->numbers[0] * job->numbers[1];
  SlRandom random = bench_random ();

  bench_fill_below (&random, sl_plan_input_data (plan, "tokens"), n, N_WORDS);
  bench_fill_below (&random, sl_plan_input_data (plan, "targets"), n, N_WORDS);
  bench_fill_ones (sl_plan_input_data (plan, "weights"), n);
  for (guint layer = 0; layer < N_LAYERS; layer++)
    {
      gsize bytes = sizeof (float) * job->numbers[0] * layer_units (layer);
      g_autofree char *h = g_strdup_printf ("h%u", layer), *c = g_strdup_printf ("c%u", layer);

      memset (sl_plan_input_data (plan, h), 0, bytes);
      memset (sl_plan_input_data (plan, c), 0, bytes);
    }
}

static guint64
n_items (const BenchJob *job)
{
  return (guint64)job->numbers[0] * job->numbers[1];
}

const BenchWorkload bench_lm = {
  .name = "lm",
  .form = "lm:BATCH:LENGTH",
  .low = { 1, 1 },
  .high = { 4096, 4096 },
  .run = bench_run_network,
  .build = build,
  .fill = fill,
  .n_items = n_items,
};
