/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer none): the program's settings, org.slopeml.Slope.  Main thread. */
GSettings *slope_settings (void);

/* Recent projects: absolute paths, newest first, without repeats and at most ten. */
char **slope_recent_dup (void); /* (transfer full): NULL-terminated */
void slope_recent_add (const char *path);
void slope_recent_remove (const char *path);

/* Applies threads and colour scheme now and at each change. */
void slope_settings_apply (void);

G_END_DECLS
