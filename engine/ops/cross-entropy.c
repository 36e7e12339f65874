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
  SlShape logits = in[IN_LOGITS].shape, rows = logits, items = SL_SHAPE1 (logits.dim[0]);

  if (logits.rank == 4 ? !sl_op_check_rank (&in[IN_LOGITS], 4, "logits (N,H,W,K)", error)
                       : !sl_op_check_rank (&in[IN_LOGITS], 2, "logits (N,K)", error))
    return FALSE;
  rows.dim[--rows.rank] = 0;
  if (in[IN_TARGETS].dtype != SL_DTYPE_I32 || !sl_shape_equal (in[IN_TARGETS].shape, rows)
      || in[IN_WEIGHTS].dtype != SL_DTYPE_F32 || !sl_shape_equal (in[IN_WEIGHTS].shape, items))
    {
      g_autofree char *text = sl_shape_to_string (rows);

      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "Targets or weights do not fit %s rows of logits: give an int32 target for each "
                   "row and a float32 weight for each of the %" G_GSIZE_FORMAT " items",
                   text, logits.dim[0]);
      return FALSE;
    }
  if (!sl_op_check_share (entropy->smoothing, "Label smoothing", error))
    return FALSE;
  layout->n_outputs = 3;
  layout->output[OUT_LOSS] = SL_SHAPE1 (1);
  layout->output[OUT_LOSSES] = items;
  layout->output[OUT_PROBABILITIES] = logits;
  layout->keep_for_dx = (SlKeep){ 1 << IN_TARGETS | 1 << IN_WEIGHTS, 1 << OUT_PROBABILITIES };
  layout->no_dx = 1 << IN_TARGETS | 1 << IN_WEIGHTS;
  layout->flops = 5.0 * (double)sl_shape_n_elements (logits);
  return TRUE;
}

const SlOpDef sl_op_cross_entropy = { "cross_entropy", sizeof (SlCrossEntropyAttrs),
                                      cross_entropy_infer };

static gboolean
apply (SlGraph *graph, const SlCrossEntropyAttrs *attrs, const SlValue in[3], SlValue *loss,
       SlValue *losses, SlValue *probabilities, GError **error)
{
  SlValue first = sl_graph_apply (graph, &sl_op_cross_entropy, NULL, attrs, in, 3, error);

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

gboolean
sl_cross_entropy (SlGraph *graph, SlValue logits, SlValue targets, SlValue weights,
                  double smoothing, SlValue *loss, SlValue *losses, SlValue *probabilities,
                  GError **error)
{
  return apply (graph, &(SlCrossEntropyAttrs){ smoothing, -1 },
                (SlValue[]){ logits, targets, weights }, loss, losses, probabilities, error);
}

gboolean
sl_pixel_cross_entropy (SlGraph *graph, SlValue logits, SlValue targets, SlValue weights,
                        gint void_class, SlValue *loss, SlValue *losses, SlValue *probabilities,
                        GError **error)
{
  return apply (graph, &(SlCrossEntropyAttrs){ 0, MAX (void_class, -1) },
                (SlValue[]){ logits, targets, weights }, loss, losses, probabilities, error);
}
