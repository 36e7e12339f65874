/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopePredictPicture:
 *
 * One picture and what a model says of it: the answer in large type, the likeliest classes as
 * bars, file name, size and time taken.
 */
#define SLOPE_TYPE_PREDICT_PICTURE (slope_predict_picture_get_type ())
G_DECLARE_FINAL_TYPE (SlopePredictPicture, slope_predict_picture, SLOPE, PREDICT_PICTURE, GtkWidget)

void slope_predict_picture_set_project (SlopePredictPicture *self, SlProject *project); /* nullable */
/* The model that answers; the picture at hand is asked again. */
void slope_predict_picture_set_run     (SlopePredictPicture *self, gint64 run_id);
/* Asks the picture at hand again where that is a change. */
void slope_predict_picture_set_nine_views (SlopePredictPicture *self, gboolean nine_views);
/* @name: (nullable): shown for a picture without a file of its own. */
void slope_predict_picture_open        (SlopePredictPicture *self, const char *path,
                                        const char *name);
/* Something that has no file went wrong, such as a paste. */
void slope_predict_picture_fail        (SlopePredictPicture *self, const char *heading,
                                        const char *text);

G_END_DECLS
