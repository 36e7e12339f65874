/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/task.h>

static const SlTask *const tasks[] = { &sl_task_classify, NULL };

const SlTask *
sl_task_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; tasks[i] != NULL; i++)
    if (g_str_equal (tasks[i]->id, id))
      return tasks[i];
  return NULL;
}

const SlTask *const *
sl_task_all (void)
{
  return tasks;
}

void
sl_prediction_clear (SlPrediction *self)
{
  g_clear_pointer (&self->predicted, g_free);
  g_clear_pointer (&self->outputs, g_free);
  self->n_outputs = 0;
}

void
sl_prediction_free (SlPrediction *self)
{
  sl_prediction_clear (self);
  g_free (self);
}
