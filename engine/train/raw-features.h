/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/features.h>

G_BEGIN_DECLS

/* The two halves of sl_model_features(): what is seen in a picture does not depend on the others, and may be kept;
 * the mean of all does. */

gsize       sl_model_n_features     (SlModel *self);
/* @error: %SL_ERROR_MEMORY, %SL_ERROR_UNSUPPORTED: as sl_model_features() of @n pictures. */
gboolean    sl_model_check_features (SlModel *self, gsize n, GError **error);
/* (transfer full): rows as the body leaves them, all 0 of a picture that cannot be read; no mean */
SlFeatures *sl_model_raw_features   (SlModel *self, SlSampleSet *samples, SlPictureCache *cache,
                                     SlTrainControl *control, SlProgressFunc progress,
                                     gpointer progress_data, GCancellable *cancellable,
                                     GError **error);
/* Takes the mean off rows as they were left, and scales them to the length 1.  @like: (nullable): whose mean; else
 * their own. */
void        sl_features_centre      (SlFeatures *self, const SlFeatures *like);

G_END_DECLS
