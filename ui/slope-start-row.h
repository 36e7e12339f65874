/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeStartRow:
 *
 * What a network starts from: random weights, public ones of the catalogue, a file of weights, or
 * a run of the same network.
 * Signals: "changed": by the person.
 */
#define SLOPE_TYPE_START_ROW (slope_start_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeStartRow, slope_start_row, SLOPE, START_ROW, AdwComboRow)

/* @project: (nullable); only runs are offered that leave what @recipe can begin with; @from_run 0: none. */
void        slope_start_row_set            (SlopeStartRow *self, SlProject *project,
                                            const SlRecipe *recipe, gint64 from_run);
/* "none", "auto" or a file, as a recipe has it. */
const char *slope_start_row_get_pretrained (SlopeStartRow *self);
gint64      slope_start_row_get_from_run   (SlopeStartRow *self);

G_END_DECLS
