/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeStageList:
 *
 * The stages of a recipe as rows, one of them open: the one that a pick on the curve fills.
 * Signals: "changed": the person changed, added or removed a stage; "opened".
 */
#define SLOPE_TYPE_STAGE_LIST (slope_stage_list_get_type ())
G_DECLARE_FINAL_TYPE (SlopeStageList, slope_stage_list, SLOPE, STAGE_LIST, AdwPreferencesGroup)

/* @recipe: (transfer none): its stages are edited in place; must live until the next call or the
 * list's end.  @n_groups: layer groups of the network, head included. */
void     slope_stage_list_set_recipe   (SlopeStageList *self, SlRecipe *recipe, guint n_groups);
/* The stage that is open, or was last. */
guint    slope_stage_list_get_open     (SlopeStageList *self);
void     slope_stage_list_open         (SlopeStageList *self, guint stage);
/* Another one like the last, of the whole network. */
void     slope_stage_list_add          (SlopeStageList *self);
/* Stage that is being trained, -1: none. */
void     slope_stage_list_set_training (SlopeStageList *self, int stage);
/* Takes over what is being typed; FALSE: it is no rate, and its stage is opened. */
gboolean slope_stage_list_commit       (SlopeStageList *self);

G_END_DECLS
