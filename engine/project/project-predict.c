/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/predictor.h"
#include "project/project-private.h"

/* ---- Models of runs */

/* Run @id, or for 0 the newest that has a model and answers what the project asks. */
SlRun *
sl_project_find_trained (SlProject *self, gint64 id, GError **error)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if ((id == 0 ? run->recipe->learn != SL_LEARN_LANGUAGE : run->id == id)
          && sl_run_has_model (run))
        return run; /* the list holds it */
    }
  if (id == 0)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "“%s” has no trained model yet: train it first", self->title);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "Run %" G_GINT64_FORMAT " has no trained model: choose another run", id);
  return NULL;
}

SlModel *
sl_project_load_model (SlProject *self, gint64 run_id, GError **error)
{
  g_autofree char *path = NULL;
  SlModel *model;
  SlRun *run;

  g_return_val_if_fail (SL_IS_PROJECT (self) && run_id >= 0, NULL);

  run = sl_project_find_trained (self, run_id, error);
  if (run == NULL)
    return NULL;
  path = sl_run_file (run, "model.safetensors");
  model = sl_model_load (path, error);
  if (model != NULL)
    sl_model_set_threshold (model, run->recipe->threshold);
  return model;
}

/* ---- Trying pictures, one at a time, on a model that stays loaded between them */

typedef struct
{
  SlPredictor *predictor;
  SlModel *model; /* its, while it is locked */
  char *picture;
  char *target; /* (nullable) owned: of the picture */
  gboolean tta;
  double threshold;
  char *class_name;     /* of a heat map */
  SlFeatures *features; /* of the nearest pictures: among which; owned */
  guint8 *among;        /* (features->n) */
  guint count;
} PredictData;

static void
predict_data_free (gpointer data)
{
  PredictData *self = data;

  sl_predictor_unref (self->predictor);
  g_free (self->picture);
  g_free (self->target);
  g_free (self->class_name);
  g_clear_pointer (&self->features, sl_features_unref);
  g_free (self->among);
  g_free (self);
}

/* Under the lock. */
static gpointer
predict (PredictData *self, GError **error)
{
  sl_model_set_tta (self->model, self->tta);
  sl_model_set_threshold (self->model, self->threshold);
  return sl_model_predict_target (self->model, self->picture, self->target, error);
}

static gpointer
make_heat_map (PredictData *self, GError **error)
{
  SlModel *model = self->model;
  const char *const *classes = sl_model_get_problem (model)->classes;
  guint i = 0;

  while (classes[i] != NULL && !g_str_equal (classes[i], self->class_name))
    i++;
  if (classes[i] != NULL)
    return sl_model_heat_map (model, self->picture, i, error);
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
               "The model was trained before there was “%s”: train it again", self->class_name);
  return NULL;
}

static void
ask_in_thread (GTask *task, PredictData *data, gpointer (*ask) (PredictData *data, GError **error),
               GDestroyNotify answer_free)
{
  SlPredictor *predictor = data->predictor;
  GCancellable *cancellable = g_task_get_cancellable (task);
  gpointer answer = NULL;
  GError *error = NULL;

  data->model = sl_predictor_lock (predictor, cancellable, &error);
  if (data->model != NULL)
    answer = ask (data, &error);
  sl_predictor_unlock (predictor);
  if (answer != NULL)
    g_task_return_pointer (task, answer, answer_free);
  else
    g_task_return_error (task, error);
}

static void
predict_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ask_in_thread (task, task_data, predict, (GDestroyNotify)sl_prediction_free);
}

static void
heat_map_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ask_in_thread (task, task_data, make_heat_map, (GDestroyNotify)sl_heat_map_free);
}

/* @question: (transfer full): what is asked; the rest is filled in here. */
static void
ask_model (SlProject *self, gint64 run_id, const char *path, GTask *task, PredictData question,
           GTaskThreadFunc thread)
{
  GError *error = NULL;
  PredictData *data;
  SlRun *run;

  run = sl_project_find_trained (self, run_id, &error);
  if (run == NULL)
    {
      g_task_return_error (task, error);
      g_free (question.class_name);
      g_free (question.target);
      g_clear_pointer (&question.features, sl_features_unref);
      g_free (question.among);
      return;
    }
  if (self->predictor == NULL || sl_predictor_get_run (self->predictor) != run->id)
    {
      g_clear_pointer (&self->predictor, sl_predictor_unref);
      self->predictor = sl_predictor_new (run);
    }
  data = g_memdup2 (&question, sizeof question);
  data->predictor = sl_predictor_ref (self->predictor);
  data->picture = g_strdup (path);
  data->threshold = run->recipe->threshold;
  g_task_set_task_data (task, data, predict_data_free);
  g_task_run_in_thread (task, thread);
}

void
sl_project_predict_async (SlProject *self, gint64 run_id, const char *path, gboolean tta,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id >= 0 && path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_predict_async);
  ask_model (self, run_id, path, task, (PredictData){ .tta = tta }, predict_in_thread);
}

void
sl_project_predict_item_async (SlProject *self, gint64 run_id, SlItem *item,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id >= 0 && SL_IS_ITEM (item));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_predict_item_async);
  ask_model (self, run_id, sl_item_get_path (item), task,
             (PredictData){ .target = g_strdup (sl_item_get_target (item)) }, predict_in_thread);
}

void
sl_project_heat_map_async (SlProject *self, gint64 run_id, const char *path, const char *class_name,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id >= 0 && path != NULL && class_name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_heat_map_async);
  ask_model (self, run_id, path, task, (PredictData){ .class_name = g_strdup (class_name) },
             heat_map_in_thread);
}

SlHeatMap *
sl_project_heat_map_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

SlPrediction *
sl_project_predict_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- The nearest training pictures */

static gpointer
find_nearest (PredictData *self, GError **error)
{
  SlModel *model = self->model;
  g_autoptr (SlSampleSet) samples = sl_sample_set_new (sl_model_get_problem (model));
  g_autoptr (SlFeatures) features = NULL;

  sl_sample_set_add (samples, 0, self->picture, NULL);
  features = sl_model_features (model, samples, self->features, NULL, NULL, NULL, NULL, NULL,
                                error);
  if (features == NULL)
    return NULL;
  if (!sl_features_is_blank (features, 0))
    return sl_similar_nearest (self->features, features, 0, self->among, self->count);
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "“%s” can't be read: choose another picture",
               self->picture);
  return NULL;
}

static void
nearest_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ask_in_thread (task, task_data, find_nearest, (GDestroyNotify)g_array_unref);
}

/* (transfer full): of each row, whether it is trained on. */
static guint8 *
mark_trained (SlProject *self, const SlFeatures *features)
{
  guint8 *trained = g_new0 (guint8, features->n + 1);

  for (gsize i = 0; i < features->n; i++)
    {
      const SlItem *item = sl_item_list_find (self->items, features->ids[i]);

      trained[i] = item != NULL && item->state == SL_ITEM_PRESENT && item->split == SL_SPLIT_TRAIN;
    }
  return trained;
}

void
sl_project_nearest_async (SlProject *self, const char *path, guint n, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  SlFeatures *features;
  gint64 run;

  g_return_if_fail (SL_IS_PROJECT (self) && path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sl_project_nearest_async);
  features = sl_project_ref_features (self, &run);
  if (features == NULL)
    {
      g_task_return_new_error (task, SL_ERROR, SL_ERROR_STATE,
                               "No run's view of the pictures is known: compare them first");
      return;
    }
  ask_model (self, run, path, task,
             (PredictData){ .features = features,
                            .among = mark_trained (self, features),
                            .count = n + 1 }, /* that file may be one of them */
             nearest_in_thread);
}

GArray *
sl_project_nearest_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GArray) nearest = NULL;
  const PredictData *question;
  GArray *neighbours;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  nearest = g_task_propagate_pointer (G_TASK (result), error);
  if (nearest == NULL)
    return NULL;
  question = g_task_get_task_data (G_TASK (result));
  neighbours = g_array_new (FALSE, FALSE, sizeof (SlNeighbour));
  for (guint i = 0; i < nearest->len && neighbours->len + 1 < question->count; i++)
    {
      const SlNearest *found = &g_array_index (nearest, SlNearest, i);
      const SlNeighbour neighbour = { question->features->ids[found->row], found->likeness };
      SlItem *item = sl_item_list_find (self->items, neighbour.id);

      if (item != NULL && !g_str_equal (sl_item_get_path (item), question->picture))
        g_array_append_val (neighbours, neighbour);
    }
  return neighbours;
}
