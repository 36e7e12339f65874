/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw-sample FOLDER COUNT [--damage|--wrong]: COUNT bears of each class in FOLDER/CLASS, for
 * scripts.  --damage adds three files that cannot be used; --wrong prints the paths of those that
 * were drawn with a wrong label. */
#include <slope/dataset.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static gboolean
keep_first (const char *folder, guint count, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = count; i < names->len; i++)
    g_unlink (g_ptr_array_index (names, i));
  return TRUE;
}

static gboolean
add_damage (const char *folder, GError **error)
{
  g_autofree char *empty = g_build_filename (folder, "teddy", "empty.jpg", NULL);
  g_autofree char *text = g_build_filename (folder, "teddy", "notes.jpg", NULL);
  g_autofree char *black = g_build_filename (folder, "black", NULL);
  g_autofree char *cut = g_build_filename (black, "cut.jpg", NULL);
  g_autofree char *whole = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (GDir) dir = g_dir_open (black, 0, error);
  gsize length;

  if (dir == NULL)
    return FALSE;
  whole = g_build_filename (black, g_dir_read_name (dir), NULL);
  return g_file_set_contents (empty, "", 0, error)
         && g_file_set_contents (text, "not a picture\n", -1, error)
         && g_file_get_contents (whole, &bytes, &length, error)
         && g_file_set_contents (cut, bytes, (gssize)(length / 2), error);
}

int
main (int argc, char **argv)
{
  static const char *const classes[] = { "black", "grizzly", "teddy" };
  g_autoptr (GPtrArray) wrong = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (argc < 3)
    return 2;
  done = sl_sample_write ("bears", argv[1], wrong, NULL, NULL, NULL, &error);
  for (gsize i = 0; done && i < G_N_ELEMENTS (classes); i++)
    {
      g_autofree char *folder = g_build_filename (argv[1], classes[i], NULL);

      done = keep_first (folder, (guint)atoi (argv[2]), &error);
    }
  if (done && argc > 3 && strcmp (argv[3], "--damage") == 0)
    done = add_damage (argv[1], &error);
  for (guint i = 0; done && argc > 3 && strcmp (argv[3], "--wrong") == 0 && i < wrong->len; i++)
    g_print ("%s\n", (const char *)g_ptr_array_index (wrong, i));
  if (!done)
    g_printerr ("draw-sample: %s\n", error->message);
  return done ? 0 : 1;
}
