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
 * pause, stop, train, weigh-classes, toggle-sidebar, search, show-in-files, empty-bin.
 *
 * What a page may offer the window: a boolean property "show-sidebar" (read-write, notifying),
 * which the toggle in the header is bound to while the page is visible; a widget action
 * "page.search", which Ctrl+F activates; a widget action "page.toast" (text, button, action: smsms),
 * where the window's toasts go while the page is visible.
 */
#define SLOPE_TYPE_WINDOW (slope_window_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWindow, slope_window, SLOPE, WINDOW, AdwApplicationWindow)

GtkWidget *slope_window_new (AdwApplication *application);
SlProject *slope_window_get_project (SlopeWindow *self); /* nullable */
/* Shows the start page, waiting for a project. */
gboolean slope_window_is_empty (SlopeWindow *self);
/* (transfer none) (nullable): the window that has the project at @path, or is about to. */
SlopeWindow *slope_window_find (GtkApplication *application, const char *path);
/* Opens a project folder, or imports anything else (folder, archive, sample:NAME). */
void slope_window_open_path (SlopeWindow *self, const char *path);
/* Imports @source with the defaults and opens it without asking (./dev run, samples). */
void slope_window_open_sample (SlopeWindow *self, const char *name);
/* Any child widget: a toast on the window.  @action nullable ("win.undo"). Plain text, not markup. */
void slope_window_toast (GtkWidget *descendant, const char *text, const char *button,
                         const char *action);

G_END_DECLS
