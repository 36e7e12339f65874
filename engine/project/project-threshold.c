/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/answers.h"
#include "project/project-private.h"
#include "project/store-runs.h"

#include <math.h>
#include <string.h>

/* Where pictures have several labels: what is said from which probability on.
 *
 * Whatever goes over all pictures does so on a thread, over a copy of what is stored of them (SlAnswers), which
 * is kept until something changes.  A new threshold is two rows of the database, however many pictures there
 * are: opening reads the answers from their outputs again.
 *
 * Of 100,000 pictures with 17 labels, tests/bench/threshold-cost measured 30 ms of the main thread's time for the
 * longest turn of its loop, that in which all items take their new answers, and 4 ms of 10,000.  Done at once it
 * was 160 to 390 ms to set, since each answer was written to the database, 19 for the figures and 70 for
 * the counts. */

static SlRun *
evaluated_run (SlProject *self)
{
  if (!self->problem->task->has_threshold || self->evaluated_run == 0)
    return NULL;
  return sl_project_find_run (self, self->evaluated_run);
}

static SlAnswers *
get_answers (SlProject *self)
{
  if (self->answers == NULL)
    self->answers = sl_answers_new (sl_item_list_all (self->items), sl_item_list_n (self->items),
                                    self->problem);
  return self->answers;
}

void
sl_project_forget_answers (SlProject *self)
{
  g_clear_pointer (&self->answers, sl_answers_unref);
}

/* (transfer full): of @run, with another threshold */
static SlRecipe *
recipe_at (SlRun *run, double threshold)
{
  SlRecipe *recipe = sl_recipe_copy (run->recipe);

  recipe->threshold = threshold;
  return recipe;
}

double
sl_project_get_threshold (SlProject *self)
{
  SlRun *run;

  g_return_val_if_fail (SL_IS_PROJECT (self), NAN);

  run = evaluated_run (self);
  return run != NULL ? run->recipe->threshold : NAN;
}

/* ---- What a threshold leads to */

typedef struct
{
  SlAnswers *answers;
  SlRecipe *recipe; /* (nullable) */
  int split;
  double metrics[SL_MAX_METRICS]; /* out */
} Question;

static Question *
question_new (SlProject *self, SlRecipe *recipe, int split)
{
  Question *question = g_new0 (Question, 1);

  question->answers = sl_answers_ref (get_answers (self));
  question->recipe = recipe;
  question->split = split;
  return question;
}

static void
question_free (Question *self)
{
  sl_answers_unref (self->answers);
  sl_recipe_free (self->recipe);
  g_free (self);
}

/* The project may be closed and gone before the answer comes: it is not needed for it. */
static GTask *
ask (gpointer tag, Question *question, GTaskThreadFunc func, GAsyncReadyCallback callback,
     gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);
  if (question != NULL)
    {
      g_task_set_task_data (task, question, (GDestroyNotify)question_free);
      g_task_run_in_thread (task, func);
    }
  return task;
}

static void
count_errors_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;

  g_task_return_pointer (task, sl_answers_label_errors (question->answers, question->split),
                         g_free);
}

SlLabelErrors *
sl_project_label_errors (SlProject *self, int split, guint *n)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && n != NULL, NULL);
  g_return_val_if_fail (self->problem->task->has_threshold, NULL);

  *n = self->problem->n_classes;
  return sl_answers_label_errors (get_answers (self), split);
}

void
sl_project_label_errors_async (SlProject *self, int split, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && self->problem->task->has_threshold);

  task = ask (sl_project_label_errors_async, question_new (self, NULL, split),
              count_errors_in_thread, callback, user_data);
}

SlLabelErrors *
sl_project_label_errors_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_project_label_errors_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
score_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;

  g_task_return_boolean (task, sl_answers_score (question->answers, question->recipe,
                                                 question->split, question->metrics));
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
  recipe = recipe_at (run, threshold);
  return sl_answers_score (get_answers (self), recipe, split, metrics);
}

void
sl_project_score_at_async (SlProject *self, double threshold, int split,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Question *question = NULL;
  SlRun *run;

  g_return_if_fail (SL_IS_PROJECT (self));
  g_return_if_fail (threshold >= 0 && threshold <= 1);

  run = evaluated_run (self);
  if (run != NULL)
    question = question_new (self, recipe_at (run, threshold), split);
  task = ask (sl_project_score_at_async, question, score_in_thread, callback, user_data);
  if (question == NULL)
    g_task_return_boolean (task, FALSE);
}

gboolean
sl_project_score_at_finish (GAsyncResult *result, double *metrics)
{
  const Question *question;

  g_return_val_if_fail (g_async_result_is_tagged (result, sl_project_score_at_async), FALSE);
  g_return_val_if_fail (metrics != NULL, FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return FALSE;
  question = g_task_get_task_data (G_TASK (result));
  memcpy (metrics, question->metrics, sizeof question->metrics);
  return TRUE;
}

/* ---- Setting it */

typedef struct
{
  SlAnswers *answers;
  SlRecipe *recipe;
  gint64 run;
} Move;

static void
move_free (Move *self)
{
  sl_answers_unref (self->answers);
  sl_recipe_free (self->recipe);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Move, move_free)

static Move *
move_new (SlProject *self, double threshold, GError **error)
{
  SlRun *run = evaluated_run (self);
  Move *move;

  if (run == NULL)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_STATE,
                           "No model has looked at the pictures: evaluate a run first");
      return NULL;
    }
  if (!sl_project_check_writable (self, error))
    return NULL;
  move = g_new (Move, 1);
  move->answers = sl_answers_ref (get_answers (self));
  move->recipe = recipe_at (run, threshold);
  move->run = run->id;
  return move;
}

static void
take_answer (SlItem *item, const SlAnswer *answer)
{
  sl_item_set_prediction (item, item->loss, answer->probability, answer->predicted);
}

/* Of pictures that got another label while the answers were read. */
static void
answer_anew (GPtrArray *items, SlProblem *problem, const SlRecipe *recipe)
{
  for (guint i = 0; i < items->len; i++)
    {
      SlItem *item = g_ptr_array_index (items, i);
      g_autoptr (SlAnswers) one = sl_answers_new (&item, 1, problem);
      g_autoptr (GArray) answers = sl_answers_read (one, recipe, NULL);

      if (answers->len > 0)
        take_answer (item, &g_array_index (answers, SlAnswer, 0));
    }
}

/* Both the items and the answers are by id. */
static void
take_answers (SlProject *self, const SlRecipe *recipe, GArray *answers)
{
  const guint n = sl_item_list_n (self->items);
  g_autoptr (GPtrArray) relabelled = g_ptr_array_new ();
  guint at = 0;

  for (guint i = 0; i < answers->len; i++)
    {
      const SlAnswer *answer = &g_array_index (answers, SlAnswer, i);
      SlItem *item;

      while (at < n && sl_item_list_at (self->items, at)->id < answer->id)
        at++;
      item = at < n ? sl_item_list_at (self->items, at) : NULL;
      if (item == NULL || item->id != answer->id) /* gone with the bin */
        continue;
      if (item->target == answer->target)
        take_answer (item, answer);
      else
        g_ptr_array_add (relabelled, item);
    }
  answer_anew (relabelled, self->problem, recipe);
  sl_project_forget_answers (self);
}

static gboolean
settle_move (SlProject *self, const Move *move, GArray *answers, GError **error)
{
  g_autoptr (SlRecipe) next = NULL;

  if (!sl_project_check_writable (self, error)
      || !sl_store_set_threshold (self->store, move->run, move->recipe, error))
    return FALSE;
  sl_project_find_run (self, move->run)->recipe->threshold = move->recipe->threshold;
  take_answers (self, move->recipe, answers);
  next = sl_project_dup_recipe (self);
  next->threshold = move->recipe->threshold;
  sl_project_set_recipe (self, next);
  return TRUE;
}

void
sl_project_cancel_threshold (SlProject *self)
{
  if (self->moving != NULL)
    g_cancellable_cancel (self->moving);
  g_clear_object (&self->moving);
}

gboolean
sl_project_set_threshold (SlProject *self, double threshold, GError **error)
{
  g_autoptr (GArray) answers = NULL;
  g_autoptr (Move) move = NULL;

  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  g_return_val_if_fail (threshold >= 0 && threshold <= 1, FALSE);

  sl_project_cancel_threshold (self);
  move = move_new (self, threshold, error);
  if (move == NULL)
    return FALSE;
  answers = sl_answers_read (move->answers, move->recipe, NULL);
  return settle_move (self, move, answers, error);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Move *move = data;
  GArray *answers = sl_answers_read (move->answers, move->recipe, cancellable);

  if (answers != NULL)
    g_task_return_pointer (task, answers, (GDestroyNotify)g_array_unref);
  else
    g_task_return_error_if_cancelled (task);
}

void
sl_project_set_threshold_async (SlProject *self, double threshold, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Move *move;

  g_return_if_fail (SL_IS_PROJECT (self));
  g_return_if_fail (threshold >= 0 && threshold <= 1);

  sl_project_cancel_threshold (self);
  self->moving = g_cancellable_new ();
  task = g_task_new (self, self->moving, callback, user_data);
  g_task_set_source_tag (task, sl_project_set_threshold_async);
  move = move_new (self, threshold, &error);
  if (move == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, move, (GDestroyNotify)move_free);
  g_task_run_in_thread (task, read_in_thread);
}

gboolean
sl_project_set_threshold_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GArray) answers = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  answers = g_task_propagate_pointer (G_TASK (result), error);
  if (answers == NULL)
    return FALSE;
  g_clear_object (&self->moving);
  return settle_move (self, g_task_get_task_data (G_TASK (result)), answers, error);
}

/* ---- Opening */

void
sl_project_load_threshold (SlProject *self)
{
  g_autofree char *moved = sl_store_dup_meta (self->store, SL_META_THRESHOLD_MOVED, NULL);
  g_autoptr (GArray) answers = NULL;
  SlRun *run = evaluated_run (self);

  if (run == NULL || g_strcmp0 (moved, "1") != 0)
    return;
  answers = sl_answers_read (get_answers (self), run->recipe, NULL);
  take_answers (self, run->recipe, answers);
}
