/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeRunChoice:
 *
 * Which trained run answers: those of one kind whose model can be used, newest first.  A new run answers as soon as it
 * can; an older one that was chosen stays until then.  Signal: "changed": another run, or none.
 */
#define SLOPE_TYPE_RUN_CHOICE (slope_run_choice_get_type ())
G_DECLARE_FINAL_TYPE (SlopeRunChoice, slope_run_choice, SLOPE, RUN_CHOICE, GtkWidget)

/* @task: that the runs learned, sl_project_get_run_task(); @project nullable. */
void   slope_run_choice_set_project (SlopeRunChoice *self, SlProject *project, const SlTask *task);
gint64 slope_run_choice_get_run     (SlopeRunChoice *self); /* 0: there is none */
guint  slope_run_choice_get_n       (SlopeRunChoice *self); /* runs to choose from */
/* What screen readers call it. */
void   slope_run_choice_set_label   (SlopeRunChoice *self, const char *label);

G_END_DECLS
