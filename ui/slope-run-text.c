/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-run-text.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>
#include <inttypes.h>

char *
slope_run_title (SlRun *run)
{
  return g_strdup_printf (_ ("Run %" PRId64), sl_run_get_id (run));
}

const char *
slope_run_state_label (SlRunState state)
{
  switch (state)
    {
    case SL_RUN_RUNNING:
      return _ ("Training");
    case SL_RUN_DONE:
      return _ ("Done");
    case SL_RUN_STOPPED:
      return _ ("Stopped");
    case SL_RUN_INTERRUPTED:
      return _ ("Interrupted");
    case SL_RUN_FAILED:
      return _ ("Failed");
    }
  return "";
}

char *
slope_run_title_state (SlRun *run)
{
  /* Translators: a run and its state: "Run 4, Training" */
  return g_strdup_printf (_ ("Run %" PRId64 ", %s"), sl_run_get_id (run),
                          slope_run_state_label (sl_run_get_state (run)));
}

static char *
stages_before (const SlRecipe *recipe, guint stage)
{
  g_autoptr (SlRecipe) before = sl_recipe_copy (recipe);
  before->n_stages = stage;
  return sl_recipe_stages_to_json (before);
}

char *
slope_run_why_not_again (SlRun *run, const SlRecipe *recipe, guint stage)
{
  const SlRecipe *past = sl_run_get_recipe (run);
  gint64 id = sl_run_get_id (run);
  g_autofree char *had = NULL, *has = NULL;
  if (!g_str_equal (past->arch, recipe->arch))
    return g_strdup_printf (_ ("Run %" PRId64 " trained another network"), id);
  if (stage >= MIN (past->n_stages, recipe->n_stages))
    return g_strdup_printf (_ ("Run %" PRId64 " has no such stage"), id);
  had = stages_before (past, stage);
  has = stages_before (recipe, stage);
  if (!g_str_equal (had, has))
    return g_strdup_printf (_ ("Run %" PRId64 " had other stages before this one"), id);
  if (stage < sl_run_get_from_stage (run))
    return g_strdup_printf (
        _ ("Run %" PRId64 " began with a later stage of run %" PRId64 ": train that one again"), id,
        sl_run_get_from_run (run));
  if (!sl_run_has_stage (run, stage))
    return g_strdup_printf (_ ("The weights that run %" PRId64
                               " began it with are not kept: it is too long ago, "
                               "or did not come so far"),
                            id);
  return NULL;
}

char *
slope_run_describe_kept (SlRun *run)
{
  const SlPlanRecord *plan = sl_run_get_plan (run);
  g_autofree char *size = NULL;
  guint stage = plan ? plan->stage + 1 : 0;
  if (!plan || sl_run_get_recipe (run)->views == 0)
    return NULL;
  size = slope_format_memory (plan->kept_bytes);
  switch (plan->kept)
    {
    case SL_KEPT_USED:
      if (plan->kept_views >= sl_run_get_recipe (run)->stages[plan->stage].epochs)
        return g_strdup_printf (
            _ ("Stage %u trains the head from kept outputs (%s), but has a view "
               "for each epoch: only fewer views than epochs save time."),
            stage, size);
      return g_strdup_printf (
          /* Translators: number of a stage, of epochs, an amount of memory */
          ngettext ("Stage %u trains the head from kept outputs: the body runs in the first %u "
                    "epoch only (%s).",
                    "Stage %u trains the head from kept outputs: the body runs in the first %u "
                    "epochs only (%s).",
                    plan->kept_views),
          stage, plan->kept_views, size);
    case SL_KEPT_NORMS_TRAINED:
      return g_strdup_printf (_ ("Stage %u keeps no outputs: batch norms go on learning."), stage);
    case SL_KEPT_MIXUP:
      return g_strdup_printf (_ ("Stage %u keeps no outputs: pictures are mixed anew each time."),
                              stage);
    case SL_KEPT_NO_MEMORY:
      return g_strdup_printf (_ ("Stage %u keeps no outputs: %s would take too much memory."),
                              stage, size);
    case SL_KEPT_DENSE:
    case SL_KEPT_NEW_VIEWS:
    case SL_KEPT_NOT_FROZEN:
      break;
    }
  return NULL;
}

int
slope_task_shown_metric (const SlTask *task)
{
  for (guint i = 0; i < task->n_metrics; i++)
    if (!task->metrics[i].higher_is_better)
      return (int)i;
  return task->n_metrics > 0 ? 0 : -1;
}

char *
slope_run_figure (SlRun *run, const SlTask *task)
{
  int metric = slope_task_shown_metric (task);
  g_autofree char *value = NULL;
  if (metric < 0)
    return g_strdup ("–");
  value = slope_format_metric (task->metrics[metric].name, sl_run_get_metric (run, (guint)metric));
  /* Beside the errors of other runs it needs its name. */
  return task == &sl_task_language
             /* translators: name and value of a figure: "Error 4.0 %" */
             ? g_strdup_printf (_ ("%s %s"), slope_metric_label (task->metrics[metric].name), value)
             : g_steal_pointer (&value);
}
