/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A past moment (Unix seconds) as people say it: "just now", "4 minutes ago", "yesterday", a date.
 * (transfer full) */
char *slope_format_when (gint64 time);
/* The same seen from @now. */
char *slope_format_when_at (gint64 time, gint64 now);

G_END_DECLS
