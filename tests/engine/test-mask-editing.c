/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks lent to be painted on, and what of it is taken back; and what is kept of answers to them. */
#include "import-fixture.h"

#include <slope/project.h>

#include <string.h>

#define WIDTH 12 /* of import_fixture_add() */
#define HEIGHT 10

static const guint32 colors[] = { 0x3a6ae8, 0xd2802b, 0x02765b };

/* All of class @value. */
static void
add_mask (const ImportFixture *self, const char *name, guint8 value)
{
  g_autofree char *path = picture_files_path (self->folder, name);
  g_autoptr (SlPicture) mask = sl_picture_new (WIDTH, HEIGHT);
  g_autoptr (GError) error = NULL;

  memset (mask->pixels, value, 3 * WIDTH * HEIGHT);
  g_assert_true (sl_picture_save_png (mask, path, &error));
}

static char *
project_path (const ImportFixture *self)
{
  return g_build_filename (self->folder, "street.slope", NULL);
}

static SlProject *
create (const ImportFixture *self)
{
  g_autofree char *path = project_path (self);
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  SlProject *project;

  import_fixture_add (self, "images/p#.png", 2);
  add_mask (self, "labels/p0_P.png", 0);
  add_mask (self, "labels/p1_P.png", 1);
  import_fixture_text (self, "codes.txt", "Sky\nRoad\nCar\n");
  import = import_fixture_scan (self, NULL);
  project = sl_project_create (path, import, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return project;
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static char *
lend (SlProject *project, SlItem *item)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *path;

  sl_project_lend_mask_async (project, item, colors, NULL, keep_result, &result);
  path = sl_project_lend_mask_finish (project, wait_for (&result), &error);
  g_assert_no_error (error);
  return path;
}

static gboolean
take (SlProject *project, SlItem *item, const char *path, gboolean *changed, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sl_project_take_mask_async (project, item, path, colors, NULL, keep_result, &result);
  return sl_project_take_mask_finish (project, wait_for (&result), changed, error);
}

/* What an editor does: a bar of @color in the second row. */
static void
paint (const char *path, guint32 color)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPicture) picture = sl_picture_load (path, 0, &error);

  g_assert_no_error (error);
  for (guint8 *pixel = picture->pixels + 3 * WIDTH; pixel < picture->pixels + 6 * WIDTH; pixel += 3)
    {
      pixel[0] = (guint8)(color >> 16);
      pixel[1] = (guint8)(color >> 8);
      pixel[2] = (guint8)color;
    }
  g_assert_true (sl_picture_save_png (picture, path, &error));
}

/* The class in the second row, and that the others have @other. */
static void
expect_row (SlItem *item, guint8 value, guint8 other)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPicture) mask = sl_mask_load (sl_item_get_target (item), &error);

  g_assert_no_error (error);
  for (int y = 0; y < HEIGHT; y++)
    g_assert_cmpint (mask->pixels[3 * WIDTH * y], ==, y == 1 ? value : other);
}

static void
test_taken_back (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlProject) project = create (self);
  SlItem *item = sl_project_get_item (project, 1);
  g_autofree char *original = g_strdup (sl_item_get_target (item)), *place = project_path (self);
  g_autofree char *path = lend (project, item), *first = NULL;
  g_autoptr (GError) error = NULL;
  gboolean changed;

  /* Nothing painted, nothing done. */
  g_assert_true (take (project, item, path, &changed, &error));
  g_assert_false (changed);
  g_assert_false (sl_project_can_undo (project));

  paint (path, colors[2]);
  g_assert_true (take (project, item, path, &changed, &error));
  g_assert_true (changed);
  g_assert_true (sl_item_get_relabelled (item));
  first = g_strdup (sl_item_get_target (item));
  expect_row (item, 2, 0);
  /* Painted on further: another step, another file. */
  paint (path, colors[1]);
  g_assert_true (take (project, item, path, &changed, &error));
  expect_row (item, 1, 0);
  g_assert_true (sl_project_undo (project, &error));
  g_assert_cmpstr (sl_item_get_target (item), ==, first);
  expect_row (item, 2, 0);
  g_assert_true (sl_project_undo (project, &error));
  g_assert_cmpstr (sl_item_get_target (item), ==, original);
  g_assert_false (sl_item_get_relabelled (item));
  expect_row (item, 0, 0);
  g_assert_true (sl_project_redo (project, &error));
  expect_row (item, 2, 0);

  /* The project knows it the next time, and wherever it has been moved to. */
  sl_project_close (project);
  g_clear_object (&project);
  project = sl_project_open (place, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sl_item_get_target (sl_project_get_item (project, 1)), ==, first);
  g_assert_true (sl_project_undo (project, &error));
  g_assert_cmpstr (sl_item_get_target (sl_project_get_item (project, 1)), ==, original);
}

static void
expect_refused (SlProject *project, const char *path, const char *words)
{
  g_autoptr (GError) error = NULL;
  gboolean changed = TRUE;

  g_assert_false (take (project, sl_project_get_item (project, 1), path, &changed, &error));
  g_assert_false (changed);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_false (sl_project_can_undo (project));
}

static void
test_refused (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlProject) project = create (self);
  g_autofree char *path = lend (project, sl_project_get_item (project, 1)), *bytes = NULL;
  g_autoptr (SlPicture) larger = sl_picture_new (WIDTH + 1, HEIGHT);
  g_autoptr (GError) error = NULL;
  gsize length;

  paint (path, 0x123456);
  expect_refused (project, path, "12 pixels have a colour of no class, the first at 0, 1");
  g_assert_true (sl_picture_save_png (larger, path, &error));
  expect_refused (project, path, "13 × 10");
  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length / 2, &error));
  expect_refused (project, path, "");
  g_remove (path);
  expect_refused (project, path, "");
}

/* What a mask of two classes may be written with: white is the second. */
static void
test_white (void)
{
  g_autoptr (SlPicture) mask = sl_picture_new (2, 1);
  g_autoptr (SlPicture) painted = NULL, back = NULL;
  g_autoptr (GError) error = NULL;

  memset (mask->pixels, 0, 3);
  painted = sl_mask_paint (mask, colors, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpint (painted->pixels[3], ==, 0xd2);
  back = sl_mask_unpaint (painted, colors, 2, &error);
  g_assert_cmpint (back->pixels[0], ==, 0);
  g_assert_cmpint (back->pixels[3], ==, 1);
  g_assert_null (sl_mask_paint (mask, colors, 3, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "255"));
}

/* ---- Overlaps are kept with the answers */

static void
test_kept (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlProject) project = create (self);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_recipe (project);
  g_autofree char *place = project_path (self);
  g_autofree double *ious = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  gint64 run;
  guint n;

  g_free (recipe->arch);
  recipe->arch = g_strdup ("squeezenet1-1");
  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("none");
  recipe->height = recipe->width = 32;
  recipe->batch = 2;
  recipe->n_stages = 1;
  recipe->stages[0].epochs = 1;
  g_assert_null (sl_project_dup_ious (project, -1, &n));
  g_assert_true (
      sl_project_set_item_split (project, (gint64[]){ 1, 2 }, 2, SL_SPLIT_TRAIN, &error));
  g_assert_true (sl_project_train (project, recipe, 0, NULL, &run, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (sl_project_evaluate (project, run, FALSE, NULL, NULL, &error));
  g_assert_no_error (error);
  ious = sl_project_dup_ious (project, -1, &n);
  g_assert_nonnull (ious);
  g_assert_cmpuint (n, ==, 3);
  sl_project_close (project);
  g_clear_object (&project);
  project = sl_project_open (place, &error);
  g_assert_no_error (error);
  again = sl_project_dup_ious (project, -1, &n);
  g_assert_cmpmem (ious, 3 * sizeof *ious, again, 3 * sizeof *again);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  IMPORT_TEST ("/engine/mask-editing/taken-back", test_taken_back);
  IMPORT_TEST ("/engine/mask-editing/refused", test_refused);
  IMPORT_TEST ("/engine/mask-editing/kept", test_kept);
  g_test_add_func ("/engine/mask-editing/white", test_white);
  return g_test_run ();
}
