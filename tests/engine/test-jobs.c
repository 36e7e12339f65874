/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training as a job of a project: news, pause, stop, close, other programs. */
#include "jobs-fixture.h"

#include "project/project-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* ---- Training */

static void
test_train (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (2);
  g_autoptr (GError) error = NULL;
  Watched watched = { 0 };
  SlJobWatch watch = watch_all (&watched);
  gint64 run_id = 0;
  gsize n;
  SlRun *run;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  sl_project_train (project, recipe, 0, &watch, &run_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (run_id, ==, 1);
  g_assert_cmpuint (watched.n_batches, ==, 2 * STEPS_PER_EPOCH);
  g_assert_cmpuint (watched.n_epochs, ==, 2);
  g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_NONE);
  g_assert_null (sl_project_get_running (project));

  for (int restarted = 0; restarted < 2; restarted++)
    {
      g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_runs (project)), ==, 1);
      run = nth_run (project, 0);
      g_assert_cmpint (sl_run_get_id (run), ==, 1);
      g_assert_cmpint (sl_run_get_state (run), ==, SL_RUN_DONE);
      g_assert_true (sl_run_has_model (run));
      g_assert_cmpuint (sl_run_get_steps_per_epoch (run), ==, STEPS_PER_EPOCH);
      g_assert_cmpuint (sl_run_get_batch (run), ==, 4);
      g_assert_cmpuint (sl_run_get_peak_bytes (run), >, 0);
      sl_run_get_batches (run, &n);
      g_assert_cmpuint (n, ==, 2 * STEPS_PER_EPOCH);
      sl_run_get_epochs (run, &n);
      g_assert_cmpuint (n, ==, 2);
      g_assert_true (isfinite (sl_run_get_valid_loss (run)));
      g_clear_object (&project);
      project = fixture_open (&fixture);
    }
  fixture_tear_down (&fixture);
}

/* The second run starts from the first one's weights; numbers grow. */
static void
test_train_from_run (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 1);
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autoptr (GError) error = NULL;
  gint64 run_id;

  g_assert_false (sl_project_train (project, recipe, 9, NULL, &run_id, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  sl_project_train (project, recipe, 1, NULL, &run_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (run_id, ==, 2);
  g_assert_cmpint (sl_run_get_id (nth_run (project, 0)), ==, 2);
  g_assert_cmpint (sl_run_get_id (nth_run (project, 1)), ==, 1);
  fixture_tear_down (&fixture);
}

/* Nothing was trained: nothing is left of it. */
static void
test_train_fails (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_cancellable_cancel (cancellable);
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  for (gint64 id = 1; id <= 2 * N_EACH; id++)
    if (sl_item_get_split (sl_project_get_item (project, id)) == SL_SPLIT_TRAIN)
      g_assert_true (sl_project_remove (project, &id, 1, &error));
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_runs (project)), ==, 0);
  folder = g_build_filename (fixture.project, "runs", "1", NULL);
  g_assert_false (sl_file_exists (folder));
  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_runs (project)), ==, 0);
  fixture_tear_down (&fixture);
}

/* Where a checkpoint is left, a run that failed can be gone on with. */
typedef struct
{
  guint epoch; /* at whose end the run's folder goes away */
  char *folder, *aside;
} Trouble;

static void
take_folder_away (SlProject *project, const SlEpochRecord *record, gpointer data)
{
  Trouble *trouble = data;

  if (record->epoch == trouble->epoch)
    g_assert_cmpint (g_rename (trouble->folder, trouble->aside), ==, 0);
}

static void
test_resume_failed (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (3);
  g_autoptr (GError) error = NULL;
  Trouble trouble = { .epoch = 3 };
  SlJobWatch watch = { .epoch = take_folder_away, .data = &trouble };
  gsize n;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  trouble.folder = g_build_filename (fixture.project, "runs", "1", NULL);
  trouble.aside = g_build_filename (fixture.project, "aside", NULL);
  g_assert_false (sl_project_train (project, recipe, 0, &watch, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (sl_run_get_state (nth_run (project, 0)), ==, SL_RUN_FAILED);
  g_assert_nonnull (sl_run_get_error (nth_run (project, 0)));
  g_assert_false (sl_run_can_resume (nth_run (project, 0)));
  g_assert_false (sl_project_resume (project, 1, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_clear_error (&error);

  g_assert_cmpint (g_rename (trouble.aside, trouble.folder), ==, 0);
  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_true (sl_run_can_resume (nth_run (project, 0)));
  sl_project_resume (project, 1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sl_run_get_state (nth_run (project, 0)), ==, SL_RUN_DONE);
  g_assert_null (sl_run_get_error (nth_run (project, 0)));
  g_assert_false (sl_run_can_resume (nth_run (project, 0)));
  sl_run_get_batches (nth_run (project, 0), &n);
  g_assert_cmpuint (n, ==, 3 * STEPS_PER_EPOCH);
  g_free (trouble.folder);
  g_free (trouble.aside);
  fixture_tear_down (&fixture);
}

/* ---- News */

typedef struct
{
  guint n_run_changed, n_runs_changed, n_progress, n_job;
  gsize n_batches; /* seen last: never fewer */
} News;

static void
on_run_changed (SlProject *project, SlRun *run, News *news)
{
  gsize n;

  sl_run_get_batches (run, &n);
  g_assert_cmpuint (n, >=, news->n_batches);
  news->n_batches = n;
  news->n_run_changed++;
}

static void
on_runs_changed (SlProject *project, News *news)
{
  news->n_runs_changed++;
}

static void
test_train_async (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (2);
  g_autoptr (SlRun) run = NULL;
  g_autoptr (GError) error = NULL;
  Waiter waiter = { 0 };
  Waiter second = { 0 };
  News news = { 0 };

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_signal_connect (project, "run-changed", G_CALLBACK (on_run_changed), &news);
  g_signal_connect (project, "runs-changed", G_CALLBACK (on_runs_changed), &news);
  g_signal_connect (project, "notify::job", G_CALLBACK (on_notify), &news.n_job);
  g_signal_connect (project, "notify::job-progress", G_CALLBACK (on_notify), &news.n_progress);
  sl_project_train_async (project, recipe, 0, NULL, on_done, &waiter);
  g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_TRAIN);
  g_assert_nonnull (sl_project_get_running (project));
  g_assert_cmpint (sl_run_get_state (sl_project_get_running (project)), ==, SL_RUN_RUNNING);

  /* One at a time. */
  sl_project_train_async (project, recipe, 0, NULL, on_done, &second);
  wait_for (&second);
  g_assert_null (sl_project_train_finish (project, second.result, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (sl_project_delete_run (project, 1, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_clear_error (&error);

  wait_for (&waiter);
  run = sl_project_train_finish (project, waiter.result, &error);
  g_assert_no_error (error);
  g_assert_true (run == nth_run (project, 0));
  g_assert_cmpint (sl_run_get_state (run), ==, SL_RUN_DONE);
  g_assert_cmpuint (news.n_batches, ==, 2 * STEPS_PER_EPOCH);
  g_assert_cmpuint (news.n_run_changed, >, 0);
  g_assert_cmpuint (news.n_runs_changed, ==, 2);
  g_assert_cmpuint (news.n_job, ==, 2);
  g_assert_cmpuint (news.n_progress, >, 0);
  g_clear_object (&waiter.result);
  g_clear_object (&second.result);
  fixture_tear_down (&fixture);
}

static gboolean
wait_for_batch (SlProject *project)
{
  gsize n = 0;

  while (sl_project_get_running (project) != NULL && n == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      if (sl_project_get_running (project) != NULL)
        sl_run_get_batches (sl_project_get_running (project), &n);
    }
  return n > 0;
}

/* Paused, nothing moves on; stopped, what was learned stays and can be gone on with. */
static void
test_pause_stop_resume (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (3);
  g_autoptr (SlRun) run = NULL;
  g_autoptr (GError) error = NULL;
  Waiter waiter = { 0 };
  guint n_paused = 0;
  gsize n;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_signal_connect (project, "notify::paused", G_CALLBACK (on_notify), &n_paused);
  sl_project_train_async (project, recipe, 0, NULL, on_done, &waiter);
  g_assert_true (wait_for_batch (project));
  sl_project_set_paused (project, TRUE);
  g_assert_true (sl_project_get_paused (project));
  g_assert_cmpuint (n_paused, ==, 1);
  sl_project_set_paused (project, FALSE);
  g_assert_false (sl_project_get_paused (project));
  sl_project_set_paused (project, TRUE);
  sl_project_stop (project); /* ends the pause too */
  wait_for (&waiter);
  run = sl_project_train_finish (project, waiter.result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sl_run_get_state (run), ==, SL_RUN_STOPPED);
  g_assert_true (sl_run_has_model (run));
  sl_run_get_batches (run, &n);
  g_assert_cmpuint (n, <, 3 * STEPS_PER_EPOCH);
  g_clear_object (&waiter.result);
  g_clear_object (&run);

  sl_project_resume_async (project, 1, NULL, on_done, &waiter);
  wait_for (&waiter);
  run = sl_project_resume_finish (project, waiter.result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sl_run_get_state (run), ==, SL_RUN_DONE);
  sl_run_get_batches (run, &n);
  g_assert_cmpuint (n, ==, 3 * STEPS_PER_EPOCH);
  sl_run_get_epochs (run, &n);
  g_assert_cmpuint (n, ==, 3);
  g_clear_object (&waiter.result);

  g_assert_false (sl_project_resume (project, 1, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (sl_project_resume (project, 7, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  fixture_tear_down (&fixture);
}

/* Closed, or let go of, at any moment. */
static void
test_close_while_training (void)
{
  Fixture fixture;
  g_autoptr (SlRecipe) recipe = fixture_recipe (50);

  fixture_set_up (&fixture, N_EACH);
  g_object_unref (fixture_create (&fixture));
  for (guint i = 0; i < 6; i++)
    {
      SlProject *project = fixture_open (&fixture);
      g_autoptr (GError) error = NULL;
      g_autoptr (SlRun) run = NULL;
      Waiter waiter = { 0 };
      gint64 until = g_get_monotonic_time () + g_test_rand_int_range (0, 150) * 1000;

      sl_project_train_async (project, recipe, 0, NULL, on_done, &waiter);
      while (g_get_monotonic_time () < until)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (1000);
      if (i % 2 == 0)
        {
          sl_project_close (project);
          g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_NONE);
        }
      else
        sl_project_stop (project);
      g_object_add_weak_pointer (G_OBJECT (project), (gpointer *)&project);
      g_object_unref (project);
      g_assert_nonnull (project); /* the job's end still holds it */
      wait_for (&waiter);
      run = sl_project_train_finish (project, waiter.result, &error);
      if (run == NULL) /* before the first batch */
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_cmpint (sl_run_get_state (run), ==, SL_RUN_STOPPED);
      g_clear_object (&waiter.result);
      while (project != NULL)
        g_main_context_iteration (NULL, FALSE);
    }
  fixture_tear_down (&fixture);
}

/* Whoever hears a run's last news may close the project, and cannot start anything then. */
static void
count (guint *n)
{
  (*n)++;
}

static void
close_at_last (SlProject *project, SlRun *run, Waiter *second)
{
  sl_project_close (project);
  if (second->result == NULL)
    sl_project_evaluate_async (project, sl_run_get_id (run), FALSE, NULL, on_done, second);
}

static void
start_at_end (SlProject *project, Waiter *second)
{
  if (sl_project_get_job (project) == SL_JOB_NONE)
    sl_project_evaluate_async (project, 1, FALSE, NULL, on_done, second);
}

static void
test_close_from_news (gconstpointer close)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autoptr (SlRun) run = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *model = NULL;
  Waiter waiter = { 0 }, second = { 0 };
  guint n_changed = 0;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  model = g_build_filename (fixture.project, "runs", "1", "model.safetensors", NULL);
  g_signal_connect (project, close ? "run-changed" : "runs-changed",
                    close ? G_CALLBACK (close_at_last) : G_CALLBACK (start_at_end), &second);
  sl_project_train_async (project, recipe, 0, NULL, on_done, &waiter);
  g_signal_connect_swapped (project, "runs-changed", G_CALLBACK (count), &n_changed);
  while (!sl_file_exists (model)) /* without taking any news: all come with the end */
    g_usleep (1000);
  sl_project_close (project);
  g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_NONE);
  g_assert_cmpuint (n_changed, ==, 1); /* ended once */
  wait_for (&waiter);
  wait_for (&second);
  run = sl_project_train_finish (project, waiter.result, &error);
  g_assert_no_error (error);
  g_assert_false (sl_project_evaluate_finish (project, second.result, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_clear_object (&waiter.result);
  g_clear_object (&second.result);
  fixture_tear_down (&fixture);
}

/* ---- Another program */

static void
test_busy (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlProject) other = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (50);
  g_autoptr (GError) error = NULL;
  Waiter waiter = { 0 };

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  sl_project_train_async (project, recipe, 0, NULL, on_done, &waiter);
  other = fixture_open (&fixture);
  /* Somebody trains it: it is not interrupted. */
  g_assert_cmpint (sl_run_get_state (nth_run (other, 0)), ==, SL_RUN_RUNNING);
  g_assert_false (sl_project_train (other, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, sl_project_get_title (other)));
  sl_project_close (project);
  wait_for (&waiter);
  g_clear_object (&waiter.result);
  g_clear_error (&error);
  g_free (recipe->arch);
  recipe->arch = g_strdup ("none of ours");
  g_assert_false (sl_project_train (other, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED); /* the lock is free again */
  fixture_tear_down (&fixture);
}

static void
test_read_only (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 1);
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autoptr (GError) error = NULL;
  gboolean read_only;
  gint64 id = 1;

  g_object_get (project, "read-only", &read_only, NULL);
  g_assert_false (read_only);
  g_clear_object (&project);
  project = sl_project_load (fixture.project, TRUE, g_main_context_default (), &error);
  g_assert_no_error (error);
  g_object_get (project, "read-only", &read_only, NULL);
  g_assert_true (read_only);
  g_assert_cmpint (sl_run_get_state (nth_run (project, 0)), ==, SL_RUN_DONE);
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_false (sl_project_remove (project, &id, 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
  sl_project_set_recipe (project, recipe); /* not remembered, no harm */
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  use_memory_for_files ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/jobs/train", test_train);
  g_test_add_func ("/engine/jobs/train-from-run", test_train_from_run);
  g_test_add_func ("/engine/jobs/train-fails", test_train_fails);
  g_test_add_func ("/engine/jobs/train-async", test_train_async);
  g_test_add_func ("/engine/jobs/pause-stop-resume", test_pause_stop_resume);
  g_test_add_func ("/engine/jobs/close-while-training", test_close_while_training);
  g_test_add_data_func ("/engine/jobs/close-from-news", GINT_TO_POINTER (TRUE),
                        test_close_from_news);
  g_test_add_data_func ("/engine/jobs/start-while-closing", NULL, test_close_from_news);
  g_test_add_func ("/engine/jobs/resume-failed", test_resume_failed);
  g_test_add_func ("/engine/jobs/busy", test_busy);
  g_test_add_func ("/engine/jobs/read-only", test_read_only);
  return g_test_run ();
}
