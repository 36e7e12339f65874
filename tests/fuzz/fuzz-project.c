/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a project's database: refused with a reason, or read without harm.  Read-only, so
 * that an announced step is not carried out. */
#include "fuzz.h"

#include "project/files.h"
#include "project/project-private.h"

#include <unistd.h>

static void
read_items (SlProject *project)
{
  for (guint i = 0; i < g_list_model_get_n_items (sl_project_get_items (project)); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (sl_project_get_items (project), i);

      g_assert_true (g_path_is_absolute (sl_item_get_path (item)));
      g_assert_true (g_utf8_validate (sl_item_get_rel_path (item), -1, NULL));
      g_assert_nonnull (sl_item_get_name (item));
      g_assert_true (sl_project_get_item (project, sl_item_get_id (item)) == item);
    }
}

static void
read_runs (SlProject *project)
{
  for (guint i = 0; i < g_list_model_get_n_items (sl_project_get_runs (project)); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (sl_project_get_runs (project), i);
      gsize n;

      sl_run_get_batches (run, &n);
      sl_run_get_epochs (run, &n);
      g_assert_nonnull (sl_run_get_recipe (run));
    }
}

static void
read_review (SlProject *project)
{
  g_autoptr (GPtrArray) steps = sl_project_dup_journal (project);
  g_autoptr (GPtrArray) worst = sl_project_top_losses (project, -1, 10);
  g_autoptr (SlRecipe) recipe = sl_project_dup_recipe (project);
  gsize removed, relabelled;
  guint n;

  g_free (sl_project_confusion (project, -1, &n));
  sl_project_changes_since (project, 1, &removed, &relabelled);
}

static void
open_project (const char *folder)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) project = sl_project_load (folder, TRUE, context, &error);

  if (project == NULL)
    {
      g_assert_nonnull (error);
      return;
    }
  read_items (project);
  read_runs (project);
  read_review (project);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *folder = g_dir_make_tmp ("fuzz-project-XXXXXX", NULL);
  g_autofree char *file = NULL;
  SlProjectSummary summary;

  g_assert_nonnull (folder);
  file = g_build_filename (folder, "project.db", NULL);
  g_assert_true (g_file_set_contents (file, (const char *)data, (gssize)size, NULL));
  open_project (folder);
  if (sl_project_read_summary (folder, &summary, NULL))
    sl_project_summary_clear (&summary);
  g_assert_true (sl_file_remove_tree (folder, NULL));
  return 0;
}
