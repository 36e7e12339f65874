/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/feed.h"
#include <string.h>

/* As the loader orders and counts, so that both show the same batches. */
static void
open_kept (SlFeed *self, guint64 epoch, gsize first_batch)
{
  const SlLoaderOptions *options = &self->options;
  gsize whole;

  self->n = options->order != NULL ? options->n_order : sl_sample_set_n (self->samples);
  if (options->order != NULL)
    self->order = g_memdup2 (options->order, self->n * sizeof *self->order);
  else if (options->shuffle)
    self->order = sl_loader_draw_order (self->n, options->seed, epoch);
  whole = self->n / options->batch;
  self->n_batches = (options->drop_last && whole > 0) || self->n % options->batch == 0 ? whole
                                                                                       : whole + 1;
  self->view = (guint)(epoch % sl_kept_get_n_views (self->kept));
  self->next = MIN (first_batch, self->n_batches);
  sl_kept_batch_init (self->kept, &self->batch, options->batch);
}

void
sl_feed_open (SlFeed *self, SlSampleSet *samples, const SlKept *kept, SlPictureCache *cache,
              const SlLoaderOptions *options, guint64 epoch, gsize first_batch)
{
  memset (self, 0, sizeof *self);
  self->samples = sl_sample_set_ref (samples);
  self->kept = kept;
  self->options = *options;
  if (kept != NULL)
    open_kept (self, epoch, first_batch);
  else
    self->loader = sl_loader_new (samples, cache, options, epoch, first_batch);
}

void
sl_feed_open_epoch (SlFeed *self, SlSession *session, gboolean may_keep, guint64 epoch,
                    gsize first_batch)
{
  g_autofree guint32 *order = NULL;
  SlLoaderOptions options;

  if (session->texts != NULL)
    {
      memset (self, 0, sizeof *self);
      self->texts = TRUE;
      self->n_batches = session->steps_per_epoch;
      self->next = first_batch;
      session->texts->way->begin_epoch (session->texts, epoch, first_batch);
      return;
    }
  sl_session_epoch_options (session, epoch, &options, &order);
  sl_feed_open (self, session->setup->train, may_keep ? session->kept : NULL, session->cache,
                &options, epoch, first_batch);
}

void
sl_feed_close (SlFeed *self)
{
  g_clear_pointer (&self->loader, sl_loader_free);
  if (self->kept != NULL)
    sl_kept_batch_clear (&self->batch);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->samples, sl_sample_set_unref);
}

gsize
sl_feed_n_batches (const SlFeed *self)
{
  return self->loader != NULL ? sl_loader_n_batches (self->loader) : self->n_batches;
}

SlBatch *
sl_feed_next (SlFeed *self, GCancellable *cancellable, GError **error)
{
  gsize first = self->next * self->options.batch;

  if (self->loader != NULL)
    return sl_loader_next (self->loader, cancellable, error);
  if (self->next == self->n_batches || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  self->batch.index = self->next++;
  if (self->texts)
    return &self->batch;
  self->batch.n_items = MIN (self->options.batch, self->n - first);
  sl_kept_fill_batch (self->kept, self->view, self->order, self->options.weights, first,
                      &self->batch);
  return &self->batch;
}

void
sl_feed_give_back (SlFeed *self, SlBatch *batch)
{
  if (self->loader != NULL)
    sl_loader_give_back (self->loader, batch);
}

void
sl_feed_report (SlFeed *self, gsize *from,
                void (*unreadable) (const SlSkipped *file, gpointer data), gpointer data)
{
  if (self->loader == NULL || unreadable == NULL)
    return;
  for (; *from < sl_loader_n_unreadable (self->loader); (*from)++)
    unreadable (sl_loader_get_unreadable (self->loader, *from), data);
}
