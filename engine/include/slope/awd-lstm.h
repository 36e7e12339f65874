/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/checkpoint.h>
#include <slope/vocabulary.h>

G_BEGIN_DECLS

#define SL_AWD_LSTM_MAX_LAYERS 8

/**
 * SlAwdLstm:
 *
 * A language model: words → embedding → LSTMs, the last one back to the embedding's size → the same vocabulary, whose
 * matrix is the embedding's, and a bias.  Every dropout is multiplied with @drop_mult.  Source: Merity et al. 2017;
 * SPEC 1.10.
 */
typedef struct
{
  guint  n_words;
  guint  n_features;        /* of the embedding and of what the last layer says */
  guint  n_hidden;          /* of the layers between */
  guint  n_layers;          /* 1 … SL_AWD_LSTM_MAX_LAYERS */
  double drop_mult;
  double embedding_dropout; /* whole words, wherever they stand */
  double input_dropout;     /* of embedded words; the same at all times, as the two below */
  double hidden_dropout;    /* between layers */
  double output_dropout;    /* behind the last layer */
  double weight_dropout;    /* of the matrices from hidden state to hidden state */
  double alpha;             /* × mean (output²), dropped: activation regularisation, in training alone */
  double beta;              /* × mean ((output_t − output_t-1)²), not dropped: the same of its changes */
} SlAwdLstm;

/* "small": 200-600-600-200, for a CPU; "course": 400-1152-1152-400.  Both with the course's dropouts for a language
 * model, drop_mult 1, alpha 2, beta 1.  FALSE: unknown @id. */
gboolean sl_awd_lstm_preset (const char *id, guint n_words, SlAwdLstm *self);
/* The course's dropouts for a classifier, in place of those that @self has. */
void     sl_awd_lstm_use_classifier_dropouts (SlAwdLstm *self);
guint    sl_awd_lstm_n_units (const SlAwdLstm *self, guint layer); /* of its state */

/**
 * sl_awd_lstm_build_encoder:
 * @tokens: (N,T) int32
 * @first_group: of the first layer; the next ones follow
 * @embedding_group: of the embedding
 *
 * From words to what the last layer says.  The state is the graph's inputs "h0", "c0", "h1", … (N, units) and its
 * outputs "h0 after", "c0 after", …: what one pass leaves, the next one of the same texts begins with; zeros begin a
 * text.  Parameters, as fast.ai's names without the number of the part: encoder.weight, rnns.I.module.weight_ih_l0, …
 *
 * Returns: (N,T,n_features), not dropped.
 */
SlValue  sl_awd_lstm_build_encoder  (SlGraph *graph, const SlAwdLstm *self, SlValue tokens,
                                     guint first_group, guint embedding_group, GError **error);
/* The same for whole texts that begin at @starts, as sl_padded_lstm() has it: without state in or out, with the same
 * parameters.  What is said of padding is zeros. */
SlValue  sl_awd_lstm_build_reader   (SlGraph *graph, const SlAwdLstm *self, SlValue tokens,
                                     SlValue starts, guint first_group, guint embedding_group,
                                     GError **error);
/**
 * sl_awd_lstm_build_language:
 * @tokens, @targets: (N,T) int32: each target is the word after its token
 * @weights: (N,T) float32, 0 for what shall not count
 *
 * The encoder, in groups 0 … n_layers-1 with the embedding and its decoder in the last, n_layers, as the course has
 * it, and the loss: graph outputs "loss" (1: mean over weights; in training with what alpha and beta ask for),
 * "losses" and "hits" (N,T), as sl_word_loss().
 */
gboolean sl_awd_lstm_build_language (SlGraph *graph, const SlAwdLstm *self, SlValue tokens,
                                     SlValue targets, SlValue weights, GError **error);
/* The same network for writing: graph output "next" (N,n_words), scores of the word after the last token. */
gboolean sl_awd_lstm_build_writer   (SlGraph *graph, const SlAwdLstm *self, SlValue tokens, GError **error);

/**
 * sl_awd_lstm_from_fastai:
 * @dict: what a fast.ai v1 learner (of a language model or a classifier) or its save_encoder() wrote, or the public
 *   WikiText-103 weights
 *
 * The same tensors by the names above: without the number of the part, with the recurrent weights as they are trained
 * ("_raw"), not as some pass has dropped them, and tied matrices once.  Other entries stay.
 *
 * Returns: (transfer full)
 */
SlStateDict *sl_awd_lstm_from_fastai (SlStateDict *dict);

/**
 * sl_awd_lstm_load_weights:
 * @path: what Slope or PyTorch wrote, as sl_state_dict_load() reads it, or fast.ai's archive (.tgz) of a .pth and the list
 *   of its words, a .pkl: the public WikiText-103 weights
 * @error: %SL_ERROR_FORMAT: a damaged archive, words that are no list of texts or not as many as the weights have;
 *   as sl_state_dict_load()
 *
 * Of fast.ai's archive: the parameters by the names above, the words' rows in the order of a vocabulary that stands in
 * the metadata "vocabulary"; special words that it lacks get the mean of all rows.  Nothing in a file is run.
 *
 * Returns: (transfer full)
 */
SlStateDict *sl_awd_lstm_load_weights (const char *path, GError **error);
/**
 * sl_awd_lstm_translate:
 * @dict: of a network that knows the words of @from
 * @error: %SL_ERROR_FORMAT: it has not as many
 *
 * The same network for the words of @to: the rows of those that it knew, and the mean of all rows for those that are
 * new; the same of the bias.  Source: SPEC 1.10, fast.ai's convert_weights().
 *
 * Returns: (transfer full): with the metadata "vocabulary", and no other
 */
SlStateDict *sl_awd_lstm_translate    (SlStateDict *dict, const SlVocabulary *from,
                                       const SlVocabulary *to, GError **error);
/* Words, features, units and layers of the network that @dict's tensors are of, by their shapes; the rest of @self stays.
 * FALSE: of none. */
gboolean     sl_awd_lstm_read_sizes   (SlStateDict *dict, SlAwdLstm *self);

G_END_DECLS
