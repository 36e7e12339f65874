/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-picture-files.h"

#include <glib/gi18n.h>

#define MAX_DEPTH 8 /* folders in folders; keeps out of loops of links as well */
#define ATTRIBUTES                                                  \
  G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE \
                                 "," G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN

static GHashTable * /* suffixes in lower case, without the dot */
known_suffixes (gboolean texts)
{
  GHashTable *suffixes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GSList) formats = texts ? NULL : gdk_pixbuf_get_formats ();

  for (GSList *l = formats; l != NULL; l = l->next)
    {
      g_auto (GStrv) extensions = gdk_pixbuf_format_get_extensions (l->data);

      for (guint i = 0; extensions[i] != NULL; i++)
        g_hash_table_add (suffixes, g_ascii_strdown (extensions[i], -1));
    }
  if (texts)
    g_hash_table_add (suffixes, g_strdup ("txt"));
  return suffixes;
}

static gboolean
has_suffix (const char *name, GHashTable *suffixes)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *suffix = dot != NULL ? g_ascii_strdown (dot + 1, -1) : NULL;

  return suffix != NULL && g_hash_table_contains (suffixes, suffix);
}

static gboolean
add_folder (GFile *folder, guint depth, GHashTable *suffixes, GPtrArray *paths,
            GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      folder, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, cancellable, error);

  if (children == NULL)
    return FALSE;
  for (;;)
    {
      GFileInfo *info;
      GFile *child;

      if (!g_file_enumerator_iterate (children, &info, &child, cancellable, error))
        return FALSE;
      if (info == NULL)
        return TRUE;
      if (g_file_info_get_is_hidden (info))
        continue;
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
        {
          if (depth < MAX_DEPTH
              && !add_folder (child, depth + 1, suffixes, paths, cancellable, error))
            return FALSE;
        }
      else if (has_suffix (g_file_info_get_name (info), suffixes))
        g_ptr_array_add (paths, g_file_get_path (child));
    }
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  const char *const *first = a, *const *second = b;
  g_autofree char *first_key = g_utf8_collate_key_for_filename (*first, -1);
  g_autofree char *second_key = g_utf8_collate_key_for_filename (*second, -1);

  return strcmp (first_key, second_key);
}

GPtrArray *
slope_picture_files_list (GFile *folder, gboolean texts, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) suffixes = known_suffixes (texts);

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  if (!add_folder (folder, 0, suffixes, paths, cancellable, error))
    return NULL;
  g_ptr_array_sort (paths, compare_paths);
  return g_steal_pointer (&paths);
}

typedef struct
{
  GFile *folder; /* owned */
  gboolean texts;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *self = data;

  g_object_unref (self->folder);
  g_free (self);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Listing *self = data;
  GError *error = NULL;
  GPtrArray *paths = slope_picture_files_list (self->folder, self->texts, cancellable, &error);

  if (paths != NULL)
    g_task_return_pointer (task, paths, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
slope_picture_files_list_async (GFile *folder, gboolean texts, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Listing *listing;

  g_return_if_fail (G_IS_FILE (folder));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, slope_picture_files_list_async);
  listing = g_new (Listing, 1);
  *listing = (Listing){ g_object_ref (folder), texts };
  g_task_set_task_data (task, listing, listing_free);
  g_task_run_in_thread (task, list_in_thread);
}

GPtrArray *
slope_picture_files_list_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, slope_picture_files_list_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GtkFileFilter *
slope_picture_files_filter_new (gboolean texts)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, texts ? _ ("Texts") : _ ("Pictures"));
  if (texts)
    gtk_file_filter_add_suffix (filter, "txt");
  else
    gtk_file_filter_add_pixbuf_formats (filter);
  return filter;
}
