/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-data-filter.h"

G_BEGIN_DECLS

typedef enum
{
  SLOPE_ORDER_SHUFFLED, /* always the same shuffle */
  SLOPE_ORDER_NAME,
  SLOPE_ORDER_CLASS,
  SLOPE_ORDER_IMPORTED
} SlopeDataOrder;

/**
 * SlopeDataList:
 *
 * The items that a filter lets through, in an order: a #GListModel of #SlItem.  However many come and
 * go at once, the change is told in one piece, from the first to the last difference.  (GTK's own
 * filter model tells each run of neighbours by itself: tens of thousands of signals when a class of a
 * large, shuffled project is picked out.)
 */
#define SLOPE_TYPE_DATA_LIST (slope_data_list_get_type ())
G_DECLARE_FINAL_TYPE (SlopeDataList, slope_data_list, SLOPE, DATA_LIST, GObject)

SlopeDataList *slope_data_list_new (GListModel *items, SlopeDataFilter *filter,
                                    SlopeDataOrder order); /* (transfer full) */
void slope_data_list_set_order (SlopeDataList *self, SlopeDataOrder order);

G_END_DECLS
