/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/recorder.h"
#include "train/text-session.h"
#include <slope/checkpoint.h>
#include <slope/train.h>

#define SL_CHECKPOINT_FILE "checkpoint.safetensors"

/* Where a run stands, at a step boundary. */
typedef struct
{
  guint step;           /* batches trained, over the whole run */
  guint epochs_done;    /* trained and validated */
  guint stage;          /* under way, or to be begun */
  guint stage_step;     /* batches trained in it; the optimiser counts the same */
  guint stage_epochs;   /* epochs done in it */
  guint waited;         /* epochs of it since the best one of it */
  double epoch_seconds; /* spent in the epoch under way */
  SlSmoother smoother;
  SlEpochRecord last;       /* of the last epoch done; all 0 before */
  SlEpochRecord best;       /* of the best epoch; all 0 before */
  SlEpochRecord stage_best; /* of the stage */
} SlTrainState;

/* What must be the same for a run to go on as if nothing had happened. */
typedef struct
{
  const SlRecipe *recipe; /* each stage with the batch size in use */
  char *data;             /* fingerprint of the training set, see sl_sample_set_fingerprint() */
} SlRunIdentity;

/* (transfer full): a hash over ids and targets in order; paths may change when a project moves. */
char *sl_sample_set_fingerprint (SlSampleSet *samples);

/* State, parameters and (@moments) those of the optimiser in one file, written aside and renamed.  @texts: (nullable):
 * whose words and, with @moments, carried state go along */
gboolean sl_checkpoint_save (const char *path, SlParams *params, gboolean moments,
                             const SlTrainState *state, const SlRunIdentity *identity,
                             SlTextSession *texts, GError **error);
/**
 * sl_checkpoint_open:
 * @recipe: (out) (transfer full): of the run, with the batch sizes in use
 * @state: (out)
 * @error: %SL_ERROR_FORMAT, or a file error
 *
 * Reads the file without touching parameters: those follow with sl_checkpoint_load_params(),
 * once the network is built.
 */
SlStateDict *sl_checkpoint_open (const char *path, SlRecipe **recipe, SlTrainState *state,
                                 GError **error);
/* @error: %SL_ERROR_DATA when the run's recipe or data have changed since, %SL_ERROR_FORMAT */
gboolean sl_checkpoint_check (SlStateDict *dict, const SlRunIdentity *identity, GError **error);
gboolean sl_checkpoint_load_params (SlStateDict *dict, SlParams *params, GError **error);
