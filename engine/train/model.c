/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/model.h"
#include "train/class-head.h"
#include "train/evaluate.h"
#include "train/network.h"
#include "train/text-model.h"
#include <slope/checkpoint.h>
#include <slope/models.h>
#include <string.h>

/* Pictures of one prediction need no more. */
#define PREDICT_CACHE_BYTES (64 * 1024 * 1024)
#define EVALUATE_BATCH 32
#define TTA_PICTURES 4 /* of a batch, nine rows each */

struct _SlModel
{
  char *path;
  SlRecipe *recipe;
  SlProblem *problem;
  SlParams *params;
  SlPlan *plan; /* (nullable): of the last batch size used */
  guint batch;  /* of @plan */
  gboolean tta;
  SlTextModel *texts; /* (nullable): of texts */
  SlPlan *map_plan;   /* (nullable): body alone, for heat maps; with @head */
  SlClassHead *head;  /* (nullable) */
};

static gboolean
fail (GError **error, const char *path, const char *what)
{
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "“%s” is not a model of Slope (%s): choose a model.safetensors that Slope wrote",
               path, what);
  return FALSE;
}

/* (transfer full): NULL-terminated */
static char **
read_classes (SlModel *self, SlStateDict *dict, GError **error)
{
  const char *json = sl_state_dict_get_meta (dict, "classes");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root)
      || json_array_get_length (json_node_get_array (root)) == 0)
    {
      fail (error, self->path, "it has no classes");
      return NULL;
    }
  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        {
          fail (error, self->path, "its classes are not names");
          return NULL;
        }
      g_strv_builder_add (builder, json_node_get_string (node));
    }
  return g_strv_builder_end (builder);
}

static gboolean
read_problem (SlModel *self, const SlTask *task, SlStateDict *dict, GError **error)
{
  g_auto (GStrv) classes = task == &sl_task_language ? g_new0 (char *, 1)
                                                     : read_classes (self, dict, error);
  const char *stored = sl_state_dict_get_meta (dict, "ranges");
  g_autofree SlRange *ranges = NULL;

  if (classes == NULL)
    return FALSE;
  if (stored != NULL)
    ranges = sl_problem_ranges_from_json (stored, g_strv_length (classes), NULL);
  if (task->has_ranges && ranges == NULL)
    return fail (error, self->path, "the ranges of its numbers are missing");
  self->problem = sl_problem_new (task, (const char *const *)classes, ranges);
  return TRUE;
}

static gboolean
read_meta (SlModel *self, SlStateDict *dict, GError **error)
{
  const char *recipe = sl_state_dict_get_meta (dict, "recipe");
  const char *id = sl_state_dict_get_meta (dict, "task");
  const SlTask *task = id != NULL ? sl_task_find (id) : NULL;
  g_autoptr (GError) recipe_error = NULL;

  if (g_strcmp0 (sl_state_dict_get_meta (dict, "format"), "slope-model") != 0 || recipe == NULL)
    return fail (error, self->path, "it says nothing about itself");
  self->recipe = sl_recipe_from_json (recipe, &recipe_error);
  if (self->recipe == NULL || !sl_recipe_check (self->recipe, &recipe_error))
    return fail (error, self->path, recipe_error->message);
  if (task == NULL)
    return fail (error, self->path, "this version does not know its kind of problem");
  if (task->texts != sl_arch_find (self->recipe->arch)->texts)
    return fail (error, self->path, "its network is not for its kind of problem");
  return read_problem (self, task, dict, error);
}

static SlGraph *
build_graph (SlModel *self, guint batch, SlNetworkPart part, GError **error)
{
  if (self->texts != NULL)
    return sl_text_model_graph (self->texts, self->recipe, self->problem, error);
  return sl_network_new (self->recipe, self->problem, batch, part, error);
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
  if (self->problem->task->texts)
    {
      self->texts = sl_text_model_new (self->recipe, dict, error);
      if (self->texts == NULL)
        {
          g_prefix_error (error, "“%s”: ", path);
          return NULL;
        }
    }
  graph = build_graph (self, 1, SL_NETWORK_WHOLE, error);
  if (graph == NULL)
    return NULL;
  self->params = sl_params_new_zero (graph);
  if (!sl_params_from_state_dict (self->params, dict, FALSE, TRUE, NULL, error))
    {
      g_prefix_error (error, "“%s”: ", path);
      return NULL;
    }
  if (self->texts != NULL)
    sl_text_model_set_params (self->texts, self->recipe, self->problem, self->params);
  return g_steal_pointer (&self);
}

void
sl_model_free (SlModel *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->texts, sl_text_model_free);
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->map_plan, sl_plan_free);
  g_clear_pointer (&self->head, sl_class_head_free);
  g_clear_pointer (&self->params, sl_params_unref);
  g_clear_pointer (&self->recipe, sl_recipe_free);
  g_clear_pointer (&self->problem, sl_problem_unref);
  g_free (self->path);
  g_free (self);
}

SlProblem *
sl_model_get_problem (const SlModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->problem;
}

const SlRecipe *
sl_model_get_recipe (const SlModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->recipe;
}

SlParams *
sl_model_get_params (const SlModel *self)
{
  return self->params;
}

void
sl_model_set_tta (SlModel *self, gboolean tta)
{
  g_return_if_fail (self != NULL);
  self->tta = tta && self->problem->task->may_blend;
}

void
sl_model_set_threshold (SlModel *self, double threshold)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (threshold >= 0 && threshold <= 1);
  self->recipe->threshold = threshold;
}

/* The plan for so many pictures at once, or fewer; the last one is kept. */
static gboolean
ensure_plan (SlModel *self, gsize n_pictures, GError **error)
{
  g_autoptr (SlGraph) graph = NULL;
  guint batch = self->tta ? SL_TTA_VIEWS * (guint)MIN (n_pictures, TTA_PICTURES)
                          : (guint)MIN (n_pictures, EVALUATE_BATCH);

  if (self->plan != NULL && self->batch == batch)
    return TRUE;
  g_clear_pointer (&self->plan, sl_plan_free);
  graph = build_graph (self, batch, SL_NETWORK_WHOLE, error);
  if (graph == NULL)
    return FALSE;
  self->plan = sl_plan_new (graph, self->params, SL_MODE_EVAL, SL_PLAN_DEFAULT, error);
  self->batch = batch;
  return self->plan != NULL;
}

static gboolean
evaluate_texts (SlModel *self, SlSampleSet *samples,
                void (*each) (const SlPrediction *prediction, gpointer data), gpointer data,
                SlScore *score, const SlPassWatch *watch, GError **error)
{
  if (sl_sample_set_texts (samples) != NULL)
    return sl_text_model_evaluate (self->texts, samples, each, data, score, watch, error);
  g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                       "This model reads texts, not pictures: choose another");
  return FALSE;
}

gboolean
sl_model_evaluate (SlModel *self, SlSampleSet *samples, SlPictureCache *cache,
                   void (*each) (const SlPrediction *prediction, gpointer data), gpointer data,
                   SlScore *score, SlTrainControl *control, SlProgressFunc progress,
                   gpointer progress_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (SlPictureCache) own = NULL;
  gsize n = sl_sample_set_n (samples);
  g_auto (SlScore) unused = { 0 };
  SlEvaluation job;

  g_return_val_if_fail (self != NULL && samples != NULL, FALSE);
  if (score == NULL)
    score = &unused;
  sl_score_init (score, self->problem);
  if (n == 0)
    return TRUE;
  if (self->texts != NULL)
    {
      const SlPassWatch watch = {
        .control = control, .cancellable = cancellable, .progress = progress, .data = progress_data
      };

      sl_score_clear (score);
      return evaluate_texts (self, samples, each, data, score, &watch, error);
    }
  if (!ensure_plan (self, n, error))
    return FALSE;
  if (cache == NULL)
    cache = own = sl_picture_cache_new (PREDICT_CACHE_BYTES);
  job = (SlEvaluation){ .plan = self->plan,
                        .batch = self->batch,
                        .tta = self->tta,
                        .recipe = self->recipe,
                        .cache = cache,
                        .each = each,
                        .each_data = data,
                        .progress = progress,
                        .progress_data = progress_data };
  sl_score_clear (score);
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

  one->prediction = g_new (SlPrediction, 1);
  sl_prediction_copy (prediction, one->prediction);
}

static void
keep_reason (const SlSkipped *file, gpointer data)
{
  One *one = data;

  one->reason = g_strdup (file->reason);
}

static void
fail_picture (GError **error, const char *path, const char *reason)
{
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "“%s” can't be read (%s): choose another picture",
               path, reason);
}

SlPrediction *
sl_model_predict_text (SlModel *self, const char *text, const char *target, GError **error)
{
  g_return_val_if_fail (self != NULL && text != NULL, NULL);
  if (self->texts != NULL)
    return sl_text_model_predict (self->texts, text, target, error);
  g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                       "This model looks at pictures, not texts: choose another");
  return NULL;
}

SlWordWeights *
sl_model_weigh_words (SlModel *self, const char *text, guint class_index, GCancellable *cancellable,
                      GError **error)
{
  g_return_val_if_fail (self != NULL && text != NULL, NULL);
  g_return_val_if_fail (class_index < MAX (self->problem->n_classes, 1), NULL);
  if (self->texts != NULL && self->problem->task != &sl_task_language)
    return sl_text_model_weigh (self->texts, text, class_index, cancellable, error);
  g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                       "Only a model that labels texts weighs their words: choose another");
  return NULL;
}

SlGenerator *
sl_model_new_generator (SlModel *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  if (self->problem->task == &sl_task_language)
    return sl_generator_new (&self->texts->network, self->params, self->texts->vocabulary, error);
  g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                       "Only a language model writes: choose a run that learned the language");
  return NULL;
}

SlVocabulary *
sl_model_get_vocabulary (const SlModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->texts != NULL ? self->texts->vocabulary : NULL;
}

SlPrediction *
sl_model_predict (SlModel *self, const char *path, GError **error)
{
  return sl_model_predict_target (self, path, NULL, error);
}

SlPrediction *
sl_model_predict_target (SlModel *self, const char *path, const char *target, GError **error)
{
  g_autoptr (SlSampleSet) samples = NULL;
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (PREDICT_CACHE_BYTES);
  One one = { NULL, NULL };
  g_auto (SlScore) score = { 0 };
  SlEvaluation job;

  g_return_val_if_fail (self != NULL && path != NULL, NULL);
  if (self->texts != NULL)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                           "This model reads texts, not pictures: choose another");
      return NULL;
    }
  if (!ensure_plan (self, 1, error))
    return NULL;
  samples = sl_sample_set_new (self->problem);
  sl_sample_set_add (samples, 0, path, target);
  job = (SlEvaluation){ .plan = self->plan,
                        .batch = self->batch,
                        .tta = self->tta,
                        .recipe = self->recipe,
                        .cache = cache,
                        .each = keep_prediction,
                        .each_data = &one,
                        .unreadable = keep_reason,
                        .unreadable_data = &one };
  if (sl_evaluation_run (&job, samples, &score, NULL, NULL, error) && one.prediction == NULL)
    fail_picture (error, path, one.reason != NULL ? one.reason : "no reason known");
  g_free (one.reason);
  return one.prediction;
}

/* ---- Heat maps */

/* The smallest square pictures whose last map has cells enough, in steps of the network's stride.
 * SqueezeNets pad nowhere: 64 pixels leave them 3 × 3 cells. */
static guint
least_side_for_maps (const SlArch *arch)
{
  guint side = 3 * arch->stride;
  gsize n_cells = 0;

  while (n_cells < SL_HEAT_MAP_LEAST_CELLS)
    {
      g_autoptr (SlGraph) graph = sl_graph_new ();
      SlValue x;
      SlShape shape;

      side += arch->stride;
      x = sl_graph_input (graph, "pictures", SL_DTYPE_F32, SL_SHAPE4 (1, side, side, 3));
      shape = sl_graph_shape (graph, arch->build_body (graph, x, NULL));
      n_cells = shape.dim[1] * shape.dim[2];
    }
  return side;
}

static gboolean
ensure_map_plan (SlModel *self, GError **error)
{
  g_autoptr (SlGraph) graph = NULL;
  g_autoptr (SlTensor) features = NULL;
  SlShape shape;

  if (self->head != NULL)
    return TRUE;
  graph = build_graph (self, 1, SL_NETWORK_MAP, error);
  if (graph == NULL)
    return FALSE;
  g_clear_pointer (&self->map_plan, sl_plan_free);
  self->map_plan = sl_plan_new (graph, self->params, SL_MODE_EVAL, SL_PLAN_DEFAULT, error);
  if (self->map_plan == NULL)
    return FALSE;
  features = sl_plan_dup_output (self->map_plan, "features");
  shape = sl_tensor_get_shape (features);
  if (shape.dim[1] * shape.dim[2] >= SL_HEAT_MAP_LEAST_CELLS)
    self->head = sl_class_head_new (self->params, shape, error);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                 "A heat map of pictures of %d × %d pixels would have only %zu × %zu cells: train "
                 "with at least %u pixels",
                 self->recipe->width, self->recipe->height, shape.dim[2], shape.dim[1],
                 least_side_for_maps (sl_arch_find (self->recipe->arch)));
  return self->head != NULL;
}

/* Writes the picture as prediction sees it, and what part of it that is. */
static gboolean
set_picture (SlModel *self, const char *path, SlHeatMap *map, GError **error)
{
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (PREDICT_CACHE_BYTES);
  g_autoptr (SlPicture) picture = NULL;
  g_autoptr (GError) reason = NULL;
  SlLoaderOptions options;
  SlTransform transform;
  const double *m = transform.matrix;

  sl_network_loader_options (self->recipe, 1, FALSE, &options);
  picture = sl_picture_cache_get (cache, path, MAX (options.height, options.width), &reason);
  if (picture == NULL)
    {
      fail_picture (error, path, reason->message);
      return FALSE;
    }
  sl_transform_draw (&transform, NULL, options.resize, picture->width, picture->height,
                     options.width, options.height, 0);
  sl_transform_apply (&transform, picture, &options.normalise,
                      sl_network_pictures (self->map_plan));
  /* Without augmentation the matrix only scales and shifts. */
  map->left = m[2] / picture->width;
  map->top = m[5] / picture->height;
  map->right = (m[0] * options.width + m[2]) / picture->width;
  map->bottom = (m[4] * options.height + m[5]) / picture->height;
  return TRUE;
}

static void
scale_to_one (SlHeatMap *self)
{
  gsize n = (gsize)self->width * self->height;
  float largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, self->values[i]);
  for (gsize i = 0; i < n && largest > 0; i++)
    self->values[i] /= largest;
}

SlHeatMap *
sl_model_heat_map (SlModel *self, const char *path, guint class_index, GError **error)
{
  g_autoptr (SlHeatMap) map = g_new0 (SlHeatMap, 1);
  g_autoptr (SlTensor) features = NULL;
  SlShape shape;

  g_return_val_if_fail (self != NULL && path != NULL, NULL);
  g_return_val_if_fail (class_index < self->problem->n_classes, NULL);
  if (!self->problem->task->has_classes)
    {
      g_set_error_literal (
          error, SL_ERROR, SL_ERROR_UNSUPPORTED,
          "A heat map shows what speaks for a class: there are none in this kind of "
          "problem");
      return NULL;
    }
  if (!ensure_map_plan (self, error) || !set_picture (self, path, map, error))
    return NULL;
  sl_plan_forward (self->map_plan, 0);
  features = sl_plan_dup_output (self->map_plan, "features");
  shape = sl_tensor_get_shape (features);
  map->height = (int)shape.dim[1];
  map->width = (int)shape.dim[2];
  map->values = g_new (float, (gsize)map->width * map->height);
  sl_class_head_map (self->head, sl_tensor_f32 (features), class_index, map->values);
  scale_to_one (map);
  return g_steal_pointer (&map);
}
