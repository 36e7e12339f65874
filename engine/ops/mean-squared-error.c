/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

enum
{
  IN_PREDICTIONS,
  IN_TARGETS,
  IN_WEIGHTS
};

enum
{
  OUT_LOSS,
  OUT_LOSSES
};

static gboolean
mean_squared_error_infer (gconstpointer attrs, const SlValueType *in, guint n_in,
                          SlOpLayout *layout, GError **error)
{
  const gsize *x = in[IN_PREDICTIONS].shape.dim;

  if (!sl_op_check_rank (&in[IN_PREDICTIONS], 2, "predictions (N,C)", error)
      || !sl_op_check_loss_input (&in[IN_TARGETS], SL_SHAPE3 (x[0], 2, x[1]), "targets", error)
      || !sl_op_check_loss_input (&in[IN_WEIGHTS], SL_SHAPE1 (x[0]), "weights", error))
    return FALSE;
  layout->n_outputs = 2;
  layout->output[OUT_LOSS] = SL_SHAPE1 (1);
  layout->output[OUT_LOSSES] = SL_SHAPE1 (x[0]);
  layout->keep_for_dx.inputs = 1 << IN_PREDICTIONS | 1 << IN_TARGETS | 1 << IN_WEIGHTS;
  layout->no_dx = 1 << IN_TARGETS | 1 << IN_WEIGHTS;
  layout->flops = 4.0 * (double)(x[0] * x[1]);
  return TRUE;
}

const SlOpDef sl_op_mean_squared_error = { "mean_squared_error", 0, mean_squared_error_infer };

gboolean
sl_mean_squared_error (SlGraph *graph, SlValue predictions, SlValue targets, SlValue weights,
                       SlValue *loss, SlValue *losses, GError **error)
{
  SlValue first = sl_graph_apply (graph, &sl_op_mean_squared_error, NULL, NULL,
                                  (SlValue[]){ predictions, targets, weights }, 3, error);

  if (first == SL_NO_VALUE)
    return FALSE;
  if (loss != NULL)
    *loss = first + OUT_LOSS;
  if (losses != NULL)
    *losses = first + OUT_LOSSES;
  return TRUE;
}
