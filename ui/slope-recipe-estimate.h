/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * slope_recipe_predict_async:
 * @n_train, @n_valid: pictures of the training and the validation set
 *
 * Batch size (the recipe's or the automatic one) and peak memory of training, from compiling the
 * plan: tenths of a second, so on a thread.
 */
void     slope_recipe_predict_async  (const SlRecipe *recipe, SlProblem *problem, gsize n_train, gsize n_valid,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* FALSE only when cancelled. */
gboolean slope_recipe_predict_finish (GAsyncResult *result, guint *batch, gsize *bytes,
                                      GError **error);

/* Seconds that training would take, told from the epochs of an earlier run of the same network and
 * size that trained the same groups; negative: there is none. */
double   slope_recipe_estimate_seconds (SlProject *project, const SlRecipe *recipe);
/* The same for a hundred batches of the learning-rate finder. */
double   slope_recipe_estimate_sweep   (SlProject *project, const SlRecipe *recipe, guint stage);

/* Short accounts of a recipe.  (transfer full) */
char    *slope_recipe_describe_network (const SlRecipe *recipe); /* "ResNet-18, 128 px" */
char    *slope_recipe_describe_stages  (const SlRecipe *recipe); /* "2 stages, 6 epochs" */

G_END_DECLS
