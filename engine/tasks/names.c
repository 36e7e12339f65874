/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks/names.h"
#include <math.h>
#include <string.h>

gint32
sl_names_find (const SlProblem *problem, const char *name, gsize length)
{
  gsize low = 0, high = problem->n_classes;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      const char *other = problem->classes[middle];
      int order = strncmp (name, other, length);

      if (order == 0 && other[length] == '\0')
        return (gint32)middle;
      if (order < 0 || (order == 0 && other[length] != '\0'))
        high = middle;
      else
        low = middle + 1;
    }
  return -1;
}

gboolean
sl_number_read (const char **text, char stop, double *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (*text, &end);
  if (end == *text || !isfinite (*value) || g_ascii_isspace (**text)
      || (*end != '\0' && *end != ' ' && *end != stop))
    return FALSE;
  *text = end;
  return TRUE;
}

gboolean
sl_classes_measure (const SlProblem *problem, const SlRecipe *recipe, const char *target,
                    const SlPictureView *view, SlPrediction *prediction)
{
  const SlTask *task = problem->task;
  const guint n = problem->n_classes;
  g_autoptr (SlTensor) probabilities = NULL, targets = NULL, losses = NULL;
  SlDType dtype;
  SlShape shape;

  if (prediction->n_outputs != n)
    return FALSE;
  task->target_layout (problem, 1, 1, 1, &dtype, &shape);
  probabilities = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE2 (1, n));
  targets = sl_tensor_new (dtype, shape);
  losses = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (1));
  if (target == NULL || !task->encode (problem, target, view, targets, 0, NULL))
    return FALSE;
  memcpy (sl_tensor_f32 (probabilities), prediction->outputs, n * sizeof *prediction->outputs);
  task->item_losses (problem, recipe, 1, probabilities, targets, losses);
  task->describe (problem, recipe, target, view, probabilities, targets, 0, prediction);
  prediction->loss = sl_tensor_f32 (losses)[0];
  return TRUE;
}
