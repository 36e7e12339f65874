/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeMoreRow:
 *
 * What a recipe may have besides network, pictures and stages: which model is kept, stopping early,
 * unequal classes, mixup and the like, each with a plain sentence.
 * Signals: "changed": by the person.
 */
#define SLOPE_TYPE_MORE_ROW (slope_more_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeMoreRow, slope_more_row, SLOPE, MORE_ROW, AdwExpanderRow)

GtkWidget *slope_more_row_new   (void);
/* Shows the options of @recipe. */
void       slope_more_row_set   (SlopeMoreRow *self, const SlRecipe *recipe);
/* Writes the options, as they stand, into @recipe. */
void       slope_more_row_apply (SlopeMoreRow *self, SlRecipe *recipe);

G_END_DECLS
