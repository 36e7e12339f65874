/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trying models on texts that are being typed. */
#include "project/predictor.h"

typedef struct
{
  SlPredictor *predictor;
  char *text;
  char *target;     /* (nullable) */
  char *class_name; /* of weights: for which */
  SlGenerateOptions options;
  SlGenerateFunc func; /* (nullable): called in @context */
  gpointer func_data;
  GMainContext *context;
  GCancellable *cancellable; /* (nullable) */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_clear_pointer (&self->predictor, sl_predictor_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_free (self->text);
  g_free (self->target);
  g_free (self->class_name);
  g_free (self);
}

/* The model of @run stays loaded in *@slot. */
static SlPredictor *
take_predictor (SlPredictor **slot, SlRun *run)
{
  if (*slot == NULL || sl_predictor_get_run (*slot) != run->id)
    {
      g_clear_pointer (slot, sl_predictor_unref);
      *slot = sl_predictor_new (run);
    }
  return sl_predictor_ref (*slot);
}

/* Takes @question; asks the run in a thread, or returns an error where there is none. */
static void
ask (SlProject *self, gint64 run_id, gboolean language, Question *question, GTask *task,
     GTaskThreadFunc thread)
{
  GError *error = NULL;
  SlRun *run = sl_project_find_trained (self, run_id, &error);

  g_task_set_task_data (task, question, question_free);
  if (run == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  question->predictor = take_predictor (language ? &self->writer : &self->predictor, run);
  g_task_run_in_thread (task, thread);
}

/* ---- What a text is */

static void
predict_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *self = data;
  SlPrediction *prediction = NULL;
  GError *error = NULL;
  SlModel *model = sl_predictor_lock (self->predictor, cancellable, &error);

  if (model != NULL)
    prediction = sl_model_predict_text (model, self->text, self->target, &error);
  sl_predictor_unlock (self->predictor);
  if (prediction != NULL)
    g_task_return_pointer (task, prediction, (GDestroyNotify)sl_prediction_free);
  else
    g_task_return_error (task, error);
}

void
sl_project_predict_text_async (SlProject *self, gint64 run_id, const char *text, const char *target,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id >= 0 && text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_predict_text_async);
  question = g_new0 (Question, 1);
  question->text = g_strdup (text);
  question->target = g_strdup (target);
  ask (self, run_id, FALSE, question, task, predict_in_thread);
}

/* ---- What weighed */

static SlWordWeights *
weigh (const Question *self, SlModel *model, GCancellable *cancellable, GError **error)
{
  const char *const *classes = sl_model_get_problem (model)->classes;

  for (guint i = 0; classes[i] != NULL; i++)
    if (g_str_equal (classes[i], self->class_name))
      return sl_model_weigh_words (model, self->text, i, cancellable, error);
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
               "The model was trained before there was “%s”: train it again", self->class_name);
  return NULL;
}

static void
weigh_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *self = data;
  SlWordWeights *weights = NULL;
  GError *error = NULL;
  SlModel *model = sl_predictor_lock (self->predictor, cancellable, &error);

  if (model != NULL)
    weights = weigh (self, model, cancellable, &error);
  sl_predictor_unlock (self->predictor);
  if (weights != NULL)
    g_task_return_pointer (task, weights, (GDestroyNotify)sl_word_weights_free);
  else
    g_task_return_error (task, error);
}

void
sl_project_weigh_async (SlProject *self, gint64 run_id, const char *text, const char *class_name,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id >= 0 && text != NULL && class_name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_weigh_async);
  question = g_new0 (Question, 1);
  question->text = g_strdup (text);
  question->class_name = g_strdup (class_name);
  ask (self, run_id, FALSE, question, task, weigh_in_thread);
}

SlWordWeights *
sl_project_weigh_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- How it goes on */

typedef struct
{
  Question *question;
  char *piece;
} Piece;

static gboolean
deliver_piece (gpointer data)
{
  Piece *self = data;

  if (!g_cancellable_is_cancelled (self->question->cancellable))
    self->question->func (self->piece, self->question->func_data);
  return G_SOURCE_REMOVE;
}

static void
piece_free (gpointer data)
{
  Piece *self = data;

  g_free (self->piece);
  g_free (self);
}

/* In the order that they came, and before the task's end: both have the same priority. */
static void
post_piece (const char *piece, gpointer data)
{
  Question *question = data;
  g_autoptr (GSource) source = g_idle_source_new ();
  Piece *news = g_new (Piece, 1);

  *news = (Piece){ question, g_strdup (piece) };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver_piece, news, piece_free);
  g_source_attach (source, question->context);
}

static void
generate_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *self = data;
  g_autoptr (SlGenerator) generator = NULL;
  GError *error = NULL;
  char *text = NULL;
  SlModel *model = sl_predictor_lock (self->predictor, cancellable, &error);

  if (model != NULL)
    generator = sl_model_new_generator (model, &error);
  if (generator != NULL)
    text = sl_generator_run (generator, self->text, &self->options,
                             self->func != NULL ? post_piece : NULL, self, cancellable, &error);
  g_clear_pointer (&generator, sl_generator_free);
  sl_predictor_unlock (self->predictor);
  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

void
sl_project_generate_async (SlProject *self, gint64 run_id, const char *prompt,
                           const SlGenerateOptions *options, SlGenerateFunc func,
                           gpointer func_data, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id >= 0 && prompt != NULL && options != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_generate_async);
  if (run_id == 0)
    run_id = sl_project_find_language_run (self);
  if (run_id == 0)
    {
      g_task_return_new_error (task, SL_ERROR, SL_ERROR_NOT_FOUND,
                               "“%s” has no language model yet: train one first", self->title);
      return;
    }
  question = g_new0 (Question, 1);
  question->text = g_strdup (prompt);
  question->options = *options;
  question->func = func;
  question->func_data = func_data;
  question->context = g_main_context_ref (g_task_get_context (task));
  question->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  ask (self, run_id, TRUE, question, task, generate_in_thread);
}

char *
sl_project_generate_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
