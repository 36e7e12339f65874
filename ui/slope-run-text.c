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

int
slope_task_shown_metric (const SlTask *task)
{
  for (guint i = 0; i < task->n_metrics; i++)
    if (task->metrics[i].percent && !task->metrics[i].higher_is_better)
      return (int)i;
  return task->n_metrics > 0 ? 0 : -1;
}

char *
slope_run_figure (SlRun *run, const SlTask *task)
{
  int metric = slope_task_shown_metric (task);
  if (metric < 0)
    return g_strdup ("–");
  return slope_format_metric (task->metrics[metric].name, sl_run_get_metric (run, (guint)metric));
}
