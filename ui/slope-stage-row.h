/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeStageRow:
 *
 * One stage of a recipe: what it trains, epochs, learning rate, and what it has of its own.
 *
 * Signals: "changed": by the person; "command" (uint: SlopeStageCommand).  Actions stage.move-up
 * (Alt+Up), stage.move-down (Alt+Down), stage.duplicate, stage.remove.  The number in front can be
 * dragged: a value of this type.
 */
#define SLOPE_TYPE_STAGE_ROW (slope_stage_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeStageRow, slope_stage_row, SLOPE, STAGE_ROW, AdwExpanderRow)

/* What a badge in front of the stage says. */
typedef enum
{
  SLOPE_STAGE_WAITING,
  SLOPE_STAGE_ACTIVE, /* picks go here, or it is being trained */
  SLOPE_STAGE_DONE
} SlopeStageMark;

typedef enum
{
  SLOPE_STAGE_MOVE_UP,
  SLOPE_STAGE_MOVE_DOWN,
  SLOPE_STAGE_DUPLICATE,
  SLOPE_STAGE_REMOVE
} SlopeStageCommand;

GtkWidget *slope_stage_row_new       (void);
void       slope_stage_row_set       (SlopeStageRow *self, const SlRecipe *recipe, guint index);
/* @progress: 0 … 1 of a stage that is being trained; negative: it is not. */
void       slope_stage_row_set_mark  (SlopeStageRow *self, SlopeStageMark mark, double progress);
/* Whether "Train Again from Here" is there, and why it cannot be done: %NULL: it can.  @text: with
 * which run. */
void       slope_stage_row_set_again (SlopeStageRow *self, gboolean visible, const char *text,
                                      const char *why_not /* nullable */);
void       slope_stage_row_get_stage (SlopeStageRow *self, SlStage *stage);
/* Takes over what stands in the rate entry; FALSE when it is no rate: the entry has the focus then. */
gboolean   slope_stage_row_commit    (SlopeStageRow *self);
/* Which of the row's buttons has the focus, -1: none; and gives one the focus, or else the row. */
int        slope_stage_row_get_tool  (SlopeStageRow *self);
void       slope_stage_row_focus     (SlopeStageRow *self, int tool);

/* "Whole network", "Head only", "Late layers and head"; of texts, whose layers are single groups, "Last two layers and
 * head"; of a language model, whose last group is its words, "Words only"; and within a sentence: "whole network". */
const char *slope_stage_label        (const SlStage *stage, const SlRecipe *recipe);
const char *slope_stage_label_inside (const SlStage *stage, const SlRecipe *recipe);

G_END_DECLS
