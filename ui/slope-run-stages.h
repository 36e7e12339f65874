/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/* Which epochs of a run belong to which stage.  Patience may have ended a stage before its number of
 * epochs, so the epochs that are over say where a stage began, and the recipe only what is to come. */
typedef struct
{
  guint n;                        /* stages */
  guint now;                      /* the stage under way, or the last one reached */
  guint first[SL_MAX_STAGES + 1]; /* epochs before each stage; [n]: of the whole run */
  guint now_steps_per_epoch;      /* of the stage under way; 0: not known */
} SlopeRunStages;

/* @plan: (nullable): of the stage under way, known while a run is trained; @ended: it came to its end */
void slope_run_stages_read (SlopeRunStages *self, const SlRecipe *recipe,
                            const SlEpochRecord *epochs, gsize n_epochs, const SlPlanRecord *plan,
                            gboolean ended);
void slope_run_stages_of   (SlopeRunStages *self, SlRun *run);
/* The stage that a batch belongs to. */
guint slope_run_stages_at  (const SlopeRunStages *self, float epoch);
/* (transfer full): "stage 2 of 3 · epoch 4 of 5", of the stage; of one stage "epoch 4 of 5". */
char *slope_run_stages_where (const SlopeRunStages *self, gsize n_epochs);

G_END_DECLS
