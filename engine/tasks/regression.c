/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks/regression.h"

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
