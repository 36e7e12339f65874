/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "ops/ops.h"

enum
{
  IN_LOSS,
  IN_DROPPED,
  IN_RAW
};

static gboolean
activity_loss_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                     GError **error)
{
  const SlActivityAttrs *activity = attrs;
  SlShape shape = in[IN_RAW].shape;

  if (!sl_op_check_loss_input (&in[IN_LOSS], SL_SHAPE1 (1), "the loss", error)
      || !sl_op_check_rank (&in[IN_RAW], 3, "sequences (N,T,C)", error)
      || !sl_op_check_loss_input (&in[IN_DROPPED], shape, "what was dropped of them", error))
    return FALSE;
  if (!isfinite (activity->alpha) || !isfinite (activity->beta) || activity->alpha < 0
      || activity->beta < 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "Activations weighed by %g and %g: use numbers of at least 0", activity->alpha,
                   activity->beta);
      return FALSE;
    }
  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE1 (1);
  layout->keep_for_dx = (SlKeep){ 1 << IN_DROPPED | 1 << IN_RAW, 0 };
  layout->flops = 5.0 * (double)sl_shape_n_elements (shape);
  return TRUE;
}

const SlOpDef sl_op_activity_loss = { "activity_loss", sizeof (SlActivityAttrs),
                                      activity_loss_infer };

SlValue
sl_activity_loss (SlGraph *graph, SlValue loss, SlValue dropped, SlValue raw, double alpha,
                  double beta, GError **error)
{
  SlValue in[3] = { loss, dropped, raw };

  return sl_graph_apply (graph, &sl_op_activity_loss, NULL, &(SlActivityAttrs){ alpha, beta }, in,
                         3, error);
}
