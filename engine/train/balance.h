/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>
#include <slope/recipe.h>

/* What an epoch shows: every sample once in a drawn order, or what a recipe for classes of unequal
 * size asks for.  Private to train/. */
typedef struct
{
  SlBalance kind;
  gsize n;            /* rows of an epoch, before batches are cut */
  gsize n_samples;    /* in the training set */
  float *weights;     /* (nullable): of each sample's loss; mean 1 */
  double *cumulative; /* (nullable): of oversampling, rising to the sum of all */
} SlEpochDraw;

/* An item of several classes counts by the mean of theirs, one of none as 1. */
void sl_epoch_draw_init (SlEpochDraw *self, SlSampleSet *samples, SlBalance kind);
void sl_epoch_draw_clear (SlEpochDraw *self);
/* How often an epoch is expected to show sample @i, times what it counts there. */
double sl_epoch_draw_weight (const SlEpochDraw *self, gsize i);
/* (transfer full): n places in the set. */
guint32 *sl_epoch_draw_order (const SlEpochDraw *self, guint64 seed, guint64 epoch);
