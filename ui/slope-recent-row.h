/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SlopeRecentRow:
 *
 * A project that was open before: four of its pictures, what it is, how good it got.  Reads the
 * project off the main thread; one that is no longer there is greyed and can be removed.
 * Signals: "opened" (), "forgotten" ().
 */
#define SLOPE_TYPE_RECENT_ROW (slope_recent_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeRecentRow, slope_recent_row, SLOPE, RECENT_ROW, AdwActionRow)

GtkWidget *slope_recent_row_new (const char *path);
const char *slope_recent_row_get_path (SlopeRecentRow *self);

G_END_DECLS
