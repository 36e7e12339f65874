/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks: where they are, what their pixels say, and that a project takes them along. */
#include "import-fixture.h"

#include <slope/project.h>

#include <png.h>

#define WIDTH 12 /* of import_fixture_add() */
#define HEIGHT 10

typedef struct
{
  int type; /* PNG_COLOR_TYPE_… */
  int bits;
  int width;
  int height;
} Layout;

static const Layout grey = { PNG_COLOR_TYPE_GRAY, 8, WIDTH, HEIGHT };

static void
write_rows (png_structp png, const Layout *layout, int low, int high)
{
  int channels = layout->type == PNG_COLOR_TYPE_RGB ? 3 : 1;
  g_autofree guint8 *row = g_malloc0 ((gsize)layout->width * (gsize)channels * 2);

  for (int y = 0; y < layout->height; y++)
    {
      for (int x = 0; x < layout->width; x++)
        row[x * channels] = (guint8)(x < layout->width / 2 ? low : high);
      png_write_row (png, row);
    }
}

/* The left half has the value @low, the right one @high; of colours the red channel only. */
static void
add_mask (const ImportFixture *self, const char *name, const Layout *layout, int low, int high)
{
  g_autofree char *path = picture_files_path (self->folder, name);
  FILE *file = fopen (path, "wb");
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  png_color colors[16] = { { 0 } };

  png_init_io (png, file);
  png_set_IHDR (png, info, (png_uint_32)layout->width, (png_uint_32)layout->height, layout->bits,
                layout->type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  for (int i = 0; i < 16; i++)
    colors[i] = (png_color){ (png_byte)(255 - 9 * i), (png_byte)(37 * i), 77 };
  if (layout->type == PNG_COLOR_TYPE_PALETTE)
    png_set_PLTE (png, info, colors, layout->bits < 4 ? 1 << layout->bits : 16);
  png_write_info (png, info);
  png_set_packing (png);
  write_rows (png, layout, low, high);
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);
  fclose (file);
}

static void
add_pairs (const ImportFixture *self, guint n)
{
  import_fixture_add (self, "images/p#.png", n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("labels/p%u_P.png", i);

      add_mask (self, name, &grey, 0, 1 + (int)i % 2);
    }
}

static void
expect_classes (const SlImport *import, const char *joined)
{
  g_autofree char *text = g_strjoinv (",", (char **)sl_import_get_classes (import));

  g_assert_cmpstr (text, ==, joined);
}

/* ---- Reading */

static void
test_load (ImportFixture *self, gconstpointer data)
{
  static const Layout layouts[] = {
    { PNG_COLOR_TYPE_GRAY, 8, 9, 3 },    { PNG_COLOR_TYPE_GRAY, 4, 9, 3 },
    { PNG_COLOR_TYPE_GRAY, 2, 9, 3 },    { PNG_COLOR_TYPE_PALETTE, 8, 9, 3 },
    { PNG_COLOR_TYPE_PALETTE, 4, 9, 3 }, { PNG_COLOR_TYPE_PALETTE, 2, 9, 3 },
  };
  g_autofree char *path = g_build_filename (self->folder, "m.png", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      g_autoptr (SlPicture) mask = NULL;
      g_autoptr (GError) error = NULL;

      add_mask (self, "m.png", &layouts[i], 1, 3);
      mask = sl_mask_load (path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (mask->width, ==, 9);
      g_assert_cmpint (mask->height, ==, 3);
      for (int y = 0; y < 3; y++)
        for (int x = 0; x < 9; x++)
          for (int c = 0; c < 3; c++)
            g_assert_cmpint (mask->pixels[3 * (9 * y + x) + c], ==, x < 4 ? 1 : 3);
    }
}

static void
expect_reason (const ImportFixture *self, const char *name, const char *word)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_mask_load (path, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” does not say “%s”", error->message, word);
}

static void
test_load_refusals (ImportFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "m.png", NULL), *bytes = NULL;
  gsize length;

  expect_reason (self, "m.png", "No such file");
  add_mask (self, "m.png", &(Layout){ PNG_COLOR_TYPE_RGB, 8, 9, 3 }, 1, 2);
  expect_reason (self, "m.png", "in colours");
  add_mask (self, "m.png", &(Layout){ PNG_COLOR_TYPE_GRAY, 16, 9, 3 }, 1, 2);
  expect_reason (self, "m.png", "16 bits");
  add_mask (self, "m.png", &grey, 1, 2);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize n = 0; n < length - 12; n += 5) /* the last chunk says nothing of pixels */
    {
      picture_files_write (self->folder, "cut.png", bytes, n);
      expect_reason (self, "cut.png", "");
    }
}

/* ---- Importing */

static void
test_guess (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  add_pairs (self, 4);
  import_fixture_text (self, "codes.txt", "Sky\r\nRoad\r\n Car \r\n\r\n");
  import_fixture_text (self, "valid.txt", "p1.png\np3\n");
  import = import_fixture_scan (self, NULL);
  g_assert_cmpstr (sl_import_get_task (import)->id, ==, "segment");
  g_assert_cmpstr (sl_import_get_understanding (import)->labels, ==,
                   "masks:../labels/{stem}_P.png");
  g_assert_cmpuint (sl_import_n_found (import), ==, 4); /* masks are no pictures */
  expect_classes (import, "Sky,Road,Car");
  g_assert_true (
      g_str_has_suffix (import_fixture_find (import, "images/p2.png")->target, "/labels/p2_P.png"));
  g_assert_true (g_path_is_absolute (import_fixture_find (import, "images/p2.png")->target));
  g_assert_cmpint (import_fixture_find (import, "images/p1.png")->split, ==, SL_SPLIT_VALID);
  g_assert_cmpint (import_fixture_find (import, "images/p3.png")->split, ==, SL_SPLIT_VALID);
  g_assert_cmpint (import_fixture_find (import, "images/p0.png")->split, ==, SL_SPLIT_TRAIN);
}

static void
test_patterns (ImportFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *picture, *mask, *pattern;
  } cases[] = {
    { "a/x/p#.png", "a/x/m_p#.png", "m_{stem}.png" },
    { "a/x/p#.png", "a/x/deep/p#.png", "./deep/{stem}.png" },
    { "a/x/p#.png", "b/p#/mask.png", "../../b/{stem}/mask.png" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *labels = g_strconcat ("masks:", cases[i].pattern, NULL);
      g_autofree char *name = g_strdup_printf ("set%zu", i);
      ImportFixture inner = { g_build_filename (self->folder, name, NULL) };
      g_autoptr (SlImport) import = NULL;

      import_fixture_add (&inner, cases[i].picture, 2);
      for (int k = 0; k < 2; k++)
        {
          g_autoptr (GString) mask = g_string_new (cases[i].mask);

          g_string_replace (mask, "#", k ? "1" : "0", 0);
          add_mask (&inner, mask->str, &grey, 0, 2);
        }
      import_fixture_text (&inner, "b/note.txt", "keeps the folder from being stepped into");
      import = import_fixture_scan (&inner, labels);
      g_assert_cmpuint (sl_import_n_items (import), ==, 2);
      g_assert_cmpuint (sl_import_n_skipped (import), ==, 0);
      expect_classes (import, "0,1,2");
      g_assert_cmpuint (g_strv_length (sl_import_get_understanding (import)->notes), ==, 1);
      g_free (inner.folder);
    }
}

/* The pictures' folder alone is chosen: masks lie beside it. */
static void
test_outside (ImportFixture *self, gconstpointer data)
{
  g_autofree char *images = g_build_filename (self->folder, "images", NULL);
  ImportFixture inner = { images };
  g_autoptr (SlImport) import = NULL;

  add_pairs (self, 3);
  import = import_fixture_scan (&inner, "masks:../labels/{stem}_P.png");
  g_assert_cmpuint (sl_import_n_items (import), ==, 3);
}

static void
test_bad_masks (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  add_pairs (self, 7);
  import_fixture_text (self, "codes.txt", "a\nb\nc\n");
  add_mask (self, "labels/p1_P.png", &grey, 0, 3);
  add_mask (self, "labels/p2_P.png", &(Layout){ PNG_COLOR_TYPE_GRAY, 8, 10, 12 }, 0, 1);
  add_mask (self, "labels/p3_P.png", &(Layout){ PNG_COLOR_TYPE_RGB, 8, WIDTH, HEIGHT }, 0, 1);
  import_fixture_text (self, "labels/p4_P.png", "no picture");
  import_fixture_add (self, "images/alone#.png", 1);
  add_mask (self, "labels/nobody_P.png", &grey, 0, 1);
  import = import_fixture_scan (self, "masks:../labels/{stem}_P.png");
  g_assert_cmpuint (sl_import_n_items (import), ==, 3);
  import_fixture_skipped (import, "images/p1.png",
                          "its mask p1_P.png has the value 3; codes.txt names 0 to 2");
  import_fixture_skipped (import, "images/p2.png",
                          "its mask p2_P.png is 10 × 12 pixels, not 12 × 10");
  import_fixture_skipped (import, "images/p3.png",
                          "its mask p3_P.png: in colours: save it as 8-bit grey or with a palette, "
                          "one value a class");
  import_fixture_skipped (import, "images/p4.png", "its mask p4_P.png: a text file");
  import_fixture_skipped (import, "images/alone0.png", "its mask labels/alone0_P.png is not there");
}

/* Painters save black and white. */
static void
test_black_and_white (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "images/p#.png", 2);
  add_mask (self, "masks/p0.png", &grey, 0, 255);
  add_mask (self, "masks/p1.png", &grey, 0, 0);
  import = import_fixture_scan (self, NULL);
  expect_classes (import, "0,255");
  sl_import_unref (import);
  import_fixture_text (self, "codes.txt", "ground\nfigure\n");
  import = import_fixture_scan (self, NULL);
  expect_classes (import, "ground,figure");
  g_assert_cmpuint (sl_import_n_items (import), ==, 2);
}

static void
test_refusals (ImportFixture *self, gconstpointer data)
{
  import_fixture_add (self, "images/p#.png", 2);
  import_fixture_fails (self, "masks:../labels/{name}.png", SL_ERROR_DATA, "{stem}_P.png");
  import_fixture_fails (self, "masks", SL_ERROR_DATA, "pattern");
  import_fixture_fails (self, "masks:/labels/{stem}.png", SL_ERROR_DATA, "pattern");
  import_fixture_fails (self, "masks:../labels/{stem}.png", SL_ERROR_NOT_FOUND, "labels/p0.png");
  add_pairs (self, 2);
  import_fixture_text (self, "codes.txt", "a\nb\na\n");
  import_fixture_fails (self, "masks:../labels/{stem}_P.png", SL_ERROR_DATA, "3 lines");
  import_fixture_text (self, "codes.txt", "a\n");
  import_fixture_fails (self, "masks:../labels/{stem}_P.png", SL_ERROR_DATA, "1 lines");
}

/* ---- Projects */

static void
test_project (ImportFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *source = g_build_filename (self->folder, "set", NULL);
  ImportFixture inner = { source };

  add_pairs (&inner, 3);
  import_fixture_text (&inner, "codes.txt", "a\nb\nc\n");
  for (int copy = 0; copy < 2; copy++)
    {
      g_autofree char *path = g_strdup_printf ("%s/p%d.slope", self->folder, copy);
      g_autofree char *moved = g_strdup_printf ("%s/moved%d.slope", self->folder, copy);
      g_autoptr (SlImport) import = import_fixture_scan (&inner, NULL);
      g_autoptr (SlProject) project = NULL;
      GListModel *items;

      project = sl_project_create (path, import, copy != 0, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_clear_object (&project);
      g_assert_cmpint (g_rename (path, moved), ==, 0); /* paths are relative */
      project = sl_project_open (moved, &error);
      g_assert_no_error (error);
      items = sl_project_get_items (project);
      g_assert_cmpuint (g_list_model_get_n_items (items), ==, 3);
      for (guint i = 0; i < 3; i++)
        {
          g_autoptr (SlItem) item = g_list_model_get_item (items, i);
          const char *mask = sl_item_get_target (item);

          g_assert_true (g_path_is_absolute (mask));
          g_assert_true (g_file_test (mask, G_FILE_TEST_IS_REGULAR));
          g_assert_true (g_str_has_prefix (mask, copy ? moved : source));
          g_assert_nonnull (strstr (mask, "labels/p"));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  IMPORT_TEST ("/import-masks/load", test_load);
  IMPORT_TEST ("/import-masks/load-refusals", test_load_refusals);
  IMPORT_TEST ("/import-masks/guess", test_guess);
  IMPORT_TEST ("/import-masks/patterns", test_patterns);
  IMPORT_TEST ("/import-masks/outside", test_outside);
  IMPORT_TEST ("/import-masks/bad-masks", test_bad_masks);
  IMPORT_TEST ("/import-masks/black-and-white", test_black_and_white);
  IMPORT_TEST ("/import-masks/refusals", test_refusals);
  IMPORT_TEST ("/import-masks/project", test_project);
  return g_test_run ();
}
