/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SlProgressRelay:
 *
 * Carries a worker's progress to the context of who asked, at most 30 times a second: the worker
 * sets the newest values under a lock, and the first change arms one source.
 */
typedef struct _SlProgressRelay SlProgressRelay;

SlProgressRelay *sl_progress_relay_new   (GMainContext *context, SlProgressFunc progress,
                                          gpointer data);
/* After this nothing more is delivered.  On the context's thread. */
void             sl_progress_relay_close (SlProgressRelay *self);
/* A SlProgressFunc with the relay as its data; any thread. */
void             sl_progress_relay_post  (gsize done, gsize total, const char *what, gpointer relay);

G_END_DECLS
