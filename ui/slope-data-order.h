/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  SLOPE_ORDER_SHUFFLED,
  SLOPE_ORDER_NAME,
  SLOPE_ORDER_CLASS,
  SLOPE_ORDER_IMPORTED
} SlopeDataOrder;

/* (transfer full) (nullable): of #SlItem; %NULL: as they come. */
GtkSorter *slope_data_order_new_sorter (SlopeDataOrder order);

G_END_DECLS
