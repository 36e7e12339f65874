/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopeSwatch:
 *
 * The class's number on its colour.  Properties: "index" (int, from 0; -1 hides it), "size" (int,
 * px).  Presentation only: the class's name always stands beside it.
 */
#define SLOPE_TYPE_SWATCH (slope_swatch_get_type ())
G_DECLARE_FINAL_TYPE (SlopeSwatch, slope_swatch, SLOPE, SWATCH, GtkWidget)

GtkWidget *slope_swatch_new       (int index, int size);
void       slope_swatch_set_index (SlopeSwatch *self, int index);
/* The same in a widget that draws its own: at the origin, @size px, the number in the font of @widget, which
 * draws itself anew when the style changes.  @index: from 0 */
void       slope_swatch_draw      (GtkWidget *widget, GtkSnapshot *snapshot, int index, int size);

G_END_DECLS
