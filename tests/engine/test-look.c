/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture-files.h"

#include <slope/audit.h>
#include <slope/random.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

/* ---- The hash, against a transform written down plainly in double precision */

static SlPicture *
new_noise (guint64 key, int side)
{
  SlPicture *picture = sl_picture_new (side, side);
  SlRandom random;

  sl_random_init (&random, key);
  for (int i = 0; i < 3 * side * side; i++)
    picture->pixels[i] = (guint8)sl_random_below (&random, 256);
  return picture;
}

static void
test_bits (void)
{
  g_autoptr (SlPicture) picture = new_noise (1, 32);
  SlLook look;
  guint n = 0, n_wrong = 0;

  sl_look_take (&look, picture);
  for (int sum = 1; n < 64; sum++)
    for (int u = 0; u <= sum && n < 64; u++, n++)
      {
        double value = 0.0;

        for (int y = 0; y < 32; y++)
          for (int x = 0; x < 32; x++)
            {
              const guint8 *p = picture->pixels + 3 * (32 * y + x);
              double grey = 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];

              value += grey * cos (G_PI * u * (x + 0.5) / 32)
                       * cos (G_PI * (sum - u) * (y + 0.5) / 32);
            }
        if (ABS (value) > 0.1) /* rounding may decide the others */
          n_wrong += (value > 0.0) != (look.bits >> n & 1);
      }
  g_assert_cmpuint (n_wrong, ==, 0);
}

/* ---- What stays alike */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The first @n of a sample. */
static GPtrArray *
load_sample (const char *name, const char *below, guint n)
{
  g_autofree char *folder = picture_files_new_folder ();
  g_autofree char *path = g_build_filename (folder, below, NULL);
  GPtrArray *pictures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = NULL;
  const char *file;

  g_assert_true (sl_sample_write (name, folder, NULL, NULL, NULL, NULL, NULL));
  dir = g_dir_open (path, 0, NULL);
  while ((file = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, file, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < n; i++)
    {
      GdkPixbuf *pixbuf = gdk_pixbuf_new_from_file (names->pdata[i], NULL);

      g_assert_nonnull (pixbuf);
      g_ptr_array_add (pictures, pixbuf);
    }
  picture_files_remove (folder);
  return pictures;
}

static void
look_at (GdkPixbuf *pixbuf, const char *quality, SlLook *look)
{
  g_autofree char *folder = picture_files_new_folder ();
  g_autofree char *path = g_build_filename (folder, "a.jpg", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (gdk_pixbuf_save (pixbuf, path, "jpeg", &error, "quality", quality, NULL));
  g_assert_true (sl_look_take_file (look, path, &error));
  g_assert_no_error (error);
  picture_files_remove (folder);
}

static GdkPixbuf *
darken (GdkPixbuf *pixbuf)
{
  GdkPixbuf *copy = gdk_pixbuf_copy (pixbuf);
  guint8 *data = gdk_pixbuf_get_pixels (copy);

  for (gsize i = 0; i < gdk_pixbuf_get_byte_length (copy); i++)
    data[i] = (guint8)(data[i] * 0.75 + 20.0);
  return copy;
}

/* The copy without 3 of its 144 pixels at two sides: one frame later. */
static GdkPixbuf *
shift (GdkPixbuf *pixbuf)
{
  return gdk_pixbuf_new_subpixbuf (pixbuf, 3, 3, gdk_pixbuf_get_width (pixbuf) - 3,
                                   gdk_pixbuf_get_height (pixbuf) - 3);
}

static void
test_copies (void)
{
  g_autoptr (GPtrArray) pictures = load_sample ("nose", "images", 60);
  guint n_shifted = 0;

  for (guint i = 0; i < pictures->len; i++)
    {
      GdkPixbuf *pixbuf = pictures->pdata[i];
      g_autoptr (GdkPixbuf) small = gdk_pixbuf_scale_simple (pixbuf, 90, 90, GDK_INTERP_BILINEAR);
      g_autoptr (GdkPixbuf) dark = darken (pixbuf);
      g_autoptr (GdkPixbuf) mirror = gdk_pixbuf_flip (pixbuf, TRUE);
      g_autoptr (GdkPixbuf) shifted = shift (pixbuf);
      GdkPixbuf *const same[] = { pixbuf, small, dark, mirror };
      SlLook look, other;

      look_at (pixbuf, "95", &look);
      for (guint k = 0; k < G_N_ELEMENTS (same); k++)
        {
          look_at (same[k], "35", &other);
          g_assert_cmpuint (sl_look_distance (&look, &other, k == 3), <=, 8);
          g_assert_cmpfloat (sl_look_likeness (&look, &other, k == 3), >, 0.98);
        }
      look_at (shifted, "75", &other);
      n_shifted += sl_look_distance (&look, &other, FALSE) <= SL_LOOK_NEAR;
    }
  g_assert_cmpuint (n_shifted, >=, 57); /* 95 % */
}

/* No two of these are of the same thing. */
static void
test_different (void)
{
  g_autoptr (GPtrArray) pictures = load_sample ("scene", "images", 150);
  g_autofree SlLook *looks = g_new0 (SlLook, pictures->len);
  g_autofree const SlLook **all = g_new (const SlLook *, pictures->len);
  g_autoptr (GArray) pairs = NULL;

  for (guint i = 0; i < pictures->len; i++)
    {
      look_at (pictures->pdata[i], "90", &looks[i]);
      g_assert_false (looks[i].flat);
      all[i] = &looks[i];
    }
  pairs = sl_look_pairs (all, pictures->len);
  g_assert_cmpuint (pairs->len, ==, 0);
}

static void
test_flat (void)
{
  g_autoptr (SlPicture) white = sl_picture_new (50, 40);
  SlLook a, b;
  const SlLook *const both[] = { &a, &b, NULL };
  g_autoptr (GArray) pairs = NULL;

  sl_look_take (&a, white);
  sl_look_take (&b, white);
  g_assert_true (a.flat);
  g_assert_cmpfloat (sl_look_likeness (&a, &b, FALSE), ==, 0.0);
  pairs = sl_look_pairs (both, 3);
  g_assert_cmpuint (pairs->len, ==, 0);
}

/* ---- The index, against looking at every pair */

/* Changes @n of the bits. */
static void
flip_bits (SlLook *look, guint n, SlRandom *random)
{
  guint at = (guint)sl_random_below (random, 64);

  for (guint i = 0; i < n; i++)
    look->bits ^= G_GUINT64_CONSTANT (1) << (at + 5 * i) % 64;
}

/* Families of looks some bits apart, all of one likeness, so that bits alone decide. */
static void
test_index (void)
{
  const guint n = 3000;
  g_autofree SlLook *looks = g_new0 (SlLook, n);
  g_autofree const SlLook **all = g_new (const SlLook *, n);
  g_autoptr (GArray) pairs = NULL;
  SlRandom random;
  gsize at = 0;

  sl_random_init (&random, sl_random_key (3, SL_PURPOSE_TEST, 0, 0));
  for (guint i = 0; i < n; i++)
    {
      memset (looks[i].tiny, 50, sizeof looks[i].tiny / 2);
      looks[i].bits = (guint64)sl_random_u32 (&random) << 32 | sl_random_u32 (&random);
      if (i % 3 != 0)
        {
          looks[i].bits = looks[i - 1].bits ^ (i % 2 ? sl_look_mirror_bits () : 0);
          flip_bits (&looks[i], 1 + (guint)sl_random_below (&random, 13), &random);
        }
      all[i] = &looks[i];
    }
  pairs = sl_look_pairs (all, n);
  g_assert_cmpuint (pairs->len, >, 1000);
  for (guint32 a = 0; a < n; a++)
    for (guint32 b = a + 1; b < n; b++)
      for (int mirrored = 0; mirrored < 2; mirrored++)
        if (sl_look_distance (all[a], all[b], mirrored) <= SL_LOOK_NEAR)
          {
            const SlLookPair *pair = &g_array_index (pairs, SlLookPair, at++);

            g_assert_cmpuint (at, <=, pairs->len);
            g_assert_cmpuint (pair->a, ==, a);
            g_assert_cmpuint (pair->b, ==, b);
            g_assert_cmpint (pair->mirrored, ==, mirrored);
            g_assert_cmpuint (pair->distance, ==, sl_look_distance (all[a], all[b], mirrored));
          }
  g_assert_cmpuint (at, ==, pairs->len);
}

/* A hundred thousand equal ones are a chain and not five thousand million pairs. */
static void
test_many (void)
{
  const guint n = 100000;
  g_autofree SlLook *looks = g_new0 (SlLook, n);
  g_autofree const SlLook **all = g_new (const SlLook *, n);
  g_autoptr (GArray) pairs = NULL;
  SlRandom random;

  sl_random_init (&random, sl_random_key (4, SL_PURPOSE_TEST, 0, 0));
  for (guint i = 0; i < n; i++)
    {
      memset (looks[i].tiny, 50, sizeof looks[i].tiny / 2);
      looks[i].bits = i < n / 2 ? 0x123456789abcdef0
                                : (guint64)sl_random_u32 (&random) << 32 | sl_random_u32 (&random);
      all[i] = &looks[i];
    }
  pairs = sl_look_pairs (all, n);
  g_assert_cmpuint (pairs->len, >=, n / 2 - 1);
  g_assert_cmpuint (pairs->len, <, n / 2 + 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/look/bits", test_bits);
  g_test_add_func ("/look/copies", test_copies);
  g_test_add_func ("/look/different", test_different);
  g_test_add_func ("/look/flat", test_flat);
  g_test_add_func ("/look/index", test_index);
  g_test_add_func ("/look/many", test_many);
  return g_test_run ();
}
