/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a project's pictures would score without being looked at. */
#include "project/project-private.h"
#include <slope/baseline.h>

/* (transfer full): SlBaselineItem; targets belong to the items. */
static GArray *
list_split (SlProject *self, SlSplit split)
{
  GListModel *items = sl_project_get_items (self);
  GArray *list = g_array_new (FALSE, FALSE, sizeof (SlBaselineItem));

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      const SlBaselineItem entry = { .target = sl_item_get_target (item),
                                     .width = sl_item_get_width (item),
                                     .height = sl_item_get_height (item) };

      if (sl_item_get_split (item) == split && sl_item_get_state (item) == SL_ITEM_PRESENT)
        g_array_append_val (list, entry);
    }
  return list;
}

gboolean
sl_project_get_baseline (SlProject *self, const SlRecipe *recipe, double *metrics)
{
  g_autoptr (SlRecipe) own = NULL;
  g_autoptr (SlRecipe) last = NULL;
  g_autoptr (GArray) train = NULL;
  g_autoptr (GArray) valid = NULL;

  g_return_val_if_fail (SL_IS_PROJECT (self) && metrics != NULL, FALSE);

  if (recipe == NULL)
    recipe = own = sl_project_dup_recipe (self);
  last = sl_recipe_for_stage (recipe, recipe->n_stages - 1);
  train = list_split (self, SL_SPLIT_TRAIN);
  valid = list_split (self, SL_SPLIT_VALID);
  return sl_baseline_score (self->problem, last, (const SlBaselineItem *)train->data, train->len,
                            (const SlBaselineItem *)valid->data, valid->len, metrics);
}
