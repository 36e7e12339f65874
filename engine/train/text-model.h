/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/row-runner.h"
#include <slope/checkpoint.h>
#include <slope/texts.h>
#include <slope/vocabulary.h>
#include <slope/word-weights.h>

/* What a loaded model of texts has beside a recipe, a problem and weights.  Private to train/. */
typedef struct
{
  SlVocabulary *vocabulary;
  SlTokeniser *tokeniser;
  SlAwdLstm network; /* dropouts as a language model has them */
  SlRowRunner runner; /* unless it is a language model */
} SlTextModel;

/* @dict: of a file that Slope wrote.  @error: %SL_ERROR_FORMAT, %SL_ERROR_DATA: its words are missing or damaged */
SlTextModel *sl_text_model_new  (const SlRecipe *recipe, SlStateDict *dict, GError **error);
void         sl_text_model_free (SlTextModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTextModel, sl_text_model_free)
/* The network, for its parameters. */
SlGraph     *sl_text_model_graph (const SlTextModel *self, const SlRecipe *recipe,
                                  const SlProblem *problem, GError **error);
/* All of these outlive the model; once, before it is asked. */
void         sl_text_model_set_params (SlTextModel *self, const SlRecipe *recipe, SlProblem *problem,
                                       SlParams *params);
/* As sl_model_evaluate(), of a set of texts; @each gets them by length. */
gboolean     sl_text_model_evaluate (SlTextModel *self, SlSampleSet *samples,
                                     void (*each) (const SlPrediction *prediction, gpointer data),
                                     gpointer data, SlScore *score, const SlPassWatch *watch,
                                     GError **error);
/* (transfer full): @target (nullable), as sl_model_predict_text(). */
SlPrediction *sl_text_model_predict (SlTextModel *self, const char *text, const char *target,
                                     GError **error);
/* text-weigh.c: as sl_model_weigh_words(), of a model that has labels. */
SlWordWeights *sl_text_model_weigh  (SlTextModel *self, const char *text, guint class_index,
                                     GCancellable *cancellable, GError **error);
