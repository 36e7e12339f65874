/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A real project of a few small pictures for widget tests: three classes, one pair of equal files,
 * and, when asked for, a finished run whose predictions are in the database. */

#include "ui-test.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <slope/slope.h>
#include <sqlite3.h>

typedef struct
{
  char *folder; /* temporary; holds everything */
  SlProject *project;
} Fixture;

enum
{
  FIXTURE_NEW,
  FIXTURE_TRAINED,  /* run 1 has a model file */
  FIXTURE_EVALUATED /* and predictions: see fixture_predict() */
};

#define FIXTURE_N_BLACK 4
#define FIXTURE_N_GRIZZLY 5
#define FIXTURE_N_TEDDY 3
#define FIXTURE_N (FIXTURE_N_BLACK + FIXTURE_N_GRIZZLY + FIXTURE_N_TEDDY)

static inline void
fixture_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        fixture_remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static inline void
fixture_write_picture (const char *path, guint32 color)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 24, 24);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, color);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
}

/* CLASS/0.png …; the last two teddies are byte-equal. */
static inline void
fixture_write_pictures (const char *folder)
{
  static const struct
  {
    const char *name;
    guint n;
  } classes[] = { { "black", FIXTURE_N_BLACK },
                  { "grizzly", FIXTURE_N_GRIZZLY },
                  { "teddy", FIXTURE_N_TEDDY } };

  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    for (guint i = 0; i < classes[c].n; i++)
      {
        const guint shade = c == 2 && i == classes[c].n - 1 ? i - 1 : i;
        g_autofree char *name = g_strdup_printf ("%u.png", i);
        g_autofree char *parent = g_build_filename (folder, classes[c].name, NULL);
        g_autofree char *path = g_build_filename (parent, name, NULL);

        g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
        fixture_write_picture (path, (80u + 60u * c) << 24 | (30u + 20u * shade) << 16 | 0xff);
      }
}

static inline void
fixture_run_sql (sqlite3 *db, const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

/* Run 1, as a trainer would leave it: done, one epoch, accuracy 3/4. */
static inline void
fixture_train (Fixture *self, sqlite3 *db)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autofree char *json = sl_recipe_to_json (recipe);
  char *sql = sqlite3_mprintf ("INSERT INTO run (id, state, recipe, started, from_run,"
                               " steps_per_epoch, batch, peak_bytes, last_change)"
                               " VALUES (1, 1, %Q, 1700000000, 0, 3, 4, 1000000, 0);"
                               "INSERT INTO epoch (run, epoch, stage, step, train_loss, valid_loss,"
                               " m0, m1, seconds) VALUES (1, 1, 0, 3, 0.5, 0.6, 0.75, 0.25, 2);",
                               json);
  g_autofree char *run = g_build_filename (sl_project_get_path (self->project), "runs", "1", NULL);
  g_autofree char *model = g_build_filename (run, "model.safetensors", NULL);

  fixture_run_sql (db, sql);
  sqlite3_free (sql);
  g_assert_cmpint (g_mkdir_with_parents (run, 0700), ==, 0);
  g_assert_true (g_file_set_contents (model, "not read by these tests", -1, NULL));
}

/* The first black is taken for grizzly (loss 4), the first two grizzlies for black (3, 2); all
 * others are right with losses below 1 that grow with the item's number. */
static inline void
fixture_predict (sqlite3 *db)
{
  fixture_run_sql (db,
                   "INSERT INTO prediction (item, loss, probability, predicted)"
                   " SELECT id, id * 0.01, 1 - id * 0.01, target FROM item;"
                   "UPDATE prediction SET loss = 4, probability = 0.01, predicted = 'grizzly'"
                   " WHERE item = (SELECT id FROM item WHERE rel_path LIKE '%black/0.png');"
                   "UPDATE prediction SET loss = 3, probability = 0.05, predicted = 'black'"
                   " WHERE item = (SELECT id FROM item WHERE rel_path LIKE '%grizzly/0.png');"
                   "UPDATE prediction SET loss = 2, probability = 0.45, predicted = 'black'"
                   " WHERE item = (SELECT id FROM item WHERE rel_path LIKE '%grizzly/1.png');"
                   "INSERT OR REPLACE INTO meta VALUES ('evaluated', '1');");
}

static inline void
fixture_set_up (Fixture *self, gconstpointer level)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pictures = NULL;
  g_autofree char *path = NULL;
  g_autofree char *file = NULL;
  g_autoptr (SlImport) import = NULL;
  sqlite3 *db;

  self->folder = g_dir_make_tmp ("slope-ui-XXXXXX", &error);
  g_assert_no_error (error);
  pictures = g_build_filename (self->folder, "bears", NULL);
  fixture_write_pictures (pictures);
  import = sl_import_scan (pictures, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  path = g_build_filename (self->folder, "bears.slope", NULL);
  self->project = sl_project_create (path, import, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  if (GPOINTER_TO_INT (level) == FIXTURE_NEW)
    return;

  sl_project_close (self->project);
  file = g_build_filename (path, "project.db", NULL);
  g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
  fixture_train (self, db);
  if (GPOINTER_TO_INT (level) == FIXTURE_EVALUATED)
    fixture_predict (db);
  sqlite3_close (db);
  g_object_unref (self->project);
  self->project = sl_project_open (path, &error);
  g_assert_no_error (error);
}

/* The same pictures as another kind of problem, evaluated.  Three names belong to each kind; every
 * third picture has the first target, and so on; the model says @predicted of all. */
typedef struct
{
  const char *task, *names[3], *ranges, *targets[3], *predicted;
  gboolean sure; /* whether the kind knows a probability */
} FixtureKind;

static const FixtureKind fixture_kinds[] = {
  { "multilabel",
    { "clear", "road", "water" },
    NULL,
    { "clear;road", "water", "" },
    "clear;water",
    TRUE },
  { "segment",
    { "road", "sky", "void" },
    NULL,
    { "masks/0.png", "masks/1.png", "masks/2.png" },
    "sky;road",
    TRUE },
  { "points",
    { "left_eye", "right_eye", "nose" },
    NULL,
    { "1,2 3,4 5,6", "1,2 - 5,6", "4,5 6,7 8,9" },
    "1.10,2.20 3.30,4.40 5.50,6.60",
    FALSE },
  { "numbers",
    { "pitch", "roll", "yaw" },
    "[[-90,90],[-90,90],[-90,90]]",
    { "12.5 -3.4 0", "1 2 3", "1 - 3" },
    "11.9 -3.25 0.5",
    FALSE },
};

static inline void
fixture_change_kind (sqlite3 *db, const FixtureKind *kind)
{
  char *sql = sqlite3_mprintf (
      "UPDATE meta SET value = %Q WHERE key = 'task';"
      "INSERT OR REPLACE INTO meta SELECT 'ranges', %Q WHERE %Q IS NOT NULL;"
      "DELETE FROM class; INSERT INTO class VALUES (0, %Q), (1, %Q), (2, %Q);"
      "UPDATE item SET target = CASE id %% 3 WHEN 1 THEN %Q WHEN 2 THEN %Q ELSE %Q END;"
      "UPDATE item SET original = target;"
      "INSERT INTO prediction (item, loss, probability, predicted)"
      " SELECT id, id * 0.1, CASE WHEN %d THEN 0.25 END, %Q FROM item;"
      "INSERT OR REPLACE INTO meta VALUES ('evaluated', '1');"
      /* .9 .1 .3 in float32: two of three are said from .2 on, one from .5 on */
      "UPDATE prediction SET outputs = x'6666663fcdcccc3d9a99993e' WHERE %Q = 'multilabel';",
      kind->task, kind->ranges, kind->ranges, kind->names[0], kind->names[1], kind->names[2],
      kind->targets[0], kind->targets[1], kind->targets[2], kind->sure, kind->predicted,
      kind->task);

  fixture_run_sql (db, sql);
  sqlite3_free (sql);
}

/* @kind: a FixtureKind. */
static inline void
fixture_set_up_kind (Fixture *self, gconstpointer kind)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *file = NULL;
  sqlite3 *db;

  fixture_set_up (self, GINT_TO_POINTER (FIXTURE_TRAINED));
  path = g_strdup (sl_project_get_path (self->project));
  file = g_build_filename (path, "project.db", NULL);
  sl_project_close (self->project);
  g_object_unref (self->project);
  g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
  fixture_change_kind (db, kind);
  sqlite3_close (db);
  self->project = sl_project_open (path, &error);
  g_assert_no_error (error);
}

static inline void
fixture_tear_down (Fixture *self, gconstpointer level)
{
  sl_project_close (self->project);
  ui_test_finalize (self->project);
  fixture_remove_tree (self->folder);
  g_free (self->folder);
}

/* The item imported from ".../@rel_path". (transfer none) */
static inline SlItem *
fixture_item (Fixture *self, const char *rel_path)
{
  GListModel *items = sl_project_get_items (self->project);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      if (g_str_has_suffix (sl_item_get_rel_path (item), rel_path))
        return item;
    }
  g_error ("no item %s", rel_path);
}
