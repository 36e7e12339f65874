/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* What runs, how far it is, how long it takes; pause and stop.  Hidden while nothing runs. */
#define SLOPE_TYPE_JOB_BAR (slope_job_bar_get_type ())
G_DECLARE_FINAL_TYPE (SlopeJobBar, slope_job_bar, SLOPE, JOB_BAR, GtkWidget)

GtkWidget *slope_job_bar_new (void);
void slope_job_bar_set_project (SlopeJobBar *self, SlProject *project); /* nullable */
/* Stops the job, and says so until it has ended: what is under way is finished first. */
void slope_job_bar_stop (SlopeJobBar *self);
gboolean slope_job_bar_is_stopping (SlopeJobBar *self);

G_END_DECLS
