/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text-classifier:ROWS:LENGTH: the small preset over 30,000 words, all of it trained, without dropout; texts that fill
 * their rows. */
#include "bench.h"
#include <slope/text-classifier.h>

#define N_WORDS 30000
#define N_CLASSES 2

static SlGraph *
build (const BenchJob *job, GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  gsize rows = job->numbers[0], length = job->numbers[1];
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, SL_SHAPE2 (rows, length));
  SlValue starts = sl_graph_input (graph, "starts", SL_DTYPE_I32, SL_SHAPE1 (rows));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE1 (rows));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (rows));
  SlValue logits, loss, losses, probabilities;
  SlTextClassifier model;
  SlAwdLstm encoder;

  sl_awd_lstm_preset ("small", N_WORDS, &encoder);
  sl_text_classifier_init (&model, &encoder, N_CLASSES);
  model.encoder.drop_mult = model.head_dropout = 0;
  logits = sl_text_classifier_build (graph, &model, tokens, starts, error);
  if (!sl_cross_entropy (graph, logits, targets, weights, 0, &loss, &losses, &probabilities, error))
    return NULL;
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "probabilities", probabilities);
  return g_steal_pointer (&graph);
}

static void
fill (const BenchJob *job, SlPlan *plan)
{
  gsize rows = job->numbers[0], length = job->numbers[1];
  SlRandom random = bench_random ();

  bench_fill_below (&random, sl_plan_input_data (plan, "tokens"), rows * length, N_WORDS);
  bench_fill_below (&random, sl_plan_input_data (plan, "starts"), rows, 1);
  bench_fill_below (&random, sl_plan_input_data (plan, "targets"), rows, N_CLASSES);
  bench_fill_ones (sl_plan_input_data (plan, "weights"), rows);
}

static guint64
n_items (const BenchJob *job)
{
  return (guint64)job->numbers[0] * job->numbers[1];
}

const BenchWorkload bench_text = {
  .name = "text-classifier",
  .form = "text-classifier:ROWS:LENGTH",
  .low = { 2, 1 },
  .high = { 4096, 4096 },
  .run = bench_run_network,
  .build = build,
  .fill = fill,
  .n_items = n_items,
};
