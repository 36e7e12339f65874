/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeBaselineRow:
 *
 * Under the runs, what one and the same answer for every picture would reach: a run is to be measured
 * by it.  Invisible until it is known, and where the kind of problem has none.
 */
#define SLOPE_TYPE_BASELINE_ROW (slope_baseline_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeBaselineRow, slope_baseline_row, SLOPE, BASELINE_ROW, AdwActionRow)

GtkWidget *slope_baseline_row_new (void); /* (transfer full) */
/* Works it out anew, away from the main thread.  @recipe: of the run that is shown. */
void       slope_baseline_row_update (SlopeBaselineRow *self, SlProject *project, const SlRecipe *recipe);

G_END_DECLS
