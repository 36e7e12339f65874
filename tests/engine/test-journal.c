/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cleaning: steps, undo and redo across restarts, and the world's obstacles. */
#include "journal-fixture.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Steps */

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer n)
{
  (*(guint *)n)++;
}

static void
test_remove (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 1, 5 }; /* black/00.png and teddy/00.png: the same name in bin/ */
  char *bytes[N_ITEMS];
  guint n_counts = 0, n_state = 0, n_path = 0;
  SlJournalStep step;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  read_originals (&fixture, bytes);
  g_signal_connect (project, "notify::counts", G_CALLBACK (count_notify), &n_counts);
  g_signal_connect (sl_project_get_item (project, 1), "notify::state", G_CALLBACK (count_notify),
                    &n_state);
  g_signal_connect (sl_project_get_item (project, 1), "notify::path", G_CALLBACK (count_notify),
                    &n_path);
  g_assert_false (sl_project_can_undo (project));
  g_assert_false (sl_project_peek_undo (project, &step));

  sl_project_remove (project, ids, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_counts, ==, 1);
  g_assert_cmpuint (n_state, ==, 1);
  g_assert_cmpuint (n_path, ==, 1);
  g_assert_cmpuint (sl_project_count_removed (project), ==, 2);
  g_assert_cmpuint (sl_project_count (project, G_MAXUINT, SL_SPLIT_TRAIN)
                        + sl_project_count (project, G_MAXUINT, SL_SPLIT_VALID),
                    ==, N_ITEMS - 2);
  assert_nothing_lost (project, bytes);
  g_assert_true (sl_project_peek_undo (project, &step));
  g_assert_cmpint (step.kind, ==, SL_STEP_REMOVE);
  g_assert_cmpuint (step.n_items, ==, 2);
  sl_journal_step_clear (&step);

  g_clear_object (&project); /* undo works across a restart */
  project = fixture_open (&fixture);
  assert_nothing_lost (project, bytes);
  g_assert_true (sl_project_can_undo (project));
  undo (project);
  g_assert_cmpuint (sl_project_count_removed (project), ==, 0);
  assert_nothing_lost (project, bytes);
  g_assert_false (sl_project_can_undo (project));
  g_assert_true (sl_project_can_redo (project));

  g_clear_object (&project);
  project = fixture_open (&fixture);
  redo (project);
  g_assert_cmpint (state_of (project, 5), ==, SL_ITEM_REMOVED);
  assert_nothing_lost (project, bytes);
  free_sums (bytes);
  fixture_tear_down (&fixture);
}

static void
test_put_back (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 1, 2 };
  g_autofree char *place = NULL, *stranger = NULL;
  char *bytes[N_ITEMS];

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  read_originals (&fixture, bytes);
  place = g_strdup (sl_item_get_path (sl_project_get_item (project, 1)));
  g_assert_true (sl_project_remove (project, ids, 2, &error));
  /* Another file has taken the place meanwhile: it stays, and ours goes beside it. */
  g_assert_true (g_file_set_contents (place, "stranger", -1, NULL));
  g_assert_true (sl_project_put_back (project, ids, 1, &error));
  g_assert_cmpint (state_of (project, 1), ==, SL_ITEM_PRESENT);
  g_assert_cmpint (state_of (project, 2), ==, SL_ITEM_REMOVED);
  g_assert_cmpstr (sl_item_get_path (sl_project_get_item (project, 1)), !=, place);
  g_assert_true (g_file_get_contents (place, &stranger, NULL, NULL));
  g_assert_cmpstr (stranger, ==, "stranger");
  assert_nothing_lost (project, bytes);

  /* Undo removes it again, from where it is now. */
  undo (project);
  g_assert_cmpint (state_of (project, 1), ==, SL_ITEM_REMOVED);
  assert_nothing_lost (project, bytes);
  /* Its folder is gone: it is made again. */
  {
    g_autofree char *folder = g_path_get_dirname (place);

    g_assert_cmpint (g_unlink (place), ==, 0);
    for (gint64 id = 3; id <= N_EACH; id++)
      g_assert_true (sl_project_remove (project, &id, 1, &error));
    g_assert_cmpint (g_rmdir (folder), ==, 0);
  }
  for (gint64 id = 1; id <= N_EACH; id++)
    g_assert_true (sl_project_put_back (project, &id, 1, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sl_project_count_removed (project), ==, 0);
  assert_nothing_lost (project, bytes);
  free_sums (bytes);
  fixture_tear_down (&fixture);
}

static void
test_relabel (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 1, 2, 5 };
  SlJournalStep step;
  gsize before;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  before = sl_project_count (project, 1, SL_SPLIT_TRAIN)
           + sl_project_count (project, 1, SL_SPLIT_VALID);
  g_assert_true (sl_project_relabel (project, ids, 3, "teddy", &error));
  g_assert_cmpstr (sl_item_get_target (sl_project_get_item (project, 1)), ==, "teddy");
  g_assert_cmpstr (sl_item_get_original_target (sl_project_get_item (project, 1)), ==, "black");
  g_assert_true (sl_item_get_relabelled (sl_project_get_item (project, 1)));
  g_assert_false (sl_item_get_relabelled (sl_project_get_item (project, 5)));
  g_assert_cmpuint (sl_project_count (project, 1, SL_SPLIT_TRAIN)
                        + sl_project_count (project, 1, SL_SPLIT_VALID),
                    ==, before + 2);
  g_assert_true (sl_project_peek_undo (project, &step));
  g_assert_cmpuint (step.n_items, ==, 2); /* item 5 was a teddy already */
  g_assert_cmpstr (step.detail, ==, "teddy");
  sl_journal_step_clear (&step);
  undo (project);
  g_assert_cmpstr (sl_item_get_target (sl_project_get_item (project, 1)), ==, "black");
  redo (project);
  g_assert_cmpstr (sl_item_get_target (sl_project_get_item (project, 1)), ==, "teddy");

  /* Nothing to change: no step. */
  g_assert_true (sl_project_relabel (project, ids, 3, "teddy", &error));
  {
    g_autoptr (GPtrArray) steps = sl_project_dup_journal (project);

    g_assert_cmpuint (steps->len, ==, 1);
  }
  g_assert_false (sl_project_relabel (project, ids, 3, "grizzly", &error));
  g_assert_nonnull (error);
  fixture_tear_down (&fixture);
}

static void
test_keep_and_split (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 1, 2, 3, 4 };

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_assert_true (sl_project_keep (project, ids, 2, TRUE, &error));
  g_assert_cmpuint (sl_project_count_kept (project), ==, 2);
  g_assert_true (sl_item_get_kept (sl_project_get_item (project, 2)));
  g_assert_true (sl_project_keep (project, ids, 1, FALSE, &error));
  g_assert_cmpuint (sl_project_count_kept (project), ==, 1);
  undo (project);
  g_assert_cmpuint (sl_project_count_kept (project), ==, 2);

  g_assert_true (sl_project_set_item_split (project, ids, 4, SL_SPLIT_VALID, &error));
  g_assert_cmpuint (sl_project_count (project, 0, SL_SPLIT_VALID), ==, 4);
  g_assert_cmpuint (sl_project_count (project, 0, SL_SPLIT_TRAIN), ==, 0);
  undo (project);
  g_assert_cmpuint (sl_project_count (project, 0, SL_SPLIT_VALID), ==, 1);
  fixture_tear_down (&fixture);
}

static void
test_resplit (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  SlSplitSpec spec = { 0 };
  const gint64 gone = 1;
  SlJournalStep step;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_assert_true (sl_project_remove (project, &gone, 1, &error));
  g_assert_true (sl_split_spec_parse (&spec, "random:0.5", 11, &error));
  g_assert_true (sl_project_resplit (project, &spec, &error));
  g_assert_cmpuint (sl_project_count (project, G_MAXUINT, SL_SPLIT_VALID), >=, 3);
  g_assert_cmpint (sl_project_get_split (project)->kind, ==, SL_SPLIT_BY_RANDOM);
  g_assert_true (sl_project_peek_undo (project, &step));
  g_assert_cmpint (step.kind, ==, SL_STEP_SPLIT);
  g_assert_cmpstr (step.detail, ==, "random:0.5");
  sl_journal_step_clear (&step);

  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_cmpint (sl_project_get_split (project)->kind, ==, SL_SPLIT_BY_RANDOM);
  g_assert_cmpuint (sl_project_get_split (project)->seed, ==, 11);
  undo (project);
  g_assert_cmpint (sl_project_get_split (project)->kind, ==, SL_SPLIT_BY_STRATIFIED);
  g_assert_cmpuint (sl_project_get_split (project)->seed, ==, 7);
  redo (project);
  g_assert_cmpint (sl_project_get_split (project)->kind, ==, SL_SPLIT_BY_RANDOM);

  sl_split_spec_clear (&spec);
  g_assert_true (sl_split_spec_parse (&spec, "folder:nowhere", 1, &error));
  g_assert_false (sl_project_resplit (project, &spec, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  sl_split_spec_clear (&spec);
  fixture_tear_down (&fixture);
}

/* A new step ends the redo branch; the files of undone steps are where they belong. */
static void
test_branch (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps = NULL;
  const gint64 ids[] = { 1, 2 };
  char *bytes[N_ITEMS];

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  read_originals (&fixture, bytes);
  g_assert_true (sl_project_remove (project, &ids[0], 1, &error));
  g_assert_true (sl_project_remove (project, &ids[1], 1, &error));
  undo (project);
  undo (project);
  g_assert_true (sl_project_keep (project, &ids[1], 1, TRUE, &error));
  g_assert_false (sl_project_can_redo (project));
  g_assert_false (sl_project_redo (project, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_clear_error (&error);
  steps = sl_project_dup_journal (project);
  g_assert_cmpuint (steps->len, ==, 1);
  g_assert_cmpint (((SlJournalStep *)g_ptr_array_index (steps, 0))->kind, ==, SL_STEP_KEEP);
  assert_nothing_lost (project, bytes);
  undo (project);
  g_assert_false (sl_project_undo (project, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  free_sums (bytes);
  fixture_tear_down (&fixture);
}

/* ---- The world's obstacles */

static void
test_unknown_item (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 1, 99 };

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_assert_false (sl_project_remove (project, ids, 2, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_cmpint (state_of (project, 1), ==, SL_ITEM_PRESENT);
  g_assert_false (sl_project_can_undo (project));
  fixture_tear_down (&fixture);
}

/* The user moved the file by hand: the item can go, and undo says that it is not there. */
static void
test_vanished (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *aside = NULL;
  const gint64 ids[] = { 1, 2 };
  gsize n;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  n = sl_project_count (project, G_MAXUINT, SL_SPLIT_TRAIN)
      + sl_project_count (project, G_MAXUINT, SL_SPLIT_VALID);
  path = g_strdup (sl_item_get_path (sl_project_get_item (project, 1)));
  aside = g_strconcat (path, ".aside", NULL);
  g_assert_cmpint (g_rename (path, aside), ==, 0);
  sl_project_remove (project, ids, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_project_count_removed (project), ==, 2);
  undo (project);
  g_assert_cmpint (state_of (project, 1), ==, SL_ITEM_UNREADABLE);
  g_assert_cmpint (state_of (project, 2), ==, SL_ITEM_PRESENT);

  /* Once it is back, opening finds it. */
  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_cmpint (state_of (project, 1), ==, SL_ITEM_UNREADABLE);
  g_assert_cmpint (g_rename (aside, path), ==, 0);
  g_clear_object (&project);
  project = fixture_open (&fixture);
  g_assert_cmpint (state_of (project, 1), ==, SL_ITEM_PRESENT);
  g_assert_cmpuint (sl_project_count (project, G_MAXUINT, SL_SPLIT_TRAIN)
                        + sl_project_count (project, G_MAXUINT, SL_SPLIT_VALID),
                    ==, n);
  fixture_tear_down (&fixture);
}

/* The last of three cannot be moved: the others come back, and the error names its folder. */
static void
test_failure_in_the_middle (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 1, 2, 5 };
  g_autofree char *place = NULL, *folder = NULL, *aside = NULL;
  char *bytes[N_ITEMS];

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  read_originals (&fixture, bytes);
  g_assert_true (sl_project_remove (project, ids, 3, &error));
  /* A file stands where the folder of teddy/00.png has to be made again. */
  folder = g_build_filename (fixture.pictures, "teddy", NULL);
  aside = g_build_filename (fixture.root, "aside", NULL);
  g_assert_cmpint (g_rename (folder, aside), ==, 0);
  g_assert_true (g_file_set_contents (folder, "", 0, NULL));
  g_assert_false (sl_project_undo (project, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "teddy"));
  g_clear_error (&error);
  g_assert_cmpuint (sl_project_count_removed (project), ==, 3);
  g_assert_true (sl_project_can_undo (project));
  g_assert_true (
      g_file_test (sl_item_get_path (sl_project_get_item (project, 1)), G_FILE_TEST_IS_REGULAR));

  g_unlink (folder);
  g_assert_cmpint (g_rename (aside, folder), ==, 0);
  undo (project);
  assert_nothing_lost (project, bytes);
  g_assert_cmpuint (sl_project_count_removed (project), ==, 0);

  /* And a removal: bin/ is no folder. */
  place = g_build_filename (fixture.project, "bin", NULL);
  g_assert_cmpint (g_rmdir (place), ==, 0);
  g_assert_true (g_file_set_contents (place, "", 0, NULL));
  g_assert_false (sl_project_remove (project, ids, 3, &error));
  g_assert_nonnull (error);
  assert_nothing_lost (project, bytes);
  g_assert_false (sl_project_can_undo (project));
  free_sums (bytes);
  fixture_tear_down (&fixture);
}

static void
test_other_file_system (void)
{
  Fixture fixture;
  g_autofree char *from = NULL, *to = NULL, *other = NULL;
  g_autoptr (GError) error = NULL;
  struct stat here, there;

  if (stat (g_get_tmp_dir (), &here) != 0 || stat ("/dev/shm", &there) != 0
      || here.st_dev == there.st_dev || access ("/dev/shm", W_OK) != 0)
    {
      g_test_skip ("/dev/shm is no other file system that can be written");
      return;
    }
  fixture_set_up (&fixture, N_EACH);
  other = g_strdup ("/dev/shm/slope-move-XXXXXX");
  g_assert_nonnull (g_mkdtemp (other));
  from = g_build_filename (fixture.pictures, "black", "00.png", NULL);
  to = g_build_filename (other, "00.png", NULL);
  g_assert_true (sl_file_move (from, to, &error));
  g_assert_false (sl_file_exists (from));
  g_assert_true (sl_file_exists (to));
  g_assert_true (sl_file_move (to, from, &error));

  /* Never over another file. */
  g_assert_true (g_file_set_contents (to, "stranger", -1, NULL));
  g_assert_false (sl_file_move (from, to, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (sl_file_exists (from));
  sl_file_remove_tree (other, NULL);
  fixture_tear_down (&fixture);
}

/* Two programs on one project do not move files at the same time. */
static void
test_two_programs (void)
{
  Fixture fixture;
  g_autoptr (SlProject) first = NULL;
  g_autoptr (SlProject) second = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 1, 2 };
  char *bytes[N_ITEMS];

  fixture_set_up (&fixture, N_EACH);
  first = fixture_create (&fixture);
  read_originals (&fixture, bytes);
  second = fixture_open (&fixture);
  g_assert_true (sl_project_remove (first, ids, 1, &error));
  /* What the other has removed is no obstacle, and is seen afterwards. */
  g_assert_true (sl_project_remove (second, ids, 2, &error));
  g_assert_no_error (error);
  undo (second);
  undo (second);
  assert_nothing_lost (second, bytes);
  free_sums (bytes);
  fixture_tear_down (&fixture);
}

/* ---- The bin */

static gboolean
can_trash (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->root, "probe", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, "probe", -1, NULL));
  if (g_file_trash (file, NULL, NULL))
    return TRUE;
  g_unlink (path);
  return FALSE;
}

static void
test_empty_bin (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 1, 2, 3 }, other[] = { 5 };
  gsize n_trashed = 9;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_assert_true (sl_project_empty_bin (project, &n_trashed, &error));
  g_assert_cmpuint (n_trashed, ==, 0);
  g_assert_true (sl_project_keep (project, other, 1, TRUE, &error));
  g_assert_true (sl_project_remove (project, ids, 3, &error));
  if (can_trash (&fixture))
    {
      sl_project_empty_bin (project, &n_trashed, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n_trashed, ==, 3);
      g_assert_cmpuint (sl_project_count_removed (project), ==, 0);
      g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_items (project)), ==, N_ITEMS - 3);
      g_assert_null (sl_project_get_item (project, 2));
      /* What was removed cannot be undone any more; the earlier step can. */
      undo (project);
      g_assert_false (sl_item_get_kept (sl_project_get_item (project, 5)));
      g_assert_false (sl_project_can_undo (project));
    }
  else
    {
      char *bytes[N_ITEMS];

      g_assert_false (sl_project_empty_bin (project, &n_trashed, &error));
      g_assert_nonnull (strstr (error->message, "00.png"));
      g_assert_cmpuint (sl_project_count_removed (project), ==, 3);
      undo (project);
      read_originals (&fixture, bytes);
      assert_nothing_lost (project, bytes);
      free_sums (bytes);
    }
  fixture_tear_down (&fixture);
}

/* A file that is gone from bin/ is no obstacle. */
static void
test_empty_bin_twice (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 id = 1;
  gsize n_trashed;

  fixture_set_up (&fixture, N_EACH);
  project = fixture_create (&fixture);
  g_assert_true (sl_project_remove (project, &id, 1, &error));
  g_assert_cmpint (g_unlink (sl_item_get_path (sl_project_get_item (project, 1))), ==, 0);
  g_assert_true (sl_project_empty_bin (project, &n_trashed, &error));
  g_assert_cmpuint (n_trashed, ==, 1);
  g_assert_null (sl_project_get_item (project, 1));
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/journal/remove", test_remove);
  g_test_add_func ("/engine/journal/put-back", test_put_back);
  g_test_add_func ("/engine/journal/relabel", test_relabel);
  g_test_add_func ("/engine/journal/keep-and-split", test_keep_and_split);
  g_test_add_func ("/engine/journal/resplit", test_resplit);
  g_test_add_func ("/engine/journal/branch", test_branch);
  g_test_add_func ("/engine/journal/unknown-item", test_unknown_item);
  g_test_add_func ("/engine/journal/vanished", test_vanished);
  g_test_add_func ("/engine/journal/failure-in-the-middle", test_failure_in_the_middle);
  g_test_add_func ("/engine/journal/other-file-system", test_other_file_system);
  g_test_add_func ("/engine/journal/empty-bin", test_empty_bin);
  g_test_add_func ("/engine/journal/empty-bin-twice", test_empty_bin_twice);
  g_test_add_func ("/engine/journal/two-programs", test_two_programs);
  return g_test_run ();
}
