/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lm:BATCH:LENGTH: AWD-LSTM's sizes over 20,000 words, decoder tied to the embedding, without
 * dropout; every batch begins with an empty state. */
#include "bench.h"
#include <slope/awd-lstm.h>
#include <string.h>

#define N_WORDS 20000

static SlAwdLstm
model (void)
{
  SlAwdLstm self;

  sl_awd_lstm_preset ("course", N_WORDS, &self);
  self.drop_mult = self.alpha = self.beta = 0;
  return self;
}

static SlGraph *
build (const BenchJob *job, GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlShape shape = SL_SHAPE2 (job->numbers[0], job->numbers[1]);
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, shape);
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, shape);
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, shape);
  SlAwdLstm self = model ();

  return sl_awd_lstm_build_language (graph, &self, tokens, targets, weights, error)
             ? g_steal_pointer (&graph)
             : NULL;
}

static void
fill (const BenchJob *job, SlPlan *plan)
{
  gsize n = (gsize)job->numbers[0] * job->numbers[1];
  SlRandom random = bench_random ();
  SlAwdLstm self = model ();

  bench_fill_below (&random, sl_plan_input_data (plan, "tokens"), n, N_WORDS);
  bench_fill_below (&random, sl_plan_input_data (plan, "targets"), n, N_WORDS);
  bench_fill_ones (sl_plan_input_data (plan, "weights"), n);
  for (guint layer = 0; layer < self.n_layers; layer++)
    {
      gsize bytes = sizeof (float) * job->numbers[0] * sl_awd_lstm_n_units (&self, layer);
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
