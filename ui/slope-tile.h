/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "task-views/slope-task-view.h"

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

/* Looked at: kept, relabelled or removed. */
gboolean   slope_item_is_done  (SlItem *item);

G_END_DECLS
