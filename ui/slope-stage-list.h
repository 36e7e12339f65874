/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeStageList:
 *
 * The stages of a recipe: a bar of their lengths, and a row of each, one of them open: the one that
 * a pick on the curve fills.  They are added, doubled, moved and removed here, or all replaced by a
 * preset.
 * Signals: "changed": the person changed the stages, or by a preset the recipe's size; "opened".
 */
#define SLOPE_TYPE_STAGE_LIST (slope_stage_list_get_type ())
G_DECLARE_FINAL_TYPE (SlopeStageList, slope_stage_list, SLOPE, STAGE_LIST, AdwBin)

/* @recipe: (transfer none): its stages are edited in place; must live until the next call or the
 * list's end. */
void     slope_stage_list_set_recipe   (SlopeStageList *self, SlRecipe *recipe);
/* Whether the network begins with weights that know pictures: then the course's stages are
 * suggested where the whole network is trained at once. */
void     slope_stage_list_set_learned  (SlopeStageList *self, gboolean learned);
/* The stage that is open, or was last. */
guint    slope_stage_list_get_open     (SlopeStageList *self);
void     slope_stage_list_open         (SlopeStageList *self, guint stage);
/* Another one like the last, of the whole network. */
void     slope_stage_list_add          (SlopeStageList *self);
/* Puts stage @from in the place of stage @to. */
void     slope_stage_list_move         (SlopeStageList *self, guint from, guint to);
/* All stages replaced by sl_recipe_use_preset() @name; the size is the preset's where it has one. */
void     slope_stage_list_use_preset   (SlopeStageList *self, const char *name);
/* Stage that is being trained, -1: none; @progress: 0 … 1 of it. */
void     slope_stage_list_set_training (SlopeStageList *self, int stage, double progress);
/* (nullable): the run whose stages may be trained again, with what the recipe says from there on. */
void     slope_stage_list_set_past     (SlopeStageList *self, SlRun *run);
/* Takes over what is being typed; FALSE: it is no rate, and its stage is opened. */
gboolean slope_stage_list_commit       (SlopeStageList *self);

G_END_DECLS
