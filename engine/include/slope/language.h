/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/awd-lstm.h>
#include <slope/optim.h>
#include <slope/recipe.h>
#include <slope/token-streams.h>

G_BEGIN_DECLS

/* How a language model is trained. */
typedef struct
{
  guint       n_epochs;
  double      lr_low;       /* of the first layer group; ≤ 0: as sl_slice_rates() has it */
  double      lr_high;      /* of the last one */
  double      mom_high;     /* one-cycle's momenta */
  double      mom_low;
  double      weight_decay;
  double      clip;         /* most that all gradients together may measure; 0: any */
  guint64     seed;         /* of the texts' order and of dropout */
  SlPrecision precision;    /* of what is multiplied in training */
} SlLanguageRecipe;

/* The course's, but for epochs and rates. */
#define SL_LANGUAGE_RECIPE_INIT(epochs, lr) \
  ((SlLanguageRecipe){ (epochs), (lr), (lr), 0.8, 0.7, 0.01, 0.0, 0, SL_PRECISION_F32 })

/* What a model says of texts. */
typedef struct
{
  guint64 n;          /* words and marks that had to be foretold */
  double  loss;       /* mean cross-entropy of them, in nats, without regularisers */
  double  perplexity; /* exp (loss) */
  double  accuracy;   /* share of them that were the likeliest word */
} SlLanguageScore;

/* After each epoch; @valid: (nullable).  Called from the thread that trains. */
typedef void (*SlLanguageFunc) (guint epoch, const SlLanguageScore *train, const SlLanguageScore *valid,
                                gpointer user_data);

/* First values of the parameters, which depend on no batch. @error: as sl_awd_lstm_build_language() */
SlParams *sl_language_new_params (const SlAwdLstm *model, guint64 seed, GError **error);
/**
 * sl_language_train:
 * @params: of sl_language_new_params(); what is frozen stays; moments are reset first
 * @train: of @model's vocabulary; in another order each epoch
 * @valid: (nullable): read in order after each epoch
 * @error: %SL_ERROR_DIVERGED: the loss is no number any more; %SL_ERROR_MEMORY; %G_IO_ERROR_CANCELLED
 *
 * One-cycle over all epochs by AdamW.  The state goes on from batch to batch and begins with zeros in each epoch.  Same
 * seed, same bits, on any number of threads.  Threads: any, one at a time for @params.
 */
gboolean  sl_language_train      (const SlAwdLstm *model, SlParams *params, SlTokenStreams *train,
                                  SlTokenStreams *valid, const SlLanguageRecipe *recipe,
                                  GCancellable *cancellable, SlLanguageFunc func, gpointer user_data,
                                  GError **error);
/* One pass over @streams in order, without dropout.  @error: as above */
gboolean  sl_language_evaluate   (const SlAwdLstm *model, SlParams *params, SlTokenStreams *streams,
                                  GCancellable *cancellable, SlLanguageScore *score, GError **error);

G_END_DECLS
