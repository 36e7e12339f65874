/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/answers.h"

#include "project/item-private.h"

#include <string.h>

/* What the stored outputs say with another threshold: the task's own functions, on batches of one, in the order
 * of the items, so that the sums are those of an evaluation. */

/* Classes that one target may name. */
#define MAX_CLASSES 64
/* Rows between two looks at whether the answers are still wanted. */
#define ROWS_A_LOOK 1024

typedef struct
{
  gint64 id;
  char *target;    /* GRefString (nullable) */
  char *predicted; /* GRefString */
  float loss;
  SlSplit split;
  gboolean present, has_outputs;
} Row;

struct _SlAnswers
{
  gatomicrefcount ref_count;
  SlProblem *problem;
  Row *rows;
  guint n;
  float *outputs; /* n_classes a row; of rows that have none, nothing */
};

/* ---- Copying */

static char *
acquire (char *shared)
{
  return shared != NULL ? g_ref_string_acquire (shared) : NULL;
}

static void
release (char *shared)
{
  if (shared != NULL)
    g_ref_string_release (shared);
}

static void
add_row (SlAnswers *self, const SlItem *item)
{
  const gsize k = self->problem->n_classes;
  Row *row = &self->rows[self->n];

  *row = (Row){ .id = item->id,
                .target = acquire (item->target),
                .predicted = acquire (item->predicted),
                .loss = (float)item->loss,
                .split = item->split,
                .present = item->state == SL_ITEM_PRESENT,
                .has_outputs = item->outputs != NULL && item->n_outputs == k };
  if (row->has_outputs)
    memcpy (self->outputs + self->n * k, item->outputs, k * sizeof *self->outputs);
  self->n++;
}

SlAnswers *
sl_answers_new (SlItem *const *items, guint n, SlProblem *problem)
{
  SlAnswers *self;

  g_return_val_if_fail (problem->task->has_threshold, NULL);

  self = g_new0 (SlAnswers, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->problem = sl_problem_ref (problem);
  self->rows = g_new (Row, MAX (n, 1));
  self->outputs = g_new (float, MAX ((gsize)n * problem->n_classes, 1));
  for (guint i = 0; i < n; i++)
    if (items[i]->evaluated)
      add_row (self, items[i]);
  return self;
}

SlAnswers *
sl_answers_ref (SlAnswers *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_answers_unref (SlAnswers *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < self->n; i++)
    {
      release (self->rows[i].target);
      release (self->rows[i].predicted);
    }
  sl_problem_unref (self->problem);
  g_free (self->rows);
  g_free (self->outputs);
  g_free (self);
}

/* ---- One row as a batch */

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

/* Row @i, which has outputs.  Returns: whether its target could be laid out */
static gboolean
batch_set (Batch *self, const SlAnswers *answers, guint i)
{
  const SlProblem *problem = answers->problem;
  const gsize k = problem->n_classes;
  const Row *row = &answers->rows[i];

  memcpy (sl_tensor_f32 (self->probabilities), answers->outputs + i * k,
          k * sizeof *answers->outputs);
  sl_tensor_f32 (self->losses)[0] = row->loss;
  return row->target != NULL
         && problem->task->encode (problem, row->target, NULL, self->targets, 0, NULL);
}

static gboolean
counts (const Row *row, int split)
{
  if (!row->present)
    return FALSE;
  return split < 0 ? row->split == SL_SPLIT_TRAIN || row->split == SL_SPLIT_VALID
                   : row->split == (SlSplit)split;
}

/* ---- What they say */

gboolean
sl_answers_score (SlAnswers *self, const SlRecipe *recipe, int split, double *metrics)
{
  const SlTask *task = self->problem->task;
  g_auto (Batch) batch = { NULL };
  g_auto (SlScore) score = { 0 };

  batch_init (&batch, self->problem);
  sl_score_init (&score, self->problem);
  for (guint i = 0; i < self->n; i++)
    if (self->rows[i].has_outputs && counts (&self->rows[i], split) && batch_set (&batch, self, i))
      task->score (self->problem, recipe, &score, 1, batch.losses, batch.probabilities,
                   batch.targets);
  task->finish_score (self->problem, &score, metrics);
  return score.weight > 0;
}

static gboolean
has_index (const guint *indices, guint n, guint index)
{
  for (guint i = 0; i < n; i++)
    if (indices[i] == index)
      return TRUE;
  return FALSE;
}

SlLabelErrors *
sl_answers_label_errors (SlAnswers *self, int split)
{
  const SlTask *task = self->problem->task;
  SlLabelErrors *errors = g_new0 (SlLabelErrors, self->problem->n_classes + 1);

  for (guint i = 0; i < self->n; i++)
    {
      const Row *row = &self->rows[i];
      guint actual[MAX_CLASSES], predicted[MAX_CLASSES], n_actual, n_predicted;

      if (row->target == NULL || !counts (row, split))
        continue;
      n_actual = task->classes_of (self->problem, row->target, actual, MAX_CLASSES);
      n_predicted = task->classes_of (self->problem, row->predicted, predicted, MAX_CLASSES);
      for (guint a = 0; a < n_actual; a++)
        if (has_index (predicted, n_predicted, actual[a]))
          errors[actual[a]].right++;
        else
          errors[actual[a]].missed++;
      for (guint p = 0; p < n_predicted; p++)
        errors[predicted[p]].extra += !has_index (actual, n_actual, predicted[p]);
    }
  return errors;
}

static void
answer_clear (gpointer data)
{
  SlAnswer *answer = data;

  release (answer->target);
  release (answer->predicted);
}

/* One copy of each text that is said. (transfer full) */
static char *
share (GHashTable *said, const char *text)
{
  char *shared = g_hash_table_lookup (said, text);

  if (shared == NULL)
    {
      shared = g_ref_string_new (text);
      g_hash_table_add (said, shared);
    }
  return g_ref_string_acquire (shared);
}

static void
read_row (SlAnswers *self, const SlRecipe *recipe, guint i, Batch *batch, GHashTable *said,
          GArray *answers)
{
  const Row *row = &self->rows[i];
  const gboolean has_target = batch_set (batch, self, i);
  SlPrediction prediction = { 0 };

  self->problem->task->describe (self->problem, recipe, has_target ? row->target : NULL, NULL,
                                 batch->probabilities, has_target ? batch->targets : NULL, 0,
                                 &prediction);
  if (!g_str_equal (prediction.predicted, row->predicted))
    {
      const SlAnswer answer = { .id = row->id,
                                .target = acquire (row->target),
                                .predicted = share (said, prediction.predicted),
                                .probability = prediction.probability };

      g_array_append_val (answers, answer);
    }
  sl_prediction_clear (&prediction);
}

GArray *
sl_answers_read (SlAnswers *self, const SlRecipe *recipe, GCancellable *cancellable)
{
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (SlAnswer));
  g_autoptr (GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                       (GDestroyNotify)g_ref_string_release, NULL);
  g_auto (Batch) batch = { NULL };

  g_array_set_clear_func (answers, answer_clear);
  batch_init (&batch, self->problem);
  for (guint i = 0; i < self->n; i++)
    {
      if (i % ROWS_A_LOOK == 0 && g_cancellable_is_cancelled (cancellable))
        return NULL;
      if (self->rows[i].has_outputs)
        read_row (self, recipe, i, &batch, said, answers);
    }
  return g_steal_pointer (&answers);
}
