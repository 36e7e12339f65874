/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full): of graphene_point_t, in pixels of the picture, from a target of the kind "points";
 * x is NaN for one that is not known.  What cannot be read ends the list. */
GArray *slope_points_parse (const char *target);
/* (transfer full): @target with one of its points elsewhere, to a hundredth of a pixel; the others are
 * as they were written. */
char   *slope_points_move  (const char *target, guint index, double x, double y);

/**
 * SlopePointsPaintable:
 *
 * Points over a picture: labelled ones as dots with a dark rim, predicted ones as hollow rings with a
 * thin line from the dot that they stand for.  The size of its marks does not follow that of the
 * picture.  Each point has the colour of its place in the list; where there are more than twelve, all
 * have one.
 */
#define SLOPE_TYPE_POINTS_PAINTABLE (slope_points_paintable_get_type ())
G_DECLARE_FINAL_TYPE (SlopePointsPaintable, slope_points_paintable, SLOPE, POINTS_PAINTABLE, GObject)

/* @target, @predicted: (nullable): points in a picture of @width × @height pixels.  (transfer full) */
GdkPaintable *slope_points_paintable_new (const char *target, const char *predicted, int width,
                                          int height);

G_END_DECLS
