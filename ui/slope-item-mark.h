/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "task-views/slope-task-view.h"

G_BEGIN_DECLS

/* What was done with an item, as tiles and rows show it. */
typedef enum
{
  SLOPE_MARK_NONE,
  SLOPE_MARK_KEPT,
  SLOPE_MARK_RELABELLED,
  SLOPE_MARK_REMOVED
} SlopeMark;

SlopeMark slope_item_get_mark (SlItem *item);
/* Looked at: kept, relabelled or removed. */
gboolean  slope_item_is_done  (SlItem *item);
/* Its icon and style class, on an image of the class "mark", which is hidden where there is none. */
void      slope_mark_show     (SlopeMark mark, GtkImage *image);
/* The line below a caption of Clean: "Loss 4.63 · 1.0 %", or what was done. */
void      slope_item_show_detail (SlItem *item, GtkLabel *label);
/* For screen readers: "FILE, label grizzly, model says black, loss 4.63, kept".  (transfer full) */
char     *slope_item_describe (SlItem *item, const SlopeTaskView *view, const char *const *classes,
                               SlopeCaptionKind kind);

G_END_DECLS
