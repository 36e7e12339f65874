/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/progress.h"

#define NEWS_MS 33

struct _SlProgressRelay
{
  gatomicrefcount ref_count; /* the owner's and an armed source's */
  GMutex lock;
  GMainContext *context;
  SlProgressFunc progress;
  gpointer data;
  gsize done, total;
  char *what;
  gboolean armed, closed;
};

SlProgressRelay *
sl_progress_relay_new (GMainContext *context, SlProgressFunc progress, gpointer data)
{
  SlProgressRelay *self = g_new0 (SlProgressRelay, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref (context);
  self->progress = progress;
  self->data = data;
  return self;
}

static void
relay_unref (gpointer data)
{
  SlProgressRelay *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self->what);
  g_free (self);
}

static gboolean
deliver (gpointer data)
{
  SlProgressRelay *self = data;
  g_autofree char *what = NULL;
  gsize done, total;
  gboolean closed;

  g_mutex_lock (&self->lock);
  done = self->done;
  total = self->total;
  what = g_strdup (self->what);
  closed = self->closed;
  self->armed = FALSE;
  g_mutex_unlock (&self->lock);
  if (!closed && self->progress != NULL)
    self->progress (done, total, what, self->data);
  return G_SOURCE_REMOVE;
}

void
sl_progress_relay_post (gsize done, gsize total, const char *what, gpointer relay)
{
  SlProgressRelay *self = relay;

  g_mutex_lock (&self->lock);
  self->done = done;
  self->total = total;
  g_free (self->what);
  self->what = g_strdup (what);
  if (!self->armed && !self->closed)
    {
      g_autoptr (GSource) source = g_timeout_source_new (NEWS_MS);

      self->armed = TRUE;
      g_atomic_ref_count_inc (&self->ref_count);
      g_source_set_callback (source, deliver, self, relay_unref);
      g_source_attach (source, self->context);
    }
  g_mutex_unlock (&self->lock);
}

void
sl_progress_relay_close (SlProgressRelay *self)
{
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_mutex_unlock (&self->lock);
  relay_unref (self);
}
