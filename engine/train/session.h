/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

/* The network in training: what the trainer and the learning-rate finder share.  Fill with
 * sl_session_open(), empty with sl_session_close(), also after a failure. */
typedef struct
{
  const SlTrainSetup *setup;
  const SlTask *task;
  const char *const *classes;
  SlRecipe *recipe;      /* a copy, with the batch size in use */
  guint steps_per_epoch; /* full batches; at least one */
  gsize peak_bytes;      /* predicted */
  SlGraph *graph;
  SlParams *params;
  SlPlan *plan; /* of the stage begun last */
  SlPictureCache *cache;
  SlAdamW adam;
  guint old_threads; /* restored when closed */
} SlSession;

/**
 * sl_session_open:
 * @batch: of an earlier run that is resumed; 0: the recipe's
 *
 * Checks recipe, data and memory before anything is made; then graph and random weights.
 * @error: as sl_train()
 */
gboolean sl_session_open (SlSession *self, const SlTrainSetup *setup, guint batch, GError **error);
void sl_session_close (SlSession *self);
/* Freezes as the stage says and compiles a plan; moments and the optimiser's step start at 0. */
gboolean sl_session_begin_stage (SlSession *self, guint stage, GError **error);

/**
 * sl_session_step:
 * @step: over the whole run: chooses the dropout masks
 * @rates: one a layer group
 * @loss: (out): of the batch before the step; when it is not finite no step was made
 * @error: %SL_ERROR_DATA when not one picture of the batch could be read
 */
gboolean sl_session_step (SlSession *self, const SlBatch *batch, guint step, const double *rates,
                          double beta1, double *loss, GError **error);
