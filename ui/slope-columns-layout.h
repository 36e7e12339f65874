/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopeColumnsLayout:
 *
 * Two children: beside each other, the second in its natural width and the first in the rest, where
 * there is room; else one below the other.
 */
#define SLOPE_TYPE_COLUMNS_LAYOUT (slope_columns_layout_get_type ())
G_DECLARE_FINAL_TYPE (SlopeColumnsLayout, slope_columns_layout, SLOPE, COLUMNS_LAYOUT, GtkLayoutManager)

GtkLayoutManager *slope_columns_layout_new (void);

G_END_DECLS
