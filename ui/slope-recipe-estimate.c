/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-recipe-estimate.h"

#include "config.h"

#include <glib/gi18n.h>

#define SWEEP_BATCHES 100

/* ---- Memory */

typedef struct
{
  SlRecipe *recipe;
  SlProblem *problem; /* owned reference */
  gsize n_train, n_valid;
  guint batch; /* result */
  gsize bytes; /* result */
} Prediction;

static void
prediction_free (gpointer data)
{
  Prediction *self = data;
  sl_recipe_free (self->recipe);
  sl_problem_unref (self->problem);
  g_free (self);
}

static void
predict_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Prediction *self = data;
  const SlTrainOutline outline = { .recipe = self->recipe,
                                   .problem = self->problem,
                                   .n_train = self->n_train,
                                   .n_valid = self->n_valid };
  self->batch = self->recipe->batch;
  if (self->batch == 0)
    self->batch = sl_auto_batch (&outline);
  if (!g_cancellable_is_cancelled (cancellable))
    self->bytes = sl_predict_training_bytes (&outline, self->batch);
  g_task_return_boolean (task, TRUE);
}

void
slope_recipe_predict_async (const SlRecipe *recipe, SlProblem *problem, gsize n_train,
                            gsize n_valid, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) job = g_task_new (NULL, cancellable, callback, user_data);
  Prediction *self = g_new0 (Prediction, 1);
  self->recipe = sl_recipe_copy (recipe);
  self->problem = sl_problem_ref (problem);
  self->n_train = n_train;
  self->n_valid = n_valid;
  g_task_set_source_tag (job, slope_recipe_predict_async);
  g_task_set_task_data (job, self, prediction_free);
  g_task_run_in_thread (job, predict_in_thread);
}

gboolean
slope_recipe_predict_finish (GAsyncResult *result, guint *batch, gsize *bytes, GError **error)
{
  Prediction *self = g_task_get_task_data (G_TASK (result));
  g_return_val_if_fail (g_async_result_is_tagged (result, slope_recipe_predict_async), FALSE);
  *batch = self->batch;
  *bytes = self->bytes;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Time */

/* Whether an epoch of stage @stage of @recipe takes as long as one of the stage that is all of @wanted. */
static gboolean
stage_is_alike (const SlRecipe *recipe, guint stage, const SlRecipe *wanted)
{
  g_autoptr (SlRecipe) own = stage < recipe->n_stages ? sl_recipe_for_stage (recipe, stage) : NULL;
  return own && own->learn == wanted->learn && own->height == wanted->height
         && own->width == wanted->width && own->stages[0].freeze_to == wanted->stages[0].freeze_to;
}

static guint
count_batches (SlRun *run, guint epoch)
{
  guint found = 0;
  gsize n;
  const SlBatchRecord *batches = sl_run_get_batches (run, &n);
  for (gsize i = 0; i < n; i++)
    found += (guint)batches[i].epoch + 1 == epoch;
  return found;
}

/* Mean seconds of @run's epochs that were like those of @wanted, a recipe of one stage; *@steps:
 * (nullable): batches of one.  Negative: none. */
static double
epoch_seconds (SlRun *run, const SlRecipe *wanted, guint *steps)
{
  const SlRecipe *recipe = sl_run_get_recipe (run);
  double sum = 0;
  guint last = 0;
  gsize n, found = 0;
  const SlEpochRecord *epochs = sl_run_get_epochs (run, &n);
  for (gsize i = 0; i < n; i++)
    if (stage_is_alike (recipe, epochs[i].stage, wanted))
      {
        sum += epochs[i].seconds;
        last = epochs[i].epoch;
        found++;
      }
  if (found > 0 && steps)
    *steps = count_batches (run, last);
  return found > 0 ? sum / (double)found : -1;
}

/* The newest run of the same network, size and freezing that knows; *@steps: batches of its epochs. */
static double
known_epoch_seconds (SlProject *project, const SlRecipe *recipe, guint stage, guint *steps)
{
  g_autoptr (SlRecipe) wanted = sl_recipe_for_stage (recipe, stage);
  GListModel *runs = sl_project_get_runs (project);
  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
      double seconds = g_str_equal (sl_run_get_recipe (run)->arch, wanted->arch)
                           ? epoch_seconds (run, wanted, steps)
                           : -1;
      if (seconds >= 0)
        return seconds;
    }
  return -1;
}

double
slope_recipe_estimate_seconds (SlProject *project, const SlRecipe *recipe)
{
  double sum = 0;
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      double seconds = known_epoch_seconds (project, recipe, i, NULL);
      if (seconds < 0)
        return -1;
      sum += seconds * recipe->stages[i].epochs;
    }
  return sum;
}

double
slope_recipe_estimate_sweep (SlProject *project, const SlRecipe *recipe, guint stage)
{
  guint steps = 0;
  double seconds = known_epoch_seconds (project, recipe, stage, &steps);
  return seconds >= 0 && steps > 0 ? seconds / steps * SWEEP_BATCHES : -1;
}

/* ---- Words */

char *
slope_recipe_describe_network (const SlRecipe *recipe)
{
  const SlArch *arch = sl_arch_find (recipe->arch);
  const char *name = arch ? _ (arch->label) : recipe->arch;
  int first = 0, last = 0; /* widths of the first and last stage */
  if (arch && arch->texts)
    /* Translators: a network, and that it learns which word comes next: "AWD-LSTM, language model" */
    return recipe->learn == SL_LEARN_LANGUAGE ? g_strdup_printf (_ ("%s, language model"), name)
                                              : g_strdup (name);
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      last = recipe->stages[i].width > 0 ? recipe->stages[i].width : recipe->width;
      first = i == 0 ? last : first;
    }
  if (first != last)
    /* Translators: network and width of the pictures in pixels in the first and last stage: "ResNet-18, 64 to 256 px" */
    return g_strdup_printf (_ ("%s, %d to %d px"), name, first, last);
  if (recipe->height == recipe->width)
    /* Translators: network and picture size in pixels: "ResNet-18, 128 px" */
    return g_strdup_printf (_ ("%s, %d px"), name, recipe->width);
  /* Translators: network, width and height of the pictures in pixels */
  return g_strdup_printf (_ ("%s, %d × %d px"), name, recipe->width, recipe->height);
}

char *
slope_recipe_describe_stages (const SlRecipe *recipe)
{
  guint n = sl_recipe_n_epochs (recipe);
  g_autofree char *stages = g_strdup_printf (ngettext ("%u stage", "%u stages", recipe->n_stages),
                                             recipe->n_stages);
  g_autofree char *epochs = g_strdup_printf (ngettext ("%u epoch", "%u epochs", n), n);
  /* Translators: number of stages, number of epochs: "2 stages, 6 epochs" */
  return g_strdup_printf (_ ("%s, %s"), stages, epochs);
}
