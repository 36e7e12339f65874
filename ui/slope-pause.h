/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Waits until someone who types has paused.  Main thread. */
typedef struct _SlopePause SlopePause;

SlopePause *slope_pause_new   (void (*paused) (gpointer data), gpointer data);
void        slope_pause_begin (SlopePause *self); /* begins anew where it was on */
gboolean    slope_pause_is_on (SlopePause *self);
void        slope_pause_free  (SlopePause *self);

G_END_DECLS
