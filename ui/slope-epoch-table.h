/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeEpochTable:
 *
 * A row an epoch, newest first: losses, the task's figure, time; the stages under headings of their
 * own where there are several, and a star at the epoch whose model is kept.
 */
#define SLOPE_TYPE_EPOCH_TABLE (slope_epoch_table_get_type ())
G_DECLARE_FINAL_TYPE (SlopeEpochTable, slope_epoch_table, SLOPE, EPOCH_TABLE, AdwBin)

GtkWidget *slope_epoch_table_new (void);
/* @recipe: of the run; @kept: 1 …: epoch whose model stays, 0: not to be marked; @live: smoothed loss
 * of the epoch under way, NaN: there is none. */
void       slope_epoch_table_set (SlopeEpochTable *self, const SlTask *task, const SlRecipe *recipe,
                                  const SlEpochRecord *epochs, gsize n, guint kept, double live);

G_END_DECLS
