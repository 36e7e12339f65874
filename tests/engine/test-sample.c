/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture-files.h"

#include <slope/dataset.h>

#define N_BEARS 300

/* Every file's contents, keyed by its path in the sample. */
static GHashTable *
read_tree (const char *folder)
{
  static const char *const classes[] = { "black", "grizzly", "teddy" };
  GHashTable *tree = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify)g_bytes_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autofree char *path = g_build_filename (folder, classes[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      g_assert_nonnull (dir);
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *file = g_build_filename (path, name, NULL);
          char *data;
          gsize size;

          g_assert_true (g_file_get_contents (file, &data, &size, NULL));
          g_hash_table_insert (tree, g_strdup_printf ("%s/%s", classes[i], name),
                               g_bytes_new_take (data, size));
        }
    }
  return tree;
}

static void
test_table (void)
{
  guint n;
  const SlSampleInfo *samples = sl_samples (&n);

  g_assert_cmpuint (n, >, 0);
  for (guint i = 0; i < n; i++)
    g_assert_nonnull (sl_task_find (samples[i].task));
  g_assert_cmpstr (samples[0].name, ==, "bears");
}

static void
test_bears (void)
{
  g_autofree char *first = picture_files_new_folder ();
  g_autofree char *second = picture_files_new_folder ();
  g_autoptr (GPtrArray) wrong = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) tree = NULL;
  g_autoptr (GHashTable) again = NULL;
  g_autoptr (GHashTable) contents = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer name, data;

  g_assert_true (sl_sample_write ("bears", first, wrong, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (sl_sample_write ("bears", second, NULL, NULL, NULL, NULL, NULL));
  tree = read_tree (first);
  again = read_tree (second);
  g_assert_cmpuint (g_hash_table_size (tree), ==, N_BEARS);
  g_hash_table_iter_init (&iter, tree);
  while (g_hash_table_iter_next (&iter, &name, &data))
    {
      GBytes *other = g_hash_table_lookup (again, name);

      g_assert_nonnull (other);
      g_assert_true (g_bytes_equal (data, other)); /* the same bytes every time */
      g_hash_table_add (contents, data);
      g_hash_table_add (numbers, g_path_get_basename (name));
    }
  g_assert_cmpuint (g_hash_table_size (contents), ==, N_BEARS); /* no twins */
  g_assert_cmpuint (g_hash_table_size (numbers), ==, N_BEARS);  /* a number tells no class */

  g_assert_cmpuint (wrong->len, ==, N_BEARS / 25);
  for (guint i = 0; i < wrong->len; i++)
    g_assert_true (g_hash_table_contains (tree, wrong->pdata[i]));
  picture_files_remove (first);
  picture_files_remove (second);
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
  g_test_add_func ("/sample/failures", test_failures);
  return g_test_run ();
}
