/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/session.h"

/* What is measured at the end of an epoch: the validation set, and now and then some training
 * pictures in the same way.  Private to train/. */
typedef struct
{
  SlSession *session;
  SlSampleSet *valid;  /* (nullable): nothing is measured */
  SlSampleSet *sample; /* (nullable): of the training set */
  SlPlan *plan;        /* of the stage begun last, as all below */
  guint batch;
  SlKept *kept_valid, *kept_sample; /* (nullable) */
} SlValidation;

/* Training pictures that are measured, of a training and a validation set of so many. */
gsize sl_validation_sample_size (gsize n_train, gsize n_valid);
/* After the session was opened. */
void sl_validation_open (SlValidation *self, SlSession *session);
void sl_validation_close (SlValidation *self);
/* After the session has begun its stage; %TRUE also when there is nothing to validate on. */
gboolean sl_validation_begin_stage (SlValidation *self, GError **error);
guint sl_validation_n_batches (const SlValidation *self);

/* Fills valid_loss, metrics and train_eval_loss of @record, NaN for what is not measured.
 * @stage_epoch: 1 … of the stage.  @error: %G_IO_ERROR_CANCELLED */
gboolean sl_validation_run (SlValidation *self, guint stage_epoch, SlEpochRecord *record,
                            const SlPassWatch *watch, GError **error);
