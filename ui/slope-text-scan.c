/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-text-scan.h"

#include "slope-text-words.h"

typedef struct
{
  gpointer key;
  gsize row;
} Place;

typedef struct
{
  SlTexts *texts; /* owned reference */
  GArray *places; /* of Place: a project belongs to the main thread */
  char *wanted;   /* NULL: lengths are asked for */
} Scan;

static void
scan_free (Scan *scan)
{
  sl_texts_unref (scan->texts);
  g_array_unref (scan->places);
  g_free (scan->wanted);
  g_free (scan);
}

/* What is kept of the text at @place: nothing, that it is one, or its length. */
static void
look_at (const Scan *scan, const GRegex *regex, const Place *place, const char *text,
         GHashTable *found)
{
  if (regex == NULL)
    g_hash_table_insert (found, place->key, GUINT_TO_POINTER (slope_text_count_words (text)));
  else if (g_regex_match (regex, text, 0, NULL))
    g_hash_table_add (found, place->key);
}

static GHashTable *
walk (const Scan *scan, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  g_autoptr (GRegex) regex = NULL;

  if (scan->wanted != NULL)
    {
      g_autofree char *escaped = g_regex_escape_string (scan->wanted, -1);

      regex = g_regex_new (escaped, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, error);
      if (regex == NULL)
        return NULL;
    }
  for (guint i = 0; i < scan->places->len; i++)
    {
      const Place *place = &g_array_index (scan->places, Place, i);
      g_autofree char *text = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      text = sl_texts_read (scan->texts, place->row, error);
      if (text == NULL)
        return NULL;
      look_at (scan, regex, place, text, found);
    }
  return g_steal_pointer (&found);
}

static void
walk_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  GHashTable *found = walk (task_data, cancellable, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify)g_hash_table_unref);
  else
    g_task_return_error (task, error);
}

static GArray *
list_places (SlProject *project)
{
  GListModel *items = sl_project_get_items (project);
  const guint n = g_list_model_get_n_items (items);
  GArray *places = g_array_sized_new (FALSE, FALSE, sizeof (Place), n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      const Place place = { SLOPE_SCAN_KEY (item), sl_item_get_row (item) };

      g_array_append_val (places, place);
    }
  return places;
}

static void
start (SlProject *project, const char *wanted, gpointer tag, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Scan *scan = g_new0 (Scan, 1);

  scan->texts = sl_texts_ref (sl_project_get_texts (project));
  scan->places = list_places (project);
  scan->wanted = g_strdup (wanted);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, scan, (GDestroyNotify)scan_free);
  g_task_run_in_thread (task, walk_in_thread);
}

void
slope_text_search_async (SlProject *project, const char *wanted, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (SL_IS_PROJECT (project) && sl_project_get_texts (project) != NULL);
  g_return_if_fail (wanted != NULL);
  start (project, wanted, slope_text_search_async, cancellable, callback, user_data);
}

GHashTable *
slope_text_search_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, slope_text_search_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
slope_text_lengths_async (SlProject *project, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (SL_IS_PROJECT (project) && sl_project_get_texts (project) != NULL);
  start (project, NULL, slope_text_lengths_async, cancellable, callback, user_data);
}

GHashTable *
slope_text_lengths_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, slope_text_lengths_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
