/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/task.h>

/* The SlTask.add_loss of points and numbers, whose targets lie on -1 … 1: mean squared error, of answers
 * kept in that range where the recipe says so.  Private to tasks/. */
gboolean sl_regression_add_loss (const SlProblem *problem, const SlRecipe *recipe, SlGraph *graph,
                                 SlValue logits, SlValue targets, SlValue weights, GError **error);
/* Their SlTask.perfect: targets are values, then how much each counts. */
void     sl_regression_perfect  (const SlProblem *problem, const SlTensor *targets, gsize index,
                                 float *answer, float *counts);
/* The loss of an answer (n_outputs, on -1 … 1) to target 0 of @targets: of what counts, the mean square. */
float    sl_regression_loss     (const SlProblem *problem, const SlTensor *targets,
                                 const float *answer);
