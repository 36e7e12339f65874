/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document: creating, opening, reading. */
#include "project-fixture.h"

#include "project/lock.h"

#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static void
test_create (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  const char *const *classes;
  GListModel *items;

  fixture_set_up (&fixture, 4);
  project = fixture_create (&fixture);
  g_assert_cmpstr (sl_project_get_title (project), ==, "Bears");
  g_assert_cmpstr (sl_project_get_path (project), ==, fixture.project);
  g_assert_cmpstr (sl_project_get_task (project)->id, ==, "classify");
  classes = sl_project_get_classes (project);
  g_assert_cmpstr (classes[0], ==, "black");
  g_assert_cmpstr (classes[1], ==, "teddy");
  g_assert_null (classes[2]);

  items = sl_project_get_items (project);
  g_assert_cmpuint (g_list_model_get_n_items (items), ==, 8);
  g_assert_true (g_list_model_get_item_type (items) == SL_TYPE_ITEM);
  g_assert_null (g_list_model_get_item (items, 8));
  g_assert_cmpuint (sl_project_count (project, 0, SL_SPLIT_TRAIN), ==, 3);
  g_assert_cmpuint (sl_project_count (project, 0, SL_SPLIT_VALID), ==, 1);
  g_assert_cmpuint (sl_project_count (project, 1, SL_SPLIT_VALID), ==, 1);
  g_assert_cmpuint (sl_project_count (project, G_MAXUINT, SL_SPLIT_TRAIN), ==, 6);
  g_assert_cmpuint (sl_project_count (project, G_MAXUINT, SL_SPLIT_TEST), ==, 0);
  g_assert_cmpuint (sl_project_count_removed (project), ==, 0);
  g_assert_cmpuint (sl_project_count_kept (project), ==, 0);
  g_assert_cmpint (sl_project_get_split (project)->kind, ==, SL_SPLIT_BY_STRATIFIED);
  g_assert_cmpuint (sl_project_get_split (project)->seed, ==, 7);
  g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_NONE);
  fixture_tear_down (&fixture);
}

static void
test_item (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autofree char *expected = NULL;
  SlItem *item;
  gint64 id;
  double loss;
  g_autofree char *name = NULL;

  fixture_set_up (&fixture, 4);
  project = fixture_create (&fixture);
  item = sl_project_get_item (project, 5);
  expected = g_build_filename (fixture.pictures, "teddy", "00.png", NULL);
  g_assert_cmpint (sl_item_get_id (item), ==, 5);
  g_assert_cmpstr (sl_item_get_path (item), ==, expected);
  g_assert_cmpstr (sl_item_get_name (item), ==, "00.png");
  g_assert_cmpstr (sl_item_get_rel_path (item), ==, "teddy/00.png");
  g_assert_cmpstr (sl_item_get_target (item), ==, "teddy");
  g_assert_cmpstr (sl_item_get_original_target (item), ==, "teddy");
  g_assert_false (sl_item_get_relabelled (item));
  g_assert_false (sl_item_get_kept (item));
  g_assert_cmpint (sl_item_get_state (item), ==, SL_ITEM_PRESENT);
  g_assert_cmpint (sl_item_get_width (item), ==, 16);
  g_assert_cmpint (sl_item_get_height (item), ==, 16);
  g_assert_cmpint (sl_item_get_bytes (item), >, 0);
  g_assert_cmpstr (sl_item_get_format (item), ==, "PNG");
  g_assert_cmpuint (sl_item_get_twin (item), ==, 0);
  g_assert_false (sl_item_get_prediction (item, NULL, NULL, NULL));
  g_object_get (item, "id", &id, "loss", &loss, "name", &name, NULL);
  g_assert_cmpint (id, ==, 5);
  g_assert_cmpfloat (loss, ==, -1);
  g_assert_cmpstr (name, ==, "00.png");
  g_assert_null (sl_project_get_item (project, 9));
  g_assert_null (sl_project_get_item (project, 0));
  fixture_tear_down (&fixture);
}

static void
test_twins (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autofree char *twin = NULL;
  guint n_twins = 0;

  fixture_set_up (&fixture, 4);
  twin = g_build_filename (fixture.pictures, "teddy", "same.png", NULL);
  write_picture (twin, 0x202000ff, 16); /* as black/00.png */
  project = fixture_create (&fixture);
  for (gint64 id = 1; id <= 9; id++)
    if (sl_item_get_twin (sl_project_get_item (project, id)) != 0)
      {
        n_twins++;
        g_assert_cmpuint (sl_item_get_twin (sl_project_get_item (project, id)), ==,
                          sl_item_get_twin (sl_project_get_item (project, 1)));
      }
  g_assert_cmpuint (n_twins, ==, 2);
  fixture_tear_down (&fixture);
}

/* Every picture is where it was, and a path inside the project leads to a whole copy. */
static void
test_copy (void)
{
  Fixture fixture;
  g_autoptr (SlImport) import = NULL;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *prefix = NULL;

  fixture_set_up (&fixture, 4);
  import = fixture_import (&fixture);
  project = sl_project_create (fixture.project, import, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  prefix = g_strdup_printf ("%s/pictures/", fixture.project);
  for (gint64 id = 1; id <= 8; id++)
    {
      SlItem *item = sl_project_get_item (project, id);
      g_autofree char *original = g_build_filename (fixture.pictures, sl_item_get_rel_path (item),
                                                    NULL);

      g_assert_true (g_str_has_prefix (sl_item_get_path (item), prefix));
      g_assert_true (sl_file_same_bytes (original, sl_item_get_path (item)));
    }
  fixture_tear_down (&fixture);
}

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
cancel_at_third (gsize done, gsize total, const char *what, gpointer cancellable)
{
  if (done >= 3)
    g_cancellable_cancel (cancellable);
}

static void
test_create_is_all_or_nothing (void)
{
  Fixture fixture;
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *victim = NULL;

  fixture_set_up (&fixture, 40);
  import = fixture_import (&fixture);

  g_cancellable_cancel (cancellable);
  g_assert_null (sl_project_create (fixture.project, import, TRUE, cancellable, cancel_at_third,
                                    cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (count_entries (fixture.root), ==, 1);

  /* A picture that vanishes while it is copied in. */
  victim = g_build_filename (fixture.pictures, "teddy", "20.png", NULL);
  g_assert_cmpint (g_unlink (victim), ==, 0);
  g_assert_null (sl_project_create (fixture.project, import, TRUE, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "20.png"));
  g_assert_cmpuint (count_entries (fixture.root), ==, 1);
  fixture_tear_down (&fixture);
}

/* A creation that was killed leaves a hidden folder; the next one of that name removes it, but not
 * one that another program is filling. */
static void
test_create_leftovers (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *left = NULL, *held = NULL, *foreign = NULL;
  int locks[2];

  fixture_set_up (&fixture, 4);
  left = g_build_filename (fixture.root, ".Bears.slope.AAAAAA", NULL);
  held = g_build_filename (fixture.root, ".Bears.slope.BBBBBB", NULL);
  foreign = g_build_filename (fixture.root, ".Bears.slope.notes", NULL);
  g_assert_cmpint (g_mkdir (left, 0777), ==, 0);
  g_assert_cmpint (g_mkdir (held, 0777), ==, 0);
  g_assert_cmpint (g_mkdir (foreign, 0777), ==, 0);
  locks[0] = sl_lock_open (left, &error);
  locks[1] = sl_lock_open (held, &error);
  g_assert_no_error (error);
  g_assert_true (sl_lock_take (locks[1], SL_LOCK_CLEAN, 0, "Bears", &error));
  project = fixture_create (&fixture);
  g_assert_false (sl_file_exists (left));
  g_assert_true (sl_file_exists (held));
  g_assert_true (sl_file_exists (foreign)); /* not ours */
  close (locks[0]);
  close (locks[1]);
  fixture_tear_down (&fixture);
}

static void
test_create_exists (void)
{
  Fixture fixture;
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = NULL;

  fixture_set_up (&fixture, 4);
  import = fixture_import (&fixture);
  g_assert_cmpint (g_mkdir (fixture.project, 0777), ==, 0);
  plain = g_build_filename (fixture.root, "Bears", NULL); /* .slope is appended */
  g_assert_null (sl_project_create (plain, import, FALSE, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_EXISTS);
  g_assert_cmpuint (count_entries (fixture.project), ==, 0);
  fixture_tear_down (&fixture);
}

/* Pictures and project together may be moved elsewhere. */
static void
test_moved (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *moved = NULL, *path = NULL, *expected = NULL;

  fixture_set_up (&fixture, 4);
  g_object_unref (fixture_create (&fixture));
  moved = g_strconcat (fixture.root, "-moved", NULL);
  g_assert_cmpint (g_rename (fixture.root, moved), ==, 0);
  path = g_build_filename (moved, "Bears.slope", "project.db", NULL);
  expected = g_build_filename (moved, "pictures", "black", "00.png", NULL);
  project = sl_project_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sl_item_get_path (sl_project_get_item (project, 1)), ==, expected);
  g_clear_object (&project);
  g_assert_cmpint (g_rename (moved, fixture.root), ==, 0);
  fixture_tear_down (&fixture);
}

static void
test_skipped (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autofree char *bad = NULL;
  const SlSkipped *skipped;
  gsize n;

  fixture_set_up (&fixture, 4);
  bad = g_build_filename (fixture.pictures, "black", "bad.png", NULL);
  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  project = fixture_create (&fixture);
  g_clear_object (&project);
  project = fixture_open (&fixture);
  skipped = sl_project_get_skipped (project, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (skipped[0].path, ==, "black/bad.png");
  g_assert_cmpint (strlen (skipped[0].reason), >, 0);
  fixture_tear_down (&fixture);
}

/* The suggested size by that of the pictures: never larger, at most 128. */
static void
test_suggested_size (void)
{
  static const int sizes[][2] = { { 28, 28 },  { 64, 64 },  { 65, 64 },
                                  { 160, 64 }, { 200, 96 }, { 600, 128 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Fixture fixture;
      g_autoptr (SlProject) project = NULL;
      g_autoptr (SlRecipe) recipe = NULL;

      fixture_set_up (&fixture, 2);
      for (guint j = 0; j < 4; j++)
        {
          g_autofree char *path = g_strdup_printf ("%s/%s/%02u.png", fixture.pictures,
                                                   j % 2 == 0 ? "black" : "teddy", j / 2);

          write_picture (path, 0x20202000 + j * 0x40000000u + 0xff, sizes[i][0]);
        }
      project = fixture_create (&fixture);
      recipe = sl_project_dup_recipe (project);
      g_assert_cmpint (recipe->width, ==, sizes[i][1]);
      g_assert_cmpint (recipe->height, ==, sizes[i][1]);
      fixture_tear_down (&fixture);
    }
}

static void
test_recipe (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) standard = NULL;
  g_autoptr (SlRecipe) recipe = NULL;

  fixture_set_up (&fixture, 4);
  project = fixture_create (&fixture);
  standard = sl_project_dup_recipe (project);
  g_assert_cmpint (standard->width, ==, 16); /* as large as the pictures */
  g_assert_cmpint (standard->height, ==, 16);
  g_assert_cmpuint (standard->batch, ==, 0);
  g_assert_cmpuint (standard->stages[0].epochs, ==, 12);
  recipe = fixture_recipe (9);
  sl_project_set_recipe (project, recipe);
  g_clear_object (&project);
  sl_recipe_free (g_steal_pointer (&recipe));
  project = fixture_open (&fixture);
  recipe = sl_project_dup_recipe (project);
  g_assert_cmpuint (recipe->stages[0].epochs, ==, 9);
  fixture_tear_down (&fixture);
}

static void
run_sql (Fixture *fixture, const char *sql)
{
  g_autofree char *file = g_build_filename (fixture->project, "project.db", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
assert_open_fails (Fixture *fixture, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_project_open (fixture->project, &error));
  g_assert_error (error, SL_ERROR, code);
  g_assert_nonnull (strstr (error->message, ": ")); /* what happened: what to do */
}

static void
test_open_refuses (void)
{
  static const struct
  {
    const char *sql;
    int code;
  } cases[] = {
    { "PRAGMA user_version = 99", SL_ERROR_NEWER },
    { "UPDATE meta SET value = 'clairvoyance' WHERE key = 'task'", SL_ERROR_NEWER },
    { "PRAGMA application_id = 7", SL_ERROR_FORMAT },
    { "PRAGMA user_version = 0", SL_ERROR_FORMAT },
    { "DELETE FROM meta", SL_ERROR_FORMAT },
    { "UPDATE meta SET value = 'x' WHERE key = 'split'", SL_ERROR_FORMAT },
    { "UPDATE item SET split = 3 WHERE id = 2", SL_ERROR_FORMAT },
    { "UPDATE item SET state = -1 WHERE id = 2", SL_ERROR_FORMAT },
    { "UPDATE item SET width = 99999999999 WHERE id = 2", SL_ERROR_FORMAT },
    { "UPDATE item SET target = 'grizzly' WHERE id = 2", SL_ERROR_FORMAT },
    { "UPDATE item SET target = CAST (x'ff' AS TEXT) WHERE id = 2", SL_ERROR_FORMAT },
    { "UPDATE item SET path = '' WHERE id = 2", SL_ERROR_FORMAT },
    { "UPDATE item SET bin = '../../x', state = 1 WHERE id = 2", SL_ERROR_FORMAT },
    { "UPDATE class SET name = '' WHERE position = 1", SL_ERROR_FORMAT },
    { "DROP TABLE item", SL_ERROR_FORMAT },
    { "DROP TABLE step", SL_ERROR_FORMAT },
    { "INSERT INTO step VALUES (1, 3, 0, NULL, NULL, NULL, 0, 9)", SL_ERROR_FORMAT },
    { "INSERT INTO run VALUES (1, 9, '{}', 0, 0, 0, 0, 0, 0, NULL, NULL, 0, NULL)",
      SL_ERROR_FORMAT },
    { "INSERT INTO sweep (started, stage) VALUES (0, 9999)", SL_ERROR_FORMAT },
  };
  Fixture fixture;
  g_autofree char *file = NULL, *whole = NULL;
  gsize length;

  fixture_set_up (&fixture, 4);
  g_object_unref (fixture_create (&fixture));
  file = g_build_filename (fixture.project, "project.db", NULL);
  g_assert_true (g_file_get_contents (file, &whole, &length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].sql);
      run_sql (&fixture, cases[i].sql);
      assert_open_fails (&fixture, cases[i].code);
      g_assert_true (g_file_set_contents (file, whole, (gssize)length, NULL));
    }
  g_object_unref (fixture_open (&fixture));

  g_assert_true (g_file_set_contents (file, whole, (gssize)length / 3, NULL));
  assert_open_fails (&fixture, SL_ERROR_FORMAT);
  g_assert_true (
      g_file_set_contents (file, "not a database, but long enough to look at", -1, NULL));
  assert_open_fails (&fixture, SL_ERROR_FORMAT);
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  assert_open_fails (&fixture, SL_ERROR_FORMAT);
  g_assert_cmpint (g_unlink (file), ==, 0);
  assert_open_fails (&fixture, SL_ERROR_NOT_FOUND);
  g_assert_true (sl_file_remove_tree (fixture.project, NULL));
  assert_open_fails (&fixture, SL_ERROR_NOT_FOUND);
  fixture_tear_down (&fixture);
}

/* A project of the first version is brought up to date: when it is opened, or in memory where it is only
 * looked at. */
static void
test_older_version (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRun) run = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (1);
  g_autofree char *json = sl_recipe_to_json (recipe);
  g_autofree char *sql = g_strdup_printf (
      "ALTER TABLE epoch DROP COLUMN train_eval_loss; ALTER TABLE epoch DROP COLUMN kept;"
      "ALTER TABLE run DROP COLUMN from_stage; ALTER TABLE run DROP COLUMN fingerprint;"
      "ALTER TABLE sweep DROP COLUMN freeze_to; ALTER TABLE sweep DROP COLUMN seed;"
      "ALTER TABLE sweep DROP COLUMN from_run; ALTER TABLE prediction DROP COLUMN outputs;"
      "DROP TABLE look; DELETE FROM meta WHERE key = 'evaluated-tta';"
      "ALTER TABLE item DROP COLUMN place; ALTER TABLE item DROP COLUMN hash;"
      "PRAGMA user_version = 1;"
      "INSERT INTO meta VALUES ('evaluated', '1');"
      "INSERT INTO run VALUES (1, 1, '%s', 123, 0, 6, 4, 1000, 0, 2, NULL);"
      "INSERT INTO epoch VALUES (1, 1, 0, 6, 1.4, 1.1, 0.75, 0.25, NULL, NULL, NULL, NULL, 2.5)",
      json);
  SlProjectSummary summary;
  g_autoptr (GError) error = NULL;
  const SlEpochRecord *epochs;
  gsize n;

  fixture_set_up (&fixture, 4);
  g_object_unref (fixture_create (&fixture));
  run_sql (&fixture, sql);
  g_assert_true (sl_project_read_summary (fixture.project, &summary, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (summary.metric, ==, 0.75);
  sl_project_summary_clear (&summary);
  for (guint i = 0; i < 2; i++) /* as it was brought up to date, and as it is then */
    {
      g_clear_object (&run);
      g_clear_object (&project);
      project = fixture_open (&fixture);
      run = g_list_model_get_item (sl_project_get_runs (project), 0);
      epochs = sl_run_get_epochs (run, &n);
      g_assert_cmpuint (n, ==, 1);
      g_assert_true (isnan (epochs[0].train_eval_loss));
      g_assert_cmpuint (sl_run_get_kept_epoch (run), ==, 1);
      g_assert_cmpfloat (sl_run_get_metric (run, 0), ==, 0.75);
      g_assert_null (sl_run_get_fingerprint (run));
      g_assert_cmpint (sl_project_get_evaluated_run (project), ==, 1);
      g_assert_false (sl_project_get_evaluated_tta (project));
    }
  fixture_tear_down (&fixture);
}

/* Whatever a run's process left, nobody trains it any more. */
static void
test_interrupted (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRun) run = NULL;
  g_autoptr (SlRecipe) recipe = fixture_recipe (2);
  g_autofree char *json = sl_recipe_to_json (recipe);
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO run VALUES (4, 0, '%s', 123, 0, 6, 4, 1000, 0, 2, NULL, 1, 'abc');"
      "INSERT INTO batch VALUES (4, 0, 0, 1.5, 1.5, 0.001, 0.0001, 0.95);"
      "INSERT INTO batch VALUES (4, 1, 0.17, 1.25, 1.4, 0.001, 0.0001, 0.95);"
      "INSERT INTO epoch VALUES (4, 1, 0, 2, 1.4, 1.1, 0.75, 0.25, NULL, NULL, NULL, NULL, 2.5, "
      "1.2, 1)",
      json);
  const SlBatchRecord *batches;
  const SlEpochRecord *epochs;
  gsize n;

  fixture_set_up (&fixture, 4);
  g_object_unref (fixture_create (&fixture));
  run_sql (&fixture, sql);
  project = fixture_open (&fixture);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_runs (project)), ==, 1);
  run = g_list_model_get_item (sl_project_get_runs (project), 0);
  g_assert_cmpint (sl_run_get_id (run), ==, 4);
  g_assert_cmpint (sl_run_get_state (run), ==, SL_RUN_INTERRUPTED);
  g_assert_cmpint (sl_run_get_started (run), ==, 123);
  g_assert_cmpuint (sl_run_get_steps_per_epoch (run), ==, 6);
  g_assert_cmpuint (sl_run_get_batch (run), ==, 4);
  g_assert_cmpuint (sl_run_get_peak_bytes (run), ==, 1000);
  g_assert_null (sl_run_get_error (run));
  g_assert_false (sl_run_has_model (run));
  g_assert_cmpuint (sl_run_get_recipe (run)->stages[0].epochs, ==, 2);
  batches = sl_run_get_batches (run, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (batches[1].loss, ==, 1.25f);
  epochs = sl_run_get_epochs (run, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpfloat (epochs[0].train_loss, ==, 1.4);
  g_assert_cmpfloat (sl_run_get_valid_loss (run), ==, 1.1);
  g_assert_cmpfloat (sl_run_get_metric (run, 0), ==, 0.75);
  g_assert_true (isnan (sl_run_get_metric (run, 3)));
  fixture_tear_down (&fixture);
}

/* Closed: what was read stays readable, and nothing can be changed. */
static void
test_close (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = 1;

  fixture_set_up (&fixture, 4);
  project = fixture_create (&fixture);
  sl_project_close (project);
  sl_project_close (project);
  g_assert_cmpuint (sl_project_count (project, G_MAXUINT, SL_SPLIT_TRAIN), ==, 6);
  g_assert_false (sl_project_remove (project, &id, 1, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_STATE);
  g_object_unref (g_steal_pointer (&project));
  project = fixture_open (&fixture);
  g_assert_finalize_object (g_steal_pointer (&project));
  fixture_tear_down (&fixture);
}

typedef struct
{
  GAsyncResult *result;
  guint n_progress;
  gsize done;
  GThread *thread;
} Waiter;

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Waiter *)data)->result = g_object_ref (result);
}

static void
on_progress (gsize done, gsize total, const char *what, gpointer data)
{
  Waiter *waiter = data;

  g_assert_true (g_thread_self () == waiter->thread);
  waiter->n_progress++;
  waiter->done = done;
}

static void
wait_for (Waiter *waiter)
{
  while (waiter->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_async (void)
{
  Fixture fixture;
  g_autoptr (SlImport) import = NULL;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  Waiter waiter = { .thread = g_thread_self () };

  fixture_set_up (&fixture, 4);
  import = fixture_import (&fixture);
  sl_project_create_async (fixture.project, import, TRUE, NULL, on_progress, &waiter, on_done,
                           &waiter);
  wait_for (&waiter);
  project = sl_project_create_finish (waiter.result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_items (project)), ==, 8);
  g_clear_object (&project);
  g_clear_object (&waiter.result);

  sl_project_open_async (fixture.project, NULL, on_done, &waiter);
  wait_for (&waiter);
  project = sl_project_open_finish (waiter.result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_items (project)), ==, 8);
  g_clear_object (&waiter.result);

  sl_project_open_async (fixture.pictures, NULL, on_done, &waiter);
  wait_for (&waiter);
  g_assert_null (sl_project_open_finish (waiter.result, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_object (&waiter.result);
  fixture_tear_down (&fixture);
}

static void
test_summary (void)
{
  Fixture fixture;
  SlProjectSummary summary;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture, 4);
  g_object_unref (fixture_create (&fixture));
  g_assert_true (sl_project_read_summary (fixture.project, &summary, &error));
  g_assert_cmpstr (summary.title, ==, "Bears");
  g_assert_cmpstr (summary.task, ==, "classify");
  g_assert_cmpuint (summary.n_classes, ==, 2);
  g_assert_cmpuint (summary.n_items, ==, 8);
  g_assert_true (isnan (summary.metric));
  g_assert_null (summary.metric_name);
  g_assert_true (g_str_has_suffix (summary.thumbs[0], "/black/00.png"));
  g_assert_true (g_str_has_suffix (summary.thumbs[1], "/teddy/00.png"));
  g_assert_true (g_str_has_suffix (summary.thumbs[3], "/teddy/01.png"));
  sl_project_summary_clear (&summary);

  /* The better of two runs, each by its last epoch. */
  run_sql (&fixture,
           "INSERT INTO epoch VALUES (1, 1, 0, 5, 1, 1, 0.99, 0.01, 0, 0, 0, 0, 1, NULL, 1);"
           "INSERT INTO epoch VALUES (1, 2, 0, 9, 1, 1, 0.70, 0.30, 0, 0, 0, 0, 1, NULL, 1);"
           "INSERT INTO epoch VALUES (2, 1, 0, 5, 1, 1, 0.80, 0.20, 0, 0, 0, 0, 1, NULL, 1)");
  g_assert_true (sl_project_read_summary (fixture.project, &summary, &error));
  g_assert_cmpfloat (summary.metric, ==, 0.80);
  g_assert_cmpstr (summary.metric_name, ==, "accuracy");
  sl_project_summary_clear (&summary);

  g_assert_false (sl_project_read_summary (fixture.pictures, &summary, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  fixture_tear_down (&fixture);
}

/* 50,000 pictures: found by id, counted, and read in one go. */
static void
test_large (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  gint64 start;

  fixture_set_up (&fixture, 4);
  g_object_unref (fixture_create (&fixture));
  run_sql (&fixture,
           "WITH RECURSIVE n (i) AS (SELECT 9 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)"
           " INSERT INTO item SELECT i, '../pictures/teddy/' || i || '.jpg', NULL,"
           " 'teddy/' || i || '.jpg', NULL, 'teddy', 'teddy', i % 5 = 0, 0, 0, 640, 480, 50000,"
           " 'JPEG', 0, 0, NULL FROM n;"
           "INSERT INTO prediction SELECT id, id / 1e4, 0.5, 'black', NULL FROM item");
  start = g_get_monotonic_time ();
  project = fixture_open (&fixture);
  g_test_message ("opened 50,000 pictures in %.3f s",
                  (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_items (project)), ==, 50000);
  g_assert_cmpint (sl_item_get_id (sl_project_get_item (project, 40000)), ==, 40000);
  g_assert_cmpuint (sl_project_count (project, 1, SL_SPLIT_TRAIN)
                        + sl_project_count (project, 1, SL_SPLIT_VALID),
                    ==, 49996);
  g_assert_true (sl_item_get_prediction (sl_project_get_item (project, 50000), NULL, NULL, NULL));
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/project/create", test_create);
  g_test_add_func ("/engine/project/item", test_item);
  g_test_add_func ("/engine/project/twins", test_twins);
  g_test_add_func ("/engine/project/copy", test_copy);
  g_test_add_func ("/engine/project/create-is-all-or-nothing", test_create_is_all_or_nothing);
  g_test_add_func ("/engine/project/create-leftovers", test_create_leftovers);
  g_test_add_func ("/engine/project/create-exists", test_create_exists);
  g_test_add_func ("/engine/project/moved", test_moved);
  g_test_add_func ("/engine/project/skipped", test_skipped);
  g_test_add_func ("/engine/project/recipe", test_recipe);
  g_test_add_func ("/engine/project/suggested-size", test_suggested_size);
  g_test_add_func ("/engine/project/open-refuses", test_open_refuses);
  g_test_add_func ("/engine/project/older-version", test_older_version);
  g_test_add_func ("/engine/project/interrupted", test_interrupted);
  g_test_add_func ("/engine/project/close", test_close);
  g_test_add_func ("/engine/project/async", test_async);
  g_test_add_func ("/engine/project/summary", test_summary);
  g_test_add_func ("/engine/project/large", test_large);
  return g_test_run ();
}
