/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/* What a recipe for texts should be like follows from what it starts from. */

/* The person has chosen random weights in place of others (@from_scratch), or others in place of them: what was suggested
 * for the one becomes what is suggested for the other, in stages, batch, dropout, limit of gradients, parts of texts and sizes;
 * what the person has changed stays.  @project: of texts */
void slope_text_start_follow (SlProject *project, SlRecipe *recipe, gboolean from_scratch);
/* Sizes of @recipe's network, where those suggested are of another. */
void slope_text_start_size   (SlProject *project, SlRecipe *recipe);

G_END_DECLS
