/* SPDX-License-Identifier: GPL-3.0-or-later */
/* threshold-cost FOLDER COUNT: moves the threshold of COUNT pictures with 17 labels as Clean does, and prints how
 * much of the main thread's time the longest turn of its loop took; before, what the same costs at once.  Makes
 * the project FOLDER/many.slope, which can be looked at afterwards. */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <slope/slope.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

#define N_LABELS 17
#define N_MOVES 10
#define STORE_DELAY_MS 150 /* as slope-labels-panel.c */

/* ---- A project: one file serves for all its pictures. */

static void
run_sql (sqlite3 *db, const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

static void
insert_labels (sqlite3 *db)
{
  for (int j = 0; j < N_LABELS; j++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO class VALUES (%d, 'label-%02d')", j, j);

      run_sql (db, sql);
    }
}

/* Two labels for each, and random outputs. */
static void
insert_items (sqlite3 *db, int count)
{
  sqlite3_stmt *item, *prediction;
  SlRandom random;

  sl_random_init (&random, 1);
  sqlite3_prepare_v2 (
      db,
      "INSERT INTO item (id, path, rel_path, target, original, split, state, kept,"
      " width, height, bytes, format, twin) SELECT ?1, path, ?2, ?3, ?3, ?1 % 5 = 0,"
      " 0, 0, width, height, bytes, format, 0 FROM seed",
      -1, &item, NULL);
  sqlite3_prepare_v2 (db,
                      "INSERT INTO prediction (item, loss, probability, predicted, outputs)"
                      " VALUES (?, 0.5, 0.5, '', ?)",
                      -1, &prediction, NULL);
  for (int i = 1; i <= count; i++)
    {
      const int first = i % (N_LABELS - 1), second = first + 1 + i % (N_LABELS - 1 - first);
      g_autofree char *target = g_strdup_printf ("label-%02d;label-%02d", first, second);
      g_autofree char *name = g_strdup_printf ("%06d.png", i);
      float outputs[N_LABELS];

      for (int j = 0; j < N_LABELS; j++)
        outputs[j] = (float)sl_random_uniform (&random, 0, 1);
      sqlite3_bind_int (item, 1, i);
      sqlite3_bind_text (item, 2, name, -1, SQLITE_TRANSIENT);
      sqlite3_bind_text (item, 3, target, -1, SQLITE_TRANSIENT);
      sqlite3_bind_int (prediction, 1, i);
      sqlite3_bind_blob (prediction, 2, outputs, sizeof outputs, SQLITE_TRANSIENT);
      if (sqlite3_step (item) != SQLITE_DONE || sqlite3_step (prediction) != SQLITE_DONE)
        g_error ("%s", sqlite3_errmsg (db));
      sqlite3_reset (item);
      sqlite3_reset (prediction);
    }
  sqlite3_finalize (item);
  sqlite3_finalize (prediction);
}

static void
fill (const char *file, int count)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autofree char *json = sl_recipe_to_json (recipe);
  sqlite3 *db;
  char *run = sqlite3_mprintf ("INSERT INTO run (id, state, recipe, started, from_run,"
                               " steps_per_epoch, batch, peak_bytes, last_change)"
                               " VALUES (1, 1, %Q, 1700000000, 0, 3, 4, 1000000, 0);",
                               json);

  if (sqlite3_open (file, &db) != SQLITE_OK)
    g_error ("%s", file);
  run_sql (db, "BEGIN; UPDATE meta SET value = 'multilabel' WHERE key = 'task';"
               "INSERT OR REPLACE INTO meta VALUES ('evaluated', '1');"
               "CREATE TEMP TABLE seed AS SELECT * FROM item LIMIT 1;"
               "DELETE FROM class; DELETE FROM item;");
  run_sql (db, run);
  insert_labels (db);
  insert_items (db, count);
  run_sql (db, "COMMIT");
  sqlite3_free (run);
  sqlite3_close (db);
}

static void
draw (const char *folder, guint32 color)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 48, 48);
  g_autofree char *path = g_build_filename (folder, "0.png", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0755);
  gdk_pixbuf_fill (pixbuf, color);
  if (!gdk_pixbuf_save (pixbuf, path, "png", &error, NULL))
    g_error ("%s", error->message);
}

/* (transfer full) */
static SlProject *
make_project (const char *folder, int count)
{
  g_autofree char *pictures = g_build_filename (folder, "pictures", NULL);
  g_autofree char *first = g_build_filename (pictures, "a", NULL);
  g_autofree char *second = g_build_filename (pictures, "b", NULL);
  g_autofree char *path = g_build_filename (folder, "many.slope", NULL);
  g_autofree char *file = g_build_filename (path, "project.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) import = NULL;
  SlProject *project;

  draw (first, 0x3584e4ff);
  draw (second, 0x33d17aff);
  import = sl_import_scan (pictures, NULL, NULL, NULL, NULL, &error);
  project = import != NULL ? sl_project_create (path, import, TRUE, NULL, NULL, NULL, &error)
                           : NULL;
  if (project == NULL)
    g_error ("%s", error->message);
  sl_project_close (project);
  g_object_unref (project);
  fill (file, count);
  project = sl_project_open (path, &error);
  if (project == NULL)
    g_error ("%s", error->message);
  return project;
}

/* ---- What it costs */

static double
cpu_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void
measure_at_once (SlProject *project)
{
  double metrics[SL_MAX_METRICS], t[4];
  g_autofree SlLabelErrors *errors = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  t[0] = cpu_ms ();
  sl_project_score_at (project, 0.3, SL_SPLIT_VALID, metrics);
  t[1] = cpu_ms ();
  if (!sl_project_set_threshold (project, 0.3, &error))
    g_error ("%s", error->message);
  t[2] = cpu_ms ();
  errors = sl_project_label_errors (project, -1, &n);
  t[3] = cpu_ms ();
  g_print ("at once: figures %.1f ms, setting %.1f ms, counts %.1f ms\n", t[1] - t[0], t[2] - t[1],
           t[3] - t[2]);
}

typedef struct
{
  SlProject *project;
  guint moves, pending;
} Moves;

static void
scored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Moves *self = user_data;
  double metrics[SL_MAX_METRICS];

  sl_project_score_at_finish (result, metrics);
  self->pending--;
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Moves *self = user_data;
  g_autofree SlLabelErrors *errors = sl_project_label_errors_finish (result);

  self->pending--;
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Moves *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sl_project_set_threshold_finish (self->project, result, &error))
    g_error ("%s", error->message);
  sl_project_label_errors_async (self->project, -1, counted_cb, self);
}

static gboolean
move_cb (gpointer user_data)
{
  Moves *self = user_data;
  const double threshold = self->moves % 2 == 0 ? 0.05 : 0.9;

  sl_project_score_at_async (self->project, threshold, SL_SPLIT_VALID, scored_cb, self);
  sl_project_set_threshold_async (self->project, threshold, set_cb, self);
  self->pending += 2;
  return ++self->moves < N_MOVES;
}

static void
measure_turns (SlProject *project)
{
  Moves moves = { .project = project };
  double longest = 0;

  g_timeout_add (4 * STORE_DELAY_MS, move_cb, &moves);
  while (moves.moves < N_MOVES || moves.pending > 0)
    {
      const double begun = cpu_ms ();

      g_main_context_iteration (NULL, TRUE);
      longest = MAX (longest, cpu_ms () - begun);
    }
  g_print ("%d moves: longest turn %.1f ms\n", N_MOVES, longest);
}

int
main (int argc, char **argv)
{
  g_autoptr (SlProject) project = NULL;

  if (argc != 3)
    {
      g_printerr ("Usage: threshold-cost FOLDER COUNT\n");
      return 2;
    }
  project = make_project (argv[1], atoi (argv[2]));
  measure_at_once (project);
  measure_turns (project);
  sl_project_close (project);
  return 0;
}
