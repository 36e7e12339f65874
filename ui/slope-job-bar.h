/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* What runs, how far it is, how long it takes; pause and stop.  Hidden while nothing runs.  A download
 * that a job or an import waits for has its place here too, until that begins. */
#define SLOPE_TYPE_JOB_BAR (slope_job_bar_get_type ())
G_DECLARE_FINAL_TYPE (SlopeJobBar, slope_job_bar, SLOPE, JOB_BAR, GtkWidget)

GtkWidget *slope_job_bar_new (void);
void slope_job_bar_set_project (SlopeJobBar *self, SlProject *project); /* nullable */
/* Stops the job, and says so until it has ended: what is under way is finished first. */
void slope_job_bar_stop (SlopeJobBar *self);
gboolean slope_job_bar_is_stopping (SlopeJobBar *self);

/* From now until the end of it: @name is shown, and Cancel cancels; so does another project. Property
 * "downloading" tells of both ends. */
void slope_job_bar_begin_download (SlopeJobBar *self, const char *name, GCancellable *cancellable);
/* As SlDownloadFunc.  Nothing after the end. */
void slope_job_bar_set_download_progress (SlopeJobBar *self, guint64 done, guint64 total,
                                          double rate);
/* The same of pictures: how many, and how many a second. */
void slope_job_bar_set_download_count (SlopeJobBar *self, guint64 done, guint64 total,
                                       double rate);
void slope_job_bar_end_download (SlopeJobBar *self);
gboolean slope_job_bar_is_downloading (SlopeJobBar *self);

G_END_DECLS
