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

G_END_DECLS
