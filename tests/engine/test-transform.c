/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/random.h>
#include <slope/transform.h>

#include <math.h>
#include <string.h>

static SlPicture *
flat_picture (int width, int height, guint8 value)
{
  SlPicture *picture = sl_picture_new (width, height);

  memset (picture->pixels, value, 3 * (gsize)width * (gsize)height);
  return picture;
}

static SlPicture *
noise_picture (int width, int height, guint64 key)
{
  SlPicture *picture = sl_picture_new (width, height);
  SlRandom random;

  sl_random_init (&random, key);
  for (gsize i = 0; i < 3 * (gsize)width * (gsize)height; i++)
    picture->pixels[i] = (guint8)sl_random_below (&random, 256);
  return picture;
}

/* ---- Against PyTorch's grid_sample; tests/golden/make-transform.py says how the file is made. */

static void
test_golden (void)
{
  g_autofree char *file = g_test_build_filename (G_TEST_DIST, "golden", "transform.f32", NULL);
  g_autoptr (SlPicture) picture = sl_picture_new (13, 9);
  g_autofree float *values = NULL;
  const float *at;
  gsize size;

  g_assert_true (g_file_get_contents (file, (char **)&values, &size, NULL));
  for (int y = 0; y < 9; y++)
    for (int x = 0; x < 13; x++)
      for (int c = 0; c < 3; c++)
        picture->pixels[3 * (13 * y + x) + c] = (guint8)((37 * x + 59 * y + 101 * c + 7 * x * y)
                                                         % 256);

  at = values;
  for (int left = (int)*at++; left > 0; left--)
    {
      SlTransform transform = { .out_height = (int)at[0], .out_width = (int)at[1] };
      int n = 3 * transform.out_height * transform.out_width;
      g_autofree float *out = g_new (float, (gsize)n);

      for (int i = 0; i < 9; i++)
        transform.matrix[i] = at[2 + i];
      transform.brightness = at[11];
      transform.contrast = at[12];
      transform.lit = transform.brightness != 0.0 || transform.contrast != 1.0;
      sl_transform_apply (&transform, picture, NULL, out);
      at += 13;
      for (int i = 0; i < n; i++)
        if (fabsf (out[i] - at[i]) > 2e-3f)
          g_error ("case %d from the end, value %d: %g, PyTorch %g", left, i, (double)out[i],
                   (double)at[i]);
      at += n;
    }
  g_assert_cmpuint ((gsize)((const char *)at - (const char *)values), ==, size);
}

static void
test_normalise (void)
{
  g_autoptr (SlPicture) picture = flat_picture (8, 8, 51);
  SlTransform transform;
  float out[3 * 8 * 8];

  sl_transform_draw (&transform, NULL, SL_RESIZE_CROP, 8, 8, 8, 8, 0);
  sl_transform_apply (&transform, picture, &sl_normalise_imagenet, out);
  for (int i = 0; i < 3 * 8 * 8; i++)
    g_assert_cmpfloat_with_epsilon (
        out[i], (0.2 - sl_normalise_imagenet.mean[i % 3]) / sl_normalise_imagenet.std[i % 3], 1e-5);
}

/* ---- Validation: no chance in it */

static void
test_validation_is_centre (void)
{
  static const struct
  {
    SlResize resize;
    double x0, y0, x1, y1; /* where the output's corners lie in a source of 200 × 100 */
  } cases[] = {
    { SL_RESIZE_CROP, 50, 0, 150, 100 },
    { SL_RESIZE_SQUISH, 0, 0, 200, 100 },
    { SL_RESIZE_PAD, 0, -50, 200, 150 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint64 key = 0; key < 3; key++)
      {
        SlTransform t;

        sl_transform_draw (&t, NULL, cases[i].resize, 200, 100, 50, 50, key);
        g_assert_false (t.lit);
        g_assert_cmpfloat_with_epsilon (t.matrix[2], cases[i].x0, 1e-9);
        g_assert_cmpfloat_with_epsilon (t.matrix[5], cases[i].y0, 1e-9);
        g_assert_cmpfloat_with_epsilon (50 * t.matrix[0] + t.matrix[2], cases[i].x1, 1e-9);
        g_assert_cmpfloat_with_epsilon (50 * t.matrix[4] + t.matrix[5], cases[i].y1, 1e-9);
        g_assert_cmpfloat (t.matrix[6], ==, 0.0);
      }
}

static void
test_same_size_is_untouched (void)
{
  g_autoptr (SlPicture) picture = noise_picture (37, 37, 1);
  g_autoptr (SlPicture) same = NULL;
  SlTransform transform;

  sl_transform_draw (&transform, sl_augment_find ("none"), SL_RESIZE_CROP, 37, 37, 37, 37, 5);
  same = sl_transform_preview (&transform, picture);
  g_assert_cmpmem (same->pixels, 3 * 37 * 37, picture->pixels, 3 * 37 * 37);
}

/* ---- The draws, one kind at a time, over many keys */

#define DRAWS 4000

static void
draw_one (SlTransform *t, const SlAugment *augment, guint64 i)
{
  sl_transform_draw (t, augment, SL_RESIZE_CROP, 100, 100, 100, 100,
                     sl_random_key (1, SL_PURPOSE_AUGMENT, 0, i));
}

static void
assert_share (int n, double share)
{
  /* Four standard deviations: the keys are fixed, so this either always holds or never. */
  g_assert_cmpfloat_with_epsilon (n / (double)DRAWS, share,
                                  4 * sqrt (share * (1 - share) / DRAWS) + 1e-12);
}

static void
test_rotation (void)
{
  SlAugment augment = { .rotate_deg = 10, .max_zoom = 1, .p_affine = 0.75 };
  int n = 0, above = 0, beyond_five = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      SlTransform t;
      double degrees;

      draw_one (&t, &augment, i);
      degrees = atan2 (t.matrix[1], t.matrix[0]) * 180 / G_PI;
      g_assert_cmpfloat (fabs (degrees), <=, 10.0);
      g_assert_cmpfloat_with_epsilon (hypot (t.matrix[0], t.matrix[1]), 1.0, 1e-9);
      n += degrees != 0.0;
      above += degrees > 0.0;
      beyond_five += fabs (degrees) > 5.0;
    }
  assert_share (n, 0.75);
  assert_share (above, 0.375);
  assert_share (beyond_five, 0.375);
}

static void
test_zoom (void)
{
  SlAugment augment = { .max_zoom = 1.1, .p_affine = 0.75 };
  int n = 0, upper = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      SlTransform t;
      double zoom;

      draw_one (&t, &augment, i);
      zoom = 1 / t.matrix[0];
      g_assert_cmpfloat (zoom, >=, 1.0);
      g_assert_cmpfloat (zoom, <=, 1.1);
      /* What is left of the picture lies inside it, anywhere. */
      g_assert_cmpfloat (t.matrix[2], >=, -1e-9);
      g_assert_cmpfloat (t.matrix[2] + 100 * t.matrix[0], <=, 100 + 1e-9);
      n += zoom > 1.0;
      upper += zoom > 1.05;
    }
  assert_share (n, 0.75);
  assert_share (upper, 0.375);
}

static void
test_flip (void)
{
  SlAugment augment = { .flip = TRUE, .max_zoom = 1 };
  int n = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      SlTransform t;

      draw_one (&t, &augment, i);
      g_assert_cmpfloat_with_epsilon (t.matrix[4], 1.0, 1e-9);
      g_assert_cmpfloat_with_epsilon (t.matrix[2], t.matrix[0] < 0 ? 100.0 : 0.0, 1e-9);
      n += t.matrix[0] < 0;
    }
  assert_share (n, 0.5);
}

static void
test_dihedral (void)
{
  SlAugment augment = { .flip = TRUE, .dihedral = TRUE, .max_zoom = 1 };
  int seen[8] = { 0 };

  for (guint64 i = 0; i < DRAWS; i++)
    {
      SlTransform t;
      gboolean transposed;

      draw_one (&t, &augment, i);
      transposed = fabs (t.matrix[0]) < 0.5;
      seen[(transposed ? 4 : 0) + (t.matrix[transposed ? 1 : 0] < 0 ? 2 : 0)
           + (t.matrix[transposed ? 3 : 4] < 0 ? 1 : 0)]++;
    }
  for (int i = 0; i < 8; i++)
    assert_share (seen[i], 0.125);
}

static void
solve_corner (const SlTransform *t, double u, double v, double at[2])
{
  /* The point of the output that shows source (u, v): two equations, two unknowns. */
  const double *m = t->matrix;
  double a = m[0] - u * m[6], b = m[1] - u * m[7], e = u * m[8] - m[2];
  double c = m[3] - v * m[6], d = m[4] - v * m[7], f = v * m[8] - m[5];

  at[0] = (e * d - b * f) / (a * d - b * c);
  at[1] = (a * f - e * c) / (a * d - b * c);
}

/* The corners move out or in by at most a fifth of half a side, opposite ones alike. */
static void
test_warp (void)
{
  SlAugment augment = { .warp = 0.2, .max_zoom = 1, .p_affine = 0.75 };
  int n = 0, outwards = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      SlTransform t;
      double lt[2], lb[2], rt[2], rb[2];

      draw_one (&t, &augment, i);
      solve_corner (&t, 0, 0, lt);
      solve_corner (&t, 0, 100, lb);
      solve_corner (&t, 100, 0, rt);
      solve_corner (&t, 100, 100, rb);
      g_assert_cmpfloat (fabs (lt[0]), <=, 10 + 1e-9);
      g_assert_cmpfloat (fabs (lt[1]), <=, 10 + 1e-9);
      g_assert_cmpfloat_with_epsilon (lt[0] + rt[0], 100, 1e-6);
      g_assert_cmpfloat_with_epsilon (lb[0] + rb[0], 100, 1e-6);
      g_assert_cmpfloat_with_epsilon (lt[1] + lb[1], 100, 1e-6);
      g_assert_cmpfloat_with_epsilon (rt[1] + rb[1], 100, 1e-6);
      n += fabs (t.matrix[6]) + fabs (t.matrix[7]) > 1e-12;
      outwards += lt[0] < -1e-9;
    }
  assert_share (n, 0.75);
  assert_share (outwards, 0.375);
}

static void
test_lighting (void)
{
  SlAugment augment = { .lighting = 0.2, .max_zoom = 1, .p_lighting = 0.75 };
  int bright = 0, contrasty = 0, both = 0, upper = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      SlTransform t;

      draw_one (&t, &augment, i);
      g_assert_cmpfloat (fabs (t.brightness), <=, log (0.6 / 0.4) + 1e-12);
      g_assert_cmpfloat (t.contrast, >=, 0.8 - 1e-12);
      g_assert_cmpfloat (t.contrast, <=, 1.25 + 1e-12);
      g_assert_true (t.lit == (t.brightness != 0.0 || t.contrast != 1.0));
      bright += t.brightness != 0.0;
      contrasty += t.contrast != 1.0;
      both += t.brightness != 0.0 && t.contrast != 1.0;
      upper += t.contrast > sqrt (1.25); /* half of them, in the logarithm */
    }
  assert_share (bright, 0.75);
  assert_share (contrasty, 0.75);
  assert_share (both, 0.5625);
  assert_share (upper, 0.375 / 2);
}

static void
test_crop_position (void)
{
  SlAugment augment = { .random_crop = TRUE, .max_zoom = 1 };
  int left = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      SlTransform t;

      sl_transform_draw (&t, &augment, SL_RESIZE_CROP, 160, 100, 50, 50,
                         sl_random_key (1, SL_PURPOSE_AUGMENT, 0, i));
      g_assert_cmpfloat_with_epsilon (t.matrix[0], 2.0, 1e-9);
      g_assert_cmpfloat_with_epsilon (t.matrix[5], 0.0, 1e-9);
      g_assert_cmpfloat (t.matrix[2], >=, -1e-9);
      g_assert_cmpfloat (t.matrix[2], <=, 60 + 1e-9);
      left += t.matrix[2] < 30;
    }
  assert_share (left, 0.5);
}

static void
test_augment_table (void)
{
  const char *const *names = sl_augment_names ();
  const SlAugment *usual = sl_augment_find ("default");

  for (gsize i = 0; names[i] != NULL; i++)
    g_assert_cmpstr (sl_augment_find (names[i])->name, ==, names[i]);
  g_assert_null (sl_augment_find ("wild"));
  g_assert_true (usual->flip && usual->random_crop && !usual->dihedral);
  g_assert_cmpfloat (usual->rotate_deg, ==, 10);
  g_assert_cmpfloat (usual->max_zoom, ==, 1.1);
  g_assert_cmpfloat (usual->lighting, ==, 0.2);
  g_assert_cmpfloat (usual->warp, ==, 0.2);
  g_assert_cmpfloat (usual->p_affine, ==, 0.75);
  g_assert_cmpfloat (usual->p_lighting, ==, 0.75);
  g_assert_false (sl_augment_find ("noflip")->flip);
}

/* ---- What must hold for any draw */

static void
test_random_draws (void)
{
  static const SlResize resizes[] = { SL_RESIZE_CROP, SL_RESIZE_SQUISH, SL_RESIZE_PAD };
  SlRandom random;

  sl_random_init (&random, sl_random_key (3, SL_PURPOSE_TEST, 0, 0));
  for (guint64 i = 0; i < 200; i++)
    {
      SlAugment wild = { .flip = TRUE,
                         .dihedral = i % 2,
                         .rotate_deg = 180,
                         .max_zoom = 3,
                         .lighting = 0.9,
                         .warp = 0.45,
                         .p_affine = 1,
                         .p_lighting = 1,
                         .random_crop = TRUE };
      int width = 1 + (int)sl_random_below (&random, 150);
      int height = 1 + (int)sl_random_below (&random, 150);
      int out_width = 1 + (int)sl_random_below (&random, 90);
      int out_height = 1 + (int)sl_random_below (&random, 90);
      gsize n = 3 * (gsize)out_width * (gsize)out_height;
      g_autoptr (SlPicture) noise = noise_picture (width, height, i);
      g_autoptr (SlPicture) flat = flat_picture (width, height, 90);
      g_autofree float *out = g_new (float, n + 2);
      g_autofree float *again = g_new (float, n);
      SlTransform t, same;

      sl_transform_draw (&t, &wild, resizes[i % 3], width, height, out_width, out_height, i);
      sl_transform_draw (&same, &wild, resizes[i % 3], width, height, out_width, out_height, i);
      out[n] = out[n + 1] = -77.0f; /* a guard */
      sl_transform_apply (&t, noise, NULL, out);
      sl_transform_apply (&same, noise, NULL, again);
      g_assert_cmpmem (out, n * sizeof *out, again, n * sizeof *again);
      g_assert_true (out[n] == -77.0f && out[n + 1] == -77.0f);
      for (gsize k = 0; k < n; k++)
        g_assert_true (out[k] >= 0.0f && out[k] <= 1.0f);

      t.lit = FALSE;
      sl_transform_apply (&t, flat, NULL, out);
      for (gsize k = 0; k < n; k++)
        g_assert_cmpfloat_with_epsilon (out[k], 90 / 255.0, 1e-2);
    }
}

/* Finer than the output can show, so it must come out grey and not as an accident of positions. */
static void
test_area_average (void)
{
  g_autoptr (SlPicture) board = sl_picture_new (480, 400);
  SlTransform t;
  float out[3 * 40 * 40];

  for (int y = 0; y < 400; y++)
    for (int x = 0; x < 480; x++)
      memset (board->pixels + 3 * (480 * y + x), (x + y) % 2 ? 255 : 0, 3);
  sl_transform_draw (&t, sl_augment_find ("none"), SL_RESIZE_CROP, 480, 400, 40, 40, 0);
  sl_transform_apply (&t, board, NULL, out);
  for (int i = 0; i < 3 * 40 * 40; i++)
    g_assert_cmpfloat_with_epsilon (out[i], 0.5, 0.01);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transform/golden", test_golden);
  g_test_add_func ("/transform/normalise", test_normalise);
  g_test_add_func ("/transform/validation-is-centre", test_validation_is_centre);
  g_test_add_func ("/transform/same-size-is-untouched", test_same_size_is_untouched);
  g_test_add_func ("/transform/draw/rotation", test_rotation);
  g_test_add_func ("/transform/draw/zoom", test_zoom);
  g_test_add_func ("/transform/draw/flip", test_flip);
  g_test_add_func ("/transform/draw/dihedral", test_dihedral);
  g_test_add_func ("/transform/draw/warp", test_warp);
  g_test_add_func ("/transform/draw/lighting", test_lighting);
  g_test_add_func ("/transform/draw/crop-position", test_crop_position);
  g_test_add_func ("/transform/augment-table", test_augment_table);
  g_test_add_func ("/transform/random-draws", test_random_draws);
  g_test_add_func ("/transform/area-average", test_area_average);
  return g_test_run ();
}
