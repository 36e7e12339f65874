/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/recipe.h>
#include <slope/task.h>

G_BEGIN_DECLS

typedef struct
{
  const char *target;
  int         width;  /* of the picture's file, pixels; > 0 */
  int         height;
} SlBaselineItem;

/**
 * sl_baseline_score:
 * @recipe: its size and threshold count
 * @train: what is known; targets that are %NULL or can't be read are passed over, here and in @valid
 * @metrics: (out) (array fixed-size=SL_MAX_METRICS): as the task orders them, NaN where there is nothing to score
 *
 * What giving every picture one and the same answer would score on @valid: the mean of the training targets, which of
 * classes is how frequent each is.  A model that does no better has learned nothing from the pictures.
 *
 * Returns: %FALSE for a task that has no such answer (masks); @metrics are untouched then.  Pure; threads: any.
 */
gboolean sl_baseline_score (const SlProblem *problem, const SlRecipe *recipe, const SlBaselineItem *train,
                            gsize n_train, const SlBaselineItem *valid, gsize n_valid, double *metrics);

G_END_DECLS
