/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeHeatMaps:
 *
 * Heat maps of a project's pictures, each for the class of its label.  Asks the project for one at a
 * time, and only for pictures that are wanted at the moment; what came is kept, up to 400 maps.
 * Main thread.
 *
 * Properties: "problem" (string, nullable): why this run has no maps at all.
 * Signals: "ready": a map that was wanted has come, or it is known that there is none.
 */
#define SLOPE_TYPE_HEAT_MAPS (slope_heat_maps_get_type ())
G_DECLARE_FINAL_TYPE (SlopeHeatMaps, slope_heat_maps, SLOPE, HEAT_MAPS, GObject)

SlopeHeatMaps *slope_heat_maps_new         (void);
/* The maps of @run's model; all that is known of another is forgotten, and of the same one too: it
 * may have been trained on.  @project %NULL: none. */
void           slope_heat_maps_set_run     (SlopeHeatMaps *self, SlProject *project, gint64 run);
/* What is seen now, the first first.  All that was wanted before is not any more; the one that is
 * being made is left unfinished if it is not among them. */
void           slope_heat_maps_want        (SlopeHeatMaps *self, SlItem *const *items, guint n);
/* The map of @item as it is labelled now, and the part of the picture's middle square that it
 * covers, in shares of the square's sides (it may reach beyond).  (transfer none) (nullable): it has
 * not come, or there is none */
GdkTexture    *slope_heat_maps_lookup      (SlopeHeatMaps *self, SlItem *item,
                                            graphene_rect_t *where);
/* Which class the map of @item explains.  (transfer none) (nullable): its label is no class */
const char    *slope_heat_maps_class_of    (SlopeHeatMaps *self, SlItem *item);
const char    *slope_heat_maps_get_problem (SlopeHeatMaps *self);

G_END_DECLS
