/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture-files.h"

#include <slope/dataset.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#define N_BEARS 300
#define N_SCENES 280
#define N_STREETS 240
#define N_FACES 260
#define FACE_SIZE_PX 144
#define N_CODES 7

/* Every file's contents, keyed by its path below @folder. */
static void
read_folder (GHashTable *tree, const char *folder, const char *below)
{
  g_autofree char *path = g_build_filename (folder, below, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *rel_path = *below != '\0' ? g_build_filename (below, name, NULL)
                                                 : g_strdup (name);
      char *data;
      gsize size;

      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        {
          read_folder (tree, folder, rel_path);
          continue;
        }
      g_assert_true (g_file_get_contents (file, &data, &size, NULL));
      g_hash_table_insert (tree, g_steal_pointer (&rel_path), g_bytes_new_take (data, size));
    }
}

static GHashTable *
read_tree (const char *folder)
{
  GHashTable *tree = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify)g_bytes_unref);

  read_folder (tree, folder, "");
  return tree;
}

static GHashTable *
draw_sample (const char *name, GPtrArray *wrong)
{
  g_autofree char *folder = picture_files_new_folder ();
  g_autoptr (GError) error = NULL;
  GHashTable *tree;

  g_assert_true (sl_sample_write (name, folder, wrong, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  tree = read_tree (folder);
  picture_files_remove (folder);
  return tree;
}

/* Draws it twice: (transfer full) the files of the first time, the same as of the second. */
static GHashTable *
draw_twice (const char *name, GPtrArray *wrong)
{
  GHashTable *tree = draw_sample (name, wrong);
  g_autoptr (GHashTable) again = draw_sample (name, NULL);
  GHashTableIter iter;
  gpointer path, data;

  g_assert_cmpuint (g_hash_table_size (tree), ==, g_hash_table_size (again));
  g_hash_table_iter_init (&iter, tree);
  while (g_hash_table_iter_next (&iter, &path, &data))
    {
      GBytes *other = g_hash_table_lookup (again, path);

      g_assert_nonnull (other);
      g_assert_true (g_bytes_equal (data, other));
    }
  for (guint i = 0; i < wrong->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (wrong->pdata[i], ":", 2); /* of a table the row */

      g_assert_true (g_hash_table_contains (tree, parts[0]));
    }
  return tree;
}

static char **
read_lines (GHashTable *tree, const char *name)
{
  GBytes *bytes = g_hash_table_lookup (tree, name);
  g_autofree char *text = NULL;
  gsize size;
  const char *data;

  g_assert_nonnull (bytes);
  data = g_bytes_get_data (bytes, &size);
  text = g_strndup (data, size);
  g_assert_true (g_str_has_suffix (text, "\n"));
  text[size - 1] = '\0';
  return g_strsplit (text, "\n", -1);
}

static void
test_table (void)
{
  guint n;
  const SlSampleInfo *samples = sl_samples (&n);

  g_assert_cmpuint (n, ==, 5);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < i; k++)
      {
        g_assert_cmpstr (samples[i].name, !=, samples[k].name);
        g_assert_cmpstr (samples[i].task, !=, samples[k].task);
      }
  g_assert_cmpstr (samples[0].name, ==, "bears");
  g_assert_nonnull (sl_task_find (samples[0].task));
}

static void
test_bears (void)
{
  g_autoptr (GPtrArray) wrong = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) tree = draw_twice ("bears", wrong);
  g_autoptr (GHashTable) contents = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer name, data;

  g_assert_cmpuint (g_hash_table_size (tree), ==, N_BEARS);
  g_hash_table_iter_init (&iter, tree);
  while (g_hash_table_iter_next (&iter, &name, &data))
    {
      g_hash_table_add (contents, data);
      g_hash_table_add (numbers, g_path_get_basename (name));
    }
  g_assert_cmpuint (g_hash_table_size (contents), ==, N_BEARS); /* no twins */
  g_assert_cmpuint (g_hash_table_size (numbers), ==, N_BEARS);  /* a number tells no class */
  g_assert_cmpuint (wrong->len, ==, N_BEARS / 25);
}

static void
test_reviews (void)
{
  g_autoptr (GPtrArray) wrong = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) tree = draw_twice ("reviews", wrong);
  g_auto (GStrv) lines = read_lines (tree, "texts.csv");
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  guint counts[2] = { 0 }, n_without = 0;

  g_assert_cmpuint (g_hash_table_size (tree), ==, 1);
  g_assert_cmpstr (lines[0], ==, "label,text");
  for (guint i = 1; lines[i] != NULL; i++)
    {
      const char *text = strchr (lines[i], ',') + 1;

      g_assert_true (g_hash_table_add (texts, (gpointer)text)); /* no twins */
      g_assert_true (text[0] == '"' && g_str_has_suffix (text, "\""));
      g_assert_cmpuint (strlen (text), >, 60);
      if (lines[i][0] == ',')
        n_without++;
      else
        counts[g_str_has_prefix (lines[i], "positive,")]++;
    }
  g_assert_cmpuint (n_without, ==, 300);
  g_assert_cmpuint (counts[0] + counts[1], ==, 900);
  g_assert_cmpuint (MAX (counts[0], counts[1]) - MIN (counts[0], counts[1]), <, 10);
  g_assert_cmpuint (wrong->len, ==, 29);
  g_assert_cmpstr (wrong->pdata[0], ==, "texts.csv:32");
}

static void
test_scene (void)
{
  static const char *const names[] = { "clouds",  "flowers", "house", "mountains", "night",
                                       "rainbow", "river",   "snow",  "sun",       "trees" };
  guint counts[G_N_ELEMENTS (names)] = { 0 }, n_tags = 0;
  g_autoptr (GPtrArray) wrong = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) tree = draw_twice ("scene", wrong);
  g_auto (GStrv) lines = read_lines (tree, "labels.csv");

  g_assert_cmpuint (g_hash_table_size (tree), ==, N_SCENES + 1);
  g_assert_cmpstr (lines[0], ==, "image_name,tags");
  g_assert_cmpuint (g_strv_length (lines), ==, N_SCENES + 1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);
      g_autofree char *path = g_build_filename ("images", cells[0], NULL);
      g_auto (GStrv) tags = g_strsplit (cells[1], " ", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, 2);
      g_assert_true (g_hash_table_contains (tree, path));
      g_assert_nonnull (tags[0]);
      for (guint k = 0; tags[k] != NULL; k++, n_tags++)
        for (guint c = 0; c < G_N_ELEMENTS (names); c++)
          counts[c] += g_str_equal (names[c], tags[k]);
    }
  for (guint c = 0; c < G_N_ELEMENTS (names); c++)
    {
      g_assert_cmpuint (counts[c], >=, 10); /* enough to learn from and to be held back */
      n_tags -= counts[c];
    }
  g_assert_cmpuint (n_tags, ==, 0); /* no other tags */
  g_assert_cmpuint (wrong->len, ==, 13);
}

/* Adds up the values of a mask, which must be 8-bit grey. */
static void
count_mask (GBytes *png, gsize counts[N_CODES])
{
  gsize size;
  const guint8 *data = g_bytes_get_data (png, &size);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (png);
  g_autoptr (GdkPixbuf) mask = gdk_pixbuf_new_from_stream (stream, NULL, NULL);

  g_assert_cmpuint (size, >, 26);
  g_assert_cmpuint (data[24], ==, 8); /* bits, and the colour type: grey */
  g_assert_cmpuint (data[25], ==, 0);
  g_assert_nonnull (mask);
  g_assert_cmpint (gdk_pixbuf_get_width (mask), ==, 160);
  g_assert_cmpint (gdk_pixbuf_get_height (mask), ==, 120);
  for (int y = 0; y < 120; y++)
    {
      const guint8 *row = gdk_pixbuf_read_pixels (mask) + y * gdk_pixbuf_get_rowstride (mask);

      for (int x = 0; x < 160; x++)
        {
          guint8 value = row[x * gdk_pixbuf_get_n_channels (mask)];

          g_assert_cmpuint (value, <, N_CODES);
          counts[value]++;
        }
    }
}

static void
test_street (void)
{
  g_autoptr (GPtrArray) wrong = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) tree = draw_twice ("street", wrong);
  g_auto (GStrv) codes = read_lines (tree, "codes.txt");
  g_auto (GStrv) valid = read_lines (tree, "valid.txt");
  gsize counts[N_CODES] = { 0 };

  g_assert_cmpuint (g_hash_table_size (tree), ==, 2 * N_STREETS + 2);
  g_assert_cmpuint (g_strv_length (codes), ==, N_CODES);
  g_assert_cmpstr (codes[0], ==, "sky");
  g_assert_cmpstr (codes[N_CODES - 1], ==, "Void");
  g_assert_cmpuint (g_strv_length (valid), ==, N_STREETS / 5);
  for (guint i = 0; valid[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename ("images", valid[i], NULL);

      g_assert_true (g_hash_table_contains (tree, path));
    }
  for (guint i = 1; i <= N_STREETS; i++)
    {
      g_autofree char *path = g_strdup_printf ("labels/street_%03u_P.png", i);

      g_assert_true (g_hash_table_contains (tree, path));
      count_mask (g_hash_table_lookup (tree, path), counts);
    }
  for (guint c = 0; c < N_CODES; c++)
    g_assert_cmpuint (counts[c], >, N_STREETS * 160 * 120 / 200);
  g_assert_cmpuint (wrong->len, ==, 7);
}

static void
test_nose (void)
{
  g_autoptr (GPtrArray) wrong = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) tree = draw_twice ("nose", wrong);
  g_auto (GStrv) lines = read_lines (tree, "keypoints.csv");
  guint n_empty = 0;

  g_assert_cmpuint (g_hash_table_size (tree), ==, N_FACES + 1);
  g_assert_true (g_str_has_prefix (lines[0], "image_name,left_eye_x,left_eye_y,right_eye_x,"));
  g_assert_true (g_str_has_suffix (lines[0], ",nose_x,nose_y"));
  g_assert_cmpuint (g_strv_length (lines), ==, N_FACES + 1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);
      g_autofree char *path = g_build_filename ("images", cells[0], NULL);

      g_assert_cmpuint (g_strv_length (cells), ==, 11);
      g_assert_true (g_hash_table_contains (tree, path));
      for (guint k = 1; k < 11; k++)
        if (*cells[k] == '\0')
          {
            g_assert_cmpstr (cells[((k - 1) ^ 1) + 1], ==, ""); /* its other coordinate */
            n_empty++;
          }
        else
          {
            g_assert_cmpfloat (g_ascii_strtod (cells[k], NULL), >=, 0.0);
            g_assert_cmpfloat (g_ascii_strtod (cells[k], NULL), <=, FACE_SIZE_PX);
          }
    }
  g_assert_cmpuint (n_empty, >, 40);
  g_assert_cmpuint (n_empty, <, N_FACES);
  g_assert_cmpuint (wrong->len, ==, 10);
}

static void
stop (gsize done, gsize total, const char *what, gpointer cancellable)
{
  g_assert_cmpuint (total, ==, N_BEARS);
  g_cancellable_cancel (cancellable);
}

static void
test_failures (void)
{
  g_autofree char *folder = picture_files_new_folder ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_sample_write ("zebras", folder, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (sl_sample_write ("bears", folder, NULL, cancellable, stop, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  picture_files_write (folder, "file", "x", 1);
  g_assert_false (sl_sample_write ("bears", file, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  picture_files_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample/table", test_table);
  g_test_add_func ("/sample/bears", test_bears);
  g_test_add_func ("/sample/reviews", test_reviews);
  g_test_add_func ("/sample/scene", test_scene);
  g_test_add_func ("/sample/street", test_street);
  g_test_add_func ("/sample/nose", test_nose);
  g_test_add_func ("/sample/failures", test_failures);
  return g_test_run ();
}
