/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recipe of a project that has none yet: what a first click on Train should do. */
#include "project/project-private.h"

/* From scratch little is gained above this, at four times the time for twice the size. */
#define LARGEST_PX 128
/* Pictures up to here are used as they are. */
#define SMALL_PX 64
/* The same for masks, in which small things are to be found: the course halves CamVid's 360 px. */
#define DENSE_LARGEST_PX 192
#define DENSE_SMALL_PX 128
/* ResNets halve the picture five times. */
#define STEP_PX 32
#define LEAST_PX 8
#define STEP_LONGER_PX 8

/* Fewer pictures have fewer steps in an epoch: they need more epochs to learn as much. */
#define FEW_PICTURES 1000
#define MANY_PICTURES 10000

/* Sides are counted, not sorted: the window asks for this on its main thread. */
#define LARGEST_COUNTED_PX 65535 /* longer ones count as this long */

static void
count_side (guint *counts, int side)
{
  counts[MIN (side, LARGEST_COUNTED_PX)]++;
}

static int
median (const guint *counts, guint n)
{
  guint seen = 0;

  if (n == 0)
    return 0;
  for (int side = 0;; side++)
    {
      seen += counts[side];
      if (seen > n / 2)
        return side;
    }
}

/* Of all pictures, the median height and width; 0: not known of any picture. */
static void
median_size (GListModel *items, int *height, int *width)
{
  g_autofree guint *heights = g_new0 (guint, LARGEST_COUNTED_PX + 1);
  g_autofree guint *widths = g_new0 (guint, LARGEST_COUNTED_PX + 1);
  const guint n = g_list_model_get_n_items (items);
  guint n_known = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      const int item_height = sl_item_get_height (item), item_width = sl_item_get_width (item);

      if (MIN (item_height, item_width) <= 0 || sl_item_get_state (item) != SL_ITEM_PRESENT)
        continue;
      count_side (heights, item_height);
      count_side (widths, item_width);
      n_known++;
    }
  *height = median (heights, n_known);
  *width = median (widths, n_known);
}

/* Never larger than the pictures: small ones as they are, others at half their shorter side in
 * steps of 32 px between the two bounds.  28 → 28, 160 → 64, 200 → 96, 600 → 128. */
static int
suggest_side (int side, gboolean dense)
{
  const int small = dense ? DENSE_SMALL_PX : SMALL_PX;
  const int largest = dense ? DENSE_LARGEST_PX : LARGEST_PX;

  if (side == 0)
    return largest;
  if (side <= small)
    return MAX (side, LEAST_PX);
  return CLAMP (side / 2 / STEP_PX * STEP_PX, small, largest);
}

/* @length where @shorter becomes @side, the longer side to the nearest 8 px. */
static int
scale_side (int length, int shorter, int side)
{
  if (side == shorter)
    return length;
  if (length == shorter)
    return side;
  return (length * side + STEP_LONGER_PX / 2 * shorter) / (STEP_LONGER_PX * shorter)
         * STEP_LONGER_PX;
}

/* A square for a label of the whole picture, which a crop of it has too.  Where each pixel is
 * answered for, a crop would leave some out: the shape of most pictures then, which are squished
 * to it, the longer side in steps of 8 px.  480×360 → 216×160. */
static void
suggest_size (GListModel *items, gboolean dense, SlRecipe *recipe)
{
  int height, width, shorter, side;

  median_size (items, &height, &width);
  shorter = MIN (height, width);
  side = suggest_side (shorter, dense);
  recipe->height = recipe->width = side;
  if (!dense || shorter == 0)
    return;
  recipe->height = scale_side (height, shorter, side);
  recipe->width = scale_side (width, shorter, side);
}

SlRecipe *
sl_project_suggest_recipe (SlProject *self)
{
  SlRecipe *recipe;
  gsize n_train;

  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  if (self->texts != NULL)
    return sl_project_suggest_to_learn (self, self->problem->n_classes > 0 ? SL_LEARN_TASK
                                                                           : SL_LEARN_LANGUAGE);
  recipe = sl_recipe_new ();
  n_train = sl_project_count (self, G_MAXUINT, SL_SPLIT_TRAIN);
  suggest_size (sl_project_get_items (self), self->problem->task->dense, recipe);
  if (n_train < FEW_PICTURES)
    recipe->stages[0].epochs = 12;
  else if (n_train < MANY_PICTURES)
    recipe->stages[0].epochs = 8;
  if (self->problem->task->suggest != NULL)
    self->problem->task->suggest (self->problem, recipe);
  return recipe;
}
