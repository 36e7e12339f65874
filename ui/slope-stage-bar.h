/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeStageBar:
 *
 * The stages of a recipe in their order, each as wide as it has epochs; the mouse picks one.  The
 * rows beneath say and do the same: this is not for the keyboard, nor for a screen reader.
 * Signals: "picked" (uint: the stage).
 */
#define SLOPE_TYPE_STAGE_BAR (slope_stage_bar_get_type ())
G_DECLARE_FINAL_TYPE (SlopeStageBar, slope_stage_bar, SLOPE, STAGE_BAR, GtkWidget)

/* @open: the stage that is looked at. */
void  slope_stage_bar_set_recipe   (SlopeStageBar *self, const SlRecipe *recipe, guint open);
/* @stage: being trained, -1: none; @progress: 0 … 1 of it. */
void  slope_stage_bar_set_training (SlopeStageBar *self, int stage, double progress);
/* The stage that lies at @x pixels. */
guint slope_stage_bar_at           (SlopeStageBar *self, double x);

G_END_DECLS
