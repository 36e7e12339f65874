/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-pair.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopePairRow:
 *
 * Two pictures side by side, what there is to say of them, and what can be done.  Activates, of whoever
 * it is in: "pairs.remove" (x: item), "pairs.relabel" (xs: item, what was chosen), "pairs.keep" (the pair's
 * items: xx).
 */
#define SLOPE_TYPE_PAIR_ROW (slope_pair_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopePairRow, slope_pair_row, SLOPE, PAIR_ROW, GtkWidget)

GtkWidget *slope_pair_row_new (const SlTask *task, const char *const *classes);
void       slope_pair_row_set (SlopePairRow *self, SlopePair *pair); /* nullable: a recycled row */

G_END_DECLS
