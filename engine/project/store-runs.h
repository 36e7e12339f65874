/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/run-private.h"

G_BEGIN_DECLS

/* ---- Runs, their curves, sweeps and predictions in the database. */

#define SL_KEPT_SWEEPS 8

/* (transfer full): SlRun, oldest first, without their batches. */
GPtrArray *sl_store_read_runs    (SlStore *store, const char *project_folder, GError **error);
gboolean   sl_store_read_batches (SlStore *store, gint64 run, GArray *batches, GError **error);
/* (transfer full): SlSweep, oldest first */
GPtrArray *sl_store_read_sweeps  (SlStore *store, GError **error);

/* Sets @run's id. */
gboolean   sl_store_insert_run   (SlStore *store, SlRun *run, const char *project_folder,
                                  GError **error);
/* The curve of run @from before stage @stage becomes the beginning of that of run @to. */
gboolean   sl_store_copy_curve   (SlStore *store, gint64 from, gint64 to, guint stage, GError **error);
/* Epochs and batches of @run as the database has them. */
gboolean   sl_store_read_curve   (SlStore *store, SlRun *run, GError **error);
gboolean   sl_store_set_plan     (SlStore *store, gint64 run, guint steps_per_epoch, guint batch,
                                  gsize peak_bytes, GError **error);
gboolean   sl_store_set_state    (SlStore *store, gint64 run, SlRunState state, const char *message,
                                  GError **error);
gboolean   sl_store_delete_run   (SlStore *store, gint64 run, GError **error);
/* Writes a finished sweep, sets its id and forgets all but the newest. */
gboolean   sl_store_insert_sweep (SlStore *store, SlSweep *sweep, GError **error);

/* Replaces all predictions by those of @run. */
typedef struct
{
  gint64 item;
  double loss, probability;
  char  *predicted; /* GRefString */
  float *outputs;   /* (nullable): n_outputs; where a threshold is picked from them */
  guint  n_outputs;
} SlStoredPrediction;
gboolean   sl_store_write_predictions (SlStore *store, gint64 run, gboolean tta,
                                       GArray *predictions, GError **error);
/* Run @run has @recipe now, with another threshold: what is stored as said is read anew from the outputs when the
 * project is opened. */
#define SL_META_THRESHOLD_MOVED "threshold-moved"
gboolean   sl_store_set_threshold (SlStore *store, gint64 run, const SlRecipe *recipe,
                                   GError **error);
/* Items removed and relabelled by steps since the run started. */
gboolean   sl_store_changes_since (SlStore *store, gint64 run, gsize *removed, gsize *relabelled,
                                   GError **error);

/**
 * SlCurveWriter:
 *
 * Writes the curve of a run while it is being trained: each record at once, so that a killed
 * program loses none that its checkpoint counts on; on the disk with each checkpoint.
 */
typedef struct _SlCurveWriter SlCurveWriter;

SlCurveWriter *sl_curve_writer_new   (SlStore *store, gint64 run);
void           sl_curve_writer_free  (SlCurveWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlCurveWriter, sl_curve_writer_free)
gboolean       sl_curve_writer_batch (SlCurveWriter *self, const SlBatchRecord *record, GError **error);
/* @step: batches done when the epoch ended */
gboolean       sl_curve_writer_epoch (SlCurveWriter *self, guint step, const SlEpochRecord *record,
                                      GError **error);
/* A resumed run goes on with batch @step: what was recorded after its checkpoint goes. */
gboolean       sl_curve_writer_cut   (SlCurveWriter *self, guint step, GError **error);
/* All records so far are on the disk. */
gboolean       sl_curve_writer_sync  (SlCurveWriter *self, guint step, GError **error);

G_END_DECLS
