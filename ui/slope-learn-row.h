/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeLearnRow:
 *
 * What the next run of texts learns: a language model, or their labels.  Each has a recipe of its own, and the one that
 * is not chosen waits here.  Hidden where there are pictures.
 *
 * Signals: "changed": by the person.
 */
#define SLOPE_TYPE_LEARN_ROW (slope_learn_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeLearnRow, slope_learn_row, SLOPE, LEARN_ROW, AdwBin)

void      slope_learn_row_set_project (SlopeLearnRow *self, SlProject *project); /* nullable */
/* Chooses what @recipe learns. */
void      slope_learn_row_show        (SlopeLearnRow *self, const SlRecipe *recipe);
/* Keeps @recipe (transfer full) and gives the recipe for what is chosen: as it was when it was kept, else as the
 * project suggests it; tokens stay as they are.  (transfer full) */
SlRecipe *slope_learn_row_switch      (SlopeLearnRow *self, SlRecipe *recipe);
/* The run that @recipe begins with unless the person says otherwise, whose network it gets: of labels that name no
 * other weights, the newest language model; 0: none. */
gint64    slope_learn_row_find_beginning (SlopeLearnRow *self, SlRecipe *recipe);

G_END_DECLS
