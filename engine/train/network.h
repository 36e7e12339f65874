/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/mixup.h"
#include <slope/checkpoint.h>
#include <slope/loader.h>
#include <slope/recipe.h>

/* From a recipe to what runs: graph, first weights, batches.  Private to train/. */

typedef enum
{
  SL_NETWORK_WHOLE, /* pictures → loss */
  SL_NETWORK_MIXED, /* the same with two targets for each picture: see mixup.h */
  SL_NETWORK_BODY,  /* pictures → "features", the body's pooled outputs (N,2F) */
  SL_NETWORK_MAP,   /* pictures → "features", the same before pooling (N,H,W,F) */
  SL_NETWORK_HEAD   /* pooled features → loss */
} SlNetworkPart;

/**
 * sl_network_new:
 * @recipe: a checked one
 * @batch: pictures in a batch; a graph has one batch size
 *
 * Body, fast.ai's head (of a dense task its U-Net, or the way up that the architecture has), and
 * the task's loss with the outputs that sl_task.add_loss promises; or a part of these, whose
 * parameters are some of the whole network's.
 */
SlGraph *sl_network_new (const SlRecipe *recipe, const SlProblem *problem, guint batch,
                         SlNetworkPart part, GError **error);
/* Of a plan to train with: gradients live briefly unless they are looked at together. */
SlPlanFlags sl_network_train_flags (const SlRecipe *recipe);
/* 2F: numbers that the body leaves of a picture. */
gsize sl_network_n_features (const SlRecipe *recipe);

/**
 * sl_network_load_start:
 * @start_model: (nullable): model.safetensors of another run
 *
 * Lays the weights that the recipe names (pretrained) and those of @start_model over the random
 * ones.  A head of another size stays random: classes may have changed.
 *
 * @error: %SL_ERROR_NOT_FOUND, %SL_ERROR_FORMAT (not a weights file), %SL_ERROR_DATA (weights of
 *   another network), %SL_ERROR_UNSUPPORTED (pretrained "auto": the catalogue has none)
 */
gboolean sl_network_load_start (SlParams *params, const SlRecipe *recipe, const char *start_model,
                                GError **error);

/* (transfer full): the file of the weights that the recipe names, which are not "none".  @error: as above */
char *sl_network_find_pretrained (const SlRecipe *recipe, GError **error);
/* Weights of any kind from a file that somebody named, fast.ai's archives of language models too.  @error: as above */
SlStateDict *sl_network_load_weights (const char *path, GError **error);

/* Copies a batch into the plan's inputs; of one whose pictures are features, into a head's. */
gboolean sl_network_set_batch (SlPlan *plan, const SlBatch *batch, GError **error);
/* The pictures of a batch alone, into a body's. */
gboolean sl_network_set_pictures (SlPlan *plan, const SlBatch *batch, GError **error);
/* Where a plan wants its pictures: write them before each pass. */
float *sl_network_pictures (SlPlan *plan);
/* A batch into a network for mixed pictures. */
void sl_network_set_mixed (SlPlan *plan, const SlBatch *batch, const SlMixup *mixup);

/* How pictures are loaded for this recipe; @training: augmented, shuffled, short batch left out. */
void sl_network_loader_options (const SlRecipe *recipe, guint batch, gboolean training,
                                SlLoaderOptions *options);
