/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/recipe.h>

G_BEGIN_DECLS

/* What texts begin to be learned with. */
typedef enum
{
  SL_TEXT_START_RANDOM, /* random weights */
  SL_TEXT_START_PUBLIC, /* public weights, which know most words of the texts */
  SL_TEXT_START_RUN     /* a language model that an earlier run made of the texts */
} SlTextStart;

/* (transfer full): a recipe that learns something from these texts without any change.  @n_train: texts that are
 * trained on; @n_tokens: of all of them, about */
SlRecipe *sl_recipe_suggest_for_texts (SlLearn learn, SlTextStart start, gsize n_train, guint64 n_tokens);

/* The highest rate of a network of texts whose weights are random; @self says its sizes. */
double sl_recipe_scratch_rate (const SlRecipe *self);

G_END_DECLS
