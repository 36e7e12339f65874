/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/files.h"

#include <slope/slope.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

/* A temporary folder with pictures in two classes that are told apart by their colour: a network
 * learns them in moments. */
typedef struct
{
  char *root;
  char *pictures; /* root/pictures */
  char *project;  /* root/Bears.slope */
} Fixture;

static inline void
write_picture (const char *path, guint32 rgba, int size)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, size, size);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, rgba);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
}

/* pictures/black/00.png, pictures/teddy/00.png, ...: @n_each of each, no two alike. */
static inline void
fixture_set_up (Fixture *self, guint n_each)
{
  g_autoptr (GError) error = NULL;

  self->root = g_dir_make_tmp ("slope-project-XXXXXX", &error);
  g_assert_no_error (error);
  self->pictures = g_build_filename (self->root, "pictures", NULL);
  self->project = g_build_filename (self->root, "Bears.slope", NULL);
  for (guint i = 0; i < n_each; i++)
    {
      g_autofree char *black = g_strdup_printf ("%s/black/%02u.png", self->pictures, i);
      g_autofree char *teddy = g_strdup_printf ("%s/teddy/%02u.png", self->pictures, i);

      write_picture (black, (0x202000 + i) << 8 | 0xff, 16);
      write_picture (teddy, (0xe0a000 + i) << 8 | 0xff, 16);
    }
}

static inline void
fixture_tear_down (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  sl_file_remove_tree (self->root, &error);
  g_assert_no_error (error);
  g_free (self->root);
  g_free (self->pictures);
  g_free (self->project);
}

static inline SlImport *
fixture_import (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  SlImportOptions options = { 0 };
  SlImport *import;

  sl_split_spec_parse (&options.split, "stratified:0.25", 7, &error);
  g_assert_no_error (error);
  import = sl_import_scan (self->pictures, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  sl_split_spec_clear (&options.split);
  return import;
}

static inline SlProject *
fixture_create (Fixture *self)
{
  g_autoptr (SlImport) import = fixture_import (self);
  g_autoptr (GError) error = NULL;
  SlProject *project = sl_project_create (self->project, import, FALSE, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return project;
}

static inline SlProject *
fixture_open (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  SlProject *project = sl_project_open (self->project, &error);

  g_assert_no_error (error);
  return project;
}

/* Wanted by jobs that must be over in a second. */
static inline SlRecipe *
fixture_recipe (guint epochs)
{
  SlRecipe *recipe = sl_recipe_new ();

  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("none");
  recipe->height = recipe->width = 32;
  recipe->batch = 4;
  recipe->n_stages = 1;
  recipe->stages[0].epochs = epochs;
  recipe->stages[0].lr_low = recipe->stages[0].lr_high = 1e-3;
  recipe->seed = 3;
  recipe->threads = 1;
  return recipe;
}
