/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Short texts that recur in hundreds of widgets, laid out once: the labels below pictures, the numbers of
 * swatches.  Main thread only. */

typedef struct
{
  int      bold_size; /* of a bold text, in units of Pango; 0: as the widget writes */
  gboolean struck;    /* through */
} SlopeLayoutLook;

/* @text in the font of @widget.  (transfer none): until the next call; not to be changed */
PangoLayout *slope_layouts_get (GtkWidget *widget, const char *text, SlopeLayoutLook look);

G_END_DECLS
