/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-import-page.h"
#include "slope-project-view.h"
#include "slope-start-page.h"
#include "slope-window.h"

G_BEGIN_DECLS

struct _SlopeWindow
{
  AdwApplicationWindow parent_instance;
  AdwToastOverlay *toasts;
  GtkStack *stack;
  SlopeStartPage *start_page;
  SlopeImportPage *import_page;
  SlopeProjectView *project_view;
  SlProject *project;            /* owned, nullable */
  GSignalGroup *signals;         /* of the project */
  GCancellable *opening;         /* owned; while a project is being opened */
  char *pending;                 /* path that is being opened or made; (nullable) */
  GtkFileChooserNative *chooser; /* owned; while it is open */
  gboolean close_when_idle;      /* stopping: the window goes when the job has ended */
};

/* slope-window.c */
void _slope_window_set_project (SlopeWindow *self, SlProject *project);
/* slope-window-open.c: the actions new-project, new-project-archive, -file, -web (with a page of
 * SlopeWebDialog), open-project, and what the import page says */
void _slope_window_new_project_action (GtkWidget *widget, const char *name, GVariant *parameter);
void _slope_window_new_archive_action (GtkWidget *widget, const char *name, GVariant *parameter);
void _slope_window_new_file_action (GtkWidget *widget, const char *name, GVariant *parameter);
void _slope_window_new_web_action (GtkWidget *widget, const char *name, GVariant *parameter);
void _slope_window_open_project_action (GtkWidget *widget, const char *name, GVariant *parameter);
void _slope_window_import_cancelled (SlopeWindow *self);
void _slope_window_import_created (SlopeWindow *self, SlProject *project);
/* slope-window-close.c: %TRUE: not now, a job runs and the person is asked */
gboolean _slope_window_must_wait (SlopeWindow *self);
/* A job ended: closes a window that waits for it or is in the background. */
void _slope_window_job_changed (SlopeWindow *self);

G_END_DECLS
