/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/balance.h"
#include "train/kept.h"
#include "train/text-session.h"
#include <slope/train.h>

/* The network in training: what the trainer and the learning-rate finder share.  Fill with
 * sl_session_open(), empty with sl_session_close(), also after a failure. */
typedef struct
{
  const SlTrainSetup *setup;
  SlProblem *problem; /* the training set's, or what a language model answers */
  SlRecipe *recipe;  /* a copy, each stage with the batch size in use */
  gsize peak_bytes;  /* predicted, of the largest stage; without the pictures in @cache */
  SlEpochDraw draw;  /* what an epoch shows */
  SlParams *params;
  SlPictureCache *cache; /* (nullable): none of texts */
  SlTextSession *texts;  /* (nullable): of texts, whose batches it runs */
  SlAdamW adam;
  guint old_threads; /* restored when closed */

  /* Of the stage begun last: */
  guint stage;
  SlRecipe *now;         /* the recipe as this stage sees it */
  guint steps_per_epoch; /* full batches; at least one */
  SlPlan *plan;          /* of the whole network, or of its head */
  SlKeptState kept_state;
  gsize kept_bytes;
  SlKept *kept; /* (nullable): the head trains from these */
} SlSession;

/**
 * sl_session_open:
 * @earlier: (nullable): recipe of an earlier run, resumed or gone on with: where a batch is to be chosen
 *   automatically, the one that it had is taken again
 * @checkpoint: (nullable): its file: texts are read with its words
 *
 * Checks recipe, data and memory before anything is made; then random weights.
 * @error: as sl_train()
 */
gboolean sl_session_open (SlSession *self, const SlTrainSetup *setup, const SlRecipe *earlier,
                          SlStateDict *checkpoint, GCancellable *cancellable, GError **error);
void sl_session_close (SlSession *self);
/* (transfer full): parameters of the same layout, all zero. */
SlParams *sl_session_new_params (const SlSession *self, GError **error);
/* First weights, as the recipe or @start_model has them.  @error: as sl_network_load_start() */
gboolean sl_session_load_start (SlSession *self, const char *start_model, GError **error);
guint sl_session_steps_per_epoch (const SlSession *self, guint stage);
/* How much there is to do in a step of @stage beside another's, and (@picture) in a picture that is
 * validated: by pixels, and a body of which nothing is trained is only run forward.  The units do not
 * matter. */
double sl_session_step_work (const SlSession *self, guint stage, double *picture);

/**
 * sl_session_begin_stage:
 * @may_keep: whether outputs of a frozen body may be kept
 * @steps_done: of this stage, when it is resumed; 0: moments and the optimiser begin anew
 *
 * Freezes as the stage says and compiles its plan.  Weights must be loaded.
 */
gboolean sl_session_begin_stage (SlSession *self, guint stage, gboolean may_keep, guint steps_done,
                                 GError **error);
/* Has this view of @kept, whose batches are of @batch, if it was not asked for yet.  @error: as
 * sl_kept_ensure() */
gboolean sl_session_ensure_kept (SlSession *self, SlKept *kept, guint view, guint batch,
                                 const SlPassWatch *watch, GError **error);
/* How the training pictures of an epoch are loaded; @order: (out): free it after the loader is open. */
void sl_session_epoch_options (const SlSession *self, guint64 epoch, SlLoaderOptions *options,
                               guint32 **order);

/**
 * sl_session_step:
 * @step: over the whole run: chooses the dropout masks
 * @rates: one a layer group
 * @loss: (out): of the batch before the step; when it is not finite no step was made
 * @error: %SL_ERROR_DATA when not one picture of the batch could be read
 */
gboolean sl_session_step (SlSession *self, const SlBatch *batch, guint step, const double *rates,
                          double beta1, double *loss, GError **error);
