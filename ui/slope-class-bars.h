/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopeClassBars:
 *
 * A list of classes, likeliest first: swatch, name, bar in the class's colour, percentage.
 */
#define SLOPE_TYPE_CLASS_BARS (slope_class_bars_get_type ())
G_DECLARE_FINAL_TYPE (SlopeClassBars, slope_class_bars, SLOPE, CLASS_BARS, GtkWidget)

GtkWidget *slope_class_bars_new (void);
/* @values: probabilities of @n classes, 0 … 1; at most @max rows are shown. */
void       slope_class_bars_set (SlopeClassBars *self, const char *const *classes,
                                 const float *values, guint n, guint max);
/* A line in each bar, and those beyond it in bold: 0 … 1. */
void       slope_class_bars_set_threshold (SlopeClassBars *self, double threshold);

G_END_DECLS
