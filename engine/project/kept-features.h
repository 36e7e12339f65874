/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/features.h>

G_BEGIN_DECLS

/**
 * SlKeptFeatures:
 *
 * What one run's model sees in a project's pictures, as it was found last: the file "features" beside the project's
 * database, made anew when it does not open or is of another run, or of weights that have changed since.  Of each
 * picture the time and size of its file are kept too.  At most 512 MiB; of more nothing is kept.  One thread at
 * a time.
 */
typedef struct _SlKeptFeatures SlKeptFeatures;

/* @model: the run's weights.  @error: as of the project's database; whoever gets one goes on without. */
SlKeptFeatures *sl_kept_features_open (const char *project_folder, gint64 run, const char *model,
                                       gsize n_features, GError **error);
void            sl_kept_features_free (SlKeptFeatures *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlKeptFeatures, sl_kept_features_free)

/* Fills the rows of @raw, one a sample, of pictures that are as they were, and says of each whether it did. */
gboolean sl_kept_features_read  (SlKeptFeatures *self, SlSampleSet *samples, SlFeatures *raw,
                                 guint8 *known, GError **error);
/* Keeps the rows of @raw that were not known, but for those of pictures that could not be read, and forgets
 * pictures that are not among @samples. */
gboolean sl_kept_features_write (SlKeptFeatures *self, SlSampleSet *samples, const SlFeatures *raw,
                                 const guint8 *known, GError **error);

/* Forgets what is kept of run @run, if anything is. */
void     sl_kept_features_forget (const char *project_folder, gint64 run);

G_END_DECLS
