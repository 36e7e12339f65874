/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* What one file or row is skipped for. */
#define SLOPE_TYPE_SKIPPED_ITEM (slope_skipped_item_get_type ())
G_DECLARE_FINAL_TYPE (SlopeSkippedItem, slope_skipped_item, SLOPE, SKIPPED_ITEM, GObject)

const char *slope_skipped_item_get_path   (SlopeSkippedItem *self);
const char *slope_skipped_item_get_reason (SlopeSkippedItem *self);

/**
 * SlopeSkippedList:
 *
 * A #GListModel of what an import skips, whose items are made when they are asked for: 100,000 rows
 * cost nothing until they are looked at.
 */
#define SLOPE_TYPE_SKIPPED_LIST (slope_skipped_list_get_type ())
G_DECLARE_FINAL_TYPE (SlopeSkippedList, slope_skipped_list, SLOPE, SKIPPED_LIST, GObject)

SlopeSkippedList *slope_skipped_list_new (void);
/* @import: (nullable) */
void              slope_skipped_list_set (SlopeSkippedList *self, SlImport *import);

G_END_DECLS
