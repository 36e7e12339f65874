/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks/regression.h"
#include <string.h>

#define MARGIN 1.1 /* of the output range: its ends are reached at infinity only */

gboolean
sl_regression_add_loss (const SlProblem *problem, const SlRecipe *recipe, SlGraph *graph,
                        SlValue logits, SlValue targets, SlValue weights, GError **error)
{
  SlValue loss, losses;

  if (recipe->output_range)
    logits = sl_output_range (graph, logits, -MARGIN, MARGIN, error);
  if (!sl_mean_squared_error (graph, logits, targets, weights, &loss, &losses, error))
    return FALSE;
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "probabilities", logits);
  return TRUE;
}

void
sl_regression_perfect (const SlProblem *problem, const SlTensor *targets, gsize index,
                       float *answer, float *counts)
{
  const gsize n = problem->task->n_outputs (problem);
  const float *row = sl_tensor_f32 ((SlTensor *)targets) + index * 2 * n;

  memcpy (answer, row, n * sizeof *answer);
  memcpy (counts, row + n, n * sizeof *counts);
}

float
sl_regression_loss (const SlProblem *problem, const SlTensor *targets, const float *answer)
{
  const gsize n = problem->task->n_outputs (problem);
  const float *values = sl_tensor_f32 ((SlTensor *)targets), *counts = values + n;
  double sum = 0, n_counted = 0;

  for (gsize i = 0; i < n; i++)
    {
      const double off = (double)answer[i] - values[i];

      sum += counts[i] * off * off;
      n_counted += counts[i];
    }
  return n_counted > 0 ? (float)(sum / n_counted) : 0;
}
