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
cross_entropy_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                     GError **error)
{
  const SlCrossEntropyAttrs *entropy = attrs;
  const gsize *logits = in[IN_LOGITS].shape.dim;
  SlShape rows = SL_SHAPE1 (logits[0]);

  if (!sl_op_check_rank (&in[IN_LOGITS], 2, "logits (N,K)", error))
    return FALSE;
  if (in[IN_TARGETS].dtype != SL_DTYPE_I32 || !sl_shape_equal (in[IN_TARGETS].shape, rows)
      || in[IN_WEIGHTS].dtype != SL_DTYPE_F32 || !sl_shape_equal (in[IN_WEIGHTS].shape, rows))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "Targets or weights do not fit %" G_GSIZE_FORMAT
                   " rows of logits: give an int32 target and a float32 weight for each row",
                   logits[0]);
      return FALSE;
    }
  if (!(entropy->smoothing >= 0 && entropy->smoothing < 1))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "Label smoothing of %g: it must be at least 0 and less than 1",
                   entropy->smoothing);
      return FALSE;
    }
  layout->n_outputs = 3;
  layout->output[OUT_LOSS] = SL_SHAPE1 (1);
  layout->output[OUT_LOSSES] = rows;
  layout->output[OUT_PROBABILITIES] = in[IN_LOGITS].shape;
  layout->keep_for_dx = (SlKeep){ 1 << IN_TARGETS | 1 << IN_WEIGHTS, 1 << OUT_PROBABILITIES };
  layout->no_dx = 1 << IN_TARGETS | 1 << IN_WEIGHTS;
  layout->flops = 5.0 * (double)sl_shape_n_elements (in[IN_LOGITS].shape);
  return TRUE;
}

const SlOpDef sl_op_cross_entropy = { "cross_entropy", sizeof (SlCrossEntropyAttrs),
                                      cross_entropy_infer };

gboolean
sl_cross_entropy (SlGraph *graph, SlValue logits, SlValue targets, SlValue weights,
                  double smoothing, SlValue *loss, SlValue *losses, SlValue *probabilities,
                  GError **error)
{
  SlValue in[3] = { logits, targets, weights };
  SlValue first = sl_graph_apply (graph, &sl_op_cross_entropy, NULL,
                                  &(SlCrossEntropyAttrs){ smoothing }, in, 3, error);

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
