/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/session.h"

/* Batches of one epoch, out of pictures, out of what a frozen body said of them, or of texts: whoever takes
 * them need not know.  A batch of texts is only announced: it is made in the session's step.  Private to train/. */
typedef struct
{
  SlLoader *loader;   /* (nullable): out of pictures */
  const SlKept *kept; /* (nullable): not owned */
  gboolean texts;
  SlLoaderOptions options;
  SlSampleSet *samples;
  guint32 *order; /* (nullable): of @kept; a copy */
  guint view;
  gsize n, n_batches, next;
  SlBatch batch;
} SlFeed;

/* @kept: (nullable): of @samples, with the view of @epoch; arguments as those of sl_loader_new() */
void sl_feed_open (SlFeed *self, SlSampleSet *samples, const SlKept *kept, SlPictureCache *cache,
                   const SlLoaderOptions *options, guint64 epoch, gsize first_batch);
/* The training set's, as the session's stage has them. @may_keep: whether out of kept outputs, if it has such */
void sl_feed_open_epoch (SlFeed *self, SlSession *session, gboolean may_keep, guint64 epoch,
                         gsize first_batch);
void sl_feed_close (SlFeed *self);
gsize sl_feed_n_batches (const SlFeed *self);
/* As sl_loader_next(). */
SlBatch *sl_feed_next (SlFeed *self, GCancellable *cancellable, GError **error);
void sl_feed_give_back (SlFeed *self, SlBatch *batch);
/* Unreadable pictures from the @from-th on, which moves on; kept ones were told when they were
 * looked at. */
void sl_feed_report (SlFeed *self, gsize *from,
                     void (*unreadable) (const SlSkipped *file, gpointer data), gpointer data);
