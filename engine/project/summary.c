/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/files.h"
#include "project/store.h"

#include <slope/project.h>

#include <math.h>
#include <string.h>

static gint64
count_rows (SlStore *store, const char *sql, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (store, sql);

  return sl_query_next (query, error) ? sl_query_int (query, 0) : -1;
}

/* Best of the runs' last epochs by the task's first metric. */
static void
read_metric (SlStore *store, SlProjectSummary *summary)
{
  const SlTask *task = sl_task_find (summary->task);
  g_autoptr (SlQuery) query = NULL;

  if (task == NULL || task->n_metrics == 0)
    return;
  query = sl_query_new (store,
                        task->metrics[0].higher_is_better
                            ? "SELECT max (m0) FROM epoch WHERE (run, epoch) IN"
                              " (SELECT run, max (epoch) FROM epoch WHERE kept GROUP BY run)"
                            : "SELECT min (m0) FROM epoch WHERE (run, epoch) IN"
                              " (SELECT run, max (epoch) FROM epoch WHERE kept GROUP BY run)");
  if (!sl_query_next (query, NULL) || sl_query_is_null (query, 0))
    return;
  summary->metric = sl_query_real (query, 0);
  summary->metric_name = g_strdup (task->metrics[0].name);
}

/* The first of each label in turn, then the second of each, ... */
static gboolean
read_thumbs (SlStore *store, const char *folder, SlProjectSummary *summary, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (
      store,
      "SELECT path FROM (SELECT path, id, row_number () OVER (PARTITION BY target ORDER BY id) AS n"
      " FROM item WHERE state = 0) ORDER BY n, id LIMIT 4");
  g_autoptr (GError) local = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (summary->thumbs) && sl_query_next (query, &local); i++)
    {
      const char *path = sl_query_text (query, 0);

      if (path != NULL)
        summary->thumbs[i] = sl_path_from_stored (folder, path);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
read_summary (SlStore *store, const char *folder, SlProjectSummary *summary, GError **error)
{
  g_autofree char *base = g_path_get_basename (folder);
  gint64 n_classes = count_rows (store, "SELECT COUNT(*) FROM class", error);
  gint64 n_items = n_classes < 0
                       ? -1
                       : count_rows (store, "SELECT COUNT(*) FROM item WHERE state != 1", error);

  if (n_items < 0)
    return FALSE;
  summary->n_classes = (guint)n_classes;
  summary->n_items = (gsize)n_items;
  summary->title = g_filename_display_name (base);
  if (g_str_has_suffix (summary->title, ".slope"))
    summary->title[strlen (summary->title) - strlen (".slope")] = '\0';
  summary->task = sl_store_dup_meta (store, "task", NULL);
  if (summary->task == NULL)
    summary->task = g_strdup ("");
  read_metric (store, summary);
  return read_thumbs (store, folder, summary, error);
}

gboolean
sl_project_read_summary (const char *path, SlProjectSummary *summary, GError **error)
{
  g_autofree char *folder = NULL, *file = NULL;
  g_autoptr (SlStore) store = NULL;

  g_return_val_if_fail (path != NULL && summary != NULL, FALSE);

  memset (summary, 0, sizeof *summary);
  summary->metric = NAN;
  folder = g_canonicalize_filename (path, NULL);
  file = g_build_filename (folder, "project.db", NULL);
  store = sl_store_open (file, TRUE, error);
  if (store != NULL && read_summary (store, folder, summary, error))
    return TRUE;
  sl_project_summary_clear (summary);
  return FALSE;
}

void
sl_project_summary_clear (SlProjectSummary *summary)
{
  g_return_if_fail (summary != NULL);

  g_clear_pointer (&summary->title, g_free);
  g_clear_pointer (&summary->task, g_free);
  g_clear_pointer (&summary->metric_name, g_free);
  for (guint i = 0; i < G_N_ELEMENTS (summary->thumbs); i++)
    g_clear_pointer (&summary->thumbs[i], g_free);
}
