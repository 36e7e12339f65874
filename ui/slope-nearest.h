/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeNearest:
 *
 * The training pictures that a model sees most like the one at hand, with their labels.  Where that model
 * has not yet looked at all pictures, a button has it do so, as a job.
 */
#define SLOPE_TYPE_NEAREST (slope_nearest_get_type ())
G_DECLARE_FINAL_TYPE (SlopeNearest, slope_nearest, SLOPE, NEAREST, GtkWidget)

GtkWidget *slope_nearest_new  (void);
/* @path: of the picture at hand, which run @run_id has answered; %NULL: there is none, nothing shows. */
void       slope_nearest_show (SlopeNearest *self, SlProject *project, gint64 run_id,
                               const char *path);

G_END_DECLS
