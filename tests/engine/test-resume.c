/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Killed in mid-epoch and resumed, a run's curve is that of one which was left alone. */
#include "jobs-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static const char *program; /* argv[0] */

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

int
main (int argc, char *argv[])
{
  if (argc == 4 && strcmp (argv[1], "--victim") == 0)
    return be_the_victim (argv[2], (guint)g_ascii_strtoull (argv[3], NULL, 10));
  program = argv[0];
  use_memory_for_files ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/resume/killed", test_kill_and_resume);
  return g_test_run ();
}
