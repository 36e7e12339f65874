/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-text-start.h"

static gboolean
has_sizes_of (const SlRecipe *recipe, const SlRecipe *other)
{
  return recipe->embedding == other->embedding && recipe->hidden == other->hidden;
}

static void
take_sizes (SlRecipe *recipe, const SlRecipe *other)
{
  const gboolean same = g_str_equal (recipe->arch, other->arch);
  recipe->embedding = same ? other->embedding : 0; /* as the network has them */
  recipe->hidden = same ? other->hidden : 0;
}

static void
follow_stages (SlRecipe *recipe, const SlRecipe *from, const SlRecipe *to)
{
  g_autofree char *own = sl_recipe_stages_to_json (recipe);
  g_autofree char *before = sl_recipe_stages_to_json (from);
  g_autofree char *now = sl_recipe_stages_to_json (to);
  if (g_str_equal (own, before) && sl_recipe_n_groups (recipe) == sl_recipe_n_groups (to))
    sl_recipe_set_stages_json (recipe, now, NULL);
}

void
slope_text_start_follow (SlProject *project, SlRecipe *recipe, gboolean from_scratch)
{
  g_autoptr (SlRecipe) scratch = NULL, other = NULL;
  const SlRecipe *from, *to;
  g_return_if_fail (SL_IS_PROJECT (project) && recipe != NULL);
  scratch = sl_project_suggest_from_scratch (project, recipe->learn);
  other = sl_project_suggest_to_learn (project, recipe->learn);
  from = from_scratch ? other : scratch;
  to = from_scratch ? scratch : other;
  follow_stages (recipe, from, to);
  if (recipe->dropout == from->dropout)
    recipe->dropout = to->dropout;
  if (recipe->batch == from->batch)
    recipe->batch = to->batch;
  if (recipe->clip == from->clip)
    recipe->clip = to->clip;
  if (recipe->part == from->part)
    recipe->part = to->part;
  if (has_sizes_of (recipe, from))
    take_sizes (recipe, to);
}

void
slope_text_start_size (SlProject *project, SlRecipe *recipe)
{
  g_autoptr (SlRecipe) scratch = NULL;
  g_return_if_fail (SL_IS_PROJECT (project) && recipe != NULL);
  scratch = sl_project_suggest_from_scratch (project, recipe->learn);
  take_sizes (recipe, scratch);
}
