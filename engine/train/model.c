/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/model.h"
#include "train/evaluate.h"
#include "train/network.h"
#include <slope/checkpoint.h>
#include <slope/models.h>
#include <string.h>

/* Pictures of one prediction need no more. */
#define PREDICT_CACHE_BYTES (64 * 1024 * 1024)
#define EVALUATE_BATCH 32

struct _SlModel
{
  char *path;
  SlRecipe *recipe;
  const SlTask *task;
  char **classes;
  SlParams *params;
  SlPlan *plan; /* (nullable): of the last batch size used */
  guint batch;  /* of @plan */
};

static gboolean
fail (GError **error, const char *path, const char *what)
{
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "“%s” is not a model of Slope (%s): choose a model.safetensors that Slope wrote",
               path, what);
  return FALSE;
}

static gboolean
read_classes (SlModel *self, const char *json, GError **error)
{
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return fail (error, self->path, "it has no classes");
  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return fail (error, self->path, "its classes are not names");
      g_strv_builder_add (builder, json_node_get_string (node));
    }
  if (json_array_get_length (array) == 0)
    return fail (error, self->path, "it has no classes");
  self->classes = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_meta (SlModel *self, SlStateDict *dict, GError **error)
{
  const char *recipe = sl_state_dict_get_meta (dict, "recipe");
  const char *task = sl_state_dict_get_meta (dict, "task");
  g_autoptr (GError) recipe_error = NULL;

  if (g_strcmp0 (sl_state_dict_get_meta (dict, "format"), "slope-model") != 0 || recipe == NULL)
    return fail (error, self->path, "it says nothing about itself");
  self->recipe = sl_recipe_from_json (recipe, &recipe_error);
  if (self->recipe == NULL || !sl_recipe_check (self->recipe, &recipe_error))
    return fail (error, self->path, recipe_error->message);
  self->task = task != NULL ? sl_task_find (task) : NULL;
  if (self->task == NULL)
    return fail (error, self->path, "this version does not know its kind of problem");
  return read_classes (self, sl_state_dict_get_meta (dict, "classes"), error);
}

static SlGraph *
build_graph (SlModel *self, guint batch, GError **error)
{
  return sl_network_new (self->recipe, self->task, (const char *const *)self->classes, batch,
                         SL_NETWORK_WHOLE, error);
}

SlModel *
sl_model_load (const char *path, GError **error)
{
  g_autoptr (SlModel) self = g_new0 (SlModel, 1);
  g_autoptr (SlStateDict) dict = NULL;
  g_autoptr (SlGraph) graph = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  self->path = g_strdup (path);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "There is no model “%s”: train one, or choose another file", path);
      return NULL;
    }
  dict = sl_state_dict_load (path, error);
  if (dict == NULL || !read_meta (self, dict, error))
    return NULL;
  graph = build_graph (self, 1, error);
  if (graph == NULL)
    return NULL;
  self->params = sl_params_new_zero (graph);
  if (!sl_params_from_state_dict (self->params, dict, FALSE, TRUE, NULL, error))
    {
      g_prefix_error (error, "“%s”: ", path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
sl_model_free (SlModel *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->params, sl_params_unref);
  g_clear_pointer (&self->recipe, sl_recipe_free);
  g_strfreev (self->classes);
  g_free (self->path);
  g_free (self);
}

const SlTask *
sl_model_get_task (const SlModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->task;
}

const char *const *
sl_model_get_classes (const SlModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return (const char *const *)self->classes;
}

const SlRecipe *
sl_model_get_recipe (const SlModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->recipe;
}

/* The plan of this batch size; the last one is kept. */
static gboolean
ensure_plan (SlModel *self, guint batch, GError **error)
{
  g_autoptr (SlGraph) graph = NULL;

  if (self->plan != NULL && self->batch == batch)
    return TRUE;
  g_clear_pointer (&self->plan, sl_plan_free);
  graph = build_graph (self, batch, error);
  if (graph == NULL)
    return FALSE;
  self->plan = sl_plan_new (graph, self->params, SL_MODE_EVAL, SL_PLAN_DEFAULT, error);
  self->batch = batch;
  return self->plan != NULL;
}

gboolean
sl_model_evaluate (SlModel *self, SlSampleSet *samples, SlPictureCache *cache,
                   void (*each) (const SlPrediction *prediction, gpointer data), gpointer data,
                   SlScore *score, SlTrainControl *control, SlProgressFunc progress,
                   gpointer progress_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (SlPictureCache) own = NULL;
  gsize n = sl_sample_set_n (samples);
  SlScore unused;
  SlEvaluation job;

  g_return_val_if_fail (self != NULL && samples != NULL, FALSE);
  if (score == NULL)
    score = &unused;
  memset (score, 0, sizeof *score);
  if (n == 0)
    return TRUE;
  if (!ensure_plan (self, MIN (n, EVALUATE_BATCH), error))
    return FALSE;
  if (cache == NULL)
    cache = own = sl_picture_cache_new (PREDICT_CACHE_BYTES);
  job = (SlEvaluation){ .plan = self->plan,
                        .batch = self->batch,
                        .recipe = self->recipe,
                        .cache = cache,
                        .each = each,
                        .each_data = data,
                        .progress = progress,
                        .progress_data = progress_data };
  return sl_evaluation_run (&job, samples, score, control, cancellable, error);
}

/* ---- One picture: an evaluation of one, so that it can't differ from one. */

typedef struct
{
  SlPrediction *prediction;
  char *reason; /* why the picture can't be read */
} One;

static void
keep_prediction (const SlPrediction *prediction, gpointer data)
{
  One *one = data;

  one->prediction = g_memdup2 (prediction, sizeof *prediction);
  one->prediction->predicted = g_strdup (prediction->predicted);
  one->prediction->outputs = g_memdup2 (prediction->outputs,
                                        prediction->n_outputs * sizeof *prediction->outputs);
}

static void
keep_reason (const SlSkipped *file, gpointer data)
{
  One *one = data;

  one->reason = g_strdup (file->reason);
}

SlPrediction *
sl_model_predict (SlModel *self, const char *path, GError **error)
{
  g_autoptr (SlSampleSet) samples = NULL;
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (PREDICT_CACHE_BYTES);
  One one = { NULL, NULL };
  SlEvaluation job;
  SlScore score;

  g_return_val_if_fail (self != NULL && path != NULL, NULL);
  if (!ensure_plan (self, 1, error))
    return NULL;
  samples = sl_sample_set_new (self->task, (const char *const *)self->classes);
  sl_sample_set_add (samples, 0, path, NULL);
  job = (SlEvaluation){ .plan = self->plan,
                        .batch = 1,
                        .recipe = self->recipe,
                        .cache = cache,
                        .each = keep_prediction,
                        .each_data = &one,
                        .unreadable = keep_reason,
                        .unreadable_data = &one };
  if (sl_evaluation_run (&job, samples, &score, NULL, NULL, error) && one.prediction == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                 "“%s” can't be read (%s): choose another picture", path,
                 one.reason != NULL ? one.reason : "no reason known");
  g_free (one.reason);
  return one.prediction;
}
