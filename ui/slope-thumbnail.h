/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopeThumbnail:
 *
 * A picture file, cover-cropped to a square (or shown whole), corners of radius 6.  Decoded off the
 * main thread, newest request first, kept in a bounded cache shared by all thumbnails; a request
 * whose widget was recycled meanwhile is dropped.  Draws a faint square while loading and
 * image-missing-symbolic when the file cannot be read.  Properties: "path" (string), "size" (int, px;
 * 0: whatever it is given), "cover" (boolean, default TRUE).
 */
#define SLOPE_TYPE_THUMBNAIL (slope_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (SlopeThumbnail, slope_thumbnail, SLOPE, THUMBNAIL, GtkWidget)

GtkWidget *slope_thumbnail_new      (int size);
void       slope_thumbnail_set_path (SlopeThumbnail *self, const char *path); /* nullable */
void       slope_thumbnail_set_size (SlopeThumbnail *self, int size);
/* A texture instead of a file (augmented draws). */
void       slope_thumbnail_set_paintable (SlopeThumbnail *self, GdkPaintable *paintable);
/* Lays @overlay (nullable) over the part @where of what is seen (the picture, or its middle square
 * where it is cropped), in shares of the sides; what reaches beyond is cut off; drawn
 * again whenever its contents change.  Goes with the picture. */
void       slope_thumbnail_set_overlay (SlopeThumbnail *self, GdkPaintable *overlay,
                                        const graphene_rect_t *where);
void       slope_thumbnail_set_overlay_opacity (SlopeThumbnail *self, double opacity); /* 0 … 1 */

G_END_DECLS
