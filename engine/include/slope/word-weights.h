/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

G_BEGIN_DECLS

/* What each word of a text did for a class. */
typedef struct
{
  char **tokens;  /* of the text, as SlTokeniser cuts it, special ones too; NULL-terminated */
  gsize  n;
  gsize  first;   /* of those that were read: of a long text the last ones */
  float *weights; /* (n): > 0: it speaks for the class; 0 before @first.  In nats: see below */
} SlWordWeights;

void sl_word_weights_free (SlWordWeights *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlWordWeights, sl_word_weights_free)

/**
 * sl_model_weigh_words:
 * @model: of texts, and no language model
 * @class_index: of the problem's classes: for which they shall speak
 * @error: %SL_ERROR_UNSUPPORTED: another model; %G_IO_ERROR_CANCELLED
 *
 * After LIME (Ribeiro, Singh and Guestrin 2016): the model is asked about some hundreds of parts of the text, from which
 * between a fifth and four fifths of the words are left out at random; a word's weight is its slope in the line that fits
 * the log-odds of the class to which words are there (least squares with a ridge of 10).  So of several words that say the same
 * each has its share.  Of a text of more than 96 words several neighbours are left out together, so that there are no more
 * groups; special tokens go with the word behind them.  The same each time.  The text is read 128 to 256 times: of a
 * thousand words some seconds.  One thread at a time.
 */
SlWordWeights *sl_model_weigh_words (SlModel *model, const char *text, guint class_index,
                                     GCancellable *cancellable, GError **error);

G_END_DECLS
