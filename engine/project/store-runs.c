/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/store-runs.h"

#include <time.h>

static gboolean
end_of_rows (GError *local, GError **error)
{
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

/* ---- Reading */

static gboolean
read_epochs (SlStore *store, SlRun *run, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (
      store, "SELECT epoch, stage, train_loss, valid_loss, seconds, train_eval_loss, kept,"
             " m0, m1, m2, m3, m4, m5 FROM epoch WHERE run = ? ORDER BY epoch");
  GError *local = NULL;

  sl_query_bind_int (query, 1, run->id);
  while (sl_query_next (query, &local))
    {
      SlEpochRecord record = { 0 };
      gint64 epoch, stage;

      if (!sl_query_int_in (query, 0, 1, G_MAXINT, "an epoch", &epoch, error)
          || !sl_query_int_in (query, 1, 0, SL_MAX_STAGES - 1, "a stage", &stage, error))
        return FALSE;
      record.epoch = (guint)epoch;
      record.stage = (guint)stage;
      record.train_loss = sl_query_real (query, 2);
      record.valid_loss = sl_query_real (query, 3);
      record.seconds = sl_query_real (query, 4);
      record.train_eval_loss = sl_query_real (query, 5);
      record.kept = sl_query_int (query, 6) != 0;
      for (int i = 0; i < SL_MAX_METRICS; i++)
        record.metrics[i] = sl_query_real (query, 7 + i);
      g_array_append_val (run->epochs, record);
    }
  return end_of_rows (local, error);
}

static SlRun *
read_run (SlStore *store, SlQuery *query, const char *project_folder, GError **error)
{
  g_autoptr (SlRun) run = NULL;
  g_autoptr (SlRecipe) recipe = NULL;
  const char *json = sl_query_text (query, 2);
  gint64 id, state, steps, batch, peak, from_stage;

  if (!sl_query_int_in (query, 0, 1, G_MAXINT64, "a run", &id, error)
      || !sl_query_int_in (query, 1, SL_RUN_RUNNING, SL_RUN_FAILED, "the state of a run", &state,
                           error)
      || !sl_query_int_in (query, 5, 0, G_MAXINT, "the steps of a run", &steps, error)
      || !sl_query_int_in (query, 6, 0, G_MAXINT, "the batch of a run", &batch, error)
      || !sl_query_int_in (query, 7, 0, G_MAXINT64, "the memory of a run", &peak, error)
      || !sl_query_int_in (query, 9, 0, SL_MAX_STAGES - 1, "a stage", &from_stage, error))
    return NULL;
  recipe = sl_recipe_from_json (json != NULL ? json : "", error);
  if (recipe == NULL)
    return NULL;
  run = sl_run_new (store, recipe);
  sl_run_set_id (run, project_folder, id);
  run->state = (SlRunState)state;
  run->started = sl_query_int (query, 3);
  run->from_run = sl_query_int (query, 4);
  run->from_stage = (guint)from_stage;
  run->fingerprint = g_strdup (sl_query_text (query, 10));
  run->steps_per_epoch = (guint)steps;
  run->batch = (guint)batch;
  run->peak_bytes = (gsize)peak;
  if (!sl_query_is_null (query, 8))
    run->error = g_utf8_make_valid (sl_query_text (query, 8), -1);
  return read_epochs (store, run, error) ? g_steal_pointer (&run) : NULL;
}

GPtrArray *
sl_store_read_runs (SlStore *store, const char *project_folder, GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (SlQuery) query = sl_query_new (
      store,
      "SELECT id, state, recipe, started, from_run, steps_per_epoch, batch, peak_bytes, error,"
      " from_stage, fingerprint FROM run ORDER BY id");
  GError *local = NULL;

  while (sl_query_next (query, &local))
    {
      SlRun *run = read_run (store, query, project_folder, error);

      if (run == NULL)
        return NULL;
      g_ptr_array_add (runs, run);
    }
  return end_of_rows (local, error) ? g_steal_pointer (&runs) : NULL;
}

gboolean
sl_store_read_batches (SlStore *store, gint64 run, GArray *batches, GError **error)
{
  g_autoptr (SlQuery) query = sl_query_new (
      store, "SELECT step, epoch, loss, smooth, lr, lr_first, momentum FROM batch WHERE run = ?"
             " ORDER BY step");
  GError *local = NULL;

  sl_query_bind_int (query, 1, run);
  while (sl_query_next (query, &local))
    {
      SlBatchRecord record;
      gint64 step;

      if (!sl_query_int_in (query, 0, 0, G_MAXINT, "a step", &step, error))
        return FALSE;
      record.step = (guint)step;
      record.epoch = (float)sl_query_real (query, 1);
      record.loss = (float)sl_query_real (query, 2);
      record.smooth = (float)sl_query_real (query, 3);
      record.lr = (float)sl_query_real (query, 4);
      record.lr_first = (float)sl_query_real (query, 5);
      record.momentum = (float)sl_query_real (query, 6);
      g_array_append_val (batches, record);
    }
  return end_of_rows (local, error);
}

static gboolean
read_points (SlStore *store, SlSweep *sweep, GError **error)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (SlSweepPoint));
  g_autoptr (SlQuery) query = sl_query_new (
      store, "SELECT lr, loss, smooth FROM point WHERE sweep = ? ORDER BY position");
  GError *local = NULL;

  sl_query_bind_int (query, 1, sweep->id);
  while (sl_query_next (query, &local))
    {
      SlSweepPoint point = { .lr = sl_query_real (query, 0),
                             .loss = (float)sl_query_real (query, 1),
                             .smooth = (float)sl_query_real (query, 2) };

      g_array_append_val (points, point);
    }
  if (!end_of_rows (local, error))
    return FALSE;
  sl_sweep_append (sweep, (const SlSweepPoint *)points->data, points->len);
  return TRUE;
}

GPtrArray *
sl_store_read_sweeps (SlStore *store, GError **error)
{
  g_autoptr (GPtrArray) sweeps = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (SlQuery)
      query = sl_query_new (store, "SELECT id, stage, started, freeze_to, seed, from_run"
                                   " FROM sweep ORDER BY id");
  GError *local = NULL;

  while (sl_query_next (query, &local))
    {
      SlSweep *sweep;
      gint64 stage, freeze_to;

      if (!sl_query_int_in (query, 1, 0, SL_MAX_STAGES - 1, "a stage", &stage, error)
          || !sl_query_int_in (query, 3, 0, G_MAXINT, "a layer group", &freeze_to, error))
        return NULL;
      sweep = sl_sweep_new (sl_query_int (query, 0), (guint)stage, sl_query_int (query, 2));
      sweep->freeze_to = (guint)freeze_to;
      sweep->seed = (guint64)sl_query_int (query, 4);
      sweep->from_run = sl_query_int (query, 5);
      g_ptr_array_add (sweeps, sweep);
      if (!read_points (store, sweep, error))
        return NULL;
    }
  return end_of_rows (local, error) ? g_steal_pointer (&sweeps) : NULL;
}

/* ---- Writing */

gboolean
sl_store_insert_run (SlStore *store, SlRun *run, const char *project_folder, GError **error)
{
  g_autofree char *json = sl_recipe_to_json (run->recipe);
  g_autoptr (SlQuery) insert = sl_query_new (
      store,
      "INSERT INTO run (state, recipe, started, from_run, steps_per_epoch, batch, peak_bytes,"
      " from_stage, fingerprint, last_change)"
      " VALUES (?, ?, ?, ?, 0, 0, 0, ?, ?, (SELECT coalesce (max (id), 0) FROM step))");

  sl_query_bind_int (insert, 1, run->state);
  sl_query_bind_text (insert, 2, json);
  sl_query_bind_int (insert, 3, run->started);
  sl_query_bind_int (insert, 4, run->from_run);
  sl_query_bind_int (insert, 5, run->from_stage);
  sl_query_bind_text (insert, 6, run->fingerprint);
  if (!sl_query_run (insert, error))
    return FALSE;
  sl_run_set_id (run, project_folder, sl_store_last_id (store));
  return TRUE;
}

gboolean
sl_store_copy_curve (SlStore *store, gint64 from, gint64 to, guint stage, GError **error)
{
  static const char *const statements[] = {
    "INSERT INTO batch SELECT ?1, step, epoch, loss, smooth, lr, lr_first, momentum FROM batch"
    " WHERE run = ?2"
    " AND step < (SELECT max (step) FROM epoch WHERE run = ?2 AND stage < ?3)",
    "INSERT INTO epoch (run, epoch, stage, step, train_loss, valid_loss, m0, m1, m2, m3, m4, m5,"
    " seconds, train_eval_loss, kept) SELECT ?1, epoch, stage, step, train_loss, valid_loss, m0,"
    " m1, m2, m3, m4, m5, seconds, train_eval_loss, 0 FROM epoch WHERE run = ?2 AND stage < ?3",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (SlQuery) query = sl_query_new (store, statements[i]);

      sl_query_bind_int (query, 1, to);
      sl_query_bind_int (query, 2, from);
      sl_query_bind_int (query, 3, stage);
      if (!sl_query_run (query, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
sl_store_read_curve (SlStore *store, SlRun *run, GError **error)
{
  g_array_set_size (run->epochs, 0);
  g_array_set_size (run->batches, 0);
  return read_epochs (store, run, error)
         && sl_store_read_batches (store, run->id, run->batches, error);
}

gboolean
sl_store_set_plan (SlStore *store, gint64 run, guint steps_per_epoch, guint batch, gsize peak_bytes,
                   GError **error)
{
  g_autoptr (SlQuery) update = sl_query_new (
      store, "UPDATE run SET steps_per_epoch = ?, batch = ?, peak_bytes = ? WHERE id = ?");

  sl_query_bind_int (update, 1, steps_per_epoch);
  sl_query_bind_int (update, 2, batch);
  sl_query_bind_int (update, 3, (gint64)peak_bytes);
  sl_query_bind_int (update, 4, run);
  return sl_query_run (update, error);
}

gboolean
sl_store_set_state (SlStore *store, gint64 run, SlRunState state, const char *message,
                    GError **error)
{
  g_autoptr (SlQuery)
      update = sl_query_new (store, "UPDATE run SET state = ?, error = ? WHERE id = ?");

  sl_query_bind_int (update, 1, state);
  sl_query_bind_text (update, 2, message);
  sl_query_bind_int (update, 3, run);
  return sl_query_run (update, error);
}

/* ---- The curve of a run under way */

struct _SlCurveWriter
{
  SlStore *store;
  gint64 run;
  SlQuery *batch, *epoch;
};

SlCurveWriter *
sl_curve_writer_new (SlStore *store, gint64 run)
{
  SlCurveWriter *self = g_new0 (SlCurveWriter, 1);

  self->store = store;
  self->run = run;
  self->batch = sl_query_new (store,
                              "INSERT OR REPLACE INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  self->epoch = sl_query_new (
      store, "INSERT OR REPLACE INTO epoch (run, epoch, stage, step, train_loss, valid_loss,"
             " m0, m1, m2, m3, m4, m5, seconds, train_eval_loss, kept)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  return self;
}

void
sl_curve_writer_free (SlCurveWriter *self)
{
  sl_query_free (self->batch);
  sl_query_free (self->epoch);
  g_free (self);
}

gboolean
sl_curve_writer_batch (SlCurveWriter *self, const SlBatchRecord *record, GError **error)
{
  sl_query_bind_int (self->batch, 1, self->run);
  sl_query_bind_int (self->batch, 2, record->step);
  sl_query_bind_real (self->batch, 3, record->epoch);
  sl_query_bind_real (self->batch, 4, record->loss);
  sl_query_bind_real (self->batch, 5, record->smooth);
  sl_query_bind_real (self->batch, 6, record->lr);
  sl_query_bind_real (self->batch, 7, record->lr_first);
  sl_query_bind_real (self->batch, 8, record->momentum);
  return sl_query_run (self->batch, error);
}

gboolean
sl_curve_writer_epoch (SlCurveWriter *self, guint step, const SlEpochRecord *record, GError **error)
{
  sl_query_bind_int (self->epoch, 1, self->run);
  sl_query_bind_int (self->epoch, 2, record->epoch);
  sl_query_bind_int (self->epoch, 3, record->stage);
  sl_query_bind_int (self->epoch, 4, step);
  sl_query_bind_real (self->epoch, 5, record->train_loss);
  sl_query_bind_real (self->epoch, 6, record->valid_loss);
  for (int m = 0; m < SL_MAX_METRICS; m++)
    sl_query_bind_real (self->epoch, 7 + m, record->metrics[m]);
  sl_query_bind_real (self->epoch, 13, record->seconds);
  sl_query_bind_real (self->epoch, 14, record->train_eval_loss);
  sl_query_bind_int (self->epoch, 15, record->kept);
  return sl_query_run (self->epoch, error);
}

gboolean
sl_curve_writer_cut (SlCurveWriter *self, guint step, GError **error)
{
  g_autoptr (SlQuery)
      batches = sl_query_new (self->store, "DELETE FROM batch WHERE run = ? AND step >= ?");
  g_autoptr (SlQuery)
      epochs = sl_query_new (self->store, "DELETE FROM epoch WHERE run = ? AND step > ?");

  sl_query_bind_int (batches, 1, self->run);
  sl_query_bind_int (batches, 2, step);
  sl_query_bind_int (epochs, 1, self->run);
  sl_query_bind_int (epochs, 2, step);
  return sl_query_run (batches, error) && sl_query_run (epochs, error);
}

gboolean
sl_curve_writer_sync (SlCurveWriter *self, guint step, GError **error)
{
  g_autoptr (SlQuery)
      update = sl_query_new (self->store, "UPDATE run SET checkpoint_step = ? WHERE id = ?");

  sl_query_bind_int (update, 1, step);
  sl_query_bind_int (update, 2, self->run);
  if (!sl_store_begin (self->store, TRUE, error))
    return FALSE;
  if (!sl_query_run (update, error))
    {
      sl_store_rollback (self->store);
      return FALSE;
    }
  return sl_store_commit (self->store, error)
         /* Back to commits that do not wait for the disk. */
         && sl_store_begin (self->store, FALSE, error) && sl_store_commit (self->store, error);
}

static gboolean
run_all (SlStore *store, const char *const *statements, gint64 id, GError **error)
{
  for (; *statements != NULL; statements++)
    {
      g_autoptr (SlQuery) query = sl_query_new (store, *statements);

      sl_query_bind_int (query, 1, id);
      if (!sl_query_run (query, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
in_transaction (SlStore *store, const char *const *statements, gint64 id, GError **error)
{
  if (!sl_store_begin (store, FALSE, error))
    return FALSE;
  if (!run_all (store, statements, id, error))
    {
      sl_store_rollback (store);
      return FALSE;
    }
  return sl_store_commit (store, error);
}

gboolean
sl_store_delete_run (SlStore *store, gint64 run, GError **error)
{
  static const char *const statements[] = {
    "DELETE FROM batch WHERE run = ?",
    "DELETE FROM epoch WHERE run = ?",
    "DELETE FROM prediction"
    " WHERE EXISTS (SELECT 1 FROM meta WHERE key = 'evaluated' AND value = CAST (? AS TEXT))",
    "DELETE FROM meta WHERE key = 'evaluated' AND value = CAST (? AS TEXT)",
    "DELETE FROM run WHERE id = ?",
    NULL,
  };

  return in_transaction (store, statements, run, error);
}

static gboolean
write_sweep (SlStore *store, SlSweep *sweep, GError **error)
{
  static const char *const forget[] = {
    "DELETE FROM sweep WHERE id NOT IN (SELECT id FROM sweep ORDER BY id DESC LIMIT ?)",
    "DELETE FROM point WHERE sweep NOT IN (SELECT id FROM sweep ORDER BY id DESC LIMIT ?)",
    NULL,
  };
  g_autoptr (SlQuery)
      insert = sl_query_new (store, "INSERT INTO sweep (started, stage, freeze_to, seed, from_run)"
                                    " VALUES (?, ?, ?, ?, ?)");
  g_autoptr (SlQuery) point = sl_query_new (store, "INSERT INTO point VALUES (?, ?, ?, ?, ?)");

  sl_query_bind_int (insert, 1, sweep->started);
  sl_query_bind_int (insert, 2, sweep->stage);
  sl_query_bind_int (insert, 3, sweep->freeze_to);
  sl_query_bind_int (insert, 4, (gint64)sweep->seed);
  sl_query_bind_int (insert, 5, sweep->from_run);
  if (!sl_query_run (insert, error))
    return FALSE;
  sweep->id = sl_store_last_id (store);
  for (guint i = 0; i < sweep->points->len; i++)
    {
      const SlSweepPoint *p = &g_array_index (sweep->points, SlSweepPoint, i);

      sl_query_bind_int (point, 1, sweep->id);
      sl_query_bind_int (point, 2, i);
      sl_query_bind_real (point, 3, p->lr);
      sl_query_bind_real (point, 4, p->loss);
      sl_query_bind_real (point, 5, p->smooth);
      if (!sl_query_run (point, error))
        return FALSE;
    }
  return run_all (store, forget, SL_KEPT_SWEEPS, error);
}

gboolean
sl_store_insert_sweep (SlStore *store, SlSweep *sweep, GError **error)
{
  if (!sl_store_begin (store, FALSE, error))
    return FALSE;
  if (!write_sweep (store, sweep, error))
    {
      sl_store_rollback (store);
      return FALSE;
    }
  return sl_store_commit (store, error);
}

static gboolean
insert_predictions (SlStore *store, gint64 run, gboolean tta, GArray *predictions, GError **error)
{
  g_autoptr (SlQuery) forget = sl_query_new (store, "DELETE FROM prediction");
  g_autoptr (SlQuery)
      insert = sl_query_new (store, "INSERT OR REPLACE INTO prediction (item, loss, probability,"
                                    " predicted, outputs) VALUES (?, ?, ?, ?, ?)");
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, run);

  if (!sl_query_run (forget, error))
    return FALSE;
  for (guint i = 0; i < predictions->len; i++)
    {
      const SlStoredPrediction *p = &g_array_index (predictions, SlStoredPrediction, i);

      sl_query_bind_int (insert, 1, p->item);
      sl_query_bind_real (insert, 2, p->loss);
      sl_query_bind_real (insert, 3, p->probability);
      sl_query_bind_text (insert, 4, p->predicted);
      sl_query_bind_floats (insert, 5, p->outputs, p->n_outputs);
      if (!sl_query_run (insert, error))
        return FALSE;
    }
  return sl_store_set_meta (store, "evaluated", id, error)
         && sl_store_set_meta (store, "evaluated-tta", tta ? "1" : "0", error)
         && sl_store_set_meta (store, SL_META_THRESHOLD_MOVED, "0", error);
}

gboolean
sl_store_write_predictions (SlStore *store, gint64 run, gboolean tta, GArray *predictions,
                            GError **error)
{
  if (!sl_store_begin (store, FALSE, error))
    return FALSE;
  if (!insert_predictions (store, run, tta, predictions, error))
    {
      sl_store_rollback (store);
      return FALSE;
    }
  return sl_store_commit (store, error);
}

static gboolean
update_threshold (SlStore *store, gint64 run, const SlRecipe *recipe, GError **error)
{
  g_autofree char *json = sl_recipe_to_json (recipe);
  g_autoptr (SlQuery) update = sl_query_new (store, "UPDATE run SET recipe = ? WHERE id = ?");

  sl_query_bind_text (update, 1, json);
  sl_query_bind_int (update, 2, run);
  return sl_query_run (update, error)
         && sl_store_set_meta (store, SL_META_THRESHOLD_MOVED, "1", error);
}

gboolean
sl_store_set_threshold (SlStore *store, gint64 run, const SlRecipe *recipe, GError **error)
{
  if (!sl_store_begin (store, FALSE, error))
    return FALSE;
  if (update_threshold (store, run, recipe, error))
    return sl_store_commit (store, error);
  sl_store_rollback (store);
  return FALSE;
}

static gboolean
count_changes (SlStore *store, gint64 run, SlStepKind kind, const char *condition, gsize *n,
               GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT COUNT(DISTINCT item.id) FROM step JOIN change ON change.step = step.id"
      " JOIN item ON item.id = change.item WHERE NOT step.undone AND step.kind = ?1"
      " AND step.id > (SELECT last_change FROM run WHERE id = ?2) AND %s",
      condition);
  g_autoptr (SlQuery) query = sl_query_new (store, sql);

  sl_query_bind_int (query, 1, kind);
  sl_query_bind_int (query, 2, run);
  if (!sl_query_next (query, error))
    return FALSE;
  *n = (gsize)sl_query_int (query, 0);
  return TRUE;
}

gboolean
sl_store_changes_since (SlStore *store, gint64 run, gsize *removed, gsize *relabelled,
                        GError **error)
{
  return count_changes (store, run, SL_STEP_REMOVE, "item.state = 1", removed, error)
         && count_changes (store, run, SL_STEP_RELABEL, "item.state != 1", relabelled, error);
}
