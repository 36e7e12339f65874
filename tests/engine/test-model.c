/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded models, and the learning-rate finder: both on one small trained network. */
#include "tiny-pictures.h"
#include <math.h>
#include <string.h>

/* Made once: training takes most of this program's time. */
static struct
{
  char *folder, *run;
  char *model; /* path */
  SlSampleSet *train, *valid;
  SlRecipe *recipe;
} world;

static void
make_world (void)
{
  SlTrainSetup setup;
  SlTrainResult result;
  g_autoptr (GError) error = NULL;

  world.folder = tiny_folder ();
  world.run = tiny_folder ();
  world.model = g_build_filename (world.run, "model.safetensors", NULL);
  world.train = tiny_set (world.folder, 18, 1, 80);
  world.valid = tiny_set (world.folder, 5, 101, 80);
  world.recipe = tiny_recipe (3);
  setup = (SlTrainSetup){
    .train = world.train, .valid = world.valid, .recipe = world.recipe, .folder = world.run
  };
  sl_train (&setup, NULL, NULL, NULL, &result, NULL, &error);
  g_assert_no_error (error);
}

static void
free_world (void)
{
  tiny_remove (world.folder);
  tiny_remove (world.run);
  g_free (world.folder);
  g_free (world.run);
  g_free (world.model);
  sl_sample_set_unref (world.train);
  sl_sample_set_unref (world.valid);
  sl_recipe_free (world.recipe);
}

static SlModel *
load (void)
{
  g_autoptr (GError) error = NULL;
  SlModel *model = sl_model_load (world.model, &error);

  g_assert_no_error (error);
  return model;
}

static void
keep_copy (const SlPrediction *prediction, gpointer data)
{
  SlPrediction *copy = g_memdup2 (prediction, sizeof *prediction);

  copy->predicted = g_strdup (prediction->predicted);
  copy->outputs = g_memdup2 (prediction->outputs,
                             prediction->n_outputs * sizeof *prediction->outputs);
  g_ptr_array_add (data, copy);
}

static GPtrArray *
evaluate (SlModel *model, SlSampleSet *samples, SlScore *score)
{
  GPtrArray *predictions = g_ptr_array_new_with_free_func ((GDestroyNotify)sl_prediction_free);
  g_autoptr (GError) error = NULL;

  sl_model_evaluate (model, samples, NULL, keep_copy, predictions, score, NULL, NULL, NULL, NULL,
                     &error);
  g_assert_no_error (error);
  return predictions;
}

static void
test_load (void)
{
  g_autoptr (SlModel) model = load ();
  g_autofree char *expected = sl_recipe_to_json (world.recipe);
  g_autofree char *found = sl_recipe_to_json (sl_model_get_recipe (model));

  g_assert_true (sl_model_get_problem (model)->task == &sl_task_classify);
  g_assert_true (g_strv_equal (sl_model_get_problem (model)->classes, tiny_classes));
  g_assert_cmpstr (found, ==, expected);
}

/* The file tells all about itself to whoever reads safetensors. */
static void
test_metadata (void)
{
  g_autoptr (SlStateDict) dict = sl_state_dict_load (world.model, NULL);

  g_assert_cmpstr (sl_state_dict_get_meta (dict, "classes"), ==, "[\"blue\",\"green\",\"red\"]");
  g_assert_cmpstr (sl_state_dict_get_meta (dict, "size"), ==, "32x32");
  g_assert_cmpstr (sl_state_dict_get_meta (dict, "arch"), ==, "resnet18");
  g_assert_nonnull (strstr (sl_state_dict_get_meta (dict, "metrics"), "\"accuracy\":"));
  g_assert_nonnull (sl_state_dict_get_meta (dict, "slope_version"));
  g_assert_nonnull (sl_state_dict_lookup (dict, "layer1.0.conv1.weight"));
  g_assert_null (sl_state_dict_lookup (dict, "optimizer.exp_avg.conv1.weight"));
}

static void
test_evaluate (void)
{
  g_autoptr (SlModel) model = load ();
  g_autoptr (GPtrArray) predictions = NULL;
  g_auto (SlScore) score = { 0 };
  double loss = 0;

  predictions = evaluate (model, world.train, &score);
  g_assert_cmpuint (predictions->len, ==, 18);
  for (guint i = 0; i < predictions->len; i++)
    {
      const SlPrediction *prediction = predictions->pdata[i];
      double sum = 0;

      g_assert_cmpint (prediction->id, ==, i + 1);
      g_assert_cmpuint (prediction->n_outputs, ==, 3);
      for (guint j = 0; j < 3; j++)
        sum += prediction->outputs[j];
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
      /* The loss is that of the item's own class. */
      g_assert_cmpfloat_with_epsilon (prediction->outputs[i % 3], prediction->probability, 1e-6);
      g_assert_cmpfloat_with_epsilon (prediction->loss, -log (prediction->probability), 1e-3);
      loss += prediction->loss;
    }
  g_assert_cmpfloat (score.weight, ==, 18);
  g_assert_cmpfloat_with_epsilon (score.loss, loss, 1e-4);
}

/* What evaluation says of a picture is what prediction says of its file. */
static void
test_predict (void)
{
  g_autoptr (SlModel) model = load ();
  g_autoptr (GPtrArray) predictions = NULL;
  g_auto (SlScore) score = { 0 };

  predictions = evaluate (model, world.valid, &score);
  for (guint i = 0; i < predictions->len; i++)
    {
      const SlPrediction *expected = predictions->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (SlPrediction)
          found = sl_model_predict (model, sl_sample_set_get (world.valid, i)->path, &error);

      g_assert_no_error (error);
      g_assert_cmpint (found->id, ==, 0);
      g_assert_true (isnan (found->loss));
      g_assert_cmpstr (found->predicted, ==, expected->predicted);
      for (guint j = 0; j < 3; j++)
        g_assert_cmpfloat_with_epsilon (found->outputs[j], expected->outputs[j], 1e-5);
    }
}

/* The same file in the same batch size: to the bit. */
static void
test_predict_exactly (void)
{
  g_autoptr (SlModel) model = load ();
  g_autoptr (SlSampleSet) one = samples_new (tiny_classes);
  const SlSample *sample = sl_sample_set_get (world.valid, 1);
  g_autoptr (GPtrArray) predictions = NULL;
  g_autoptr (SlPrediction) found = NULL;
  const SlPrediction *expected;
  g_auto (SlScore) score = { 0 };

  sl_sample_set_add (one, 9, sample->path, sample->target);
  predictions = evaluate (model, one, &score);
  expected = predictions->pdata[0];
  found = sl_model_predict (model, sample->path, NULL);
  g_assert_cmpmem (found->outputs, 3 * sizeof (float), expected->outputs, 3 * sizeof (float));
}

static void
test_predict_bad_files (void)
{
  g_autoptr (SlModel) model = load ();
  g_autofree char *text = g_build_filename (world.folder, "text.jpg", NULL);
  g_autofree char *missing = g_build_filename (world.folder, "missing.jpg", NULL);
  const char *const paths[] = { text, missing };

  g_assert_true (g_file_set_contents (text, "not a picture", -1, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_model_predict (model, paths[i], &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, paths[i]));
      g_assert_null (strstr (error->message, "cannot be used")); /* the file is named once */
    }
}

static void
test_unreadable_in_evaluation (void)
{
  g_autoptr (SlModel) model = load ();
  g_autoptr (SlSampleSet) samples = samples_new (tiny_classes);
  g_autoptr (GPtrArray) predictions = NULL;
  const SlSample *last = sl_sample_set_get (world.valid, 1);
  g_auto (SlScore) score = { 0 };

  sl_sample_set_add (samples, 1, "/nonexistent.png", "red");
  sl_sample_set_add (samples, 2, last->path, last->target);
  predictions = evaluate (model, samples, &score);
  g_assert_cmpuint (predictions->len, ==, 1);
  g_assert_cmpint (((SlPrediction *)predictions->pdata[0])->id, ==, 2);
  g_assert_cmpfloat (score.weight, ==, 1);
  g_assert_cmpfloat_with_epsilon (score.loss, ((SlPrediction *)predictions->pdata[0])->loss, 1e-6);
}

/* ---- Nine views */

/* What the model says of one view, which goes through a file of its own: 8 bits a channel. */
static void
add_view (SlModel *model, const SlTransform *transform, const SlPicture *picture, double share,
          double sum[3])
{
  g_autofree char *path = g_build_filename (world.folder, "view.png", NULL);
  g_autoptr (SlPicture) view = sl_transform_preview (transform, picture);
  g_autoptr (SlPrediction) prediction = NULL;

  g_assert_true (sl_picture_save_png (view, path, NULL));
  prediction = sl_model_predict (model, path, NULL);
  g_assert_nonnull (prediction);
  for (guint j = 0; j < 3; j++)
    sum[j] += share * prediction->outputs[j];
}

/* 0.4 of the plain picture and 0.6 of the mean of its eight corner views, each predicted alone. */
static void
test_nine_views (void)
{
  g_autoptr (SlModel) model = load ();
  const SlAugment *augment = sl_augment_find (world.recipe->augment);
  double furthest = 0;

  for (guint i = 0; i < sl_sample_set_n (world.valid); i++)
    {
      const char *path = sl_sample_set_get (world.valid, i)->path;
      g_autoptr (SlPicture) picture = sl_picture_load (path, 0, NULL);
      g_autoptr (SlPrediction) found = NULL, plain = NULL;
      SlTransform transform;
      double sum[3] = { 0 };

      sl_transform_draw (&transform, NULL, SL_RESIZE_CROP, TINY_SIDE, TINY_SIDE, TINY_SIDE,
                         TINY_SIDE, 0);
      add_view (model, &transform, picture, 0.4, sum);
      for (guint corner = 0; corner < SL_TTA_CORNERS; corner++)
        {
          sl_transform_draw_corner (
              &transform, augment, corner, SL_RESIZE_CROP, TINY_SIDE, TINY_SIDE, TINY_SIDE,
              TINY_SIDE, sl_random_key (world.recipe->seed, SL_PURPOSE_VIEWS, corner + 1, 0));
          add_view (model, &transform, picture, 0.6 / 8, sum);
        }
      plain = sl_model_predict (model, path, NULL);
      sl_model_set_tta (model, TRUE);
      found = sl_model_predict (model, path, NULL);
      sl_model_set_tta (model, FALSE);
      for (guint j = 0; j < 3; j++)
        {
          g_assert_cmpfloat_with_epsilon (found->outputs[j], sum[j], 0.005);
          furthest = MAX (furthest, fabs (found->outputs[j] - plain->outputs[j]));
        }
    }
  g_assert_cmpfloat (furthest, >, 0.02); /* the views are not all the same */
}

/* A set of more pictures than a batch takes, one of them unreadable: each gets the answer that it
 * gets alone, and the loss is that of the answer. */
static void
test_evaluate_nine_views (void)
{
  g_autoptr (SlModel) model = load ();
  g_autoptr (SlSampleSet) samples = samples_new (tiny_classes);
  g_autoptr (GPtrArray) predictions = NULL;
  g_auto (SlScore) score = { 0 };
  double loss = 0;
  guint n = 0;

  for (guint i = 0; i < 5; i++)
    {
      const SlSample *sample = sl_sample_set_get (world.valid, i);

      sl_sample_set_add (samples, i, i == 1 ? "/nonexistent.png" : sample->path, sample->target);
    }
  sl_model_set_tta (model, TRUE);
  predictions = evaluate (model, samples, &score);
  g_assert_cmpuint (predictions->len, ==, 4);
  for (guint i = 0; i < 5; i++)
    {
      const SlPrediction *found;
      g_autoptr (SlPrediction) alone = NULL;

      if (i == 1)
        continue;
      found = predictions->pdata[n++];
      alone = sl_model_predict (model, sl_sample_set_get (world.valid, i)->path, NULL);
      g_assert_cmpint (found->id, ==, i);
      for (guint j = 0; j < 3; j++)
        g_assert_cmpfloat_with_epsilon (found->outputs[j], alone->outputs[j], 1e-5);
      g_assert_cmpfloat_with_epsilon (found->loss, -log (found->probability), 1e-4);
      loss += found->loss;
    }
  g_assert_cmpfloat (score.weight, ==, 4);
  g_assert_cmpfloat_with_epsilon (score.loss, loss, 1e-4);
}

/* Pictures of 32 pixels leave one cell of the last map: too few to point at anything. */
static void
test_heat_map_too_small (void)
{
  g_autoptr (SlModel) model = load ();
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_model_heat_map (model, sl_sample_set_get (world.valid, 0)->path, 0, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "128"));
}

static void
count_calls (gsize done, gsize total, const char *what, gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_evaluation_cancelled (void)
{
  g_autoptr (SlModel) model = load ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SlTrainControl) control = sl_train_control_new ();
  g_autoptr (SlSampleSet) many = tiny_set (world.folder, 40, 301, 80);
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_model_evaluate (model, many, NULL, NULL, NULL, NULL, NULL, count_calls,
                                     cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  sl_train_control_stop (control);
  g_assert_false (
      sl_model_evaluate (model, many, NULL, NULL, NULL, NULL, control, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Cut off anywhere, or something else: an error that names the file, never a crash. */
static void
test_load_bad (void)
{
  g_autofree char *path = g_build_filename (world.folder, "bad.safetensors", NULL);
  g_autofree char *data = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (world.model, &data, &n, NULL));
  for (guint i = 0; i < 12; i++)
    {
      gsize cut = i < 8 ? i * i * 40 : n / 12 * i;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, data, (gssize)cut, NULL));
      g_assert_null (sl_model_load (path, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, "bad.safetensors"));
    }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (sl_model_load ("/nonexistent.safetensors", &error));
    g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  }
}

/* A file whose metadata lie about its weights. */
static void
test_load_lies (void)
{
  static const struct
  {
    const char *key, *value;
  } lies[] = {
    { "format", "other" },
    { "task", "guess" },
    { "classes", "[\"a\"]" },
    { "classes", "[]" },
    { "classes", "{}" },
    { "classes", "[1,2,3]" },
    { "recipe", "{" },
    { "recipe", "{\"arch\":\"resnet34\"}" },
    { "recipe", "{\"arch\":\"nothing\"}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = g_build_filename (world.folder, "lies.safetensors", NULL);
      g_autoptr (SlStateDict) dict = sl_state_dict_load (world.model, NULL);
      g_autoptr (GError) error = NULL;

      sl_state_dict_set_meta (dict, lies[i].key, lies[i].value);
      g_assert_true (sl_state_dict_save (dict, path, NULL));
      g_test_message ("%s = %s", lies[i].key, lies[i].value);
      g_assert_null (sl_model_load (path, &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, "lies.safetensors"));
    }
}

/* ---- Learning-rate finder */

typedef struct
{
  GArray *points; /* SlSweepPoint */
  SlTrainControl *control;
  guint stop_at;
} Watch;

static void
on_point (const SlSweepPoint *point, guint index, guint total, gpointer data)
{
  Watch *self = data;

  g_assert_cmpuint (index, ==, self->points->len);
  g_assert_cmpuint (total, ==, 100);
  g_array_append_val (self->points, *point);
  if (self->stop_at != 0 && index + 1 == self->stop_at)
    sl_train_control_stop (self->control);
}

static void
sweep (guint stop_at, SlSweepResult *result)
{
  g_autoptr (SlTrainControl) control = sl_train_control_new ();
  Watch watch = { g_array_new (FALSE, FALSE, sizeof (SlSweepPoint)), control, stop_at };
  g_autofree char *folder = tiny_folder ();
  SlTrainSetup setup = { .train = world.train, .recipe = world.recipe, .folder = folder };
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;

  sl_lr_find (&setup, 0, control, on_point, &watch, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (watch.points->data, watch.points->len * sizeof (SlSweepPoint),
                   result->points->data, result->points->len * sizeof (SlSweepPoint));
  g_array_unref (watch.points);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_null (g_dir_read_name (dir)); /* nothing is written */
  tiny_remove (folder);
}

/* 18 pictures in batches of 6 are three batches: the set is gone through again and again. */
static void
test_sweep (void)
{
  SlSweepResult result;
  float best = 0;
  guint n_above = 0; /* batches in a row with more than four times the best loss */

  sweep (0, &result);
  g_assert_cmpuint (result.points->len, >, 60);
  g_assert_cmpuint (result.points->len, <=, 100);
  for (guint i = 0; i < result.points->len; i++)
    {
      SlSweepPoint point = g_array_index (result.points, SlSweepPoint, i);

      g_assert_cmpfloat_with_epsilon (log10 (point.lr), -7 + 0.08 * i, 1e-9);
      g_assert_true (isfinite (point.loss) && isfinite (point.smooth));
      if (i < 25 || point.smooth < best) /* those before tell nothing yet */
        best = point.smooth;
      n_above = point.loss > 4 * best ? n_above + 1 : 0;
      if (i + 1 < result.points->len) /* it stops as soon as the loss has exploded, and only then */
        g_assert_false (point.smooth > 4 * best && n_above >= 5);
      else if (result.points->len < 100)
        g_assert_true (point.smooth > 4 * best && n_above >= 5);
    }
  sl_sweep_result_clear (&result);
}

static void
test_sweep_stopped (void)
{
  SlSweepResult result;

  sweep (4, &result);
  g_assert_cmpuint (result.points->len, ==, 4);
  g_assert_cmpint (result.steepest, ==, -1);
  sl_sweep_result_clear (&result);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  make_world ();
  g_test_add_func ("/train/model/load", test_load);
  g_test_add_func ("/train/model/metadata", test_metadata);
  g_test_add_func ("/train/model/evaluate", test_evaluate);
  g_test_add_func ("/train/model/predict", test_predict);
  g_test_add_func ("/train/model/nine-views", test_nine_views);
  g_test_add_func ("/train/model/nine-views/evaluate", test_evaluate_nine_views);
  g_test_add_func ("/train/model/heat-map-too-small", test_heat_map_too_small);
  g_test_add_func ("/train/model/predict/exactly", test_predict_exactly);
  g_test_add_func ("/train/model/predict/bad-files", test_predict_bad_files);
  g_test_add_func ("/train/model/unreadable", test_unreadable_in_evaluation);
  g_test_add_func ("/train/model/cancelled", test_evaluation_cancelled);
  g_test_add_func ("/train/model/load/bad", test_load_bad);
  g_test_add_func ("/train/model/load/lies", test_load_lies);
  g_test_add_func ("/train/lr-find/sweep", test_sweep);
  g_test_add_func ("/train/lr-find/stopped", test_sweep_stopped);
  result = g_test_run ();
  free_world ();
  return result;
}
