/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The score of a single answer for all pictures, through the task's own encode() and score(), so that its
 * figures are those of the epochs' table. */
#include "train/network.h"
#include <math.h>
#include <slope/baseline.h>

typedef struct
{
  const SlProblem *problem;
  const SlRecipe *recipe;
  SlResize resize;
  SlTensor *target; /* of one item; owned */
} Reader;

/* As the picture is seen in validation. */
static gboolean
read_item (Reader *self, const SlBaselineItem *item)
{
  SlPictureView view = { .width = item->width, .height = item->height, .scale_x = 1, .scale_y = 1 };

  if (item->target == NULL || item->width <= 0 || item->height <= 0)
    return FALSE;
  sl_transform_draw (&view.transform, NULL, self->resize, item->width, item->height,
                     self->recipe->width, self->recipe->height, 0);
  return self->problem->task->encode (self->problem, item->target, &view, self->target, 0, NULL);
}

/* (transfer full): (1, n_outputs); 0 where no target says anything. */
static SlTensor *
mean_answer (Reader *self, const SlBaselineItem *items, gsize n)
{
  const SlTask *task = self->problem->task;
  const guint k = task->n_outputs (self->problem);
  SlTensor *answer = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE2 (1, k));
  g_autofree double *sums = g_new0 (double, 2 * (gsize)k);
  g_autofree float *row = g_new (float, 2 * (gsize)k);

  for (gsize i = 0; i < n; i++)
    {
      if (!read_item (self, &items[i]))
        continue;
      task->perfect (self->problem, self->target, 0, row, row + k);
      for (guint j = 0; j < k; j++)
        {
          sums[j] += row[j] * row[k + j];
          sums[k + j] += row[k + j];
        }
    }
  for (guint j = 0; j < k; j++)
    sl_tensor_f32 (answer)[j] = sums[k + j] > 0 ? (float)(sums[j] / sums[k + j]) : 0.0f;
  return answer;
}

gboolean
sl_baseline_score (const SlProblem *problem, const SlRecipe *recipe, const SlBaselineItem *train,
                   gsize n_train, const SlBaselineItem *valid, gsize n_valid, double *metrics)
{
  const SlTask *task;
  Reader reader = { .problem = problem, .recipe = recipe };
  g_autoptr (SlTensor) answer = NULL;
  g_autoptr (SlTensor) loss = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (1));
  g_auto (SlScore) score = { 0 };
  SlLoaderOptions options;
  SlDType dtype;
  SlShape shape;

  g_return_val_if_fail (problem != NULL && recipe != NULL && metrics != NULL, FALSE);
  task = problem->task;
  if (task->perfect == NULL)
    return FALSE;
  sl_network_loader_options (recipe, 1, FALSE, &options);
  reader.resize = options.resize;
  task->target_layout (problem, 1, recipe->height, recipe->width, &dtype, &shape);
  reader.target = sl_tensor_new (dtype, shape);
  answer = mean_answer (&reader, train, n_train);
  sl_score_init (&score, problem);
  sl_tensor_f32 (loss)[0] = 0;
  for (gsize i = 0; i < n_valid; i++)
    if (read_item (&reader, &valid[i]))
      task->score (problem, recipe, &score, 1, loss, answer, reader.target);
  task->finish_score (problem, &score, metrics);
  sl_tensor_unref (reader.target);
  return TRUE;
}
