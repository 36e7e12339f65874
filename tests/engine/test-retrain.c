/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs that begin where others were: the same recipe gives the same curve, to the bit, also from runs that
 * themselves began in mid-way of another. */
#include "jobs-fixture.h"

typedef struct
{
  Fixture fixture;
  SlProject *project;
  SlRecipe *recipe; /* three stages */
} Runs;

static void
set_up (Runs *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_set_up (&self->fixture, N_EACH);
  self->project = fixture_create (&self->fixture);
  self->recipe = fixture_recipe (2);
  g_free (self->recipe->arch);
  self->recipe->arch = g_strdup ("mobilenet-v2"); /* small files */
  self->recipe->n_stages = 3;
  self->recipe->stages[1] = (SlStage){ 0, 1, 1e-5, 1e-3, 0.3 };
  self->recipe->stages[2] = (SlStage){ 0, 1, 1e-4, 3e-3, 0.3 };
  sl_project_train (self->project, self->recipe, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Runs *self, gconstpointer data)
{
  g_clear_object (&self->project);
  sl_recipe_free (self->recipe);
  fixture_tear_down (&self->fixture);
}

/* @recipe (nullable). */
static SlRun *
train_again (Runs *self, const SlRecipe *recipe, gint64 id, guint stage)
{
  g_autoptr (GError) error = NULL;
  gint64 new_id;

  sl_project_retrain (self->project, recipe, id, stage, NULL, &new_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sl_run_get_id (nth_run (self->project, 0)), ==, new_id);
  return nth_run (self->project, 0);
}

static SlRun *
find_run (Runs *self, gint64 id)
{
  GListModel *runs = sl_project_get_runs (self->project);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    if (sl_run_get_id (nth_run (self->project, i)) == id)
      return nth_run (self->project, i);
  return NULL;
}

static gboolean
have_same_curve (SlRun *a, SlRun *b)
{
  gsize n, n_other, n_epochs, n_other_epochs;
  const SlBatchRecord *batches = sl_run_get_batches (a, &n);
  const SlBatchRecord *others = sl_run_get_batches (b, &n_other);
  const SlEpochRecord *epochs = sl_run_get_epochs (a, &n_epochs);
  const SlEpochRecord *other_epochs = sl_run_get_epochs (b, &n_other_epochs);

  g_assert_cmpuint (n, ==, 4 * STEPS_PER_EPOCH);
  g_assert_cmpuint (n_other, ==, n);
  g_assert_cmpuint (n_epochs, ==, 4);
  g_assert_cmpuint (n_other_epochs, ==, 4);
  for (guint i = 0; i < 4; i++)
    if (epochs[i].valid_loss != other_epochs[i].valid_loss)
      return FALSE;
  return memcmp (batches, others, n * sizeof *batches) == 0;
}

static void
assert_refused (Runs *self, gint64 id, guint stage, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_project_retrain (self->project, NULL, id, stage, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, says));
}

/* From each of its stages. */
static void
test_each_stage (Runs *self, gconstpointer data)
{
  for (guint stage = 0; stage < 3; stage++)
    {
      SlRun *again = train_again (self, NULL, 1, stage);

      g_assert_true (have_same_curve (again, find_run (self, 1)));
      g_assert_cmpint (sl_run_get_from_run (again), ==, stage > 0 ? 1 : 0);
      g_assert_cmpuint (sl_run_get_from_stage (again), ==, stage);
    }
  assert_refused (self, 1, 3, "stage 4");
}

/* A run that began with stage 3 of another, its rate changed: once more from there, from the stage
 * before, which only the other run has kept, and from the beginning. */
static void
test_begun_in_mid_way (Runs *self, gconstpointer data)
{
  SlRun *changed;

  self->recipe->stages[2].lr_high = 1e-2;
  changed = train_again (self, self->recipe, 1, 2);
  g_assert_false (have_same_curve (changed, find_run (self, 1)));
  g_assert_true (sl_run_has_stage (changed, 2));
  g_assert_false (sl_run_has_stage (changed, 1));
  for (guint stage = 0; stage < 3; stage++)
    {
      SlRun *again = train_again (self, NULL, 2, stage);
      const gint64 from[3] = { 0, 1, 2 };

      g_assert_true (have_same_curve (again, find_run (self, 2)));
      g_assert_cmpint (sl_run_get_from_run (again), ==, from[stage]);
      g_assert_cmpuint (sl_run_get_from_stage (again), ==, stage);
    }
}

/* The other run deleted: what this one keeps itself is enough for its own stages, and it is said what is
 * missing for the others. */
static void
test_other_deleted (Runs *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 from_run = 9;

  train_again (self, NULL, 1, 1);
  g_assert_true (sl_project_find_beginning (self->project, find_run (self, 2), &from_run, &error));
  g_assert_cmpint (from_run, ==, 0);
  g_assert_true (sl_project_delete_run (self->project, 1, &error));
  g_assert_no_error (error);

  g_assert_true (have_same_curve (train_again (self, NULL, 2, 1), find_run (self, 2)));
  g_assert_true (have_same_curve (train_again (self, NULL, 3, 1), find_run (self, 2)));
  assert_refused (self, 4, 0, "run 1, which is deleted");
  g_assert_false (sl_project_find_beginning (self->project, find_run (self, 4), &from_run, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_cmpint (from_run, ==, 0);
}

/* A run that began with what another had learned, gone on with in mid-way: its beginning is that run's
 * model, and so is that of the run that goes on from it. */
static void
test_from_model (Runs *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 from_run = 0;

  sl_project_train (self->project, self->recipe, 1, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  train_again (self, NULL, 2, 1);
  g_assert_true (sl_project_find_beginning (self->project, find_run (self, 3), &from_run, &error));
  g_assert_cmpint (from_run, ==, 1);
  g_assert_true (have_same_curve (train_again (self, NULL, 3, 0), find_run (self, 2)));
  g_assert_cmpint (sl_run_get_from_run (find_run (self, 4)), ==, 1);

  g_assert_true (sl_project_delete_run (self->project, 1, &error));
  g_assert_false (sl_project_find_beginning (self->project, find_run (self, 3), &from_run, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "run 1"));
  g_assert_cmpint (from_run, ==, 0);
}

/* Stopped before its first checkpoint, the weights that it began with are its own: it goes on though the
 * other run is deleted. */
static void
stop_now (SlProject *project, const SlBatchRecord *record, gpointer data)
{
  sl_project_stop (project);
}

static void
test_resumed_without_other (Runs *self, gconstpointer data)
{
  SlJobWatch watch = { .batch = stop_now };
  g_autoptr (GError) error = NULL;
  g_autofree char *checkpoint = NULL;

  sl_project_retrain (self->project, NULL, 1, 2, &watch, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sl_run_get_state (find_run (self, 2)), ==, SL_RUN_STOPPED);
  checkpoint = g_build_filename (self->fixture.project, "runs", "2", "checkpoint.safetensors",
                                 NULL);
  g_unlink (checkpoint);
  train_again (self, NULL, 1, 0);
  g_assert_true (sl_project_delete_run (self->project, 1, &error));
  sl_project_resume (self->project, 2, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (have_same_curve (find_run (self, 2), find_run (self, 3)));
}

#define ADD(name, test) g_test_add ("/engine/retrain/" name, Runs, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  use_memory_for_files ();
  g_test_init (&argc, &argv, NULL);
  ADD ("each-stage", test_each_stage);
  ADD ("begun-in-mid-way", test_begun_in_mid_way);
  ADD ("other-deleted", test_other_deleted);
  ADD ("from-model", test_from_model);
  ADD ("resumed-without-other", test_resumed_without_other);
  return g_test_run ();
}
