/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-pause.h"

#define PAUSE_MS 400

struct _SlopePause
{
  void (*paused) (gpointer data);
  gpointer data;
  guint timeout;
};

static gboolean
over_cb (gpointer data)
{
  SlopePause *self = data;

  self->timeout = 0;
  self->paused (self->data);
  return G_SOURCE_REMOVE;
}

SlopePause *
slope_pause_new (void (*paused) (gpointer data), gpointer data)
{
  SlopePause *self = g_new0 (SlopePause, 1);

  self->paused = paused;
  self->data = data;
  return self;
}

void
slope_pause_begin (SlopePause *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add (PAUSE_MS, over_cb, self);
}

gboolean
slope_pause_is_on (SlopePause *self)
{
  return self->timeout != 0;
}

void
slope_pause_free (SlopePause *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_free (self);
}
