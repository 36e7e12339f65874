/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopePredictFolder:
 *
 * A folder's pictures, or several files, as a table of what a model says of each; can be
 * searched, sorted, stopped, saved as CSV.  Signal: "picture-activated" (char *path, gboolean nine_views: that
 * its answer is of).
 */
#define SLOPE_TYPE_PREDICT_FOLDER (slope_predict_folder_get_type ())
G_DECLARE_FINAL_TYPE (SlopePredictFolder, slope_predict_folder, SLOPE, PREDICT_FOLDER, GtkWidget)

void slope_predict_folder_set_project (SlopePredictFolder *self, SlProject *project); /* nullable */
/* The model that answers from now on; begins the folder at hand anew. */
void slope_predict_folder_set_run     (SlopePredictFolder *self, gint64 run_id);
void slope_predict_folder_open        (SlopePredictFolder *self, GFile *folder);
/* @paths: (transfer container): char *, freed by the array. */
void slope_predict_folder_open_files  (SlopePredictFolder *self, GPtrArray *paths);
/* The rows so far: #SlopePredictionRow, in the order of the files. (transfer none) */
GListModel *slope_predict_folder_get_rows (SlopePredictFolder *self);
gboolean    slope_predict_folder_is_working (SlopePredictFolder *self);
/* Puts the focus into the search, else into the table; into the button that asks for a folder where
 * there is none.  %FALSE: nothing takes it. */
gboolean    slope_predict_folder_focus (SlopePredictFolder *self, gboolean search);

G_END_DECLS
