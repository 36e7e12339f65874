/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/checkpoint.h>
#include <slope/recipe.h>
#include <slope/dataset.h>
#include <slope/vocabulary.h>

/* Which words a network of texts knows, and by which rules its texts become words: those of the weights that are gone on
 * with, else those of a file that the recipe names, else the words that are chosen among what is trained on and, for a
 * classifier, those of the weights that it begins with.  Private to
 * train/ and project/. */

/**
 * sl_text_words_open:
 * @weights: (nullable): that are gone on with: their words and rules stay, whatever @recipe says
 * @vocabulary: (out): %NULL: sl_text_words_choose() has to choose, once there are tokens
 * @rules: (out): by which texts are cut
 *
 * @error: as sl_text_vocabulary_read() and sl_vocabulary_load(); %SL_ERROR_STATE: the file's words came by other rules
 *   than the recipe's
 */
gboolean      sl_text_words_open      (const SlRecipe *recipe, SlStateDict *weights, SlVocabulary **vocabulary,
                                       SlTokenRules *rules, GError **error);
/**
 * sl_text_words_choose:
 * @pretrained: (nullable): what the network begins with
 *
 * The most frequent words of @train, as many as the recipe has.  A classifier knows those of @pretrained besides, for
 * which there is room: few labelled texts lack many words that others have, and what these mean has been learnt.  With
 * the words of 16,000 reviews besides those of 800, 3.0 % of 200 others is unknown, 6.4 % without.  (A language model does
 * not know them: it would be asked for words that never come.)
 *
 * Returns: (transfer full).  @error: as sl_text_vocabulary_read()
 */
SlVocabulary *sl_text_words_choose    (const SlRecipe *recipe, SlSampleSet *train, const SlTokenCache *tokens,
                                       SlStateDict *pretrained, GError **error);
/* (transfer full): of each text of the cache, whether @samples has it. */
guint8       *sl_text_mark            (SlSampleSet *samples, const SlTokenCache *tokens);
/* (transfer full): the words that weights are for.  @error: %SL_ERROR_DATA: none, else as sl_vocabulary_from_text() */
SlVocabulary *sl_text_vocabulary_read (SlStateDict *dict, GError **error);
/* In a model's or checkpoint's file. */
void          sl_text_vocabulary_keep (const SlVocabulary *vocabulary, SlStateDict *dict);
