/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/kept.h"
#include <slope/train.h>

/* One pass over a sample set with a plan in EVAL mode: what validation, top losses
 * and prediction share, so that they cannot disagree. */
typedef struct
{
  SlPlan *plan; /* of batch size @batch */
  guint batch; /* rows; with @tta a multiple of SL_TTA_VIEWS */
  gboolean tta; /* nine views of each picture, what the model says of them blended: see tta.h */
  const SlRecipe *recipe;
  SlPictureCache *cache;
  const SlKept *kept; /* (nullable): of the samples; then @plan is a head's */
  /* Any may be %NULL; @each without @kept: */
  void (*each) (const SlPrediction *prediction, gpointer data);
  gpointer each_data;
  void (*unreadable) (const SlSkipped *file, gpointer data);
  gpointer unreadable_data;
  SlProgressFunc progress;
  gpointer progress_data;
} SlEvaluation;

/**
 * sl_evaluation_run:
 * @score: (out): loss and metrics added up over all readable samples; clear it, also after a failure
 * @control: (nullable): a stop ends the pass as a cancel does
 * @error: %G_IO_ERROR_CANCELLED
 */
gboolean sl_evaluation_run (const SlEvaluation *self, SlSampleSet *samples, SlScore *score,
                            SlTrainControl *control, GCancellable *cancellable, GError **error);
