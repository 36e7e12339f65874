/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeWindow:
 *
 * One window a project: start page, or the four pages with the job bar.  Actions (win.): show-page
 * (s: "data", "train", "clean", "predict"), new-project, open-project, close-project, undo, redo,
 * pause, stop, toggle-sidebar, and what the pages install.
 */
#define SLOPE_TYPE_WINDOW (slope_window_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWindow, slope_window, SLOPE, WINDOW, AdwApplicationWindow)

GtkWidget *slope_window_new          (AdwApplication *application);
SlProject *slope_window_get_project  (SlopeWindow *self); /* nullable */
/* Opens a project folder, or imports anything else (folder, archive, sample:NAME). */
void       slope_window_open_path    (SlopeWindow *self, const char *path);
/* Imports @source with the defaults and opens it without asking (./dev run, samples). */
void       slope_window_open_sample  (SlopeWindow *self, const char *name);
/* Any child widget: a toast on the window.  @action nullable ("win.undo"). Plain text, not markup. */
void       slope_window_toast        (GtkWidget *descendant, const char *text, const char *button,
                                      const char *action);

G_END_DECLS
