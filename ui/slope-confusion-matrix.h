/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopeConfusionMatrix:
 *
 * How often each label (row) was taken for each class (column).  The diagonal is blue, mistakes are
 * orange, both by their share of the row; one neutral colour over 20 classes.  Arrows, Home and End
 * move from cell to cell; Enter, Space or a click emits "cell-activated" (guint actual, guint
 * predicted).  Its accessible description says the cell that has the cursor.
 */
#define SLOPE_TYPE_CONFUSION_MATRIX (slope_confusion_matrix_get_type ())
G_DECLARE_FINAL_TYPE (SlopeConfusionMatrix, slope_confusion_matrix, SLOPE, CONFUSION_MATRIX, GtkWidget)

GtkWidget *slope_confusion_matrix_new          (void);
/* @counts[actual * n + predicted]; copied.  %NULL with @n 0: nothing to show. */
void       slope_confusion_matrix_set          (SlopeConfusionMatrix *self,
                                                const char *const *classes, const guint *counts,
                                                guint n);
/* Rings the cell that filters; -1, -1: none. */
void       slope_confusion_matrix_set_selected (SlopeConfusionMatrix *self, int actual,
                                                int predicted);
/* The cell under a point of the widget. */
gboolean   slope_confusion_matrix_pick         (SlopeConfusionMatrix *self, double x, double y,
                                                guint *actual, guint *predicted);

G_END_DECLS
