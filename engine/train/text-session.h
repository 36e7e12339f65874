/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/kept.h"
#include "train/stream-runner.h"
#include <slope/checkpoint.h>
#include <slope/texts.h>
#include <slope/train.h>
#include <slope/vocabulary.h>

/**
 * SlTextSession:
 *
 * The part of a session (train/session.h) that texts do in another way than pictures: vocabulary, network, batches.
 * What is learned says which of two ways: a language model reads streams of all texts and carries its state along
 * (text-language.c), a classifier rows of one text each (text-classify.c).  Private to train/.
 */
typedef struct _SlTextSession SlTextSession;

/* A way to learn from texts. */
typedef struct
{
  /* Of the network, which need not have the batches' size. @error: as sl_awd_lstm_build_language() */
  SlGraph *(*graph)       (const SlTextSession *self, GError **error);
  /* Rows of a batch where the recipe leaves that open. */
  guint    (*batch)       (const SlTextSession *self);
  guint    (*n_steps)     (const SlTextSession *self, guint batch); /* of an epoch; at least one, or there is too little */
  /* Bytes of plans with this batch size. */
  gsize    (*plan_bytes)  (const SlTextSession *self, SlParams *params, guint batch, SlPlanFlags flags);
  /* Batches of @batch rows from now on.  @error: %SL_ERROR_DATA: too few texts */
  gboolean (*begin_stage) (SlTextSession *self, GError **error);
  void     (*begin_epoch) (SlTextSession *self, guint64 epoch, gsize first_batch);
  /* The next batch through the network.  @loss: (out).  FALSE with @error, or without: there is none left. */
  gboolean (*forward)     (SlTextSession *self, guint64 key, double *loss, GError **error);
  /* Measures the validation set: loss and metrics of @record. */
  gboolean (*validate)    (SlTextSession *self, SlEpochRecord *record, const SlPassWatch *watch,
                           GError **error);
  /* (nullable): what is carried from batch to batch, into a checkpoint's file. */
  void     (*save_state)  (SlTextSession *self, SlStateDict *dict);
  void     (*end_stage)   (SlTextSession *self);
} SlTextWay;

/* Begins the names of what is carried. */
#define SL_TEXT_STATE "stream."

extern const SlTextWay sl_text_way_language, sl_text_way_classify;

struct _SlTextSession
{
  const SlTextWay *way;
  SlSampleSet *train;
  SlSampleSet *valid;     /* (nullable) */
  SlProblem *problem;     /* the project's */
  SlProblem *language;    /* without a class: what a language model answers */
  SlTokenCache *tokens;
  SlVocabulary *vocabulary;
  SlStateDict *pretrained; /* (nullable): what the recipe begins with */
  guint32 *map;           /* of @tokens' words */
  SlAwdLstm model;
  SlRecipe *recipe;       /* a copy, with the sizes of the network that is gone on with */
  SlStateDict *resumed;   /* (nullable) (transfer none): of a checkpoint in mid-epoch, until the next epoch begins */

  /* Of the stage begun last: */
  const SlRecipe *now;
  SlParams *params;
  SlPlan *plan;           /* (transfer none): of the last forward pass */
  gpointer work;          /* the way's own */
};

/**
 * sl_text_session_new:
 * @start: (nullable): weights that will be gone on with, in this file or a checkpoint: with their vocabulary
 * @error: as sl_texts_tokens() and sl_text_words_open(); %SL_ERROR_DATA: too few texts
 *
 * Tokenises the texts if that was not done, by the rules that its words are for (text-words.h), and chooses these.
 */
SlTextSession *sl_text_session_new  (const SlTrainSetup *setup, SlStateDict *start, GCancellable *cancellable,
                                     GError **error);
void           sl_text_session_free (SlTextSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTextSession, sl_text_session_free)

/* Weights that the recipe names, or those of a run before: laid over random ones.  @error: as sl_network_load_start() */
gboolean sl_text_session_load_start (SlTextSession *self, SlParams *params, const char *start_model,
                                     GError **error);
/* (transfer none): what a model that it trains answers: the project's problem, or which word comes next. */
SlProblem *sl_text_session_problem (const SlTextSession *self);
/* Of plans that train and, if there is something to validate with, ask @graph (nullable: 0). */
gsize     sl_text_session_plan_bytes (const SlTextSession *self, SlGraph *graph, SlParams *params,
                                      SlPlanFlags flags);
/* In a model's or checkpoint's file, what must go with its weights. */
void     sl_text_session_to_dict    (SlTextSession *self, SlStateDict *dict);
/* The network of a recipe for a vocabulary; dropouts as a language model has them. */
void     sl_text_network_init       (SlAwdLstm *self, const SlRecipe *recipe, guint n_words);

/* (transfer full): the weights that @recipe names, with their vocabulary; their sizes become the recipe's.  @error: as
 * sl_network_load_start(); %SL_ERROR_DATA: no such language model */
SlStateDict *sl_text_pretrained_open      (SlRecipe *recipe, GError **error);
/* (transfer full): @dict for other words.  @error: as sl_text_vocabulary_read(), sl_awd_lstm_translate() */
SlStateDict *sl_text_pretrained_translate (SlStateDict *dict, const SlVocabulary *to, GError **error);
