/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/review.h"

/* What the stored outputs say with another threshold: the task's own functions, on batches of one. */

typedef struct
{
  SlTensor *probabilities, *targets, *losses;
} Batch;

static void
batch_clear (Batch *self)
{
  g_clear_pointer (&self->probabilities, sl_tensor_unref);
  g_clear_pointer (&self->targets, sl_tensor_unref);
  g_clear_pointer (&self->losses, sl_tensor_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

static void
batch_init (Batch *self, const SlProblem *problem)
{
  SlDType dtype;
  SlShape shape;

  problem->task->target_layout (problem, 1, 1, 1, &dtype, &shape);
  self->probabilities = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE2 (1, problem->n_classes));
  self->targets = sl_tensor_new (dtype, shape);
  self->losses = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (1));
}

/* %FALSE: no outputs are stored.  *@has_target: whether the item's target could be laid out. */
static gboolean
batch_set (Batch *self, const SlProblem *problem, SlItem *item, gboolean *has_target)
{
  const char *target = sl_item_get_target (item);
  double loss = 0.;
  guint n;
  const float *outputs = sl_item_get_outputs (item, &n);

  if (outputs == NULL || n != problem->n_classes
      || !sl_item_get_prediction (item, &loss, NULL, NULL))
    return FALSE;
  for (guint i = 0; i < n; i++)
    sl_tensor_f32 (self->probabilities)[i] = outputs[i];
  sl_tensor_f32 (self->losses)[0] = (float)loss;
  *has_target = target != NULL
                && problem->task->encode (problem, target, NULL, self->targets, 0, NULL);
  return TRUE;
}

gboolean
sl_review_score (GListModel *items, const SlProblem *problem, const SlRecipe *recipe, int split,
                 double *metrics)
{
  g_auto (Batch) batch = { NULL };
  g_auto (SlScore) score = { 0 };

  g_return_val_if_fail (problem->task->has_threshold, FALSE);

  batch_init (&batch, problem);
  sl_score_init (&score, problem);
  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      gboolean has_target;

      if (sl_review_counts (item, split) && batch_set (&batch, problem, item, &has_target)
          && has_target)
        problem->task->score (problem, recipe, &score, 1, batch.losses, batch.probabilities,
                              batch.targets);
    }
  problem->task->finish_score (problem, &score, metrics);
  return score.weight > 0;
}

char *
sl_review_answer (SlItem *item, const SlProblem *problem, const SlRecipe *recipe,
                  double *probability)
{
  g_auto (Batch) batch = { NULL };
  SlPrediction prediction = { 0 };
  gboolean has_target;
  char *answer;

  g_return_val_if_fail (problem->task->has_threshold, NULL);

  batch_init (&batch, problem);
  if (!batch_set (&batch, problem, item, &has_target))
    return NULL;
  problem->task->describe (problem, recipe, has_target ? sl_item_get_target (item) : NULL, NULL,
                           batch.probabilities, has_target ? batch.targets : NULL, 0, &prediction);
  *probability = prediction.probability;
  answer = g_steal_pointer (&prediction.predicted);
  sl_prediction_clear (&prediction);
  return answer;
}
