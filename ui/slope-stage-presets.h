/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeStagePresets:
 *
 * A button with the engine's ways to train, each with a plain sentence.
 * Signals: "picked" (string: the preset's name).
 */
#define SLOPE_TYPE_STAGE_PRESETS (slope_stage_presets_get_type ())
G_DECLARE_FINAL_TYPE (SlopeStagePresets, slope_stage_presets, SLOPE, STAGE_PRESETS, AdwBin)

/* Those that fit the network of @recipe and what it learns. */
void slope_stage_presets_set_recipe (SlopeStagePresets *self, const SlRecipe *recipe);

G_END_DECLS
