/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopeMaskPaintable:
 *
 * A mask file, each class in its colour, to be laid over the picture.  Decoded off the main thread, as
 * large as it is drawn; says that its contents changed once they have come, and when the style becomes
 * dark or light.  Draws nothing before that, nor when the file cannot be read.
 */
#define SLOPE_TYPE_MASK_PAINTABLE (slope_mask_paintable_get_type ())
G_DECLARE_FINAL_TYPE (SlopeMaskPaintable, slope_mask_paintable, SLOPE, MASK_PAINTABLE, GObject)

/* (transfer full) */
GdkPaintable *slope_mask_paintable_new (const char *path, guint n_classes);

G_END_DECLS
