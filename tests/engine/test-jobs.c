/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training, sweeps, evaluation and prediction as jobs of a project. */
#include "project-fixture.h"

#include "project/project-private.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_EACH 8 /* 12 to train on, 4 to validate: 3 steps an epoch */
#define STEPS_PER_EPOCH 3

static const char *program; /* argv[0] */

/* ---- Helpers */

typedef struct
{
  guint n_batches, n_epochs, n_points, n_progress;
  GThread *thread;
} Watched;

static void
watch_batch (SlProject *project, const SlBatchRecord *record, gpointer data)
{
  Watched *watched = data;

  g_assert_true (g_thread_self () == watched->thread);
  g_assert_cmpuint (record->step, ==, watched->n_batches);
  watched->n_batches++;
}

static void
watch_epoch (SlProject *project, const SlEpochRecord *record, gpointer data)
{
  ((Watched *)data)->n_epochs++;
}

static void
watch_point (SlProject *project, const SlSweepPoint *point, gpointer data)
{
  ((Watched *)data)->n_points++;
}

static void
watch_progress (gsize done, gsize total, const char *what, gpointer data)
{
  ((Watched *)data)->n_progress++;
}

static SlJobWatch
watch_all (Watched *watched)
{
  watched->thread = g_thread_self ();
  return (SlJobWatch){ .batch = watch_batch,
                       .epoch = watch_epoch,
                       .point = watch_point,
                       .progress = watch_progress,
                       .data = watched };
}

static SlProject *
trained (Fixture *fixture, guint epochs)
{
  g_autoptr (SlRecipe) recipe = fixture_recipe (epochs);
  g_autoptr (GError) error = NULL;
  SlProject *project;

  fixture_set_up (fixture, N_EACH);
  project = fixture_create (fixture);
  sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return project;
}

static SlRun *
nth_run (SlProject *project, guint i)
{
  g_autoptr (SlRun) run = g_list_model_get_item (sl_project_get_runs (project), i);

  return run;
}

typedef struct
{
  GAsyncResult *result;
} Waiter;

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Waiter *)data)->result = g_object_ref (result);
}

static void
wait_for (Waiter *waiter)
{
  while (waiter->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

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
on_notify (GObject *object, GParamSpec *pspec, guint *n)
{
  (*n)++;
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

/* ---- Kill and resume */

/* In a process of its own: trains until batch @n, and is gone. */
static void
die_at_batch (SlProject *project, const SlBatchRecord *record, gpointer n)
{
  if (record->step == GPOINTER_TO_UINT (n))
    kill (getpid (), SIGKILL);
}

static int
be_the_victim (const char *path, guint n)
{
  g_autoptr (SlProject) project = sl_project_open (path, NULL);
  g_autoptr (SlRecipe) recipe = fixture_recipe (2);
  SlJobWatch watch = { .batch = die_at_batch, .data = GUINT_TO_POINTER (n) };

  return project != NULL && sl_project_train (project, recipe, 0, &watch, NULL, NULL, NULL) ? 0 : 1;
}

static void
assert_same_curves (SlRun *a, SlRun *b)
{
  gsize n_a, n_b;
  const SlBatchRecord *batches_a = sl_run_get_batches (a, &n_a);
  const SlBatchRecord *batches_b = sl_run_get_batches (b, &n_b);
  const SlEpochRecord *epochs_a, *epochs_b;

  g_assert_cmpuint (n_a, ==, n_b);
  for (gsize i = 0; i < n_a; i++)
    {
      g_assert_cmpuint (batches_a[i].step, ==, i);
      g_assert_cmpmem (&batches_a[i], sizeof batches_a[i], &batches_b[i], sizeof batches_b[i]);
    }
  epochs_a = sl_run_get_epochs (a, &n_a);
  epochs_b = sl_run_get_epochs (b, &n_b);
  g_assert_cmpuint (n_a, ==, n_b);
  for (gsize i = 0; i < n_a; i++)
    {
      g_assert_cmpuint (epochs_a[i].epoch, ==, i + 1);
      g_assert_cmpfloat (epochs_a[i].train_loss, ==, epochs_b[i].train_loss);
      g_assert_cmpfloat (epochs_a[i].valid_loss, ==, epochs_b[i].valid_loss);
      g_assert_cmpfloat (epochs_a[i].metrics[0], ==, epochs_b[i].metrics[0]);
    }
}

static void
test_kill_and_resume (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = trained (&fixture, 2); /* run 1: undisturbed */
  const guint deaths[] = { 1, STEPS_PER_EPOCH + 1 };     /* without and with a checkpoint */

  for (guint i = 0; i < G_N_ELEMENTS (deaths); i++)
    {
      g_autofree char *n = g_strdup_printf ("%u", deaths[i]);
      const char *argv[] = { program, "--victim", fixture.project, n, NULL };
      g_autoptr (GError) error = NULL;
      gint64 id = (gint64)i + 2;
      gsize n_batches;
      int status;

      g_clear_object (&project);
      g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                    &error);
      g_assert_no_error (error);
      g_assert_true (WIFSIGNALED (status));
      project = fixture_open (&fixture);
      g_assert_cmpint (sl_run_get_id (nth_run (project, 0)), ==, id);
      g_assert_cmpint (sl_run_get_state (nth_run (project, 0)), ==, SL_RUN_INTERRUPTED);
      sl_run_get_batches (nth_run (project, 0), &n_batches);
      g_assert_cmpuint (n_batches, ==, deaths[i] + 1); /* all that were seen */
      sl_project_resume (project, id, NULL, NULL, &error);
      g_assert_no_error (error);
      assert_same_curves (nth_run (project, 0), nth_run (project, i + 1));
      g_clear_object (&project);
      project = fixture_open (&fixture); /* as the file has it */
      assert_same_curves (nth_run (project, 0), nth_run (project, i + 1));
    }
  fixture_tear_down (&fixture);
}

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
  g_assert_false (sl_project_evaluate (project, 5, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (sl_project_remove (project, &gone, 1, &error));
  sl_project_evaluate (project, 1, NULL, NULL, &error);
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

  sl_project_evaluate_async (project, 1, NULL, on_done, &waiter);
  g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_EVALUATE);
  wait_for (&waiter);
  g_assert_true (sl_project_evaluate_finish (project, waiter.result, &error));
  g_assert_no_error (error);
  g_clear_object (&waiter.result);

  /* Stopped: what was there stays. */
  sl_project_evaluate_async (project, 1, NULL, on_done, &waiter);
  sl_project_stop (project);
  wait_for (&waiter);
  g_assert_false (sl_project_evaluate_finish (project, waiter.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (sl_item_get_prediction (sl_project_get_item (project, 1), NULL, NULL, NULL));
  g_clear_object (&waiter.result);
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
  g_assert_cmpstr (sl_model_get_classes (model)[1], ==, "teddy");
  path = sl_item_get_path (sl_project_get_item (project, 1));
  for (int i = 0; i < 2; i++) /* loaded, and still loaded */
    {
      g_autoptr (SlPrediction) expected = sl_model_predict (model, path, &error);
      g_autoptr (SlPrediction) prediction = NULL;
      Waiter waiter = { 0 };

      sl_project_predict_async (project, 0, path, NULL, on_done, &waiter);
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

  sl_project_predict_async (project, 0, "/nowhere/at.all", NULL, on_done, &waiter);
  wait_for (&waiter);
  g_assert_null (sl_project_predict_finish (project, waiter.result, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_clear_object (&waiter.result);
  sl_project_predict_async (project, 9, "/nowhere/at.all", NULL, on_done, &waiter);
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

  g_assert_true (sl_project_evaluate (project, 1, NULL, NULL, &error));
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
  if (argc == 4 && strcmp (argv[1], "--victim") == 0)
    return be_the_victim (argv[2], (guint)g_ascii_strtoull (argv[3], NULL, 10));
  program = argv[0];
  /* Models are written and synced all the time: where there is a file system in memory, there. */
  if (access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", FALSE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/jobs/train", test_train);
  g_test_add_func ("/engine/jobs/train-from-run", test_train_from_run);
  g_test_add_func ("/engine/jobs/train-fails", test_train_fails);
  g_test_add_func ("/engine/jobs/train-async", test_train_async);
  g_test_add_func ("/engine/jobs/pause-stop-resume", test_pause_stop_resume);
  g_test_add_func ("/engine/jobs/close-while-training", test_close_while_training);
  g_test_add_func ("/engine/jobs/busy", test_busy);
  g_test_add_func ("/engine/jobs/read-only", test_read_only);
  g_test_add_func ("/engine/jobs/kill-and-resume", test_kill_and_resume);
  g_test_add_func ("/engine/jobs/lr-find", test_lr_find);
  g_test_add_func ("/engine/jobs/evaluate", test_evaluate);
  g_test_add_func ("/engine/jobs/evaluate-async", test_evaluate_async);
  g_test_add_func ("/engine/jobs/changes-since", test_changes_since);
  g_test_add_func ("/engine/jobs/predict", test_predict);
  g_test_add_func ("/engine/jobs/predict-fails", test_predict_fails);
  g_test_add_func ("/engine/jobs/delete-run", test_delete_run);
  return g_test_run ();
}
