/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopePredictionRow:
 *
 * A picture file of the folder table: what the model says of it, or why it could not be read.
 * Nothing changes after it is made.
 */
#define SLOPE_TYPE_PREDICTION_ROW (slope_prediction_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopePredictionRow, slope_prediction_row, SLOPE, PREDICTION_ROW, GObject)

/* @name: as shown, such as "holiday/1.jpg".  @predicted: as the kind of problem writes it; @words: as
 * people read it.  @sure: 0 … 1, NaN: not known. */
SlopePredictionRow *slope_prediction_row_new      (const char *path, const char *name,
                                                   const char *predicted, const char *words,
                                                   double sure);
SlopePredictionRow *slope_prediction_row_new_failed (const char *path, const char *name,
                                                     const char *reason);
const char *slope_prediction_row_get_path      (SlopePredictionRow *self);
const char *slope_prediction_row_get_name      (SlopePredictionRow *self);
const char *slope_prediction_row_get_predicted (SlopePredictionRow *self); /* (nullable): failed */
const char *slope_prediction_row_get_words     (SlopePredictionRow *self); /* (nullable): failed */
double      slope_prediction_row_get_sure      (SlopePredictionRow *self); /* 0 … 1; -1: failed, or not known */
const char *slope_prediction_row_get_reason    (SlopePredictionRow *self); /* (nullable): why it failed */

/* "file,prediction,probability,error", one line a row, quoted as in RFC 4180, numbers with a point
 * in every locale.  (transfer full) */
char       *slope_prediction_rows_to_csv       (GListModel *rows);

G_END_DECLS
