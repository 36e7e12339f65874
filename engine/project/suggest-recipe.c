/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recipe of a project that has none yet: what a first click on Train should do. */
#include "project/project-private.h"

/* From scratch little is gained above this, at four times the time for twice the size. */
#define LARGEST_PX 128
/* Pictures up to here are used as they are. */
#define SMALL_PX 64
/* ResNets halve the picture five times. */
#define STEP_PX 32
#define LEAST_PX 8

/* Fewer pictures have fewer steps in an epoch: they need more epochs to learn as much. */
#define FEW_PICTURES 1000
#define MANY_PICTURES 10000

static int
compare_ints (gconstpointer a, gconstpointer b)
{
  return *(const int *)a - *(const int *)b;
}

/* Median of the shorter sides; 0: not known of any picture. */
static int
median_side (GListModel *items)
{
  g_autoptr (GArray) sides = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      const int side = MIN (sl_item_get_width (item), sl_item_get_height (item));

      if (side > 0 && sl_item_get_state (item) == SL_ITEM_PRESENT)
        g_array_append_val (sides, side);
    }
  g_array_sort (sides, compare_ints);
  return sides->len > 0 ? g_array_index (sides, int, sides->len / 2) : 0;
}

/* Never larger than the pictures: small ones as they are, others at half their shorter side in
 * steps of 32 px, at least 64, at most 128.  28 → 28, 160 → 64, 200 → 96, 600 → 128. */
static int
suggest_size (int side)
{
  if (side == 0)
    return LARGEST_PX;
  if (side <= SMALL_PX)
    return MAX (side, LEAST_PX);
  return CLAMP (side / 2 / STEP_PX * STEP_PX, SMALL_PX, LARGEST_PX);
}

SlRecipe *
sl_project_suggest_recipe (SlProject *self)
{
  SlRecipe *recipe;
  gsize n_train;

  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  recipe = sl_recipe_new ();
  n_train = sl_project_count (self, G_MAXUINT, SL_SPLIT_TRAIN);
  recipe->height = recipe->width = suggest_size (median_side (sl_project_get_items (self)));
  if (n_train < FEW_PICTURES)
    recipe->stages[0].epochs = 12;
  else if (n_train < MANY_PICTURES)
    recipe->stages[0].epochs = 8;
  if (self->problem->task->suggest != NULL)
    self->problem->task->suggest (self->problem, recipe);
  return recipe;
}
