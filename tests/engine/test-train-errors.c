/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeps a run from starting or ends it: each with what happened and what to do. */
#include "tiny-pictures.h"
#include <string.h>

typedef struct
{
  char *folder, *run;
  SlSampleSet *train;
  SlRecipe *recipe;
  SlTrainSetup setup;
  GCancellable *cancellable;
  float first_loss;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = tiny_folder ();
  self->run = tiny_folder ();
  self->train = tiny_set (self->folder, 12, 1, 80);
  self->recipe = tiny_recipe (1);
  self->cancellable = g_cancellable_new ();
  self->setup = (SlTrainSetup){ .train = self->train, .recipe = self->recipe, .folder = self->run };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  tiny_remove (self->folder);
  tiny_remove (self->run);
  g_free (self->folder);
  g_free (self->run);
  sl_sample_set_unref (self->train);
  sl_recipe_free (self->recipe);
  g_object_unref (self->cancellable);
}

static void
on_batch (const SlBatchRecord *record, double seconds_left, gpointer data)
{
  Fixture *self = data;

  if (record->step == 0)
    self->first_loss = record->loss;
}

static void
train_well (Fixture *self)
{
  const SlTrainSink sink = { .batch = on_batch };
  g_autoptr (GError) error = NULL;

  sl_train (&self->setup, NULL, &sink, self, NULL, self->cancellable, &error);
  g_assert_no_error (error);
}

static void
assert_fails (Fixture *self, GQuark domain, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_train (&self->setup, NULL, NULL, NULL, NULL, self->cancellable, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (g_error_matches (error, domain, code));
  if (word != NULL)
    {
      g_assert_nonnull (strstr (error->message, word));
      g_assert_nonnull (strstr (error->message, ": ")); /* what to do */
    }
}

static gboolean
has_file (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->run, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
use_samples (Fixture *self, guint n, guint step)
{
  SlSampleSet *set = samples_new (tiny_classes);

  for (guint i = 0; i < n; i++)
    {
      const SlSample *sample = sl_sample_set_get (self->train, i * step);

      sl_sample_set_add (set, sample->id, sample->path, sample->target);
    }
  sl_sample_set_unref (self->train);
  self->setup.train = self->train = set;
}

static void
test_too_few (Fixture *self, gconstpointer data)
{
  use_samples (self, 1, 1);
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "(1)");
  use_samples (self, 0, 1);
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "(0)");
}

static void
test_one_class (Fixture *self, gconstpointer data)
{
  use_samples (self, 4, 3);
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "one class");
}

static void
test_bad_recipe (Fixture *self, gconstpointer data)
{
  self->recipe->dropout = 2;
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "dropout");
}

static void
test_diverges (Fixture *self, gconstpointer data)
{
  g_autofree char *checkpoint = g_build_filename (self->run, "checkpoint.safetensors", NULL);

  self->recipe->stages[0] = (SlStage){ 0, 20, 1e6, 1e6, 0.3 };
  assert_fails (self, SL_ERROR, SL_ERROR_DIVERGED, "lower");
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS)); /* it would only lead here again */
}

/* Twelve pictures cannot ask for a batch that no machine has, so a long list of one file does. */
static void
test_memory_refused (Fixture *self, gconstpointer data)
{
  SlSampleSet *many = samples_new (tiny_classes);

  for (guint i = 0; i < 4096; i++)
    {
      const SlSample *sample = sl_sample_set_get (self->train, i % 12);

      sl_sample_set_add (many, i + 1, sample->path, sample->target);
    }
  sl_sample_set_unref (self->train);
  self->setup.train = self->train = many;
  self->recipe->batch = 4096;
  self->recipe->height = self->recipe->width = 2048;
  assert_fails (self, SL_ERROR, SL_ERROR_MEMORY, "a batch of");
  g_assert_false (has_file (self, "model.safetensors"));
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_cancellable_cancel (self->cancellable);
  assert_fails (self, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
  g_assert_false (has_file (self, "model.safetensors"));
  g_assert_false (has_file (self, "checkpoint.safetensors"));
}

/* The disk went away: an error, not an endless run over nothing. */
static void
test_all_unreadable (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 12; i++)
    g_unlink (sl_sample_set_get (self->train, i)->path);
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "folder");
}

static char *
elsewhere (Fixture *self)
{
  return g_strconcat (self->folder, ".away", NULL);
}

static void
lose_folder (const SlBatchRecord *record, double seconds_left, gpointer data)
{
  Fixture *self = data;
  g_autofree char *away = elsewhere (self);

  if (record->step == 0)
    g_assert_cmpint (g_rename (self->folder, away), ==, 0);
}

static void
note_first (const SlBatchRecord *record, double seconds_left, gpointer first)
{
  *(guint *)first = MIN (*(guint *)first, record->step);
}

/* It goes away in mid-epoch, and comes back: what was learned until then is not lost. */
static void
test_disk_comes_back (Fixture *self, gconstpointer data)
{
  const SlTrainSink losing = { .batch = lose_folder };
  const SlTrainSink watching = { .batch = note_first };
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (1); /* nothing is kept */
  g_autofree char *away = elsewhere (self);
  g_autoptr (GError) error = NULL;
  SlTrainResult result;
  guint first = G_MAXUINT;

  sl_sample_set_unref (self->train);
  self->setup.train = self->train = tiny_set (self->folder, 60, 1, 80);
  self->setup.cache = cache;
  g_assert_false (sl_train (&self->setup, NULL, &losing, self, &result, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "then resume"));
  g_clear_error (&error);
  g_assert_cmpuint (result.epochs, ==, 0);

  g_assert_cmpint (g_rename (away, self->folder), ==, 0);
  self->setup.resume = TRUE;
  sl_train (&self->setup, NULL, &watching, &first, &result, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (first, >, 0);
  g_assert_cmpuint (result.steps, ==, 10);
}

static void
test_unwritable (Fixture *self, gconstpointer data)
{
  g_autofree char *gone = g_build_filename (self->run, "gone", NULL);
  g_autoptr (GError) error = NULL;

  self->setup.folder = gone;
  g_assert_false (sl_train (&self->setup, NULL, NULL, NULL, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "gone"));
}

/* ---- Weights to start from */

/* A catalogue with weights of one network, which are not downloaded. */
static void
use_catalogue (Fixture *self, const char *arch)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "slope-catalogue.json", NULL);
  g_autofree char *text = g_strdup_printf (
      "{\"format\":1,\"weights\":[{\"id\":\"x\",\"architecture\":\"%s\","
      "\"trained_on\":\"X\",\"address\":\"http://127.0.0.1/nothing.pth\","
      "\"sha256\":\"01234567\",\"licence\":\"MIT\"}]}",
      arch);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_setenv ("SLOPE_CATALOGUE", path, TRUE);
}

static void
test_pretrained_missing (Fixture *self, gconstpointer data)
{
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = g_strdup ("/nonexistent.safetensors");
  assert_fails (self, SL_ERROR, SL_ERROR_NOT_FOUND, "/nonexistent.safetensors");
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = g_strdup ("auto");
  use_catalogue (self, "alexnet");
  assert_fails (self, SL_ERROR, SL_ERROR_UNSUPPORTED, "resnet18");
  use_catalogue (self, "resnet18");
  assert_fails (self, SL_ERROR, SL_ERROR_NOT_FOUND, "save http://127.0.0.1/nothing.pth as /");
  g_unsetenv ("SLOPE_CATALOGUE");
}

static void
test_pretrained_of_another (Fixture *self, gconstpointer data)
{
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();
  g_autoptr (SlTensor) tensor = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (3));
  g_autofree char *path = g_build_filename (self->folder, "other.safetensors", NULL);

  sl_state_dict_insert (dict, "features.0.bias", tensor);
  g_assert_true (sl_state_dict_save (dict, path, NULL));
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = g_steal_pointer (&path);
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "0 of the");
}

/* Starting from what an earlier run learned, the first loss is lower than from random weights. */
static void
test_start_model (Fixture *self, gconstpointer data)
{
  g_autofree char *model = g_build_filename (self->run, "model.safetensors", NULL);
  g_autofree char *second = tiny_folder ();
  float from_random;

  self->recipe->stages[0].epochs = 8;
  train_well (self);
  from_random = self->first_loss;
  self->setup.folder = second;
  self->setup.start_model = model;
  self->recipe->stages[0].epochs = 1;
  train_well (self);
  g_test_message ("%g, then %g", from_random, self->first_loss);
  g_assert_cmpfloat (self->first_loss, <, 0.75 * from_random);
  tiny_remove (second);

  g_free (self->recipe->arch);
  self->recipe->arch = g_strdup ("resnet34");
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "resnet34");
}

/* ---- Checkpoints that do not belong here */

/* A run that was stopped after its second step. */
static void
stop_in_second_step (const SlBatchRecord *record, double seconds_left, gpointer data)
{
  if (record->step == 1)
    sl_train_control_stop (data);
}

static void
stop_early (Fixture *self)
{
  g_autoptr (SlTrainControl) control = sl_train_control_new ();
  const SlTrainSink sink = { .batch = stop_in_second_step };
  g_autoptr (GError) error = NULL;

  self->recipe->stages[0].epochs = 3;
  sl_train (&self->setup, control, &sink, control, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (has_file (self, "checkpoint.safetensors"));
  self->setup.resume = TRUE;
}

static void
test_resume_other_data (Fixture *self, gconstpointer data)
{
  stop_early (self);
  use_samples (self, 11, 1);
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "pictures have changed");
}

static void
test_resume_other_recipe (Fixture *self, gconstpointer data)
{
  stop_early (self);
  self->recipe->stages[0].lr_high = 1;
  assert_fails (self, SL_ERROR, SL_ERROR_DATA, "recipe has changed");
}

static void
test_resume_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->run, "checkpoint.safetensors", NULL);
  static const char *const states[] = { "", "[run]\nstep=1\n", "[run]\nstep=x\n", "nonsense" };

  stop_early (self);
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (SlStateDict) dict = sl_state_dict_load (path, NULL);

      sl_state_dict_set_meta (dict, "state", states[i]);
      g_assert_true (sl_state_dict_save (dict, path, NULL));
      assert_fails (self, SL_ERROR, SL_ERROR_FORMAT, "checkpoint.safetensors");
    }
  {
    g_autoptr (SlStateDict) dict = sl_state_dict_load (path, NULL);

    sl_state_dict_set_meta (dict, "state",
                            "[run]\nstep=77\nepochs_done=1\nstage=0\nstage_step=77\n"
                            "stage_epochs=1\nwaited=0\nepoch_seconds=0\n"
                            "loss_mean=0\nloss_n=77\n[last-epoch]\nepoch=1\nstage=0\n"
                            "train_loss=1\nvalid_loss=nan\nseconds=1\nmetrics=1;0;\n");
    g_assert_true (sl_state_dict_save (dict, path, NULL));
    assert_fails (self, SL_ERROR, SL_ERROR_FORMAT, "step");
  }
  g_assert_true (g_file_set_contents (path, "cut", 3, NULL));
  assert_fails (self, SL_ERROR, SL_ERROR_FORMAT, "checkpoint.safetensors");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/train/errors/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("too-few", test_too_few);
  ADD ("one-class", test_one_class);
  ADD ("recipe", test_bad_recipe);
  ADD ("diverges", test_diverges);
  ADD ("memory/refused", test_memory_refused);
  ADD ("cancelled", test_cancelled);
  ADD ("all-unreadable", test_all_unreadable);
  ADD ("disk-comes-back", test_disk_comes_back);
  ADD ("unwritable", test_unwritable);
  ADD ("pretrained/missing", test_pretrained_missing);
  ADD ("pretrained/of-another", test_pretrained_of_another);
  ADD ("start-model", test_start_model);
  ADD ("resume/other-data", test_resume_other_data);
  ADD ("resume/other-recipe", test_resume_other_recipe);
  ADD ("resume/damaged", test_resume_damaged);
  return g_test_run ();
}
