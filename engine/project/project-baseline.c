/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a project's pictures would score without being looked at. */
#include "project/project-private.h"
#include <slope/baseline.h>
#include <string.h>

/* Copied from the project, so that it can be worked out on any thread. */
typedef struct
{
  SlProblem *problem;
  SlRecipe *recipe;
  GArray *train, *valid; /* of SlBaselineItem, targets owned */
  double metrics[SL_MAX_METRICS];
} BaselineJob;

static void
item_clear (gpointer item)
{
  g_free ((char *)((SlBaselineItem *)item)->target);
}

static GArray *
list_split (SlProject *self, SlSplit split)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (SlBaselineItem));

  g_array_set_clear_func (list, item_clear);
  for (guint i = 0; i < sl_item_list_n (self->items); i++)
    {
      const SlItem *item = sl_item_list_at (self->items, i);
      SlBaselineItem entry = { .width = item->width, .height = item->height };

      if (self->texts != NULL) /* of no size that would matter */
        entry.width = entry.height = 1;

      if (item->split != split || item->state != SL_ITEM_PRESENT)
        continue;
      entry.target = g_strdup (item->target);
      g_array_append_val (list, entry);
    }
  return list;
}

static BaselineJob *
job_new (SlProject *self, const SlRecipe *recipe)
{
  g_autoptr (SlRecipe) own = recipe == NULL ? sl_project_dup_recipe (self) : NULL;
  BaselineJob *job = g_new0 (BaselineJob, 1);

  if (recipe == NULL)
    recipe = own;
  job->problem = sl_problem_ref (self->problem);
  job->recipe = sl_recipe_for_stage (recipe, recipe->n_stages - 1);
  job->train = list_split (self, SL_SPLIT_TRAIN);
  job->valid = list_split (self, SL_SPLIT_VALID);
  return job;
}

static void
job_free (BaselineJob *job)
{
  sl_problem_unref (job->problem);
  sl_recipe_free (job->recipe);
  g_array_unref (job->train);
  g_array_unref (job->valid);
  g_free (job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaselineJob, job_free)

static gboolean
job_run (BaselineJob *job)
{
  if (job->recipe->learn == SL_LEARN_LANGUAGE)
    return FALSE;
  return sl_baseline_score (job->problem, job->recipe, (const SlBaselineItem *)job->train->data,
                            job->train->len, (const SlBaselineItem *)job->valid->data,
                            job->valid->len, job->metrics);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_boolean (task, job_run (data));
}

gboolean
sl_project_baseline (SlProject *self, const SlRecipe *recipe, double *metrics)
{
  g_autoptr (BaselineJob) job = NULL;

  g_return_val_if_fail (SL_IS_PROJECT (self) && metrics != NULL, FALSE);

  job = job_new (self, recipe);
  if (!job_run (job))
    return FALSE;
  memcpy (metrics, job->metrics, sizeof job->metrics);
  return TRUE;
}

void
sl_project_baseline_async (SlProject *self, const SlRecipe *recipe, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SL_IS_PROJECT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_baseline_async);
  g_task_set_task_data (task, job_new (self, recipe), (GDestroyNotify)job_free);
  g_task_run_in_thread (task, run_in_thread);
}

gboolean
sl_project_baseline_finish (SlProject *self, GAsyncResult *result, double *metrics, GError **error)
{
  BaselineJob *job;

  g_return_val_if_fail (g_task_is_valid (result, self) && metrics != NULL, FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  job = g_task_get_task_data (G_TASK (result));
  memcpy (metrics, job->metrics, sizeof job->metrics);
  return TRUE;
}
