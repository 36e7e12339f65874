/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/ops.h"

/* fast.ai's AWD-LSTM. */
#define INITIAL_BOUND 0.1

static gboolean
embedding_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                 GError **error)
{
  const SlEmbeddingAttrs *embedding = attrs;
  const gsize *tokens = in->shape.dim;

  if (in->dtype != SL_DTYPE_I32 || in->shape.rank != 2)
    {
      g_autofree char *text = sl_shape_to_string (in->shape);

      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "Got %s for tokens: give it texts of the same length (N,T), int32", text);
      return FALSE;
    }
  if (embedding->n_words == 0 || embedding->n_words > G_MAXINT32 || embedding->n_features == 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "An embedding of %u words to %u features: both must be positive",
                   embedding->n_words, embedding->n_features);
      return FALSE;
    }
  if (!sl_op_check_share (embedding->dropout, "Dropout", error))
    return FALSE;
  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE3 (tokens[0], tokens[1], embedding->n_features);
  layout->n_params = 1;
  layout->param[0] = (SlParamSpec){ .suffix = "weight",
                                    .shape = SL_SHAPE2 (embedding->n_words, embedding->n_features),
                                    .kind = SL_PARAM_WEIGHT,
                                    .init = SL_INIT_UNIFORM,
                                    .bound = INITIAL_BOUND,
                                    .same_order = TRUE };
  layout->keep_for_dparam = (SlKeep){ 1, 0 };
  layout->no_dx = 1;
  layout->index_end[0] = embedding->n_words;
  layout->is_random = embedding->dropout > 0;
  return TRUE;
}

const SlOpDef sl_op_embedding = { "embedding", sizeof (SlEmbeddingAttrs), embedding_infer };

SlValue
sl_embedding (SlGraph *graph, const char *name, SlValue tokens, const SlEmbeddingAttrs *attrs,
              GError **error)
{
  g_return_val_if_fail (attrs != NULL, SL_NO_VALUE);
  return sl_graph_apply (graph, &sl_op_embedding, name, attrs, &tokens, 1, error);
}
