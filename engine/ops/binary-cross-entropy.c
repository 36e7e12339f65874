/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

enum
{
  IN_LOGITS,
  IN_TARGETS,
  IN_WEIGHTS
};

enum
{
  OUT_LOSS,
  OUT_LOSSES,
  OUT_PROBABILITIES
};

static gboolean
binary_cross_entropy_infer (gconstpointer attrs, const SlValueType *in, guint n_in,
                            SlOpLayout *layout, GError **error)
{
  const SlBinaryCrossEntropyAttrs *entropy = attrs;
  SlShape logits = in[IN_LOGITS].shape;

  if (!sl_op_check_rank (&in[IN_LOGITS], 2, "logits (N,C)", error)
      || !sl_op_check_loss_input (&in[IN_TARGETS], logits, "targets", error)
      || !sl_op_check_loss_input (&in[IN_WEIGHTS], SL_SHAPE1 (logits.dim[0]), "weights", error)
      || !sl_op_check_share (entropy->smoothing, "Label smoothing", error))
    return FALSE;
  layout->n_outputs = 3;
  layout->output[OUT_LOSS] = SL_SHAPE1 (1);
  layout->output[OUT_LOSSES] = SL_SHAPE1 (logits.dim[0]);
  layout->output[OUT_PROBABILITIES] = logits;
  layout->keep_for_dx = (SlKeep){ 1 << IN_TARGETS | 1 << IN_WEIGHTS, 1 << OUT_PROBABILITIES };
  layout->no_dx = 1 << IN_TARGETS | 1 << IN_WEIGHTS;
  layout->flops = 8.0 * (double)sl_shape_n_elements (logits);
  return TRUE;
}

const SlOpDef sl_op_binary_cross_entropy = { "binary_cross_entropy",
                                             sizeof (SlBinaryCrossEntropyAttrs),
                                             binary_cross_entropy_infer };

gboolean
sl_binary_cross_entropy (SlGraph *graph, SlValue logits, SlValue targets, SlValue weights,
                         double smoothing, SlValue *loss, SlValue *losses, SlValue *probabilities,
                         GError **error)
{
  SlValue first = sl_graph_apply (graph, &sl_op_binary_cross_entropy, NULL,
                                  &(SlBinaryCrossEntropyAttrs){ smoothing },
                                  (SlValue[]){ logits, targets, weights }, 3, error);

  if (first == SL_NO_VALUE)
    return FALSE;
  if (loss != NULL)
    *loss = first + OUT_LOSS;
  if (losses != NULL)
    *losses = first + OUT_LOSSES;
  if (probabilities != NULL)
    *probabilities = first + OUT_PROBABILITIES;
  return TRUE;
}
