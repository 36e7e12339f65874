/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeLabelPreview:
 *
 * A whole picture under its label, where that is drawn: masks with a legend and a slider for how much
 * they hide, points that can be dragged.  With the focus, Page Up and Page Down choose a point and the
 * arrow keys move it by a pixel of the picture, by ten with Shift; Escape lets go of it.
 *
 * Signals: "edited" (string): the person gave the picture this target.
 */
#define SLOPE_TYPE_LABEL_PREVIEW (slope_label_preview_get_type ())
G_DECLARE_FINAL_TYPE (SlopeLabelPreview, slope_label_preview, SLOPE, LABEL_PREVIEW, GtkWidget)

/* %NULL, both: nothing.  @editable: it is one picture's label alone.  Called again when the item
 * changes. */
void slope_label_preview_set (SlopeLabelPreview *self, SlProject *project, SlItem *item,
                              gboolean editable);

/* Whether the classes of masks stand below with their colours; they do at first. */
void slope_label_preview_set_has_legend (SlopeLabelPreview *self, gboolean has_legend);
/* (nullable): what a model says of the picture, drawn beside its label.  Goes with the item. */
void slope_label_preview_set_answer (SlopeLabelPreview *self, const char *predicted);
/* Lays @cover (nullable) over the part @where of the picture, in shares of its sides, in place of its label,
 * until it is uncovered or the item is another.  @full_strength: whatever masks shall hide. */
void slope_label_preview_cover   (SlopeLabelPreview *self, GdkPaintable *cover,
                                  const graphene_rect_t *where, gboolean full_strength);
void slope_label_preview_uncover (SlopeLabelPreview *self);

G_END_DECLS
