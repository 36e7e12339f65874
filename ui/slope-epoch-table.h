/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeEpochTable:
 *
 * A row an epoch, newest first: losses, the task's figure, time.
 */
#define SLOPE_TYPE_EPOCH_TABLE (slope_epoch_table_get_type ())
G_DECLARE_FINAL_TYPE (SlopeEpochTable, slope_epoch_table, SLOPE, EPOCH_TABLE, AdwBin)

GtkWidget *slope_epoch_table_new (void);
/* @total: epochs of the recipe; @live: smoothed loss of the epoch under way, NaN: there is none. */
void       slope_epoch_table_set (SlopeEpochTable *self, const SlTask *task,
                                  const SlEpochRecord *epochs, gsize n, guint total, double live);

G_END_DECLS
