/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

G_BEGIN_DECLS

/**
 * SlFeatures:
 * @n: pictures
 * @n_features: numbers of each, twice as many as the body has maps: their maxima, then their means
 * @ids: (n): of the samples
 * @rows: (n, n_features), without the mean, each scaled to the length 1; all 0: that picture cannot be read
 * @mean: (n_features): of all pictures
 *
 * What the body of a trained network leaves of pictures: the numbers that its head judges by.  Pictures
 * in which it sees the same have rows that point the same way.  The numbers are not negative, so that
 * without their mean taken off all rows would point roughly the same way: of a little SqueezeNet after
 * three epochs all cosines were 1.0000.
 */
typedef struct
{
  gatomicrefcount ref_count;
  gsize   n, n_features;
  gint64 *ids;
  float  *rows;
  float  *mean;
} SlFeatures;

SlFeatures *sl_features_new   (gsize n, gsize n_features); /* all 0; (transfer full) */
SlFeatures *sl_features_ref   (SlFeatures *self);
void        sl_features_unref (SlFeatures *self); /* any thread */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlFeatures, sl_features_unref)
/* Whether row @i is all 0: its picture could not be read. */
gboolean    sl_features_is_blank (const SlFeatures *self, gsize i);

/**
 * sl_model_features:
 * @like: (nullable): of the same model, whose mean is taken off instead
 * @cache: (nullable): decoded pictures
 * @control: (nullable): a stop ends the pass as a cancel does
 *
 * One pass of the body over all of @samples, un-augmented; their targets are not read.
 *
 * @error: %SL_ERROR_MEMORY: more than a quarter of the free memory or 1 GiB (a ResNet-18 takes 4 KiB a
 *   picture); %G_IO_ERROR_CANCELLED.  One thread at a time.
 */
SlFeatures *sl_model_features (SlModel *self, SlSampleSet *samples, const SlFeatures *like,
                               SlPictureCache *cache, SlTrainControl *control, SlProgressFunc progress,
                               gpointer progress_data, GCancellable *cancellable, GError **error);

G_END_DECLS
