/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Killed between any two steps of cleaning: no file is lost, the journal agrees with the disk, undo
 * and redo go on working. */
#include "journal-fixture.h"

#include "project/journal.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static int countdown;

static void
die_at_zero (void)
{
  if (countdown-- == 0)
    _exit (42);
}

typedef enum
{
  REMOVE,
  PUT_BACK,
  UNDO_REMOVE,
  REDO_REMOVE,
  N_ACTIONS
} Action;

static gboolean
act (SlProject *project, Action action, GError **error)
{
  const gint64 ids[] = { 1, 2, 5, 6 };

  switch (action)
    {
    case REMOVE:
      return sl_project_remove (project, ids, 4, error);
    case PUT_BACK:
      return sl_project_put_back (project, ids, 4, error);
    case UNDO_REMOVE:
      return sl_project_undo (project, error);
    case REDO_REMOVE:
      return sl_project_redo (project, error);
    case N_ACTIONS:
      break;
    }
  return FALSE;
}

/* Brings the project to where @action can be taken. */
static void
lead_up_to (SlProject *project, Action action)
{
  g_autoptr (GError) error = NULL;

  if (action != REMOVE)
    g_assert_true (act (project, REMOVE, &error));
  if (action == REDO_REMOVE)
    undo (project);
}

/* @n: die between which steps; %FALSE once the action came to its end. */
static gboolean
killed_at (Fixture *fixture, Action action, int n)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      SlProject *project = sl_project_open (fixture->project, NULL);

      countdown = n;
      sl_journal_between_steps = die_at_zero;
      _exit (project != NULL && act (project, action, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_true (WEXITSTATUS (status) == 42 || WEXITSTATUS (status) == 0);
  return WEXITSTATUS (status) == 42;
}

static void
test_killed (gconstpointer data)
{
  Action action = GPOINTER_TO_UINT (data);
  gboolean killed = TRUE;
  int n;

  for (n = 0; killed; n++)
    {
      Fixture fixture;
      char *bytes[N_ITEMS];
      g_autoptr (SlProject) project = NULL;
      gboolean removed = action == REMOVE || action == REDO_REMOVE;

      fixture_set_up (&fixture, N_EACH);
      project = fixture_create (&fixture);
      read_originals (&fixture, bytes);
      lead_up_to (project, action);
      g_clear_object (&project);
      killed = killed_at (&fixture, action, n);

      /* The announced step is completed by the next start. */
      project = fixture_open (&fixture);
      assert_nothing_lost (project, bytes);
      g_assert_cmpuint (sl_project_count_removed (project), ==, removed ? 4 : 0);
      if (sl_project_can_undo (project))
        undo (project);
      assert_nothing_lost (project, bytes);
      if (sl_project_can_redo (project))
        redo (project);
      assert_nothing_lost (project, bytes);
      free_sums (bytes);
      fixture_tear_down (&fixture);
    }
  g_assert_cmpint (n, >, 5); /* announced, four files, before the end */
}

/* Killed when a copy to another file system was whole and the original not yet removed. */
static void
test_killed_copying (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autofree char *copy = NULL, *place = NULL;
  char *bytes[N_ITEMS];

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  read_originals (&fixture, bytes);
  place = g_strdup (sl_item_get_path (sl_project_get_item (project, 1)));
  g_clear_object (&project);
  g_assert_true (killed_at (&fixture, REMOVE, 0));
  copy = g_build_filename (fixture.project, "bin", "00.png", NULL);
  g_assert_true (sl_file_copy (place, copy, TRUE, NULL));
  project = fixture_open (&fixture);
  g_assert_cmpstr (sl_item_get_path (sl_project_get_item (project, 1)), ==, copy);
  g_assert_false (sl_file_exists (place));
  assert_nothing_lost (project, bytes);
  free_sums (bytes);
  fixture_tear_down (&fixture);
}

/* Announced, and then a stranger's file took the name in bin/: both stay. */
static void
test_killed_and_name_taken (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autofree char *taken = NULL, *stranger = NULL;
  char *bytes[N_ITEMS];

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  read_originals (&fixture, bytes);
  g_clear_object (&project);
  g_assert_true (killed_at (&fixture, REMOVE, 0));
  taken = g_build_filename (fixture.project, "bin", "00.png", NULL);
  g_assert_true (g_file_set_contents (taken, "stranger", -1, NULL));
  project = fixture_open (&fixture);
  g_assert_cmpuint (sl_project_count_removed (project), ==, 4);
  assert_nothing_lost (project, bytes);
  g_assert_true (g_file_get_contents (taken, &stranger, NULL, NULL));
  g_assert_cmpstr (stranger, ==, "stranger");
  free_sums (bytes);
  fixture_tear_down (&fixture);
}

/* A project file from elsewhere must not get Slope to move what is not its own. */
static void
test_foreign_move (void)
{
  static const char *const statements[] = {
    "UPDATE move SET dst = '../stolen.png' WHERE item = 1",
    "UPDATE move SET src = '../other.txt' WHERE item = 1",
    "UPDATE move SET src = 'bin/../../other.txt' WHERE item = 1",
    "DELETE FROM item WHERE id = 1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      Fixture fixture;
      g_autoptr (GError) error = NULL;
      g_autofree char *file = NULL, *other = NULL, *place = NULL;
      sqlite3 *db;

      fixture_set_up (&fixture, N_EACH);
      g_object_unref (fixture_create (&fixture));
      other = g_build_filename (fixture.root, "other.txt", NULL);
      place = g_build_filename (fixture.pictures, "black", "00.png", NULL);
      g_assert_true (g_file_set_contents (other, "other", -1, NULL));
      g_assert_true (killed_at (&fixture, REMOVE, 0));
      file = g_build_filename (fixture.project, "project.db", NULL);
      g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_exec (db, statements[i], NULL, NULL, NULL), ==, SQLITE_OK);
      sqlite3_close (db);
      g_assert_null (sl_project_open (fixture.project, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
      g_assert_true (sl_file_exists (other));
      g_assert_true (sl_file_exists (place));
      fixture_tear_down (&fixture);
    }
}

/* Killed at random moments, again and again, while it removes and undoes. */
static void
test_killed_anywhere (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  char *bytes[N_ITEMS];

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  read_originals (&fixture, bytes);
  g_clear_object (&project);
  for (guint i = 0; i < 25; i++)
    {
      pid_t child = fork ();
      int status;

      if (child == 0)
        {
          SlProject *victim = sl_project_open (fixture.project, NULL);

          for (guint k = 0; victim != NULL; k++)
            if (!act (victim, k % 2 == 0 ? REMOVE : UNDO_REMOVE, NULL))
              act (victim, PUT_BACK, NULL);
          _exit (1);
        }
      g_usleep ((gulong)g_test_rand_int_range (2000, 30000));
      g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));
      project = fixture_open (&fixture);
      assert_nothing_lost (project, bytes);
      g_clear_object (&project);
    }
  free_sums (bytes);
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  static const char *const names[N_ACTIONS] = { "remove", "put-back", "undo", "redo" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < N_ACTIONS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/journal-kill/%s", names[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_killed);
    }
  g_test_add_func ("/engine/journal-kill/anywhere", test_killed_anywhere);
  g_test_add_func ("/engine/journal-kill/copying", test_killed_copying);
  g_test_add_func ("/engine/journal-kill/and-name-taken", test_killed_and_name_taken);
  g_test_add_func ("/engine/journal-kill/foreign-move", test_foreign_move);
  return g_test_run ();
}
