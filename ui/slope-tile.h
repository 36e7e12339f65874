/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-item-mark.h"

G_BEGIN_DECLS

/**
 * SlopeTile:
 *
 * A picture of a grid with its caption, its mark (kept, relabelled, removed) and, for the
 * validation set, its split.  Follows the item's changes.  In a list item of a #GtkGridView with the
 * style class "tiles" it also names that list item: "FILE, label grizzly, model says black, loss 4.63".
 */
#define SLOPE_TYPE_TILE (slope_tile_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTile, slope_tile, SLOPE, TILE, GtkWidget)

GtkWidget *slope_tile_new      (const SlTask *task, const char *const *classes,
                                SlopeCaptionKind kind, int size_px);
void       slope_tile_set_item (SlopeTile *self, SlItem *item); /* nullable: a recycled row */
SlItem    *slope_tile_get_item (SlopeTile *self);               /* (transfer none) (nullable) */
void       slope_tile_set_size (SlopeTile *self, int size_px);  /* side of the picture */
/* Lays @map (nullable) over the part @where of the picture that is seen, in shares of its side, and
 * says so: it speaks for @class_name.  Goes with the item. */
void       slope_tile_set_heat_map (SlopeTile *self, GdkTexture *map, const graphene_rect_t *where,
                                    const char *class_name);

/* Lays @cover (nullable) over the picture in place of its label, until it is uncovered or the item is
 * another.  @where: as above.  @full_strength: whatever the person wants masks to hide. */
void       slope_tile_cover        (SlopeTile *self, GdkPaintable *cover,
                                    const graphene_rect_t *where, gboolean full_strength);
void       slope_tile_uncover      (SlopeTile *self);
/* From shares of a picture's sides to shares of its middle square's, which tiles show. */
void       slope_place_in_square   (SlItem *item, double left, double top, double right,
                                    double bottom, graphene_rect_t *where);

G_END_DECLS
