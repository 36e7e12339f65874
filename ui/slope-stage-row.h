/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeStageRow:
 *
 * One stage of a recipe: what it trains, its epochs, its learning rate.
 * Signals: "changed": by the person; "remove".
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

GtkWidget *slope_stage_row_new       (void);
/* @n_groups: layer groups of the network, head included. */
void       slope_stage_row_set       (SlopeStageRow *self, guint index, const SlStage *stage,
                                      guint n_groups, gboolean removable);
void       slope_stage_row_set_mark  (SlopeStageRow *self, SlopeStageMark mark);
void       slope_stage_row_get_stage (SlopeStageRow *self, SlStage *stage);
/* Takes over what stands in the rate entry; FALSE when it is no rate: the entry has the focus then. */
gboolean   slope_stage_row_commit    (SlopeStageRow *self);

/* "Whole network", "Head only", "Late layers and head"; and within a sentence: "whole network". */
const char *slope_stage_label        (const SlStage *stage, guint n_groups);
const char *slope_stage_label_inside (const SlStage *stage, guint n_groups);

G_END_DECLS
