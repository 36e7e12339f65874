/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks out in a picture editor, which is this test: what is saved comes back as a label. */
#include "ui-test.h"

#include "project-fixture.h"

#include "slope-colors.h"
#include "slope-mask-editor.h"
#include "slope-mask-save.h"

#include <string.h>

#define SIDE 24 /* of fixture_write_picture() */

typedef struct
{
  char *folder;
  SlProject *project;
  SlItem *item; /* the project's */
  SlopeMaskEditor *editor;
  GtkWidget *widget;
  char *path; /* that was lent */
  guint n_taken, n_refused;
  char *reason;
} Desk;

static guint n_launched;

static gboolean
launch (GFile *file, GtkWidget *widget, GError **error)
{
  n_launched++;
  return TRUE;
}

static gboolean
launch_nothing (GFile *file, GtkWidget *widget, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing paints");
  return FALSE;
}

static void
write_mask (const char *path, guint8 value)
{
  g_autoptr (SlPicture) mask = sl_picture_new (SIDE, SIDE);
  g_autoptr (GError) error = NULL;

  memset (mask->pixels, value, 3 * SIDE * SIDE);
  g_assert_true (sl_picture_save_png (mask, path, &error));
}

static void
lent_cb (Desk *self, SlItem *item, const char *path, const GError *error)
{
  g_free (self->path);
  self->path = g_strdup (path);
  g_free (self->reason);
  self->reason = error != NULL ? g_strdup (error->message) : NULL;
}

static void
taken_cb (Desk *self)
{
  self->n_taken++;
}

static void
refused_cb (Desk *self, SlItem *item, const GError *error)
{
  self->n_refused++;
  g_free (self->reason);
  self->reason = g_strdup (error->message);
}

static void
set_up (Desk *self, gconstpointer launcher)
{
  static const char *const names[] = { "images", "labels" };
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *place = NULL, *codes = NULL;

  self->folder = g_dir_make_tmp ("slope-desk-XXXXXX", &error);
  codes = g_build_filename (self->folder, "codes.txt", NULL);
  g_assert_true (g_file_set_contents (codes, "Sky\nRoad\n", -1, &error));
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *folder = g_build_filename (self->folder, names[i / 2], NULL);
      g_autofree char *name = g_strdup_printf (i < 2 ? "p%u.png" : "p%u_P.png", i % 2);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_mkdir_with_parents (folder, 0777);
      if (i < 2)
        fixture_write_picture (path, 0x80402000u + (i << 16) + 0xff);
      else
        write_mask (path, (guint8)(i % 2));
    }
  import = sl_import_scan (self->folder, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  place = g_build_filename (self->folder, "desk.slope", NULL);
  self->project = sl_project_create (place, import, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  self->item = sl_project_get_item (self->project, 1);
  self->widget = g_object_ref_sink (gtk_label_new (NULL));
  self->editor = slope_mask_editor_new ((SlopeMaskLauncher)launcher);
  g_signal_connect_swapped (self->editor, "lent", G_CALLBACK (lent_cb), self);
  g_signal_connect_swapped (self->editor, "taken", G_CALLBACK (taken_cb), self);
  g_signal_connect_swapped (self->editor, "refused", G_CALLBACK (refused_cb), self);
  slope_mask_editor_set_project (self->editor, self->project);
}

static void
tear_down (Desk *self, gconstpointer launcher)
{
  g_assert_finalize_object (self->editor);
  sl_project_close (self->project);
  g_clear_object (&self->project);
  g_object_unref (self->widget);
  fixture_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->reason);
}

static void
open_mask (Desk *self)
{
  slope_mask_editor_open (self->editor, self->item, self->widget);
  ui_test_wait_for (self->path != NULL);
}

/* All of it in @color. */
static void
paint (Desk *self, guint32 color)
{
  g_autoptr (SlPicture) picture = sl_picture_new (SIDE, SIDE);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < SIDE * SIDE; i++)
    {
      picture->pixels[3 * i] = (guint8)(color >> 16);
      picture->pixels[3 * i + 1] = (guint8)(color >> 8);
      picture->pixels[3 * i + 2] = (guint8)color;
    }
  g_assert_true (sl_picture_save_png (picture, self->path, &error));
}

/* The file is watched; undone, the old mask is the label again; saved again, it comes back again. */
static void
test_watched (Desk *self, gconstpointer launcher)
{
  g_autofree char *original = g_strdup (sl_item_get_target (self->item));
  g_autoptr (GError) error = NULL;

  n_launched = 0;
  open_mask (self);
  g_assert_cmpuint (n_launched, ==, 1);
  g_assert_null (self->reason);
  paint (self, slope_class_paint (1));
  ui_test_wait_for (self->n_taken == 1);
  g_assert_cmpstr (sl_item_get_target (self->item), !=, original);
  g_assert_true (g_file_test (original, G_FILE_TEST_EXISTS));
  g_assert_true (sl_project_undo (self->project, &error));
  g_assert_cmpstr (sl_item_get_target (self->item), ==, original);
  slope_mask_editor_look (self->editor); /* what was saved before is not new */
  paint (self, slope_class_paint (1));
  ui_test_wait_for (self->n_taken == 2);
  g_assert_cmpuint (self->n_refused, ==, 0);
}

static void
test_refused (Desk *self, gconstpointer launcher)
{
  open_mask (self);
  paint (self, 0x010203);
  slope_mask_editor_look (self->editor); /* as when the person comes back to the window */
  ui_test_wait_for (self->n_refused > 0);
  g_assert_nonnull (strstr (self->reason, "576 pixels"));
  g_assert_false (sl_item_get_relabelled (self->item));
}

/* Without a program the file is there all the same. */
static void
test_nothing_paints (Desk *self, gconstpointer launcher)
{
  open_mask (self);
  g_assert_cmpstr (self->reason, ==, "nothing paints");
  paint (self, slope_class_paint (1));
  slope_mask_editor_look (self->editor);
  ui_test_wait_for (self->n_taken == 1);
}

/* Left and right halves, of which the network saw the middle. */
static void
test_stretch (void)
{
  guint8 classes[] = { 3, 7 };
  SlPrediction prediction = {
    .mask = classes, .mask_width = 2, .mask_height = 1, .seen = { .25f, 0, .75f, 1 }
  };
  g_autoptr (SlPicture) mask = slope_mask_stretch (&prediction, 8, 2);

  for (int i = 0; i < 16; i++)
    for (int c = 0; c < 3; c++)
      g_assert_cmpint (mask->pixels[3 * i + c], ==, i % 8 < 4 ? 3 : 7);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/mask-editor/watched", Desk, launch, set_up, test_watched, tear_down);
  g_test_add ("/ui/mask-editor/refused", Desk, launch, set_up, test_refused, tear_down);
  g_test_add ("/ui/mask-editor/nothing-paints", Desk, launch_nothing, set_up, test_nothing_paints,
              tear_down);
  g_test_add_func ("/ui/mask-editor/stretch", test_stretch);
  return g_test_run ();
}
