/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeTextReader:
 *
 * A text of a project, whole, with its label and what the evaluated run says of it; the words that weighed most
 * for that are coloured and named.  Follows the item's changes.
 */
#define SLOPE_TYPE_TEXT_READER (slope_text_reader_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTextReader, slope_text_reader, SLOPE, TEXT_READER, GtkWidget)

void slope_text_reader_set_project (SlopeTextReader *self, SlProject *project); /* nullable */
/* @item: nullable: a line asks to choose one. */
void slope_text_reader_set_item    (SlopeTextReader *self, SlItem *item);
/* What was evaluated is another run's now. */
void slope_text_reader_update      (SlopeTextReader *self);

G_END_DECLS
