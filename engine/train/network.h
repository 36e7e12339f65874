/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/loader.h>
#include <slope/recipe.h>

/* From a recipe to what runs: graph, first weights, batches.  Private to train/. */

/**
 * sl_network_new:
 * @recipe: a checked one
 * @batch: pictures in a batch; a graph has one batch size
 *
 * Body, fast.ai's head, and the task's loss with the outputs that sl_task.add_loss promises.
 */
SlGraph *sl_network_new (const SlRecipe *recipe, const SlTask *task, const char *const *classes,
                         guint batch, GError **error);

/**
 * sl_network_load_start:
 * @start_model: (nullable): model.safetensors of another run
 *
 * Lays the weights that the recipe names (pretrained) and those of @start_model over the random
 * ones.  A head of another size stays random: classes may have changed.
 *
 * @error: %SL_ERROR_NOT_FOUND, %SL_ERROR_FORMAT (not a weights file), %SL_ERROR_DATA (weights of
 *   another network), %SL_ERROR_UNSUPPORTED (pretrained "auto")
 */
gboolean sl_network_load_start (SlParams *params, const SlRecipe *recipe, const char *start_model,
                                GError **error);

/* Copies a batch into the plan's inputs. */
gboolean sl_network_set_batch (SlPlan *plan, const SlBatch *batch, GError **error);

/* How pictures are loaded for this recipe; @training: augmented, shuffled, short batch left out. */
void sl_network_loader_options (const SlRecipe *recipe, guint batch, gboolean training,
                                SlLoaderOptions *options);
