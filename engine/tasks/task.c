/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/task.h>

static const SlTask *const tasks[] = { &sl_task_classify, &sl_task_multilabel, &sl_task_segment,
                                       &sl_task_points,   &sl_task_numbers,    &sl_task_text,
                                       NULL };

const SlTask *
sl_task_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; tasks[i] != NULL; i++)
    if (g_str_equal (tasks[i]->id, id))
      return tasks[i];
  return g_str_equal (id, sl_task_language.id) ? &sl_task_language : NULL;
}

const SlTask *const *
sl_task_all (void)
{
  return tasks;
}
