/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-task-view.h"

static const SlopeTaskView *const views[] = {
  &slope_classify_view,
};

const SlopeTaskView *
slope_task_view_for (const SlTask *task)
{
  g_return_val_if_fail (task != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_str_equal (views[i]->task, task->id))
      return views[i];
  g_return_val_if_reached (NULL);
}
