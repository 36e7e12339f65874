/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of runs: their pictures' fingerprint, the weights of their stages; deleting them. */
#include "project/files.h"
#include "project/job.h"
#include "project/kept-features.h"
#include "project/project-private.h"
#include "train/state.h"

#include <glib/gstdio.h>
#include <string.h>

/* So many runs keep the weights at the beginning of their stages, newest first: a ResNet-18 has 45 MB
 * a stage. */
#define KEPT_STAGE_RUNS 3

char *
sl_project_dup_fingerprint (SlProject *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  for (guint i = 0; i < sl_item_list_n (self->items); i++)
    {
      SlItem *item = sl_item_list_at (self->items, i);
      g_autofree char *line = NULL;

      if (item->state != SL_ITEM_PRESENT || item->target == NULL || item->split == SL_SPLIT_TEST)
        continue;
      line = g_strdup_printf ("%" G_GINT64_FORMAT " %d %s", item->id, (int)item->split,
                              item->target);
      g_checksum_update (sum, (const guchar *)line, (gssize)strlen (line) + 1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

/* ---- Weights of stages */

static gboolean
remove_stages (SlRun *run, gsize *bytes, GError **error)
{
  for (guint stage = 1; stage < run->recipe->n_stages; stage++)
    {
      g_autofree char *name = sl_stage_file_name (stage);
      g_autofree char *path = sl_run_file (run, name);
      GStatBuf info;

      if (g_stat (path, &info) != 0)
        continue;
      if (!sl_file_remove_tree (path, error))
        return FALSE;
      *bytes += (gsize)info.st_size;
    }
  return TRUE;
}

static gboolean
has_any_stage (SlRun *run)
{
  for (guint stage = 1; stage < run->recipe->n_stages; stage++)
    if (sl_run_has_stage (run, stage))
      return TRUE;
  return FALSE;
}

/* The newest run is counted though it has none yet. */
void
sl_project_prune_stages (SlProject *self, gint64 used)
{
  guint n_kept = 1;

  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);
      g_autoptr (GError) error = NULL;
      gsize bytes = 0;

      if (!has_any_stage (run) || (n_kept++ < KEPT_STAGE_RUNS) || run->id == used)
        continue;
      if (!remove_stages (run, &bytes, &error))
        g_info ("Left behind: %s", error->message);
    }
}

/* A run that nobody trains; %NULL with @error. */
static SlRun *
find_idle_run (SlProject *self, gint64 run_id, GError **error)
{
  SlRun *run;

  if (!sl_project_check_writable (self, error))
    return NULL;
  run = sl_project_find_run (self, run_id);
  if (run != NULL && run->state != SL_RUN_RUNNING)
    return run;
  g_set_error (error, SL_ERROR, run == NULL ? SL_ERROR_NOT_FOUND : SL_ERROR_STATE,
               run == NULL ? "There is no run %" G_GINT64_FORMAT ": choose one of the project's"
                           : "Run %" G_GINT64_FORMAT " is being trained: stop it first",
               run_id);
  return NULL;
}

gboolean
sl_project_forget_stages (SlProject *self, gint64 run_id, gsize *bytes, GError **error)
{
  gsize freed = 0;
  SlRun *run;

  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);

  run = find_idle_run (self, run_id, error);
  if (run == NULL || !remove_stages (run, &freed, error))
    return FALSE;
  if (bytes != NULL)
    *bytes = freed;
  sl_project_emit (self, SL_PROJECT_RUNS_CHANGED, NULL);
  return TRUE;
}

/* ---- Where a run began */

/* The run that @run goes on from in mid-way; older, whatever the project file says, so that looking for
 * the first one ends. */
static SlRun *
find_parent (SlProject *self, SlRun *run)
{
  return run->from_stage > 0 && run->from_run < run->id ? sl_project_find_run (self, run->from_run)
                                                        : NULL;
}

SlRun *
sl_project_find_first (SlProject *self, SlRun *run, GError **error)
{
  while (run->from_stage > 0)
    {
      SlRun *parent = find_parent (self, run);

      if (parent == NULL)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                       "Run %" G_GINT64_FORMAT " began in mid-way of run %" G_GINT64_FORMAT
                       ", which is deleted: begin with stage %u, or with pretrained weights",
                       run->id, run->from_run, run->from_stage + 1);
          return NULL;
        }
      run = parent;
    }
  return run;
}

SlRun *
sl_project_find_stage (SlProject *self, SlRun *run, guint stage, GError **error)
{
  const gint64 id = run->id;

  while (run != NULL && !sl_run_has_stage (run, stage))
    run = stage <= run->from_stage ? find_parent (self, run) : NULL;
  if (run == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "Run %" G_GINT64_FORMAT " has not kept the weights that its stage %u began "
                 "with: begin with another stage, or another run",
                 id, stage + 1);
  return run;
}

gboolean
sl_project_find_beginning (SlProject *self, SlRun *run, gint64 *from_run, GError **error)
{
  SlRun *first;

  g_return_val_if_fail (SL_IS_PROJECT (self) && SL_IS_RUN (run) && from_run != NULL, FALSE);

  *from_run = 0;
  first = sl_project_find_first (self, run, error);
  if (first == NULL)
    return FALSE;
  if (first->from_run != 0)
    {
      SlRun *from = sl_project_find_run (self, first->from_run);

      if (from == NULL || !sl_run_has_model (from))
        {
          g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                       "Run %" G_GINT64_FORMAT " began with what run %" G_GINT64_FORMAT
                       " had learned, which is gone: begin with other weights",
                       run->id, first->from_run);
          return FALSE;
        }
      *from_run = first->from_run;
    }
  return TRUE;
}

/* ---- Deleting */

gboolean
sl_project_delete_run (SlProject *self, gint64 run_id, GError **error)
{
  SlRun *run;
  gboolean evaluated;

  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);

  run = find_idle_run (self, run_id, error);
  if (run == NULL)
    return FALSE;
  evaluated = self->evaluated_run == run_id;
  if (!sl_store_delete_run (self->store, run_id, error))
    return FALSE;
  run->store = NULL;
  if (!sl_file_remove_tree (run->folder, error))
    return FALSE;
  sl_project_remove_from (self->runs, run);
  if (sl_project_get_compared_run (self) == run_id)
    sl_project_forget_comparison (self);
  sl_kept_features_forget (self->path, run_id);
  for (guint i = 0; evaluated && i < sl_item_list_n (self->items); i++)
    sl_item_set_prediction (sl_item_list_at (self->items, i), 0, 0, NULL);
  if (evaluated)
    {
      sl_project_cancel_threshold (self);
      sl_project_forget_answers (self);
      self->evaluated_run = 0;
      self->evaluated_tta = FALSE;
      sl_project_emit (self, SL_PROJECT_EVALUATED, NULL);
    }
  sl_project_emit (self, SL_PROJECT_RUNS_CHANGED, NULL);
  return TRUE;
}
