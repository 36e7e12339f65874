/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/session.h"
#include "train/state.h"

/* What a run writes into its folder: the model, checkpoints, the weights at the beginning of each
 * stage.  Private to train/. */
typedef struct
{
  const SlSession *session;
  char *fingerprint; /* of the training set */
  char *checkpoint;  /* paths */
  char *model;
  SlParams *best;        /* (nullable): weights of the best epoch, when the recipe keeps those */
  SlRecipe *best_recipe; /* as the stage of that epoch saw it */
} SlRunFiles;

/* Before the session is open, which it looks at later. */
void sl_run_files_init (SlRunFiles *self, const SlSession *session, SlSampleSet *train,
                        const char *folder);
void sl_run_files_clear (SlRunFiles *self);
SlRunIdentity sl_run_files_identity (const SlRunFiles *self);

/* The weights of now are the best so far. */
void sl_run_files_note_best (SlRunFiles *self);
/* Of a resumed run: the model on disk is the best so far. */
gboolean sl_run_files_load_best (SlRunFiles *self, GError **error);

gboolean sl_run_files_save_model (SlRunFiles *self, const SlTrainState *state, GError **error);
gboolean sl_run_files_save_state (SlRunFiles *self, const SlTrainState *state, GError **error);
/* The weights that the stage to be begun begins with. */
gboolean sl_run_files_save_stage (SlRunFiles *self, const SlTrainState *state, GError **error);
void sl_run_files_remove_checkpoint (SlRunFiles *self);
