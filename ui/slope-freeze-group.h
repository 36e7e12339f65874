/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeFreezeGroup:
 *
 * What becomes of the layers that a stage freezes: whether their batch norms go on learning, and
 * whether the body's outputs are kept, so that the head trains from them.  Hidden where no stage
 * freezes any.
 * Signals: "changed": by the person.
 */
#define SLOPE_TYPE_FREEZE_GROUP (slope_freeze_group_get_type ())
G_DECLARE_FINAL_TYPE (SlopeFreezeGroup, slope_freeze_group, SLOPE, FREEZE_GROUP, AdwPreferencesGroup)

/* @recipe: (transfer none): edited in place; must live until the next call or the group's end.
 * To be called again after its stages are others. */
void slope_freeze_group_set_recipe (SlopeFreezeGroup *self, SlRecipe *recipe);

G_END_DECLS
