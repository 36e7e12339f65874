/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkDrawingAreaDrawFunc: what a sample is about, in the colours of its kind of label.
 * @name: (type utf8): of sl_samples(); a sample without a drawing is plain paper. */
void slope_sample_drawing_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer name);

G_END_DECLS
