/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learning-rate finder: the rate grows from batch to batch while the loss is watched. */
#include "train/control.h"
#include "train/feed.h"
#include "train/recorder.h"
#include "train/session.h"
#include <math.h>
#include <string.h>

/* Constants of the course. */
#define SWEEP_BATCHES 100
#define SWEEP_LOW 1e-7
#define SWEEP_HIGH 10.0
#define SWEEP_BETA1 0.9

typedef struct
{
  SlSession session;
  SlTrainControl *control;
  GCancellable *cancellable;
  void (*point) (const SlSweepPoint *point, guint index, guint total, gpointer data);
  gpointer data;
  GArray *points;
  SlSmoother smoother;
  SlExplosion explosion;
  gboolean ended; /* exploded or stopped */
} Sweep;

static void
fill_rates (double *rates, guint n, double rate)
{
  for (guint i = 0; i < n; i++)
    rates[i] = rate;
}

/* Records a finite loss and finds out whether the curve has left through the top. */
static void
add_point (Sweep *self, double lr, double loss)
{
  SlSweepPoint point = { .lr = lr, .loss = (float)loss };
  double smooth;

  if (!isfinite (loss))
    {
      self->ended = TRUE;
      return;
    }
  smooth = sl_smoother_add (&self->smoother, loss);
  point.smooth = (float)smooth;
  g_array_append_val (self->points, point);
  if (self->point != NULL)
    self->point (&point, self->points->len - 1, SWEEP_BATCHES, self->data);
  if (sl_explosion_add (&self->explosion, loss, smooth))
    self->ended = TRUE;
}

static gboolean
sweep_step (Sweep *self, SlFeed *feed, double *rates, GError **error)
{
  SlSession *session = &self->session;
  guint i = self->points->len;
  double lr = SWEEP_LOW * pow (SWEEP_HIGH / SWEEP_LOW, (double)i / SWEEP_BATCHES);
  double loss;
  SlBatch *batch;
  gboolean done;

  if (!sl_train_control_wait (self->control, self->cancellable))
    {
      self->ended = TRUE;
      return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
    }
  batch = sl_feed_next (feed, self->cancellable, error);
  if (batch == NULL)
    return FALSE;
  fill_rates (rates, sl_params_n_groups (session->params), lr);
  done = sl_session_step (session, batch, i, rates, SWEEP_BETA1, &loss, error);
  sl_feed_give_back (feed, batch);
  if (done)
    add_point (self, lr, loss);
  return done;
}

static gboolean
sweep_epoch (Sweep *self, SlFeed *feed, double *rates, GError **error)
{
  for (guint i = 0; i < self->session.steps_per_epoch; i++)
    {
      if (!sweep_step (self, feed, rates, error))
        return FALSE;
      if (self->ended || self->points->len == SWEEP_BATCHES)
        break;
    }
  return TRUE;
}

/* A small set is gone through as often as it takes. */
static gboolean
sweep_epochs (Sweep *self, double *rates, GError **error)
{
  gboolean ok = TRUE;

  for (guint epoch = 0; ok && !self->ended && self->points->len < SWEEP_BATCHES; epoch++)
    {
      SlFeed feed;

      sl_feed_open_epoch (&feed, &self->session, FALSE, epoch, 0);
      ok = sweep_epoch (self, &feed, rates, error);
      sl_feed_close (&feed);
    }
  return ok;
}

static gboolean
sweep_run (Sweep *self, const SlTrainSetup *setup, guint stage, GError **error)
{
  SlSession *session = &self->session;
  g_autofree double *rates = NULL;

  if (!sl_session_open (session, setup, NULL, NULL, self->cancellable, error)
      || !sl_session_load_start (session, setup->start_model, error)
      || !sl_session_begin_stage (session, stage, FALSE, 0, error))
    return FALSE;
  rates = g_new0 (double, sl_params_n_groups (session->params));
  return sweep_epochs (self, rates, error);
}

gboolean
sl_lr_find (const SlTrainSetup *setup, guint stage, SlTrainControl *control,
            void (*point) (const SlSweepPoint *point, guint index, guint total, gpointer data),
            gpointer data, SlSweepResult *result, GCancellable *cancellable, GError **error)
{
  Sweep self = { .control = control, .cancellable = cancellable, .point = point, .data = data };
  gboolean done;

  g_return_val_if_fail (setup != NULL && setup->train != NULL && setup->recipe != NULL, FALSE);
  g_return_val_if_fail (stage < setup->recipe->n_stages && result != NULL, FALSE);
  memset (result, 0, sizeof *result);
  self.points = g_array_sized_new (FALSE, FALSE, sizeof (SlSweepPoint), SWEEP_BATCHES);
  done = sweep_run (&self, setup, stage, error);
  sl_session_close (&self.session);
  if (!done)
    {
      g_array_unref (self.points);
      return FALSE;
    }
  result->points = self.points;
  sl_sweep_suggest ((const SlSweepPoint *)(gpointer)result->points->data, result->points->len,
                    &result->steepest, &result->minimum);
  return TRUE;
}

void
sl_sweep_result_clear (SlSweepResult *self)
{
  g_return_if_fail (self != NULL);
  g_clear_pointer (&self->points, g_array_unref);
  self->steepest = self->minimum = -1;
}
