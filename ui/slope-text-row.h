/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-item-mark.h"

G_BEGIN_DECLS

/**
 * SlopeTextRow:
 *
 * A text of a list: how it begins, its caption, and beside it how long it is or, in Clean, what the model says of it;
 * its mark (kept, relabelled, removed) and, for the validation set, its split.  Follows the item's changes; the
 * text itself is read when the row gets it.  It names the list item that it is the child of:
 * "texts.csv:17, label positive".
 */
#define SLOPE_TYPE_TEXT_ROW (slope_text_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTextRow, slope_text_row, SLOPE, TEXT_ROW, GtkWidget)

GtkWidget *slope_text_row_new      (SlProject *project, SlopeCaptionKind kind);
void       slope_text_row_set_item (SlopeTextRow *self, SlItem *item); /* nullable: a recycled row */
SlItem    *slope_text_row_get_item (SlopeTextRow *self);               /* (transfer none) (nullable) */

G_END_DECLS
