/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heat maps: of a network that was trained here on squares that lie anywhere, and their drawing.
 * The sum itself is held against PyTorch in test-golden.c. */
#include "tiny-pictures.h"
#include <math.h>

#define SIDE 128
#define OBJECT 56
#define CELLS (SIDE / 32)

/* Grey noise with a coloured square whose upper left corner is (@left, @top). */
static void
write_square (const char *path, guint class_index, int left, int top, guint64 key)
{
  g_autoptr (SlPicture) picture = sl_picture_new (SIDE, SIDE);
  SlRandom random;

  sl_random_init (&random, sl_random_key (key, SL_PURPOSE_TEST, 0, 0));
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        guint8 *pixel = picture->pixels + 3 * (y * SIDE + x);
        gboolean inside = x >= left && x < left + OBJECT && y >= top && y < top + OBJECT;
        guint8 grey = (guint8)(80 + sl_random_below (&random, 60));

        for (guint c = 0; c < 3; c++)
          pixel[c] = !inside ? grey : c == 2 - class_index ? 250 : 10;
      }
  g_assert_true (sl_picture_save_png (picture, path, NULL));
}

/* Where square @i begins: one of the four corners. */
static void
corner_of (guint i, int *left, int *top)
{
  *left = i / 3 & 1 ? SIDE - OBJECT : 0;
  *top = i / 6 & 1 ? SIDE - OBJECT : 0;
}

static SlSampleSet *
draw_set (const char *folder, guint n)
{
  SlSampleSet *set = samples_new (tiny_classes);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      int left, top;

      corner_of (i, &left, &top);
      write_square (path, i % 3, left, top, i);
      sl_sample_set_add (set, i + 1, path, tiny_classes[i % 3]);
    }
  return set;
}

static SlModel *
train (SlSampleSet *set, const char *folder)
{
  g_autoptr (SlRecipe) recipe = tiny_recipe (8);
  g_autofree char *path = g_build_filename (folder, "model.safetensors", NULL);
  SlTrainSetup setup = { .train = set, .recipe = recipe, .folder = folder };
  SlTrainResult result;
  g_autoptr (GError) error = NULL;
  SlModel *model;

  recipe->height = recipe->width = SIDE;
  sl_train (&setup, NULL, NULL, NULL, &result, NULL, &error);
  g_assert_no_error (error);
  model = sl_model_load (path, &error);
  g_assert_no_error (error);
  return model;
}

/* Share of the map in the quarter of the picture where the square lies. */
static double
share_of_quarter (const SlHeatMap *map, int left, int top)
{
  double inside = 0, all = 0;

  g_assert_cmpint (map->width, ==, CELLS);
  g_assert_cmpint (map->height, ==, CELLS);
  for (int y = 0; y < CELLS; y++)
    for (int x = 0; x < CELLS; x++)
      {
        float value = map->values[y * CELLS + x];

        g_assert_true (value >= 0 && value <= 1);
        all += value;
        if ((x >= CELLS / 2) == (left > 0) && (y >= CELLS / 2) == (top > 0))
          inside += value;
      }
  return all > 0 ? inside / all : 0;
}

/* A quarter of the cells; a map that says nothing would have a quarter of its mass there. */
static void
test_points_at_the_object (void)
{
  g_autofree char *folder = tiny_folder ();
  g_autoptr (SlSampleSet) set = draw_set (folder, 24);
  g_autoptr (SlModel) model = train (set, folder);
  double mean = 0;

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SlHeatMap)
          map = sl_model_heat_map (model, sl_sample_set_get (set, i)->path, i % 3, &error);
      int left, top;

      g_assert_no_error (error);
      g_assert_cmpfloat_with_epsilon (map->left, 0, 1e-9);
      g_assert_cmpfloat_with_epsilon (map->bottom, 1, 1e-9);
      corner_of (i, &left, &top);
      mean += share_of_quarter (map, left, top) / 12;
      g_test_message ("share %g", share_of_quarter (map, left, top));
    }
  g_assert_cmpfloat (mean, >, 0.4);
  tiny_remove (folder);
}

/* ---- Drawing */

static SlHeatMap *
two_by_two (float a, float b, float c, float d)
{
  float values[] = { a, b, c, d };
  SlHeatMap map = { 2, 2, values, 0.25, 0, 0.75, 1 };

  return sl_heat_map_copy (&map);
}

static void
assert_pixel (const SlPicture *picture, int x, int y, int r, int g, int b)
{
  const guint8 *pixel = picture->pixels + 3 * (y * picture->width + x);

  g_assert_cmpint (pixel[0], ==, r);
  g_assert_cmpint (pixel[1], ==, g);
  g_assert_cmpint (pixel[2], ==, b);
}

/* Magma's ends and its middle, and halfway between the cells' middles the mean. */
static void
test_render (void)
{
  g_autoptr (SlHeatMap) map = two_by_two (0, 1, 0, 1);
  g_autoptr (SlPicture) picture = sl_heat_map_render (map, 9, 2);

  g_assert_cmpint (picture->width, ==, 9);
  g_assert_cmpint (picture->height, ==, 2);
  assert_pixel (picture, 0, 0, 0, 0, 4);
  assert_pixel (picture, 4, 1, 183, 55, 121);
  assert_pixel (picture, 8, 1, 252, 253, 191);
}

/* Only where the network looked; there 0.6 of the colour. */
static void
test_overlay (void)
{
  g_autoptr (SlHeatMap) map = two_by_two (1, 1, 1, 1);
  g_autoptr (SlPicture) white = sl_picture_new (8, 4);
  g_autoptr (SlPicture) over = sl_heat_map_overlay (map, white, 0.6);

  for (int y = 0; y < 4; y++)
    {
      assert_pixel (over, 1, y, 255, 255, 255);
      assert_pixel (over, 2, y, 253, 254, 217);
      assert_pixel (over, 5, y, 253, 254, 217);
      assert_pixel (over, 6, y, 255, 255, 255);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/heat-map/points-at-the-object", test_points_at_the_object);
  g_test_add_func ("/engine/heat-map/render", test_render);
  g_test_add_func ("/engine/heat-map/overlay", test_overlay);
  return g_test_run ();
}
