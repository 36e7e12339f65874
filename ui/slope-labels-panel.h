/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeLabelsPanel:
 *
 * What stands beside the worst pictures where each has several labels: the threshold, with the
 * figures that it leads to while it is moved, and for each label how often it was missed and how
 * often said in vain.
 *
 * Signals: "label-chosen" (guint class, gboolean missed): to be looked at; "threshold-set": what the
 * model says of the project's items has changed, as far as it was stored.
 */
#define SLOPE_TYPE_LABELS_PANEL (slope_labels_panel_get_type ())
G_DECLARE_FINAL_TYPE (SlopeLabelsPanel, slope_labels_panel, SLOPE, LABELS_PANEL, GtkWidget)

/* @project: (nullable).  @split: a SlSplit, -1: training and validation.  The figures are those of the
 * validation pictures, or of what @split says. */
void slope_labels_panel_update (SlopeLabelsPanel *self, SlProject *project, int split);

G_END_DECLS
