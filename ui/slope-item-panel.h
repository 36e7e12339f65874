/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeItemPanel:
 *
 * The selected pictures: preview, facts, label and use to change, and what the network sees of the
 * first one.  Changes are steps of the journal, with a toast that offers to undo them.
 */
#define SLOPE_TYPE_ITEM_PANEL (slope_item_panel_get_type ())
G_DECLARE_FINAL_TYPE (SlopeItemPanel, slope_item_panel, SLOPE, ITEM_PANEL, AdwBin)

GtkWidget *slope_item_panel_new (void);
void slope_item_panel_set_project (SlopeItemPanel *self, SlProject *project); /* nullable */
/* @items: (transfer none): #SlItem; empty: nothing is selected. */
void slope_item_panel_set_items (SlopeItemPanel *self, GPtrArray *items);
/* Removes what is selected, or puts it back when it is in the bin. */
void slope_item_panel_remove (SlopeItemPanel *self);

G_END_DECLS
