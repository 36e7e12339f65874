/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-plot.h"

G_BEGIN_DECLS

/**
 * SlopePlotCard:
 *
 * A card with a heading, the legend at its right (or under it when compact), the plot, and below
 * it whatever is appended to the box.  Properties: "plot" (SlopePlot, construct-only), "title"
 * (string; also the plot's accessible name), "compact" (boolean).
 */
#define SLOPE_TYPE_PLOT_CARD (slope_plot_card_get_type ())
G_DECLARE_FINAL_TYPE (SlopePlotCard, slope_plot_card, SLOPE, PLOT_CARD, GtkBox)

void slope_plot_card_set_compact (SlopePlotCard *self, gboolean compact);

G_END_DECLS
