/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include "review/review.h"

#include <math.h>

/* Where pictures have several labels: what is said from which probability on. */

static SlRun *
evaluated_run (SlProject *self)
{
  if (!self->problem->task->has_threshold || self->evaluated_run == 0)
    return NULL;
  return sl_project_find_run (self, self->evaluated_run);
}

SlLabelErrors *
sl_project_label_errors (SlProject *self, int split, guint *n)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && n != NULL, NULL);

  *n = self->problem->n_classes;
  return sl_review_label_errors (G_LIST_MODEL (self->items), self->problem, split);
}

double
sl_project_get_threshold (SlProject *self)
{
  SlRun *run;

  g_return_val_if_fail (SL_IS_PROJECT (self), NAN);

  run = evaluated_run (self);
  return run != NULL ? run->recipe->threshold : NAN;
}

gboolean
sl_project_score_at (SlProject *self, double threshold, int split, double *metrics)
{
  g_autoptr (SlRecipe) recipe = NULL;
  SlRun *run;

  g_return_val_if_fail (SL_IS_PROJECT (self) && metrics != NULL, FALSE);
  g_return_val_if_fail (threshold >= 0 && threshold <= 1, FALSE);

  run = evaluated_run (self);
  if (run == NULL)
    return FALSE;
  recipe = sl_recipe_copy (run->recipe);
  recipe->threshold = threshold;
  return sl_review_score (G_LIST_MODEL (self->items), self->problem, recipe, split, metrics);
}

/* ---- Setting it */

typedef struct
{
  SlItem *item;
  char *predicted;
  double probability;
} Answer;

static void
answer_clear (gpointer data)
{
  g_free (((Answer *)data)->predicted);
}

/* (transfer full): of Answer, of the items that are said something else of. */
static GArray *
find_answers (SlProject *self, const SlRecipe *recipe)
{
  GArray *answers = g_array_new (FALSE, FALSE, sizeof (Answer));

  g_array_set_clear_func (answers, answer_clear);
  for (guint i = 0; i < sl_item_list_n (self->items); i++)
    {
      Answer answer = { .item = sl_item_list_at (self->items, i) };

      answer.predicted = sl_review_answer (answer.item, self->problem, recipe, &answer.probability);
      if (g_strcmp0 (answer.predicted, answer.item->predicted) == 0)
        g_free (answer.predicted);
      else if (answer.predicted != NULL)
        g_array_append_val (answers, answer);
    }
  return answers;
}

static gboolean
write_answers (SlProject *self, SlRun *run, const SlRecipe *recipe, GArray *answers, GError **error)
{
  g_autofree char *json = sl_recipe_to_json (recipe);
  g_autoptr (SlQuery)
      update_run = sl_query_new (self->store, "UPDATE run SET recipe = ?1 WHERE id = ?2");
  g_autoptr (SlQuery) update = sl_query_new (
      self->store, "UPDATE prediction SET predicted = ?1, probability = ?2 WHERE item = ?3");

  sl_query_bind_text (update_run, 1, json);
  sl_query_bind_int (update_run, 2, run->id);
  if (!sl_query_run (update_run, error))
    return FALSE;
  for (guint i = 0; i < answers->len; i++)
    {
      const Answer *answer = &g_array_index (answers, Answer, i);

      sl_query_bind_text (update, 1, answer->predicted);
      sl_query_bind_real (update, 2, answer->probability);
      sl_query_bind_int (update, 3, answer->item->id);
      if (!sl_query_run (update, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
store_answers (SlProject *self, SlRun *run, const SlRecipe *recipe, GArray *answers, GError **error)
{
  if (!sl_store_begin (self->store, FALSE, error))
    return FALSE;
  if (write_answers (self, run, recipe, answers, error))
    return sl_store_commit (self->store, error);
  sl_store_rollback (self->store);
  return FALSE;
}

gboolean
sl_project_set_threshold (SlProject *self, double threshold, GError **error)
{
  g_autoptr (SlRecipe) recipe = NULL, next = NULL;
  g_autoptr (GArray) answers = NULL;
  SlRun *run;

  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  g_return_val_if_fail (threshold >= 0 && threshold <= 1, FALSE);

  run = evaluated_run (self);
  if (run == NULL)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_STATE,
                           "No model has looked at the pictures: evaluate a run first");
      return FALSE;
    }
  recipe = sl_recipe_copy (run->recipe);
  recipe->threshold = threshold;
  answers = find_answers (self, recipe);
  if (!sl_project_check_writable (self, error)
      || !store_answers (self, run, recipe, answers, error))
    return FALSE;
  run->recipe->threshold = threshold;
  for (guint i = 0; i < answers->len; i++)
    {
      const Answer *answer = &g_array_index (answers, Answer, i);
      char *shared = g_ref_string_new_intern (answer->predicted);

      sl_item_set_prediction (answer->item, answer->item->loss, answer->probability, shared);
      g_ref_string_release (shared);
    }
  next = sl_project_dup_recipe (self);
  next->threshold = threshold;
  sl_project_set_recipe (self, next);
  return TRUE;
}
