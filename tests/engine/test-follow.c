/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks and points follow their picture. */
#include <slope/random.h>
#include <slope/transform.h>

#include <math.h>
#include <string.h>

#define DRAWS 200
#define RADIUS 4.0 /* of a disc, pixels of the source */

/* A draw of any kind: each set of augmentations, a wild one and none, each way of resizing. */
typedef struct
{
  SlTransform transform;
  int width, height; /* of the source */
  char *name;
} Draw;

static void
draw_clear (Draw *self)
{
  g_free (self->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draw, draw_clear)

static Draw
draw (guint64 i)
{
  static const SlResize resizes[] = { SL_RESIZE_CROP, SL_RESIZE_SQUISH, SL_RESIZE_PAD };
  static const SlAugment wild = { .name = "wild",
                                  .flip = TRUE,
                                  .dihedral = TRUE,
                                  .rotate_deg = 180,
                                  .max_zoom = 2,
                                  .warp = 0.3,
                                  .lighting = 0.5,
                                  .p_affine = 1,
                                  .p_lighting = 1,
                                  .random_crop = TRUE };
  const char *const *names = sl_augment_names ();
  guint n = g_strv_length ((GStrv)names), kind = (guint)(i % (n + 2));
  const SlAugment *augment = kind < n ? sl_augment_find (names[kind]) : kind == n ? &wild : NULL;
  SlResize resize = resizes[i / (n + 2) % 3];
  Draw self;
  SlRandom random;
  int out_width, out_height;

  sl_random_init (&random, sl_random_key (5, SL_PURPOSE_TEST, 0, i));
  self.width = 20 + (int)sl_random_below (&random, 200);
  self.height = 20 + (int)sl_random_below (&random, 200);
  out_width = (int)(self.width * sl_random_uniform (&random, 0.55, 1.5));
  out_height = (int)(self.height * sl_random_uniform (&random, 0.55, 1.5));
  sl_transform_draw (&self.transform, augment, resize, self.width, self.height, out_width,
                     out_height, i);
  self.name = g_strdup_printf ("draw %u, %s, resize %d, %d×%d to %d×%d", (guint)i,
                               augment != NULL ? augment->name : "validation", (int)resize,
                               self.width, self.height, out_width, out_height);
  return self;
}

/* Red is the number of a pixel's column, or of its row. */
static SlPicture *
ramp (int width, int height, gboolean down)
{
  SlPicture *mask = sl_picture_new (width, height);

  for (int i = 0; i < width * height; i++)
    mask->pixels[3 * i] = (guint8)(down ? i / width : i % width);
  return mask;
}

static gint32 *
apply (const Draw *d, gboolean down)
{
  g_autoptr (SlPicture) mask = ramp (d->width, d->height, down);
  gsize n = (gsize)d->transform.out_width * (gsize)d->transform.out_height;
  gint32 *out = g_new (gint32, n + 1);

  out[n] = -77; /* a guard */
  sl_transform_apply_mask (&d->transform, d->width, d->height, mask, out);
  g_assert_cmpint (out[n], ==, -77);
  return out;
}

/* Whether an output position shows a place inside the source. */
static gboolean
look (const Draw *d, double x, double y, double *u, double *v)
{
  return sl_transform_point_back (&d->transform, x, y, u, v) && *u >= 0 && *u < d->width && *v >= 0
         && *v < d->height;
}

#define assert_within(a, b, bound, name)                                                       \
  do                                                                                           \
    if (!(fabs ((a) - (b)) <= (bound)))                                                        \
      g_error ("%s:%d: %s: %s is %g, %s is %g", __FILE__, __LINE__, name, #a, (double)(a), #b, \
               (double)(b));                                                                   \
  while (0)

/* ---- The mask's pixel at an output pixel is the one that point_back() names, and the point there
 * comes back to that output pixel. */

static void
check_points (const Draw *d)
{
  const SlTransform *t = &d->transform;
  g_autofree gint32 *columns = apply (d, FALSE);
  g_autofree gint32 *rows = apply (d, TRUE);
  guint inside = 0;

  for (int i = 0; i < t->out_width * t->out_height; i++)
    {
      double x = i % t->out_width + 0.5, y = i / t->out_width + 0.5, u, v, back_x, back_y;

      if (!look (d, x, y, &u, &v))
        continue;
      inside++;
      assert_within (u, columns[i] + 0.5, 0.5 + 1e-9, d->name);
      assert_within (v, rows[i] + 0.5, 0.5 + 1e-9, d->name);
      g_assert_true (sl_transform_point (t, u, v, &back_x, &back_y));
      assert_within (back_x, x, 1e-6, d->name);
      assert_within (back_y, y, 1e-6, d->name);
    }
  g_assert_cmpuint (inside, >, 0);
}

static void
test_points (void)
{
  for (guint64 i = 0; i < DRAWS; i++)
    {
      g_auto (Draw) d = draw (i);

      check_points (&d);
    }
}

/* A disc painted into the mask is found around the place where its centre goes. */
static guint
check_disc (const Draw *d, double x, double y)
{
  const SlTransform *t = &d->transform;
  g_autoptr (SlPicture) mask = sl_picture_new (d->width, d->height);
  g_autofree gint32 *out = g_new (gint32, (gsize)t->out_width * (gsize)t->out_height);
  double at_x, at_y, sum_x = 0, sum_y = 0, u, v;
  guint n = 0;

  if (!sl_transform_point (t, x, y, &at_x, &at_y))
    return 0;
  for (int i = 0; i < d->width * d->height; i++)
    if (hypot (i % d->width + 0.5 - x, i / d->width + 0.5 - y) < RADIUS)
      mask->pixels[3 * i] = 9;
  sl_transform_apply_mask (t, d->width, d->height, mask, out);
  for (int i = 0; i < t->out_width * t->out_height; i++)
    {
      int column = i % t->out_width, row = i / t->out_width;

      if (out[i] != 9 || !look (d, column + 0.5, row + 0.5, &u, &v))
        continue; /* a reflection */
      if (column == 0 || row == 0 || column == t->out_width - 1 || row == t->out_height - 1)
        return 0; /* not all of it is there */
      sum_x += column + 0.5;
      sum_y += row + 0.5;
      n++;
    }
  if (n < 16) /* too few for a middle */
    return 0;
  /* Half a pixel of the output or, where it is enlarged and tilted, of the source. */
  look (d, sum_x / n, sum_y / n, &u, &v);
  if (fabs (u - x) > 0.5 || fabs (v - y) > 0.5)
    {
      assert_within (sum_x / n, at_x, 0.5, d->name);
      assert_within (sum_y / n, at_y, 0.5, d->name);
    }
  return 1;
}

static void
test_disc (void)
{
  guint n = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      g_auto (Draw) d = draw (i);
      SlRandom random;

      sl_random_init (&random, sl_random_key (6, SL_PURPOSE_TEST, 0, i));
      for (int k = 0; k < 8; k++)
        {
          double x = sl_random_uniform (&random, RADIUS, d.width - RADIUS);
          double y = sl_random_uniform (&random, RADIUS, d.height - RADIUS);

          /* Around a pixel's centre its own middle is exact. */
          n += check_disc (&d, floor (x) + 0.5, floor (y) + 0.5);
        }
    }
  g_assert_cmpuint (n, >, 2 * DRAWS);
}

/* ---- A picture's pixel and its mask's come from the same place, reflections too. */

/* Whether the picture may be averaged before it is sampled: an output pixel in the middle covers
 * about two of the source, along one axis of it. */
static gboolean
shrinks (const Draw *d)
{
  const SlTransform *t = &d->transform;
  double x = t->out_width / 2.0, y = t->out_height / 2.0, u[3], v[3];

  look (d, x, y, &u[0], &v[0]);
  look (d, x + 0.01, y, &u[1], &v[1]);
  look (d, x, y + 0.01, &u[2], &v[2]);
  return hypot (u[1] - u[0], u[2] - u[0]) > 0.0195 || hypot (v[1] - v[0], v[2] - v[0]) > 0.0195;
}

static gboolean
check_picture (const Draw *d)
{
  SlTransform t = d->transform;
  g_autofree gint32 *columns = apply (d, FALSE);
  g_autofree gint32 *rows = apply (d, TRUE);
  g_autoptr (SlPicture) picture = sl_picture_new (d->width, d->height);
  g_autofree float *seen = g_new (float, 3 * (gsize)t.out_width * (gsize)t.out_height);
  gboolean average = shrinks (d);
  /* Half of the pixel; where an average shrinks first, half of that one's pixel and rounding. */
  double bound = average ? 2.5 : 0.51;

  for (int i = 0; i < d->width * d->height; i++)
    {
      picture->pixels[3 * i] = (guint8)(i % d->width);
      picture->pixels[3 * i + 1] = (guint8)(i / d->width);
    }
  t.lit = FALSE;
  sl_transform_apply (&t, picture, NULL, seen);
  for (int i = 0; i < t.out_width * t.out_height; i++)
    {
      const double *m = t.matrix;

      /* Near the horizon neighbours are far apart, and the picture's positions single precision. */
      if (m[6] * (i % t.out_width) + m[7] * (i / t.out_width) + m[8] < 0.2)
        continue;
      assert_within (255 * seen[3 * i], columns[i], bound, d->name);
      assert_within (255 * seen[3 * i + 1], rows[i], bound, d->name);
    }
  return !average;
}

static void
test_picture (void)
{
  guint n_exact = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      g_auto (Draw) d = draw (i);

      n_exact += check_picture (&d);
    }
  g_assert_cmpuint (n_exact, >, DRAWS * 3 / 4);
}

/* A mask of the file's size beside a picture that was decoded at a third and half of it. */
static void
test_larger_mask (void)
{
  for (guint64 i = 0; i < DRAWS; i++)
    {
      g_auto (Draw) d = draw (i);
      g_autofree gint32 *small = apply (&d, FALSE);
      g_autofree gint32 *large = NULL;
      g_autoptr (SlPicture) mask = sl_picture_new (3 * d.width, 2 * d.height);
      int n = d.transform.out_width * d.transform.out_height;

      for (int k = 0; k < 6 * d.width * d.height; k++)
        mask->pixels[3 * k] = (guint8)(k % (3 * d.width) / 3);
      large = g_new (gint32, (gsize)n);
      sl_transform_apply_mask (&d.transform, d.width, d.height, mask, large);
      for (int k = 0; k < n; k++)
        g_assert_cmpint (ABS (large[k] - small[k]), <=, 1); /* at a pixel's very edge */
    }
}

/* ---- By hand */

static void
test_mask_by_hand (void)
{
  static const guint8 mask[] = { 1, 7, 7, 2, 7, 7, 3, 7, 7, 4, 7, 7 };
  static const gint32 expected[] = { 2, 1, 1, 2, 2, 1, 4, 3, 3, 4, 4, 3 };
  SlTransform t = { .out_height = 2, .out_width = 6, .matrix = { 1, 0, -2, 0, 1, 0, 0, 0, 1 } };
  g_autoptr (SlPicture) picture = sl_picture_new (2, 2);
  gint32 out[12];

  memcpy (picture->pixels, mask, sizeof mask);
  t.lit = TRUE; /* means nothing to a mask */
  t.brightness = 1;
  sl_transform_apply_mask (&t, 2, 2, picture, out);
  g_assert_cmpmem (out, sizeof out, expected, sizeof expected);
}

static void
test_beyond (void)
{
  SlTransform t = { .out_height = 10, .out_width = 20, .matrix = { 2, 0, 4, 0, -1, 9, 0, 0, 1 } };
  double x, y;

  g_assert_true (sl_transform_point (&t, 6, 8, &x, &y));
  g_assert_cmpfloat_with_epsilon (x, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (y, 1, 1e-12);
  g_assert_false (sl_transform_point (&t, 3.9, 8, &x, &y)); /* just left of it */
  g_assert_cmpfloat_with_epsilon (x, -0.05, 1e-12);
  g_assert_false (sl_transform_point (&t, 44.1, 8, &x, &y));
  g_assert_false (sl_transform_point (&t, 6, 9.1, &x, &y));
  g_assert_false (sl_transform_point (&t, 6, -1.1, &x, &y));
  g_assert_true (sl_transform_point_back (&t, 1, 1, &x, &y));
  g_assert_cmpfloat_with_epsilon (x, 6, 1e-12);
  g_assert_cmpfloat_with_epsilon (y, 8, 1e-12);
}

/* A matrix that cannot be inverted shows no point, and a mask still has values of its own. */
static void
test_singular (void)
{
  static const double matrices[][9] = {
    { 0 },
    { 1, 2, 3, 2, 4, 6, 0, 0, 1 },
    { 1, 0, 0, 0, 1, 0, 0, 0, 0 },
    { NAN, 0, 0, 0, 1, 0, 0, 0, 1 },
    { 1, 0, 0, 0, INFINITY, 0, 0, 0, 1 },
    { 1e-200, 0, 0, 0, 1e-200, 0, 0, 0, 1e-200 },
  };
  g_autoptr (SlPicture) mask = sl_picture_new (1, 2);

  mask->pixels[0] = 5;
  mask->pixels[3] = 6;
  for (gsize i = 0; i < G_N_ELEMENTS (matrices); i++)
    {
      SlTransform t = { .out_height = 4, .out_width = 5 };
      gint32 out[20];
      double x = 7, y = 7;

      memcpy (t.matrix, matrices[i], sizeof t.matrix);
      g_assert_false (sl_transform_point (&t, 3, 2, &x, &y));
      g_assert_true (x == 0 && y == 0);
      sl_transform_apply_mask (&t, 1, 2, mask, out);
      for (gsize k = 0; k < G_N_ELEMENTS (out); k++)
        g_assert_true (out[k] == 5 || out[k] == 6);
    }
}

/* The scale of a matrix is not what makes it singular. */
static void
test_tiny_scale (void)
{
  SlTransform t = { .out_height = 9,
                    .out_width = 9,
                    .matrix = { 1e-8, 0, 0, 0, 1e-8, 0, 0, 0, 1 } };
  double x, y;

  g_assert_true (sl_transform_point (&t, 3e-8, 4e-8, &x, &y));
  g_assert_cmpfloat_with_epsilon (x, 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (y, 4, 1e-9);
}

/* Beyond the horizon there is nothing to go to. */
static void
test_horizon (void)
{
  SlTransform t = { .out_height = 10, .out_width = 10, .matrix = { 1, 0, 0, 0, 1, 0, -0.2, 0, 1 } };
  double x, y;

  g_assert_false (sl_transform_point_back (&t, 6, 1, &x, &y));
  g_assert_true (sl_transform_point_back (&t, 2, 1, &x, &y));
  g_assert_cmpfloat_with_epsilon (x, 2 / 0.6, 1e-12);
  g_assert_true (sl_transform_point (&t, x, y, &x, &y));
  g_assert_cmpfloat_with_epsilon (x, 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (y, 1, 1e-12);
  g_assert_false (sl_transform_point (&t, -30, 1, &x, &y)); /* x / (1 - x / 5) = -30 at x = 6 */
}

/* Going round a triangle, left stays left or becomes right. */
static void
test_mirrored (void)
{
  guint n = 0;

  for (guint64 i = 0; i < DRAWS; i++)
    {
      g_auto (Draw) d = draw (i);
      const double at[3][2] = { { 0.4, 0.4 }, { 0.6, 0.45 }, { 0.45, 0.6 } };
      double to[3][2], turn;

      for (int k = 0; k < 3; k++)
        sl_transform_point (&d.transform, at[k][0] * d.width, at[k][1] * d.height, &to[k][0],
                            &to[k][1]);
      turn = (to[1][0] - to[0][0]) * (to[2][1] - to[0][1])
             - (to[1][1] - to[0][1]) * (to[2][0] - to[0][0]);
      g_assert_cmpint (sl_transform_is_mirrored (&d.transform), ==, turn < 0);
      n += turn < 0;
    }
  g_assert_cmpuint (n, >, DRAWS / 8);
  g_assert_cmpuint (n, <, DRAWS / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/follow/points", test_points);
  g_test_add_func ("/follow/disc", test_disc);
  g_test_add_func ("/follow/picture", test_picture);
  g_test_add_func ("/follow/larger-mask", test_larger_mask);
  g_test_add_func ("/follow/mask-by-hand", test_mask_by_hand);
  g_test_add_func ("/follow/beyond", test_beyond);
  g_test_add_func ("/follow/singular", test_singular);
  g_test_add_func ("/follow/tiny-scale", test_tiny_scale);
  g_test_add_func ("/follow/horizon", test_horizon);
  g_test_add_func ("/follow/mirrored", test_mirrored);
  return g_test_run ();
}
