/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-job-bar.h"

G_BEGIN_DECLS

/**
 * SlopeTrainPage:
 *
 * The recipe at the side; in the middle the learning rate, the progress of a run and all runs.
 * Properties: "show-sidebar" (boolean): the recipe is seen.
 *
 * Actions: train.start (Ctrl+Return), train.find-rate (Ctrl+L), train.add-stage, and on a run (x):
 * train.resume, train.add-epochs, train.continue-from, train.use-recipe, train.delete-run; on a run and
 * a stage (xu): train.again-from; on a stage of the shown run (u): train.again-here.
 */
#define SLOPE_TYPE_TRAIN_PAGE (slope_train_page_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTrainPage, slope_train_page, SLOPE, TRAIN_PAGE, AdwBin)

GtkWidget *slope_train_page_new         (void);
void       slope_train_page_set_project (SlopeTrainPage *self, SlProject *project); /* nullable */
/* Where downloads that a job waits for are shown; meanwhile no other one starts here. */
void       slope_train_page_set_job_bar (SlopeTrainPage *self, SlopeJobBar *job_bar);

G_END_DECLS
