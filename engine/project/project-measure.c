/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was answered to a picture, held against another label: loss, probability and distances as the model would
 * have found them, from what is kept of its answer. */
#include "project/project-private.h"
#include "train/network.h"

/* As the picture was seen when it was evaluated. */
static void
set_view (SlPictureView *view, const SlItem *item, const SlRecipe *recipe)
{
  g_autoptr (SlRecipe) last = sl_recipe_for_stage (recipe, recipe->n_stages - 1);
  SlLoaderOptions options;

  *view = (SlPictureView){
    .width = MAX (item->width, 1), .height = MAX (item->height, 1), .scale_x = 1, .scale_y = 1
  };
  sl_network_loader_options (last, 1, FALSE, &options);
  sl_transform_draw (&view->transform, NULL, options.resize, view->width, view->height,
                     options.width, options.height, 0);
}

/* What is stored of probabilities is the answer's own; of points and numbers the words are. */
static gboolean
measure (const SlProblem *problem, const SlRecipe *recipe, const SlItem *item,
         SlPrediction *prediction)
{
  const SlTask *task = problem->task;
  SlPictureView view;

  prediction->id = item->id;
  prediction->predicted = g_strdup (item->predicted);
  if (task->has_classes)
    {
      prediction->outputs = g_memdup2 (item->outputs, item->n_outputs * sizeof *item->outputs);
      prediction->n_outputs = item->n_outputs;
    }
  set_view (&view, item, recipe);
  return task->measure (problem, recipe, item->target, &view, prediction);
}

static gboolean
write_measured (SlProject *self, const SlItem *item, GError **error)
{
  g_autoptr (SlQuery) update = sl_query_new (self->store, "UPDATE prediction SET loss = ?,"
                                                          " probability = ?, outputs = ?"
                                                          " WHERE item = ?");

  sl_query_bind_real (update, 1, item->loss);
  sl_query_bind_real (update, 2, item->probability);
  sl_query_bind_floats (update, 3, item->outputs, item->n_outputs);
  sl_query_bind_int (update, 4, item->id);
  return sl_query_run (update, error);
}

void
sl_project_measure_item (SlProject *self, SlItem *item)
{
  const SlTask *task = self->problem->task;
  SlRun *run = self->evaluated_run != 0 ? sl_project_find_run (self, self->evaluated_run) : NULL;
  SlPrediction prediction = { 0 };
  g_autoptr (GError) error = NULL;

  if (run == NULL || !item->evaluated || item->target == NULL || task->measure == NULL)
    return;
  if (measure (self->problem, run->recipe, item, &prediction))
    {
      guint n;
      g_autofree float *kept = sl_prediction_dup_kept (&prediction, task, &n);

      sl_item_set_outputs (item, kept, n);
      sl_item_set_prediction (item, prediction.loss, prediction.probability, item->predicted);
      if (!write_measured (self, item, &error))
        g_info ("What a new label means for the model's answer was not written: %s",
                error->message);
    }
  sl_prediction_clear (&prediction);
}
