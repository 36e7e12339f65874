/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/control.h"

/* A paused trainer looks at its cancellable this often. */
#define PAUSE_POLL_US (50 * G_TIME_SPAN_MILLISECOND)

struct _SlTrainControl
{
  gatomicrefcount ref_count;
  GMutex lock; /* guards what follows */
  GCond changed;
  gboolean paused;
  gboolean stopped; /* for good */
};

SlTrainControl *
sl_train_control_new (void)
{
  SlTrainControl *self = g_new0 (SlTrainControl, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

SlTrainControl *
sl_train_control_ref (SlTrainControl *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_train_control_unref (SlTrainControl *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
sl_train_control_pause (SlTrainControl *self, gboolean paused)
{
  g_return_if_fail (self != NULL);
  g_mutex_lock (&self->lock);
  self->paused = paused;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
sl_train_control_is_paused (SlTrainControl *self)
{
  gboolean paused;

  g_return_val_if_fail (self != NULL, FALSE);
  g_mutex_lock (&self->lock);
  paused = self->paused && !self->stopped;
  g_mutex_unlock (&self->lock);
  return paused;
}

void
sl_train_control_stop (SlTrainControl *self)
{
  g_return_if_fail (self != NULL);
  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
sl_train_control_is_stopped (SlTrainControl *self)
{
  gboolean stopped;

  g_return_val_if_fail (self != NULL, FALSE);
  g_mutex_lock (&self->lock);
  stopped = self->stopped;
  g_mutex_unlock (&self->lock);
  return stopped;
}

gboolean
sl_train_control_wait (SlTrainControl *self, GCancellable *cancellable)
{
  gboolean go_on;

  if (self == NULL)
    return !g_cancellable_is_cancelled (cancellable);
  g_mutex_lock (&self->lock);
  while (self->paused && !self->stopped && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&self->changed, &self->lock, g_get_monotonic_time () + PAUSE_POLL_US);
  go_on = !self->stopped && !g_cancellable_is_cancelled (cancellable);
  g_mutex_unlock (&self->lock);
  return go_on;
}
