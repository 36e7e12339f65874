/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeAugmentView:
 *
 * "What the network sees": six draws of what the recipe's augmentation makes of a picture, drawn off
 * the main thread; a button draws six others.
 */
#define SLOPE_TYPE_AUGMENT_VIEW (slope_augment_view_get_type ())
G_DECLARE_FINAL_TYPE (SlopeAugmentView, slope_augment_view, SLOPE, AUGMENT_VIEW, AdwBin)

GtkWidget *slope_augment_view_new (void);
/* @recipe: its augmentation and picture size are used; both (nullable): shows nothing. */
void slope_augment_view_set (SlopeAugmentView *self, const char *path, const SlRecipe *recipe);

G_END_DECLS
