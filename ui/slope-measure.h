/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How fluid the program is, measured from inside: with SLOPE_MEASURE=1 in the environment it prints
 * at its end, and each time it gets the signal SIGUSR2 (when it also starts to count anew),
 *
 *   measure heartbeat n=1200 p50=0.1 p90=0.3 p99=4.1 max=21.0 ms
 *   measure busy n=1200 p50=0.1 p90=0.2 p99=3.9 max=20.5 ms
 *   measure frames n=310 p50=3.2 p90=6.0 p99=14.2 max=19.9 ms
 *
 * A heartbeat is due every 8 ms; its figure is how late the main loop came to it, so that the largest
 * is the longest time without a reaction.  Busy is the processor time that the main thread used from
 * one heartbeat to the next: where it is much less than the heartbeat's figure, others had the
 * processor.  A frame's figure is what it cost: layout and drawing, of all windows.  After a project
 * was opened comes
 *
 *   measure open 740 ms
 *
 * from asking for the project to the end of the first frame that shows it.
 *
 * Main thread only.  Without the variable all of it does nothing. */

void slope_measure_start (void);

/* Counts the frames of @window from when it is shown. */
void slope_measure_window (GtkWidget *window);

void slope_measure_open_begin (void);

/* @window has got what was opened: its next frame is the one that shows it. */
void slope_measure_open_done (GtkWidget *window);

void slope_measure_print (void);

G_END_DECLS
