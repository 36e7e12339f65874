/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeAnswerPanel:
 *
 * How well a model does on masks, points and numbers: the selected picture with its label and what the model
 * says of it, points that can be dragged; and a table, worst first, of each class's overlap (intersection over
 * union), or each point's or number's distance, of this picture and of the set.  It is the legend too.
 *
 * Signals: "class-chosen" (uint): of masks; "worst-chosen" (int64): the picture where a point or number is
 * furthest; "edited" (string): the selected picture's new label; "paint": its mask is to be painted on.
 */
#define SLOPE_TYPE_ANSWER_PANEL (slope_answer_panel_get_type ())
G_DECLARE_FINAL_TYPE (SlopeAnswerPanel, slope_answer_panel, SLOPE, ANSWER_PANEL, GtkWidget)

/* @project: (nullable).  @split: -1: training and validation.  Called again when answers or items change. */
void slope_answer_panel_update   (SlopeAnswerPanel *self, SlProject *project, int split);
/* @item: (nullable): none, or several, are selected.  @answer: (nullable): it has not come, or there is no
 * need for one.  @editable: the label may be changed. */
void slope_answer_panel_set_item (SlopeAnswerPanel *self, SlItem *item, const SlPrediction *answer,
                                  gboolean editable);

G_END_DECLS
