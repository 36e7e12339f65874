/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/text-session.h"

#define SL_MODEL_FILE "model.safetensors"

SlParams *sl_model_get_params (const SlModel *self); /* (transfer none) */

/**
 * sl_model_save:
 * @texts: (nullable): whose words go along
 * @epoch: (nullable): figures to write beside the weights
 *
 * Parameters and all that prediction needs: recipe, task, classes, size, normalisation.  Written
 * aside, synced, renamed.
 */
gboolean sl_model_save (const char *path, SlParams *params, const SlRecipe *recipe,
                        const SlProblem *problem, SlTextSession *texts, const SlEpochRecord *epoch,
                        GError **error);
