/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-answer-panel.h"

G_BEGIN_DECLS

/**
 * SlopeReviewPanel:
 *
 * What stands beside the pictures of Clean: confusion matrix and most confused pairs, or where pictures
 * have several labels #SlopeLabelsPanel, of masks, points and numbers #SlopeAnswerPanel; byte-equal files.  Signals: "pair-chosen" (guint actual, guint
 * predicted), "twin-chosen" (guint64), and those of #SlopeLabelsPanel.
 */
#define SLOPE_TYPE_REVIEW_PANEL (slope_review_panel_get_type ())
G_DECLARE_FINAL_TYPE (SlopeReviewPanel, slope_review_panel, SLOPE, REVIEW_PANEL, GtkWidget)

/* @split: -1 training and validation; @project %NULL empties the panel. */
void slope_review_panel_update       (SlopeReviewPanel *self, SlProject *project, int split);
/* The pair that filters the grid, ringed in the matrix; -1, -1: none. */
void slope_review_panel_set_selected (SlopeReviewPanel *self, int actual, int predicted);

SlopeAnswerPanel *slope_review_panel_get_answers (SlopeReviewPanel *self); /* (transfer none) */

G_END_DECLS
