/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decoder of a language model: a score for each word of the vocabulary. */
#include "ops/ops.h"

enum
{
  IN_X,
  IN_TARGETS,
  IN_WEIGHTS
};

enum
{
  OUT_LOSS,
  OUT_LOSSES,
  OUT_HITS
};

/* x as sequences, and the decoder's parameters. */
static gboolean
decoder_infer (const SlWordsAttrs *words, const SlValueType *x, SlOpLayout *layout, GError **error)
{
  if (!sl_op_check_rank (x, 3, "sequences (N,T,C)", error))
    return FALSE;
  if (words->n_words == 0 || words->n_words > G_MAXINT32)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE, "A decoder to %u words: ask for one at least",
                   words->n_words);
      return FALSE;
    }
  layout->n_params = 2;
  layout->param[0] = (SlParamSpec){ .suffix = "weight",
                                    .shape = SL_SHAPE2 (words->n_words, x->shape.dim[2]),
                                    .kind = SL_PARAM_WEIGHT,
                                    .init = SL_INIT_UNIFORM,
                                    .bound = 0.1,
                                    .same_order = TRUE };
  layout->param[1] = (SlParamSpec){ "bias", SL_SHAPE1 (words->n_words), SL_PARAM_WEIGHT,
                                    SL_INIT_ZEROS };
  return TRUE;
}

static gboolean
word_loss_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                 GError **error)
{
  const SlWordsAttrs *words = attrs;
  const gsize *x = in[IN_X].shape.dim;
  SlShape each = SL_SHAPE2 (x[0], x[1]);

  if (!decoder_infer (words, &in[IN_X], layout, error))
    return FALSE;
  if (in[IN_TARGETS].dtype != SL_DTYPE_I32 || !sl_shape_equal (in[IN_TARGETS].shape, each)
      || in[IN_WEIGHTS].dtype != SL_DTYPE_F32 || !sl_shape_equal (in[IN_WEIGHTS].shape, each))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "Targets or weights do not fit %" G_GSIZE_FORMAT " texts of %" G_GSIZE_FORMAT
                   " tokens: give an int32 target and a float32 weight for each",
                   x[0], x[1]);
      return FALSE;
    }
  layout->n_outputs = 3;
  layout->output[OUT_LOSS] = SL_SHAPE1 (1);
  layout->output[OUT_LOSSES] = layout->output[OUT_HITS] = each;
  layout->gradient_bytes =
      sizeof (float) * (sl_shape_n_elements (in[IN_X].shape) + (x[2] + 1) * (gsize)words->n_words);
  layout->no_dx = 1 << IN_TARGETS | 1 << IN_WEIGHTS;
  layout->index_end[IN_TARGETS] = words->n_words;
  layout->flops = 2.0 * (double)sl_shape_n_elements (in[IN_X].shape) * words->n_words;
  return TRUE;
}

const SlOpDef sl_op_word_loss = { "word_loss", sizeof (SlWordsAttrs), word_loss_infer };

gboolean
sl_word_loss (SlGraph *graph, const char *name, SlValue x, SlValue targets, SlValue weights,
              guint n_words, SlValue *loss, SlValue *losses, SlValue *hits, GError **error)
{
  SlValue in[3] = { x, targets, weights };
  SlValue first = sl_graph_apply (graph, &sl_op_word_loss, name, &(SlWordsAttrs){ n_words }, in, 3,
                                  error);

  if (first == SL_NO_VALUE)
    return FALSE;
  if (loss != NULL)
    *loss = first + OUT_LOSS;
  if (losses != NULL)
    *losses = first + OUT_LOSSES;
  if (hits != NULL)
    *hits = first + OUT_HITS;
  return TRUE;
}

/* ---- Scores of the word that comes next */

static gboolean
next_word_infer (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                 GError **error)
{
  const SlWordsAttrs *words = attrs;
  const gsize *x = in->shape.dim;

  if (!decoder_infer (words, in, layout, error))
    return FALSE;
  layout->n_outputs = 1;
  layout->output[0] = SL_SHAPE2 (x[0], words->n_words);
  layout->keep_for_dparam = (SlKeep){ 1, 0 };
  layout->workspace_bytes = sizeof (float) * x[0] * x[2];
  layout->flops = 2.0 * (double)(x[0] * x[2]) * words->n_words;
  return TRUE;
}

const SlOpDef sl_op_next_word = { "next_word", sizeof (SlWordsAttrs), next_word_infer };

SlValue
sl_next_word (SlGraph *graph, const char *name, SlValue x, guint n_words, GError **error)
{
  return sl_graph_apply (graph, &sl_op_next_word, name, &(SlWordsAttrs){ n_words }, &x, 1, error);
}
