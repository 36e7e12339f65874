/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopeShareBar:
 *
 * A class as a bar: solid for training, pale for validation, in the class's colour on a faint
 * trough.  Says nothing that is not beside it in figures, so it is presentation only.
 */
#define SLOPE_TYPE_SHARE_BAR (slope_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (SlopeShareBar, slope_share_bar, SLOPE, SHARE_BAR, GtkWidget)

GtkWidget *slope_share_bar_new (void);
/* @class_index: -1 for a neutral colour.  @whole: what the full width stands for, > 0. */
void slope_share_bar_set (SlopeShareBar *self, int class_index, gsize train, gsize valid,
                          gsize whole);

G_END_DECLS
