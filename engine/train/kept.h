/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/network.h"
#include <slope/train.h>

/* What a frozen body says of pictures does not change, so it is asked once: its pooled outputs are
 * kept, and the head trains from them.  Exact only where nothing in the body changes (its batch
 * norms frozen too) and a picture comes in few views that repeat.  Private to train/. */

/**
 * SlKept:
 *
 * Outputs of one sample set, for each view that was asked for.  Belongs to the trainer's thread.
 */
typedef struct _SlKept SlKept;

/* Whether stage @stage of @recipe can be trained from kept outputs, and if not, why.
 * @n_rows: pictures that are kept, all views counted */
SlKeptState sl_kept_judge (const SlRecipe *recipe, const SlProblem *problem, guint stage,
                           gsize n_rows, gsize *bytes);
/* Views that the stage's recipe has: 1 without augmentation. */
guint sl_kept_n_views (const SlRecipe *stage_recipe);

/* @options: how its pictures are loaded; their order does not matter, views come by number */
SlKept *sl_kept_new (SlSampleSet *samples, const SlLoaderOptions *options, guint n_views,
                     gsize n_features);
void sl_kept_free (SlKept *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlKept, sl_kept_free)

/* Who hears of a pass over pictures, and may end it.  Any member may be %NULL. */
typedef struct
{
  SlTrainControl *control;
  GCancellable *cancellable;
  void (*unreadable) (const SlSkipped *file, gpointer data);
  SlProgressFunc progress;
  gpointer data;
} SlPassWatch;

/* Runs the body over all pictures in this view, unless that was done.  @body: of the options' batch,
 * in EVAL mode.  @error: %G_IO_ERROR_CANCELLED, also when stopped */
gboolean sl_kept_ensure (SlKept *self, guint view, SlPlan *body, SlPictureCache *cache,
                         const SlPassWatch *watch, GError **error);
gboolean sl_kept_has_view (const SlKept *self, guint view);
guint sl_kept_get_n_views (const SlKept *self);

/* Fills a batch whose pictures are (N,2F): rows @first … of @order (nullable: the set's own).
 * @weights: (nullable): of each sample, in place of 1 */
void sl_kept_fill_batch (const SlKept *self, guint view, const guint32 *order,
                         const float *weights, gsize first, SlBatch *batch);
/* A batch for them; clear with sl_kept_batch_clear(). */
void sl_kept_batch_init (const SlKept *self, SlBatch *batch, gsize n);
void sl_kept_batch_clear (SlBatch *batch);
