/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/loader.h>
#include <slope/recipe.h>

/* Test-time augmentation: a picture is looked at as validation sees it and in eight other views,
 * corners zoomed by 1.35, plain and mirrored; the answer is 0.4 of the plain one and 0.6 of the
 * mean of the others.  Source: fast.ai v1, vision/tta.py.  Private to train/. */

/* A batch has all views of a picture in rows that follow each other.
 * Returns: (transfer full): the order that @options point to, for @n samples */
guint32 *sl_tta_set_options (SlLoaderOptions *options, const SlRecipe *recipe, gsize n);

/* Blends the views of @n pictures.  Afterwards the first @n rows of @probabilities and of the
 * batch's targets and weights are the pictures'; one without all of its views has weight 0. */
void sl_tta_blend (gsize n, SlBatch *batch, SlTensor *probabilities);

/* Copies row @from of a tensor whose first dimension is the batch to row @to. */
void sl_tensor_move_row (SlTensor *tensor, gsize from, gsize to);
