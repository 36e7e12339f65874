/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/recorder.h"
#include <slope/checkpoint.h>
#include <slope/train.h>

#define SL_CHECKPOINT_FILE "checkpoint.safetensors"

/* Where a run stands, at a step boundary.  Stage, batch in the epoch and step of the optimiser
 * follow from these and the recipe. */
typedef struct
{
  guint step;           /* batches trained, over the whole run */
  guint epochs_done;    /* trained and validated */
  double epoch_seconds; /* spent in the epoch under way */
  SlSmoother smoother;
  SlEpochRecord last; /* of the last epoch done; undefined before */
} SlTrainState;

/* What must be the same for a run to go on as if nothing had happened. */
typedef struct
{
  const SlRecipe *recipe; /* with the batch size in use */
  char *data;             /* fingerprint of the training set, see sl_sample_set_fingerprint() */
} SlRunIdentity;

/* (transfer full): a hash over ids and targets in order; paths may change when a project moves. */
char *sl_sample_set_fingerprint (SlSampleSet *samples);

/* State, parameters and moments in one file, written aside and renamed. */
gboolean sl_checkpoint_save (const char *path, SlParams *params, const SlTrainState *state,
                             const SlRunIdentity *identity, GError **error);
/**
 * sl_checkpoint_open:
 * @batch: (out): the batch size of the run, which may have been chosen automatically
 * @state: (out)
 * @error: %SL_ERROR_FORMAT, or a file error
 *
 * Reads the file without touching parameters: those follow with sl_checkpoint_load_params(),
 * once the network is built for @batch.
 */
SlStateDict *sl_checkpoint_open (const char *path, guint *batch, SlTrainState *state,
                                 GError **error);
/* @error: %SL_ERROR_DATA when the run's recipe or data have changed since, %SL_ERROR_FORMAT */
gboolean sl_checkpoint_check (SlStateDict *dict, const SlRunIdentity *identity, GError **error);
gboolean sl_checkpoint_load_params (SlStateDict *dict, SlParams *params, GError **error);
