/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-recipe-panel.h"

G_BEGIN_DECLS

/**
 * SlopeRateView:
 *
 * The learning-rate finder: an invitation while there is no sweep, then the curve with what can be
 * picked on it.  A pick stands in the open stage of the recipe at once.
 */
#define SLOPE_TYPE_RATE_VIEW (slope_rate_view_get_type ())
G_DECLARE_FINAL_TYPE (SlopeRateView, slope_rate_view, SLOPE, RATE_VIEW, AdwBin)

GtkWidget *slope_rate_view_new         (void);
/* @panel: (transfer none): lives as long as the view; once. */
void       slope_rate_view_set_panel   (SlopeRateView *self, SlopeRecipePanel *panel);
void       slope_rate_view_set_project (SlopeRateView *self, SlProject *project); /* nullable */
void       slope_rate_view_set_compact (SlopeRateView *self, gboolean compact);

G_END_DECLS
