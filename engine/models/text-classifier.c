/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/text-classifier.h>

#define HIDDEN_FEATURES 50
#define HEAD_DROPOUT 0.1

void
sl_text_classifier_init (SlTextClassifier *self, const SlAwdLstm *encoder, guint n_outputs)
{
  *self = (SlTextClassifier){ .encoder = *encoder,
                              .n_outputs = n_outputs,
                              .n_hidden = HIDDEN_FEATURES,
                              .head_dropout = HEAD_DROPOUT };
  sl_awd_lstm_use_classifier_dropouts (&self->encoder);
}

guint
sl_text_classifier_n_groups (const SlTextClassifier *self)
{
  return self->encoder.n_layers + 2;
}

static SlValue
drop (SlGraph *graph, SlValue x, double p, GError **error)
{
  return p > 0 ? sl_dropout (graph, x, p, error) : x;
}

static SlValue
add_head (SlGraph *graph, const SlTextClassifier *self, SlValue pooled, GError **error)
{
  const SlBatchNormAttrs norm = { 0 };
  const SlAwdLstm *encoder = &self->encoder;
  SlValue x;

  sl_graph_push_prefix (graph, "layers");
  /* Numbers are places in fast.ai's list: norm, dropout, linear, ReLU, norm, dropout, linear. */
  x = sl_batch_norm (graph, "0", pooled, SL_NO_VALUE, &norm, error);
  x = drop (graph, x, encoder->output_dropout * encoder->drop_mult, error);
  x = sl_linear (graph, "2", x, self->n_hidden, TRUE, error);
  x = sl_batch_norm (graph, "4", x, SL_NO_VALUE, &norm, error);
  x = drop (graph, x, self->head_dropout, error);
  x = sl_linear (graph, "6", x, self->n_outputs, FALSE, error);
  sl_graph_pop_prefix (graph);
  return x;
}

SlValue
sl_text_classifier_build (SlGraph *graph, const SlTextClassifier *self, SlValue tokens,
                          SlValue starts, GError **error)
{
  SlValue x = sl_awd_lstm_build_reader (graph, &self->encoder, tokens, starts, 1, 0, error);

  if (x == SL_NO_VALUE)
    return x;
  sl_graph_set_group (graph, sl_text_classifier_n_groups (self) - 1);
  return add_head (graph, self, sl_text_pool (graph, x, starts, error), error);
}
