/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project-fixture.h"

#define N_EACH 4
#define N_ITEMS (2 * N_EACH)

/* ---- What must hold at any time that a project is open: each item's file is where the item says,
 * with the bytes that it always had. */

static inline void
read_originals (Fixture *fixture, char **bytes)
{
  for (guint i = 0; i < N_ITEMS; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s/%02u.png", fixture->pictures,
                                               i < N_EACH ? "black" : "teddy", i % N_EACH);
      gsize length;
      g_autofree char *data = NULL;

      g_assert_true (g_file_get_contents (path, &data, &length, NULL));
      bytes[i] = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)data, length);
    }
}

static inline void
assert_nothing_lost (SlProject *project, char **bytes)
{
  g_autofree char *bin = g_build_filename (sl_project_get_path (project), "bin", NULL);
  gsize removed = 0;

  for (guint i = 0; i < N_ITEMS; i++)
    {
      SlItem *item = sl_project_get_item (project, i + 1);
      gboolean in_bin = g_str_has_prefix (sl_item_get_path (item), bin);
      g_autofree char *data = NULL, *sum = NULL;
      gsize length;

      g_assert_cmpint (in_bin, ==, sl_item_get_state (item) == SL_ITEM_REMOVED);
      removed += in_bin;
      g_assert_true (g_file_get_contents (sl_item_get_path (item), &data, &length, NULL));
      sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)data, length);
      g_assert_cmpstr (sum, ==, bytes[i]);
    }
  g_assert_cmpuint (sl_project_count_removed (project), ==, removed);
}

static inline void
free_sums (char **bytes)
{
  for (guint i = 0; i < N_ITEMS; i++)
    g_free (bytes[i]);
}

static inline void
undo (SlProject *project)
{
  g_autoptr (GError) error = NULL;

  sl_project_undo (project, &error);
  g_assert_no_error (error);
}

static inline void
redo (SlProject *project)
{
  g_autoptr (GError) error = NULL;

  sl_project_redo (project, &error);
  g_assert_no_error (error);
}

static inline SlItemState
state_of (SlProject *project, gint64 id)
{
  return sl_item_get_state (sl_project_get_item (project, id));
}
