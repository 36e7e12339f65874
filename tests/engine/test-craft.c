/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recipe may ask for besides stages of epochs: sizes that step up, training from a stage on, kept
 * outputs, the best model, patience, mixup, unequal classes, clipping. */
#include "train/balance.h"
#include "train/control.h"
#include "train/mixup.h"
#include "tiny-pictures.h"
#include <math.h>
#include <string.h>

typedef struct
{
  char *folder, *run;
  SlSampleSet *train, *valid;
  SlRecipe *recipe;
  GArray *batches; /* SlBatchRecord */
  GArray *epochs;  /* SlEpochRecord */
  GArray *plans;   /* SlPlanRecord */
  guint stop_at;   /* step; 0: never */
  SlTrainControl *control;
  char *start_model;
  guint start_stage;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = tiny_folder ();
  self->run = tiny_folder ();
  self->train = tiny_set (self->folder, 20, 1, 120); /* 3 batches of 6, 2 left over */
  self->valid = tiny_set (self->folder, 7, 101, 120);
  self->recipe = tiny_recipe (1);
  self->batches = g_array_new (FALSE, FALSE, sizeof (SlBatchRecord));
  self->epochs = g_array_new (FALSE, FALSE, sizeof (SlEpochRecord));
  self->plans = g_array_new (FALSE, FALSE, sizeof (SlPlanRecord));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  tiny_remove (self->folder);
  tiny_remove (self->run);
  g_free (self->folder);
  g_free (self->run);
  g_free (self->start_model);
  sl_sample_set_unref (self->train);
  sl_sample_set_unref (self->valid);
  sl_recipe_free (self->recipe);
  g_array_unref (self->batches);
  g_array_unref (self->epochs);
  g_array_unref (self->plans);
  g_clear_pointer (&self->control, sl_train_control_unref);
}

static void
on_plan (const SlPlanRecord *record, gpointer data)
{
  g_array_append_vals (((Fixture *)data)->plans, record, 1);
}

static void
on_batch (const SlBatchRecord *record, double seconds_left, gpointer data)
{
  Fixture *self = data;

  g_array_set_size (self->batches, MIN (self->batches->len, record->step));
  g_array_append_vals (self->batches, record, 1);
  if (self->stop_at != 0 && record->step == self->stop_at)
    sl_train_control_stop (self->control);
}

static void
on_epoch (const SlEpochRecord *record, gpointer data)
{
  Fixture *self = data;

  g_array_set_size (self->epochs, MIN (self->epochs->len, record->epoch - 1));
  g_array_append_vals (self->epochs, record, 1);
}

static void
train (Fixture *self, gboolean resume, SlTrainResult *result)
{
  const SlTrainSink sink = { .plan = on_plan, .batch = on_batch, .epoch = on_epoch };
  SlTrainSetup setup = { .train = self->train,
                         .valid = self->valid,
                         .recipe = self->recipe,
                         .folder = self->run,
                         .start_model = self->start_model,
                         .start_stage = self->start_stage,
                         .resume = resume };
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->control, sl_train_control_unref);
  self->control = sl_train_control_new ();
  sl_train (&setup, self->control, &sink, self, result, NULL, &error);
  g_assert_no_error (error);
}

static void
start_afresh (Fixture *self)
{
  tiny_remove (self->run);
  g_free (self->run);
  self->run = tiny_folder ();
  g_array_set_size (self->batches, 0);
  g_array_set_size (self->epochs, 0);
  g_array_set_size (self->plans, 0);
}

/* Of batches and epochs from @first on; seconds differ, nothing else may. */
static void
assert_same_curve (Fixture *self, GArray *batches, GArray *epochs)
{
  g_assert_cmpmem (self->batches->data, self->batches->len * sizeof (SlBatchRecord), batches->data,
                   batches->len * sizeof (SlBatchRecord));
  g_assert_cmpuint (self->epochs->len, ==, epochs->len);
  for (guint i = 0; i < epochs->len; i++)
    {
      const SlEpochRecord *a = &g_array_index (self->epochs, SlEpochRecord, i);
      const SlEpochRecord *b = &g_array_index (epochs, SlEpochRecord, i);

      g_assert_cmpuint (a->stage, ==, b->stage);
      g_assert_true (a->valid_loss == b->valid_loss);
      g_assert_true (a->train_eval_loss == b->train_eval_loss
                     || (isnan (a->train_eval_loss) && isnan (b->train_eval_loss)));
    }
}

/* Two stages, frozen and small, then all of it and larger. */
static void
use_growing_stages (Fixture *self)
{
  self->recipe->n_stages = 2;
  self->recipe->stages[0] = (SlStage){ 2, 2, 3e-3, 3e-3, 0.3, 32, 32, 6, NULL };
  self->recipe->stages[1] = (SlStage){ 0, 1, 1e-4, 1e-3, 0.3, 48, 40, 4, "none" };
}

static char *
stage_file (Fixture *self, guint stage)
{
  g_autofree char *name = sl_stage_file_name (stage);

  return g_build_filename (self->run, name, NULL);
}

/* ---- Stages */

static void
test_sizes (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *stage = NULL;
  g_autoptr (SlModel) model = NULL;
  SlTrainResult result;

  use_growing_stages (self);
  train (self, FALSE, &result);
  g_assert_cmpuint (result.steps, ==, 2 * 3 + 5); /* 20 pictures in fours are five batches */
  g_assert_cmpuint (self->plans->len, ==, 2);
  g_assert_cmpuint (g_array_index (self->plans, SlPlanRecord, 0).n_steps, ==, 11);
  g_assert_cmpuint (g_array_index (self->plans, SlPlanRecord, 1).batch, ==, 4);
  g_assert_cmpint (g_array_index (self->plans, SlPlanRecord, 1).height, ==, 48);
  g_assert_cmpfloat (g_array_index (self->batches, SlBatchRecord, 6).epoch, ==, 2);
  g_assert_cmpfloat_with_epsilon (g_array_index (self->batches, SlBatchRecord, 7).epoch, 2.2, 1e-6);
  g_assert_cmpuint (g_array_index (self->epochs, SlEpochRecord, 2).stage, ==, 1);
  /* The model is of the last size; the weights of the second stage's beginning stay. */
  path = g_build_filename (self->run, "model.safetensors", NULL);
  model = sl_model_load (path, NULL);
  g_assert_cmpint (sl_model_get_recipe (model)->height, ==, 48);
  g_assert_cmpint (sl_model_get_recipe (model)->width, ==, 40);
  stage = stage_file (self, 1);
  g_assert_true (g_file_test (stage, G_FILE_TEST_EXISTS));
}

static void
test_resume_sizes (Fixture *self, gconstpointer data)
{
  const guint stops[] = { 2, 5, 8 };
  g_autoptr (GArray) batches = NULL;
  g_autoptr (GArray) epochs = NULL;

  use_growing_stages (self);
  self->recipe->keep = SL_KEEP_MODEL_METRIC;
  train (self, FALSE, NULL);
  batches = g_array_copy (self->batches);
  epochs = g_array_copy (self->epochs);
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
    {
      SlTrainResult result;

      start_afresh (self);
      self->stop_at = stops[i];
      train (self, FALSE, &result);
      g_assert_true (result.stopped);
      self->stop_at = 0;
      train (self, TRUE, &result);
      g_assert_false (result.stopped);
      assert_same_curve (self, batches, epochs);
    }
}

/* Begun with the second stage of a run, nothing changed: that run's curve again. */
static void
test_from_stage (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) batches = NULL;
  g_autoptr (GArray) epochs = NULL;
  g_autofree char *first = self->run;

  use_growing_stages (self);
  train (self, FALSE, NULL);
  self->start_model = stage_file (self, 1);
  self->start_stage = 1;
  self->run = tiny_folder ();
  batches = g_array_copy (self->batches);
  epochs = g_array_copy (self->epochs);
  g_array_set_size (self->batches, 6);
  g_array_set_size (self->epochs, 2);
  train (self, FALSE, NULL);
  assert_same_curve (self, batches, epochs);

  /* A stage before it that is another one's is refused. */
  {
    SlTrainSetup setup = { .train = self->train,
                           .recipe = self->recipe,
                           .folder = self->run,
                           .start_model = self->start_model,
                           .start_stage = 1 };
    g_autoptr (GError) error = NULL;

    self->recipe->stages[0].lr_high = 1e-2;
    g_assert_false (sl_train (&setup, NULL, NULL, NULL, NULL, NULL, &error));
    g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
    g_assert_nonnull (strstr (error->message, "stage 2"));
  }
  tiny_remove (first);
}

/* ---- The best epoch */

static double
valid_loss_of_model (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->run, "model.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlModel) model = sl_model_load (path, &error);
  g_auto (SlScore) score = { 0 };

  g_assert_no_error (error);
  g_assert_true (sl_model_evaluate (model, self->valid, NULL, NULL, NULL, &score, NULL, NULL, NULL,
                                    NULL, &error));
  return score.loss / score.weight;
}

static void
test_keep_best (Fixture *self, gconstpointer data)
{
  SlTrainResult result;
  guint best = 0;

  self->recipe->keep = SL_KEEP_MODEL_LOSS;
  self->recipe->stages[0].epochs = 5;
  self->recipe->stages[0].lr_low = self->recipe->stages[0].lr_high = 3e-2; /* ups and downs */
  train (self, FALSE, &result);
  for (guint i = 1; i < 5; i++)
    if (g_array_index (self->epochs, SlEpochRecord, i).valid_loss
        < g_array_index (self->epochs, SlEpochRecord, best).valid_loss)
      best = i;
  g_assert_cmpuint (result.kept_epoch, ==, best + 1);
  g_assert_true (g_array_index (self->epochs, SlEpochRecord, best).kept);
  for (guint i = best + 1; i < 5; i++)
    g_assert_false (g_array_index (self->epochs, SlEpochRecord, i).kept);
  g_assert_cmpfloat_with_epsilon (valid_loss_of_model (self),
                                  g_array_index (self->epochs, SlEpochRecord, best).valid_loss,
                                  1e-4);
}

/* Nothing is learned at such a rate: the stage ends after the epochs it may wait, the next begins. */
static void
test_patience (Fixture *self, gconstpointer data)
{
  SlTrainResult result;

  self->recipe->patience = 1;
  self->recipe->n_stages = 2;
  self->recipe->freeze_norms = TRUE;
  self->recipe->stages[0] = (SlStage){ 3, 9, 1e-12, 1e-12, 0.3 };
  self->recipe->stages[1] = (SlStage){ 0, 1, 1e-4, 1e-3, 0.3 };
  g_assert_true (sl_recipe_use_preset (self->recipe, "two-stages", NULL));
  self->recipe->stages[0].epochs = 9;
  self->recipe->stages[0].lr_low = self->recipe->stages[0].lr_high = 10; /* worse and worse */
  self->recipe->stages[1].epochs = 1;
  train (self, FALSE, &result);
  g_assert_cmpuint (result.epochs, <, 10);
  g_assert_cmpuint (g_array_index (self->epochs, SlEpochRecord, result.epochs - 1).stage, ==, 1);
  g_assert_cmpuint (g_array_index (self->epochs, SlEpochRecord, result.epochs - 1).epoch, ==,
                    result.epochs);
}

/* ---- Kept outputs */

static void
use_frozen_stage (Fixture *self, guint views)
{
  self->recipe->freeze_norms = TRUE;
  self->recipe->views = views;
  self->recipe->stages[0] = (SlStage){ 2, 5, 3e-3, 3e-3, 0.3 };
}

/* With mixup of no strength to speak of the body runs each time over the same views. */
static void
check_kept_outputs (Fixture *self, SlPrecision precision)
{
  g_autoptr (GArray) batches = NULL;

  self->recipe->precision = precision;

  use_frozen_stage (self, 2);
  train (self, FALSE, NULL);
  g_assert_cmpint (g_array_index (self->plans, SlPlanRecord, 0).kept, ==, SL_KEPT_USED);
  g_assert_cmpuint (g_array_index (self->plans, SlPlanRecord, 0).kept_views, ==, 2);
  batches = g_array_copy (self->batches);
  start_afresh (self);
  self->recipe->mixup = 1e-9; /* the larger share is 1 but for a billionth's chance */
  train (self, FALSE, NULL);
  g_assert_cmpint (g_array_index (self->plans, SlPlanRecord, 0).kept, ==, SL_KEPT_MIXUP);
  g_assert_cmpuint (self->batches->len, ==, batches->len);
  for (guint i = 0; i < batches->len; i++)
    g_assert_cmpfloat_with_epsilon (g_array_index (self->batches, SlBatchRecord, i).loss,
                                    g_array_index (batches, SlBatchRecord, i).loss, 2e-3);
}

static void
test_kept_outputs (Fixture *self, gconstpointer data)
{
  check_kept_outputs (self, SL_PRECISION_F32);
}

/* The body that is asked once multiplies as the one that runs each time. */
static void
test_kept_bf16 (Fixture *self, gconstpointer data)
{
  check_kept_outputs (self, SL_PRECISION_BF16);
}

static void
test_kept_resume (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) batches = NULL;
  g_autoptr (GArray) epochs = NULL;

  use_frozen_stage (self, 2);
  train (self, FALSE, NULL);
  batches = g_array_copy (self->batches);
  epochs = g_array_copy (self->epochs);
  for (guint i = 0; i < epochs->len; i++) /* costs nothing with kept outputs: each epoch has it */
    g_assert_false (isnan (g_array_index (epochs, SlEpochRecord, i).train_eval_loss));
  start_afresh (self);
  self->stop_at = 7;
  train (self, FALSE, NULL);
  self->stop_at = 0;
  train (self, TRUE, NULL);
  assert_same_curve (self, batches, epochs);
}

static void
test_kept_states (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint freeze_to, views;
    gboolean freeze_norms;
    const char *augment;
    SlKeptState state;
  } rows[] = {
    { 0, 2, TRUE, "default", SL_KEPT_NOT_FROZEN },
    { 2, 2, FALSE, "default", SL_KEPT_NORMS_TRAINED },
    { 2, 0, TRUE, "default", SL_KEPT_NEW_VIEWS },
    { 2, 0, TRUE, "none", SL_KEPT_USED },
    { 2, 3, TRUE, "default", SL_KEPT_USED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      start_afresh (self);
      self->stop_at = 1;
      self->recipe->stages[0].freeze_to = rows[i].freeze_to;
      self->recipe->views = rows[i].views;
      self->recipe->freeze_norms = rows[i].freeze_norms;
      g_free (self->recipe->augment);
      self->recipe->augment = g_strdup (rows[i].augment);
      train (self, FALSE, NULL);
      g_assert_cmpint (g_array_index (self->plans, SlPlanRecord, 0).kept, ==, rows[i].state);
    }
}

/* ---- Draws */

static void
test_mixup_learns (Fixture *self, gconstpointer data)
{
  self->recipe->mixup = 0.4;
  self->recipe->stages[0].epochs = 6;
  self->recipe->dropout = 0;
  train (self, FALSE, NULL);
  g_assert_cmpfloat (g_array_index (self->batches, SlBatchRecord, 17).smooth, <,
                     g_array_index (self->batches, SlBatchRecord, 0).smooth);
}

/* Mean 1/2 and variance 1 / (4 (2a + 1)) of Beta (a, a). */
static void
test_beta (void)
{
  const double alphas[] = { 0.1, 0.4, 1, 5 };

  for (guint k = 0; k < G_N_ELEMENTS (alphas); k++)
    {
      const guint n = 20000;
      double sum = 0, squares = 0;
      SlRandom random;

      sl_random_init (&random, sl_random_key (1, SL_PURPOSE_TEST, k, 0));
      for (guint i = 0; i < n; i++)
        {
          double x = sl_random_beta (&random, alphas[k]);

          g_assert_true (x >= 0 && x <= 1);
          sum += x;
          squares += (x - 0.5) * (x - 0.5);
        }
      g_assert_cmpfloat_with_epsilon (sum / n, 0.5, 0.02);
      g_assert_cmpfloat_with_epsilon (squares / n, 1 / (4 * (2 * alphas[k] + 1)), 0.01);
    }
}

static void
test_mixup_rows (void)
{
  SlBatch batch = { .n_items = 3 };
  g_autoptr (SlTensor) pictures = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE2 (3, 2));
  g_autoptr (SlTensor) targets = sl_tensor_new (SL_DTYPE_I32, SL_SHAPE1 (3));
  g_autoptr (SlTensor) weights = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (3));
  guint32 partner[3] = { 2, 0, 1 };
  float share[3] = { 0.75f, 1, 0.5f }, mixed[6], mixed_weights[6];
  const SlMixup mixup = { partner, share };
  gint32 mixed_targets[6];

  for (guint i = 0; i < 3; i++)
    {
      sl_tensor_f32 (pictures)[2 * i] = sl_tensor_f32 (pictures)[2 * i + 1] = (float)i;
      sl_tensor_i32 (targets)[i] = (gint32)(10 + i);
      sl_tensor_f32 (weights)[i] = i == 1 ? 0 : 2; /* the second could not be read */
    }
  batch.pictures = pictures;
  batch.targets = targets;
  batch.weights = weights;
  sl_mixup_apply (&mixup, &batch, mixed, mixed_targets, mixed_weights);
  g_assert_cmpfloat (mixed[0], ==, 0.5f);
  g_assert_cmpfloat (mixed[3], ==, 1);
  g_assert_cmpfloat (mixed[4], ==, 1.5f);
  g_assert_cmpint (mixed_targets[0], ==, 10);
  g_assert_cmpint (mixed_targets[3], ==, 12);
  g_assert_cmpint (mixed_targets[4], ==, 10);
  g_assert_cmpfloat (mixed_weights[0], ==, 1.5f);
  g_assert_cmpfloat (mixed_weights[1], ==, 0);
  g_assert_cmpfloat (mixed_weights[3], ==, 0.5f);
  g_assert_cmpfloat (mixed_weights[5], ==, 0); /* its partner counts for nothing */
}

/* 9 blue, 3 green, none red. */
static SlSampleSet *
unequal_set (void)
{
  SlSampleSet *set = samples_new (tiny_classes);

  for (guint i = 0; i < 12; i++)
    sl_sample_set_add (set, i + 1, "nowhere", i < 9 ? "blue" : "green");
  return set;
}

static void
test_balance_weights (void)
{
  g_autoptr (SlSampleSet) set = unequal_set ();
  SlEpochDraw draw;
  double sum = 0;

  sl_epoch_draw_init (&draw, set, SL_BALANCE_WEIGHTS);
  for (guint i = 0; i < 12; i++)
    sum += draw.weights[i];
  g_assert_cmpfloat_with_epsilon (sum, 12, 1e-5);
  g_assert_cmpfloat_with_epsilon (draw.weights[11] / draw.weights[0], 3, 1e-5);
  g_assert_cmpuint (draw.n, ==, 12);
  sl_epoch_draw_clear (&draw);
}

static void
test_balance_oversample (void)
{
  g_autoptr (SlSampleSet) set = unequal_set ();
  guint n_green = 0;
  SlEpochDraw draw;

  sl_epoch_draw_init (&draw, set, SL_BALANCE_OVERSAMPLE);
  g_assert_cmpuint (draw.n, ==, 18); /* two classes as large as the larger */
  for (guint64 epoch = 0; epoch < 200; epoch++)
    {
      g_autofree guint32 *order = sl_epoch_draw_order (&draw, 5, epoch);
      g_autofree guint32 *again = sl_epoch_draw_order (&draw, 5, epoch);

      g_assert_cmpmem (order, 18 * sizeof *order, again, 18 * sizeof *again);
      for (guint i = 0; i < 18; i++)
        n_green += order[i] >= 9;
    }
  g_assert_cmpfloat_with_epsilon (n_green / 3600.0, 0.5, 0.03);
  sl_epoch_draw_clear (&draw);
}

static void
test_balance_trains (Fixture *self, gconstpointer data)
{
  SlTrainResult result;

  self->recipe->balance = SL_BALANCE_OVERSAMPLE;
  train (self, FALSE, &result);
  g_assert_cmpuint (result.steps, ==, 3); /* 3 × 7 rows in sixes */
}

static void
test_clip (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) batches = NULL;

  self->recipe->clip = 1e9; /* never reached: as without */
  train (self, FALSE, NULL);
  batches = g_array_copy (self->batches);
  start_afresh (self);
  self->recipe->clip = 0;
  train (self, FALSE, NULL);
  g_assert_cmpmem (self->batches->data, self->batches->len * sizeof (SlBatchRecord), batches->data,
                   batches->len * sizeof (SlBatchRecord));
}

/* The norm of all gradients together, as PyTorch's clip_grad_norm_. */
static void
test_clip_norm (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE2 (2, 3));
  g_autoptr (SlParams) params = NULL;
  float *grads;
  guint before = sl_parallel_get_threads ();

  sl_linear (graph, "a", x, 20000, FALSE, NULL);
  params = sl_params_new (graph, 1);
  grads = sl_params_grads (params);
  for (guint threads = 1; threads <= 2; threads++)
    {
      double sum = 0, norm;

      sl_parallel_set_threads (threads);
      for (gsize i = 0; i < sl_params_n_elements (params); i++)
        grads[i] = 0;
      for (gsize i = 0; i < 60000; i++)
        {
          grads[i] = (float)(i % 7) - 3;
          sum += grads[i] * grads[i];
        }
      norm = sl_params_clip_grads (params, 2 * sqrt (sum));
      g_assert_cmpfloat_with_epsilon (norm, sqrt (sum), 1e-9 * norm);
      g_assert_cmpfloat (grads[0], ==, -3);
      sl_params_clip_grads (params, 0.5 * sqrt (sum));
      g_assert_cmpfloat_with_epsilon (grads[0], -1.5, 1e-6);
    }
  sl_parallel_set_threads (before);
}

int
main (int argc, char **argv)
{
  if (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv ("TMPDIR", "/dev/shm", FALSE); /* models are written and synced all the time */
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/train/craft/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("stages/sizes", test_sizes);
  ADD ("stages/resume", test_resume_sizes);
  ADD ("stages/from-stage", test_from_stage);
  ADD ("best/kept", test_keep_best);
  ADD ("best/patience", test_patience);
  ADD ("kept-outputs/same", test_kept_outputs);
  ADD ("kept-outputs/same-bf16", test_kept_bf16);
  ADD ("kept-outputs/resume", test_kept_resume);
  ADD ("kept-outputs/states", test_kept_states);
  ADD ("mixup/learns", test_mixup_learns);
  ADD ("balance/trains", test_balance_trains);
  ADD ("clip/trains", test_clip);
  g_test_add_func ("/train/craft/mixup/beta", test_beta);
  g_test_add_func ("/train/craft/mixup/rows", test_mixup_rows);
  g_test_add_func ("/train/craft/balance/weights", test_balance_weights);
  g_test_add_func ("/train/craft/balance/oversample", test_balance_oversample);
  g_test_add_func ("/train/craft/clip/norm", test_clip_norm);
  return g_test_run ();
}
