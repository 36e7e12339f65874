/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeBatchRow:
 *
 * How many pictures or texts are trained on at a time; beneath it, of pictures, the number that is chosen where the recipe
 * leaves it open, and the memory that training takes.
 *
 * Signals: "changed": by the person; the recipe has it already.  "predicted": number and memory are known.
 */
#define SLOPE_TYPE_BATCH_ROW (slope_batch_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeBatchRow, slope_batch_row, SLOPE, BATCH_ROW, AdwComboRow)

/* @project: (nullable).  @recipe: changed in place; must outlive the next call */
void  slope_batch_row_set_recipe (SlopeBatchRow *self, SlProject *project, SlRecipe *recipe);
/* Something of the recipe or the project's pictures is another: predicts soon. */
void  slope_batch_row_refresh    (SlopeBatchRow *self);
/* As if the person had chosen it. */
void  slope_batch_row_choose     (SlopeBatchRow *self, guint batch);
/* What a run would use: the recipe's, or the one chosen automatically; 0: not known yet. */
guint slope_batch_row_get_used   (SlopeBatchRow *self);

G_END_DECLS
