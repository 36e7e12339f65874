/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>

G_BEGIN_DECLS

/**
 * SlPictureCache:
 *
 * Decoded pictures, bounded in bytes, least recently used out first.  Shared by loaders; any
 * thread.
 */
SlPictureCache *sl_picture_cache_new   (gsize max_bytes);
SlPictureCache *sl_picture_cache_ref   (SlPictureCache *self);
void            sl_picture_cache_unref (SlPictureCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPictureCache, sl_picture_cache_unref)
/* (transfer full): at least 1.3 × @min_side on the shorter side where the file has that many (0:
 * full size), and hardly more.  A file that has changed is read again.  @error: as
 * sl_picture_check(), a reason fit for a list. */
SlPicture      *sl_picture_cache_get   (SlPictureCache *self, const char *path, int min_side,
                                        GError **error);
/* (transfer full): a mask at full size, as sl_mask_load() reads it. */
SlPicture      *sl_picture_cache_get_mask (SlPictureCache *self, const char *path, GError **error);
gsize           sl_picture_cache_bytes (SlPictureCache *self);
/* What a project keeps of decoded pictures at most. */
#define SL_PICTURE_CACHE_BYTES ((gsize)512 << 20)
/* About what @n photographs of 4:3 take that are asked for with @min_side, above 0. */
gsize           sl_picture_cache_estimate (gsize n, int min_side);

typedef struct
{
  int              height, width;
  gsize            batch;
  const SlAugment *augment;   /* %NULL: validation transforms */
  SlResize         resize;
  SlNormalise      normalise;
  guint64          seed;
  gboolean         shuffle;   /* by (seed, epoch) */
  gboolean         drop_last; /* leave out a short last batch (unless it would be the only one) */
  /* (nullable): places in the set in place of each once; one may come again, with another draw but for @views */
  const guint32   *order;     /* copied */
  gsize            n_order;
  const float     *weights;   /* (nullable): of each sample of the set, in place of 1; not copied */
  gboolean         corners;   /* with @order: a sample's first turn is plain, the next eight its corner views (@augment) */
  guint            views;     /* draws come again after so many epochs; 0: never */
  guint            n_threads; /* decoding threads; 0: a default */
  guint            n_ahead;   /* batches prepared ahead; 0: a default */
} SlLoaderOptions;

/* Fixed batch size: a short one is padded with weight 0. */
typedef struct
{
  SlTensor *pictures; /* (N,H,W,3) float32 */
  SlTensor *targets;  /* as the task's target_layout */
  SlTensor *weights;  /* (N) float32: 1 or the sample's, or 0 for padding */
  SlPictureView   *views;    /* N: how the pictures were seen; %NULL in a batch of kept outputs */
  gint64   *ids;      /* N, 0 for padding */
  gsize     n_items;
  gsize     index;    /* of the batch in its epoch */
} SlBatch;

/**
 * SlLoader:
 *
 * Batches of one pass over a sample set, prepared ahead on threads of its own, in an order and
 * with draws that depend on (seed, epoch, item) only.
 */
typedef struct _SlLoader SlLoader;

/* (transfer full): 0 … n-1 as they are shuffled in that epoch. */
guint32  *sl_loader_draw_order (gsize n, guint64 seed, guint64 epoch);
/* @first_batch: where to begin (a resumed epoch). */
SlLoader *sl_loader_new  (SlSampleSet *samples, SlPictureCache *cache,
                          const SlLoaderOptions *options, guint64 epoch, gsize first_batch);
void      sl_loader_free (SlLoader *self); /* stops and joins its threads */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlLoader, sl_loader_free)
gsize     sl_loader_n_batches (const SlLoader *self);
/* Blocks; %NULL without @error at the end.  A picture that has become unreadable is replaced by
 * weight 0 and counted.  The batch stays the loader's until sl_loader_give_back(). */
SlBatch  *sl_loader_next      (SlLoader *self, GCancellable *cancellable, GError **error);
void      sl_loader_give_back (SlLoader *self, SlBatch *batch);
gsize     sl_loader_n_unreadable (const SlLoader *self);
/* Path and reason of the i-th unreadable picture. */
const SlSkipped *sl_loader_get_unreadable (const SlLoader *self, gsize i);
/* Seconds that sl_loader_next() waited, in all: is the loader what training waits for? */
double    sl_loader_waited_seconds (const SlLoader *self);

G_END_DECLS
