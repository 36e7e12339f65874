/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps, evaluations, predictions and models of a project. */
#include "jobs-fixture.h"

#include <math.h>

/* ---- Sweeps */

static void
test_lr_find (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlSweep) sweep = NULL;
  SlSweepResult result = { 0 };
  Watched watched = { 0 };
  SlJobWatch watch = watch_all (&watched);
  Waiter waiter = { 0 };
  const SlSweepPoint *points;
  gsize n;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  sl_project_lr_find (project, recipe, 0, 0, &watch, &result, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result.points->len, >, 20);
  g_assert_cmpuint (watched.n_points, ==, result.points->len);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_sweeps (project)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_runs (project)), ==, 0);

  /* Again, as the window does, and stopped on the way: what was drawn stays. */
  sl_project_lr_find_async (project, recipe, 0, 0, NULL, on_done, &waiter);
  sweep = g_list_model_get_item (sl_project_get_sweeps (project), 0);
  g_assert_true (sl_sweep_is_running (sweep));
  do
    {
      g_main_context_iteration (NULL, TRUE);
      sl_sweep_get_points (sweep, &n);
    }
  while (n < 3);
  sl_project_stop (project);
  wait_for (&waiter);
  g_object_unref (sl_project_lr_find_finish (project, waiter.result, &error));
  g_assert_no_error (error);
  g_clear_object (&waiter.result);
  g_assert_false (sl_sweep_is_running (sweep));
  points = sl_sweep_get_points (sweep, &n);
  g_assert_cmpuint (n, <, result.points->len);
  g_assert_cmpmem (points, n * sizeof *points, result.points->data, n * sizeof *points);

  /* Both are there after a restart. */
  g_clear_object (&sweep);
  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_sweeps (project)), ==, 2);
  sweep = g_list_model_get_item (sl_project_get_sweeps (project), 1);
  g_assert_cmpint (sl_sweep_get_id (sweep), ==, 1);
  g_assert_cmpuint (sl_sweep_get_stage (sweep), ==, 0);
  g_assert_cmpint (sl_sweep_get_started (sweep), >, 0);
  points = sl_sweep_get_points (sweep, &n);
  g_assert_cmpmem (points, n * sizeof *points, result.points->data, n * sizeof *points);
  g_assert_cmpuint (n, ==, result.points->len);
  g_assert_cmpint (sl_sweep_get_steepest (sweep), ==, result.steepest);
  g_assert_cmpint (sl_sweep_get_minimum (sweep), ==, result.minimum);
  sl_sweep_result_clear (&result);
  fixture_tear_down (&fixture);
}

/* ---- Evaluation */

static void
on_evaluated (SlProject *project, guint *n)
{
  (*n)++;
}

static void
test_evaluate (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) worst = NULL;
  g_autofree guint *counts = NULL;
  guint n_evaluated = 0, n_loss = 0, n_classes, sum = 0;
  double loss, previous = G_MAXDOUBLE;
  gint64 gone = 3;

  g_signal_connect (project, "evaluated", G_CALLBACK (on_evaluated), &n_evaluated);
  g_signal_connect (sl_project_get_item (project, 1), "notify::loss", G_CALLBACK (on_notify),
                    &n_loss);
  g_assert_false (sl_project_evaluate (project, 5, FALSE, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (sl_project_remove (project, &gone, 1, &error));
  sl_project_evaluate (project, 1, FALSE, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_evaluated, ==, 1);
  g_assert_cmpuint (n_loss, ==, 1);
  g_assert_cmpint (sl_project_get_evaluated_run (project), ==, 1);
  g_assert_false (sl_item_get_prediction (sl_project_get_item (project, gone), NULL, NULL, NULL));

  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_cmpint (sl_project_get_evaluated_run (project), ==, 1);
  worst = sl_project_top_losses (project, -1, 5);
  g_assert_cmpuint (worst->len, ==, 5);
  for (guint i = 0; i < worst->len; i++)
    {
      double probability;
      const char *predicted;

      g_assert_true (
          sl_item_get_prediction (g_ptr_array_index (worst, i), &loss, &probability, &predicted));
      g_assert_cmpfloat (loss, <=, previous);
      g_assert_cmpfloat_with_epsilon (probability, exp (-loss), 0.05 + 0.2 * exp (-loss));
      g_assert_true (g_strv_contains (sl_project_get_classes (project), predicted));
      previous = loss;
    }
  counts = sl_project_confusion (project, -1, &n_classes);
  g_assert_cmpuint (n_classes, ==, 2);
  for (guint i = 0; i < 4; i++)
    sum += counts[i];
  g_assert_cmpuint (sum, ==, 2 * N_EACH - 1);
  fixture_tear_down (&fixture);
}

static void
test_evaluate_async (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 1);
  g_autoptr (GError) error = NULL;
  Waiter waiter = { 0 };

  sl_project_evaluate_async (project, 1, FALSE, NULL, on_done, &waiter);
  g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_EVALUATE);
  wait_for (&waiter);
  g_assert_true (sl_project_evaluate_finish (project, waiter.result, &error));
  g_assert_no_error (error);
  g_clear_object (&waiter.result);

  /* Stopped: what was there stays. */
  sl_project_evaluate_async (project, 1, FALSE, NULL, on_done, &waiter);
  sl_project_stop (project);
  wait_for (&waiter);
  g_assert_false (sl_project_evaluate_finish (project, waiter.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (sl_item_get_prediction (sl_project_get_item (project, 1), NULL, NULL, NULL));
  g_clear_object (&waiter.result);
  fixture_tear_down (&fixture);
}

/* ---- Nine views */

typedef struct
{
  double loss, probability;
  char predicted[16];
} Answer;

/* (transfer full): of the items 1 … 2 * N_EACH */
static Answer *
dup_answers (SlProject *project)
{
  Answer *answers = g_new0 (Answer, 2 * N_EACH);

  for (guint i = 0; i < 2 * N_EACH; i++)
    {
      const char *predicted;

      g_assert_true (sl_item_get_prediction (sl_project_get_item (project, i + 1), &answers[i].loss,
                                             &answers[i].probability, &predicted));
      g_strlcpy (answers[i].predicted, predicted, sizeof answers[i].predicted);
    }
  return answers;
}

static Answer *
evaluate_nine_views (SlProject *project, guint threads)
{
  const guint before = sl_parallel_get_threads ();
  g_autoptr (GError) error = NULL;

  sl_parallel_set_threads (threads);
  sl_project_evaluate (project, 1, TRUE, NULL, NULL, &error);
  g_assert_no_error (error);
  sl_parallel_set_threads (before);
  g_assert_true (sl_project_get_evaluated_tta (project));
  return dup_answers (project);
}

/* What each picture gets alone, of which test-model knows that it is the mean. */
static void
assert_alone (SlProject *project, const Answer *answers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlModel) model = sl_project_load_model (project, 1, &error);

  g_assert_no_error (error);
  sl_model_set_tta (model, TRUE);
  for (guint i = 0; i < 2 * N_EACH; i++)
    {
      SlItem *item = sl_project_get_item (project, i + 1);
      const gboolean teddy = g_str_equal (sl_item_get_target (item), "teddy");
      g_autoptr (SlPrediction) alone = sl_model_predict (model, sl_item_get_path (item), &error);

      g_assert_no_error (error);
      g_assert_cmpfloat_with_epsilon (answers[i].probability, alone->outputs[teddy], 1e-5);
      g_assert_cmpfloat_with_epsilon (answers[i].loss, -log (alone->outputs[teddy]), 1e-3);
      g_assert_cmpstr (answers[i].predicted, ==, alone->predicted);
    }
}

static void
test_evaluate_nine_views (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 2);
  g_autoptr (GError) error = NULL;
  g_autofree Answer *plain = NULL, *nine = NULL, *again = NULL, *reopened = NULL, *back = NULL;
  g_autoptr (GPtrArray) worst = NULL;
  double furthest = 0, most = 0, loss;

  g_assert_true (sl_project_evaluate (project, 1, FALSE, NULL, NULL, &error));
  g_assert_false (sl_project_get_evaluated_tta (project));
  plain = dup_answers (project);
  nine = evaluate_nine_views (project, 1);
  again = evaluate_nine_views (project, 2);
  g_assert_cmpmem (again, 2 * N_EACH * sizeof *again, nine, 2 * N_EACH * sizeof *nine);
  assert_alone (project, nine);
  for (guint i = 0; i < 2 * N_EACH; i++)
    {
      furthest = MAX (furthest, fabs (nine[i].probability - plain[i].probability));
      most = MAX (most, nine[i].loss);
    }
  g_assert_cmpfloat (furthest, >, 0.001); /* a hundred times what rounding does */

  /* It is known after a restart whose they are, and the worst are the worst of these. */
  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_true (sl_project_get_evaluated_tta (project));
  reopened = dup_answers (project);
  g_assert_cmpmem (reopened, 2 * N_EACH * sizeof *reopened, nine, 2 * N_EACH * sizeof *nine);
  worst = sl_project_top_losses (project, -1, 1);
  g_assert_true (sl_item_get_prediction (worst->pdata[0], &loss, NULL, NULL));
  g_assert_cmpfloat (loss, ==, most);

  /* One view again: nothing of the nine is left. */
  g_assert_true (sl_project_evaluate (project, 1, FALSE, NULL, NULL, &error));
  back = dup_answers (project);
  g_assert_cmpmem (back, 2 * N_EACH * sizeof *back, plain, 2 * N_EACH * sizeof *plain);
  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_cmpint (sl_project_get_evaluated_run (project), ==, 1);
  g_assert_false (sl_project_get_evaluated_tta (project));
  fixture_tear_down (&fixture);
}

/* Stopped on the way: the answers before stay, and so does what is said of them. */
static void
test_nine_views_stopped (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree Answer *plain = NULL, *nine = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;
  Waiter waiter = { 0 };

  g_assert_true (sl_project_evaluate (project, 1, FALSE, NULL, NULL, &error));
  plain = dup_answers (project);
  sl_project_evaluate_async (project, 1, TRUE, cancellable, on_done, &waiter);
  g_cancellable_cancel (cancellable);
  wait_for (&waiter);
  g_assert_false (sl_project_evaluate_finish (project, waiter.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_clear_object (&waiter.result);
  g_assert_false (sl_project_get_evaluated_tta (project));
  after = dup_answers (project);
  g_assert_cmpmem (after, 2 * N_EACH * sizeof *after, plain, 2 * N_EACH * sizeof *plain);

  /* And the other way round. */
  nine = evaluate_nine_views (project, 1);
  sl_project_evaluate_async (project, 1, FALSE, NULL, on_done, &waiter);
  sl_project_stop (project);
  wait_for (&waiter);
  g_assert_false (sl_project_evaluate_finish (project, waiter.result, NULL));
  g_clear_object (&waiter.result);
  g_assert_true (sl_project_get_evaluated_tta (project));
  g_clear_pointer (&after, g_free);
  after = dup_answers (project);
  g_assert_cmpmem (after, 2 * N_EACH * sizeof *after, nine, 2 * N_EACH * sizeof *nine);

  g_assert_true (sl_project_delete_run (project, 1, &error));
  g_assert_false (sl_project_get_evaluated_tta (project));
  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_false (sl_project_get_evaluated_tta (project));
  fixture_tear_down (&fixture);
}

static void
test_changes_since (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autoptr (GError) error = NULL;
  gint64 before = 1;
  const gint64 after[] = { 2, 3, 4 };
  gsize removed, relabelled;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_assert_true (sl_project_remove (project, &before, 1, &error));
  g_assert_true (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  sl_project_changes_since (project, 1, &removed, &relabelled);
  g_assert_cmpuint (removed, ==, 0);
  g_assert_cmpuint (relabelled, ==, 0);
  g_assert_true (sl_project_remove (project, after, 2, &error));
  g_assert_true (sl_project_relabel (project, &after[2], 1, "teddy", &error));
  sl_project_changes_since (project, 1, &removed, &relabelled);
  g_assert_cmpuint (removed, ==, 2);
  g_assert_cmpuint (relabelled, ==, 1);
  g_assert_true (sl_project_undo (project, &error));
  g_assert_true (sl_project_undo (project, &error));
  sl_project_changes_since (project, 1, &removed, &relabelled);
  g_assert_cmpuint (removed, ==, 0);
  g_assert_cmpuint (relabelled, ==, 0);
  fixture_tear_down (&fixture);
}

/* ---- Models */

static void
test_predict (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlModel) model = NULL;
  g_autoptr (GError) error = NULL;
  const char *path;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_assert_null (sl_project_load_model (project, 0, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_clear_object (&project);
  fixture_tear_down (&fixture);

  project = trained (&fixture, 1);
  model = sl_project_load_model (project, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sl_model_get_problem (model)->classes[1], ==, "teddy");
  path = sl_item_get_path (sl_project_get_item (project, 1));
  for (int i = 0; i < 2; i++) /* loaded, and still loaded */
    {
      g_autoptr (SlPrediction) expected = sl_model_predict (model, path, &error);
      g_autoptr (SlPrediction) prediction = NULL;
      Waiter waiter = { 0 };

      sl_project_predict_async (project, 0, path, FALSE, NULL, on_done, &waiter);
      wait_for (&waiter);
      prediction = sl_project_predict_finish (project, waiter.result, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (prediction->n_outputs, ==, 2);
      g_assert_cmpfloat (prediction->outputs[0], ==, expected->outputs[0]);
      g_assert_cmpstr (prediction->predicted, ==, expected->predicted);
      g_clear_object (&waiter.result);
    }
  fixture_tear_down (&fixture);
}

static void
test_predict_fails (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 1);
  g_autoptr (GError) error = NULL;
  Waiter waiter = { 0 };

  sl_project_predict_async (project, 0, "/nowhere/at.all", FALSE, NULL, on_done, &waiter);
  wait_for (&waiter);
  g_assert_null (sl_project_predict_finish (project, waiter.result, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_clear_object (&waiter.result);
  sl_project_predict_async (project, 9, "/nowhere/at.all", FALSE, NULL, on_done, &waiter);
  wait_for (&waiter);
  g_assert_null (sl_project_predict_finish (project, waiter.result, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_object (&waiter.result);
  fixture_tear_down (&fixture);
}

static void
test_delete_run (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 1);
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (fixture.project, "runs", "1", NULL);
  gint64 run_id;

  g_assert_true (sl_project_evaluate (project, 1, FALSE, NULL, NULL, &error));
  g_assert_true (sl_file_exists (folder));
  sl_project_delete_run (project, 1, &error);
  g_assert_no_error (error);
  g_assert_false (sl_file_exists (folder));
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_runs (project)), ==, 0);
  g_assert_cmpint (sl_project_get_evaluated_run (project), ==, 0);
  g_assert_false (sl_item_get_prediction (sl_project_get_item (project, 1), NULL, NULL, NULL));
  g_assert_false (sl_project_delete_run (project, 1, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  /* A number is never given twice. */
  g_assert_true (sl_project_train (project, recipe, 0, NULL, &run_id, NULL, &error));
  g_assert_cmpint (run_id, ==, 2);
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  use_memory_for_files ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/job-results/lr-find", test_lr_find);
  g_test_add_func ("/engine/job-results/evaluate", test_evaluate);
  g_test_add_func ("/engine/job-results/evaluate-async", test_evaluate_async);
  g_test_add_func ("/engine/job-results/nine-views", test_evaluate_nine_views);
  g_test_add_func ("/engine/job-results/nine-views/stopped", test_nine_views_stopped);
  g_test_add_func ("/engine/job-results/changes-since", test_changes_since);
  g_test_add_func ("/engine/job-results/predict", test_predict);
  g_test_add_func ("/engine/job-results/predict-fails", test_predict_fails);
  g_test_add_func ("/engine/job-results/delete-run", test_delete_run);
  return g_test_run ();
}
