/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"
#include <math.h>

enum
{
  IN_X,
  IN_H,
  IN_C
};

enum
{
  PADDED_IN_X,
  PADDED_IN_STARTS
};

enum
{
  OUT_Y,
  OUT_H,
  OUT_C
};

#define N_GATES 4

static gboolean
check_layer (const SlLstmAttrs *lstm, const SlValueType *x, GError **error)
{
  if (!sl_op_check_rank (x, 3, "sequences (N,T,C)", error)
      || !sl_op_check_share (lstm->weight_dropout, "Weight dropout", error))
    return FALSE;
  if (lstm->n_hidden > 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
               "A layer of long short-term memory without units: give it one at least");
  return FALSE;
}

/* All but what depends on where the state comes from. */
static void
lay_out_layer (const SlLstmAttrs *lstm, const gsize *x, SlOpLayout *layout)
{
  gsize h = lstm->n_hidden, width = N_GATES * h;
  SlParamSpec spec = { .kind = SL_PARAM_WEIGHT,
                       .init = SL_INIT_UNIFORM,
                       .bound = 1 / sqrt ((double)h) };

  layout->output[OUT_Y] = SL_SHAPE3 (x[0], x[1], h);
  layout->n_params = 4;
  for (guint k = 0; k < layout->n_params; k++)
    layout->param[k] = spec;
  layout->param[0].suffix = "weight_ih_l0";
  layout->param[0].shape = SL_SHAPE2 (x[2], width);
  layout->param[1].suffix = "weight_hh_l0";
  layout->param[1].shape = SL_SHAPE2 (h, width);
  layout->param[2].suffix = "bias_ih_l0";
  layout->param[3].suffix = "bias_hh_l0";
  layout->param[2].shape = layout->param[3].shape = SL_SHAPE1 (width);
  layout->workspace_bytes = sizeof (float) * x[0] * x[1] * (width + h);
  layout->is_random = lstm->weight_dropout > 0;
  layout->flops = 2.0 * (double)(x[0] * x[1]) * (double)(x[2] + h) * (double)width;
}

static gboolean
lstm_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
            GError **error)
{
  const SlLstmAttrs *lstm = attrs;
  const gsize *x = in[IN_X].shape.dim;
  gsize h = lstm->n_hidden;
  SlShape state = SL_SHAPE2 (x[0], h);

  if (!check_layer (lstm, &in[IN_X], error))
    return FALSE;
  if (!sl_shape_equal (in[IN_H].shape, state) || !sl_shape_equal (in[IN_C].shape, state)
      || in[IN_H].dtype != SL_DTYPE_F32 || in[IN_C].dtype != SL_DTYPE_F32)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "The state does not fit %" G_GSIZE_FORMAT " sequences and %" G_GSIZE_FORMAT
                   " units: give it hidden state and cells (N,H) of float32",
                   x[0], h);
      return FALSE;
    }
  lay_out_layer (lstm, x, layout);
  layout->n_outputs = 3;
  layout->output[OUT_H] = layout->output[OUT_C] = state;
  layout->keep_for_dx = (SlKeep){ 1 << IN_C, 0 };
  layout->keep_for_dparam = (SlKeep){ 1 << IN_X | 1 << IN_H | 1 << IN_C, 1 << OUT_Y };
  layout->no_dx = 1 << IN_H | 1 << IN_C;
  return TRUE;
}

const SlOpDef sl_op_lstm = { "lstm", sizeof (SlLstmAttrs), lstm_infer };

static gboolean
padded_lstm_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                   GError **error)
{
  const SlLstmAttrs *lstm = attrs;
  const gsize *x = in[PADDED_IN_X].shape.dim;

  if (!check_layer (lstm, &in[PADDED_IN_X], error)
      || !sl_op_check_starts (&in[PADDED_IN_STARTS], x[0], error))
    return FALSE;
  lay_out_layer (lstm, x, layout);
  layout->n_outputs = 1;
  layout->workspace_bytes += sizeof (float) * x[0] * lstm->n_hidden;
  layout->keep_for_dx = (SlKeep){ 1 << PADDED_IN_STARTS, 0 };
  layout->keep_for_dparam = (SlKeep){ 1 << PADDED_IN_X | 1 << PADDED_IN_STARTS, 1 << OUT_Y };
  layout->no_dx = 1 << PADDED_IN_STARTS;
  layout->index_end[PADDED_IN_STARTS] = x[1];
  return TRUE;
}

const SlOpDef sl_op_padded_lstm = { "padded_lstm", sizeof (SlLstmAttrs), padded_lstm_infer };

SlValue
sl_lstm (SlGraph *graph, const char *name, SlValue x, SlValue h0, SlValue c0,
         const SlLstmAttrs *attrs, SlValue *h, SlValue *c, GError **error)
{
  SlValue in[3] = { x, h0, c0 }, y;

  g_return_val_if_fail (attrs != NULL, SL_NO_VALUE);

  y = sl_graph_apply (graph, &sl_op_lstm, name, attrs, in, 3, error);
  if (h != NULL)
    *h = y == SL_NO_VALUE ? y : y + OUT_H;
  if (c != NULL)
    *c = y == SL_NO_VALUE ? y : y + OUT_C;
  return y;
}

SlValue
sl_padded_lstm (SlGraph *graph, const char *name, SlValue x, SlValue starts,
                const SlLstmAttrs *attrs, GError **error)
{
  SlValue in[2] = { x, starts };

  g_return_val_if_fail (attrs != NULL, SL_NO_VALUE);

  return sl_graph_apply (graph, &sl_op_padded_lstm, name, attrs, in, 2, error);
}
