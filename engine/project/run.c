/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/run-private.h"

#include "project/store-runs.h"
#include "train/state.h"

#include <math.h>
#include <time.h>

/* ---- SlRun */

G_DEFINE_FINAL_TYPE (SlRun, sl_run, G_TYPE_OBJECT)

static void
sl_run_finalize (GObject *object)
{
  SlRun *self = SL_RUN (object);

  g_clear_pointer (&self->recipe, sl_recipe_free);
  g_clear_pointer (&self->batches, g_array_unref);
  g_array_unref (self->epochs);
  g_free (self->folder);
  g_free (self->error);
  g_free (self->fingerprint);
  G_OBJECT_CLASS (sl_run_parent_class)->finalize (object);
}

static void
sl_run_class_init (SlRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sl_run_finalize;
}

static void
sl_run_init (SlRun *self)
{
  self->epochs = g_array_new (FALSE, FALSE, sizeof (SlEpochRecord));
}

SlRun *
sl_run_new (SlStore *store, const SlRecipe *recipe)
{
  SlRun *self = g_object_new (SL_TYPE_RUN, NULL);

  self->recipe = sl_recipe_copy (recipe);
  self->store = store;
  self->started = time (NULL);
  return self;
}

void
sl_run_set_id (SlRun *self, const char *project_folder, gint64 id)
{
  self->id = id;
  g_free (self->folder);
  self->folder = g_strdup_printf ("%s/runs/%" G_GINT64_FORMAT, project_folder, id);
}

char *
sl_run_file (SlRun *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

gint64
sl_run_get_id (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), 0);
  return self->id;
}

SlRunState
sl_run_get_state (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), SL_RUN_FAILED);
  return self->state;
}

const SlRecipe *
sl_run_get_recipe (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), NULL);
  return self->recipe;
}

gint64
sl_run_get_started (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), 0);
  return self->started;
}

guint
sl_run_get_steps_per_epoch (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), 0);
  return self->steps_per_epoch;
}

guint
sl_run_get_batch (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), 0);
  return self->batch;
}

gsize
sl_run_get_peak_bytes (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), 0);
  return self->peak_bytes;
}

const SlBatchRecord *
sl_run_get_batches (SlRun *self, gsize *n)
{
  g_return_val_if_fail (SL_IS_RUN (self) && n != NULL, NULL);

  if (self->batches == NULL)
    {
      g_autoptr (GError) error = NULL;

      self->batches = g_array_new (FALSE, FALSE, sizeof (SlBatchRecord));
      if (self->store != NULL
          && !sl_store_read_batches (self->store, self->id, self->batches, &error))
        g_info ("The curve of run %" G_GINT64_FORMAT " is not whole: %s", self->id, error->message);
    }
  *n = self->batches->len;
  return (const SlBatchRecord *)self->batches->data;
}

const SlEpochRecord *
sl_run_get_epochs (SlRun *self, gsize *n)
{
  g_return_val_if_fail (SL_IS_RUN (self) && n != NULL, NULL);
  *n = self->epochs->len;
  return (const SlEpochRecord *)self->epochs->data;
}

/* The epoch whose model stays; %NULL before the first. */
static const SlEpochRecord *
kept_epoch (SlRun *self)
{
  for (guint i = self->epochs->len; i > 0; i--)
    if (g_array_index (self->epochs, SlEpochRecord, i - 1).kept)
      return &g_array_index (self->epochs, SlEpochRecord, i - 1);
  return NULL;
}

guint
sl_run_get_kept_epoch (SlRun *self)
{
  const SlEpochRecord *kept;

  g_return_val_if_fail (SL_IS_RUN (self), 0);
  kept = kept_epoch (self);
  return kept != NULL ? kept->epoch : 0;
}

gint64
sl_run_get_from_run (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), 0);
  return self->from_run;
}

guint
sl_run_get_from_stage (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), 0);
  return self->from_stage;
}

const char *
sl_run_get_fingerprint (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), NULL);
  return self->fingerprint;
}

const SlPlanRecord *
sl_run_get_plan (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), NULL);
  return self->plan.batch > 0 ? &self->plan : NULL;
}

gboolean
sl_run_has_stage (SlRun *self, guint stage)
{
  g_autofree char *name = sl_stage_file_name (stage);
  g_autofree char *path = NULL;

  g_return_val_if_fail (SL_IS_RUN (self), FALSE);
  if (stage == 0)
    return TRUE;
  path = sl_run_file (self, name);
  return stage < self->recipe->n_stages && g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

double
sl_run_get_valid_loss (SlRun *self)
{
  const SlEpochRecord *kept;

  g_return_val_if_fail (SL_IS_RUN (self), NAN);
  kept = kept_epoch (self);
  return kept != NULL ? kept->valid_loss : NAN;
}

double
sl_run_get_metric (SlRun *self, guint i)
{
  const SlEpochRecord *kept;

  g_return_val_if_fail (SL_IS_RUN (self) && i < SL_MAX_METRICS, NAN);
  kept = kept_epoch (self);
  return kept != NULL ? kept->metrics[i] : NAN;
}

const char *
sl_run_get_error (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), NULL);
  return self->error;
}

gboolean
sl_run_has_model (SlRun *self)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (SL_IS_RUN (self), FALSE);
  path = sl_run_file (self, "model.safetensors");
  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

gboolean
sl_run_has_checkpoint (SlRun *self)
{
  g_autofree char *path = sl_run_file (self, SL_CHECKPOINT_FILE);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* One that diverged has no checkpoint any more: the same steps would lead to the same end. */
gboolean
sl_run_can_resume (SlRun *self)
{
  g_return_val_if_fail (SL_IS_RUN (self), FALSE);
  if (self->state == SL_RUN_INTERRUPTED || self->state == SL_RUN_STOPPED)
    return TRUE;
  return self->state == SL_RUN_FAILED && sl_run_has_checkpoint (self);
}

/* ---- SlSweep */

G_DEFINE_FINAL_TYPE (SlSweep, sl_sweep, G_TYPE_OBJECT)

static void
sl_sweep_finalize (GObject *object)
{
  g_array_unref (SL_SWEEP (object)->points);
  G_OBJECT_CLASS (sl_sweep_parent_class)->finalize (object);
}

static void
sl_sweep_class_init (SlSweepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sl_sweep_finalize;
}

static void
sl_sweep_init (SlSweep *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (SlSweepPoint));
  self->steepest = self->minimum = -1;
}

SlSweep *
sl_sweep_new (gint64 id, guint stage, gint64 started)
{
  SlSweep *self = g_object_new (SL_TYPE_SWEEP, NULL);

  self->id = id;
  self->stage = stage;
  self->started = started;
  return self;
}

void
sl_sweep_append (SlSweep *self, const SlSweepPoint *points, gsize n)
{
  if (n > 0)
    g_array_append_vals (self->points, points, n);
  sl_sweep_suggest ((const SlSweepPoint *)self->points->data, self->points->len, &self->steepest,
                    &self->minimum);
}

gint64
sl_sweep_get_id (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), 0);
  return self->id;
}

gint64
sl_sweep_get_started (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), 0);
  return self->started;
}

guint
sl_sweep_get_stage (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), 0);
  return self->stage;
}

guint
sl_sweep_get_freeze_to (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), 0);
  return self->freeze_to;
}

guint64
sl_sweep_get_seed (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), 0);
  return self->seed;
}

gint64
sl_sweep_get_from_run (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), 0);
  return self->from_run;
}

const SlSweepPoint *
sl_sweep_get_points (SlSweep *self, gsize *n)
{
  g_return_val_if_fail (SL_IS_SWEEP (self) && n != NULL, NULL);
  *n = self->points->len;
  return (const SlSweepPoint *)self->points->data;
}

gint
sl_sweep_get_steepest (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), -1);
  return self->steepest;
}

gint
sl_sweep_get_minimum (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), -1);
  return self->minimum;
}

gboolean
sl_sweep_is_running (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), FALSE);
  return self->running;
}

gboolean
sl_sweep_was_stopped (SlSweep *self)
{
  g_return_val_if_fail (SL_IS_SWEEP (self), FALSE);
  return self->stopped;
}
