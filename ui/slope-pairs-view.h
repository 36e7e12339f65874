/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-pair.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SlopePairsView:
 *
 * Pictures that may show the same, side by side, to remove, relabel or keep; each is a step that can be
 * undone.  What is settled leaves the list, and comes back when it is undone.  Signals: "closed".
 */
#define SLOPE_TYPE_PAIRS_VIEW (slope_pairs_view_get_type ())
G_DECLARE_FINAL_TYPE (SlopePairsView, slope_pairs_view, SLOPE, PAIRS_VIEW, AdwBin)

GtkWidget *slope_pairs_view_new         (void);
void       slope_pairs_view_set_project (SlopePairsView *self, SlProject *project); /* nullable */
/* @pairs: of SlopePair */
void       slope_pairs_view_show        (SlopePairsView *self, GListModel *pairs);
/* Those that the newest trained model sees most nearly the same in; it looks at all pictures first, as a
 * job, unless it has. */
void       slope_pairs_view_show_similar (SlopePairsView *self);

G_END_DECLS
