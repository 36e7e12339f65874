/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeProgressView:
 *
 * One run: its losses, rate and momentum, what they say, its epochs; other runs beside it.
 * Signals: "run-selected" (gint64): another run is to be shown.
 * Uses the actions train.start, train.add-epochs (x: run), train.find-rate.
 */
#define SLOPE_TYPE_PROGRESS_VIEW (slope_progress_view_get_type ())
G_DECLARE_FINAL_TYPE (SlopeProgressView, slope_progress_view, SLOPE, PROGRESS_VIEW, AdwBin)

GtkWidget *slope_progress_view_new          (void);
void       slope_progress_view_set_project  (SlopeProgressView *self, SlProject *project); /* nullable */
void       slope_progress_view_set_run      (SlopeProgressView *self, SlRun *run);         /* nullable */
/* Runs drawn faint beside it: ids. */
void       slope_progress_view_set_compared (SlopeProgressView *self, const gint64 *ids, gsize n);
/* New points in @run. */
void       slope_progress_view_run_changed  (SlopeProgressView *self, SlRun *run);
void       slope_progress_view_set_compact  (SlopeProgressView *self, gboolean compact);

G_END_DECLS
