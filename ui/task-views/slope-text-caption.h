/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-task-view.h"

G_BEGIN_DECLS

/* A caption in words alone: "roll 12.5 → roll 11.9"; "roll 12.5 was roll 2.5" once it is changed. */
GtkWidget *slope_text_caption_new (void);
void       slope_text_caption_set (GtkWidget *caption, const SlopeTaskView *view,
                                   const char *const *classes, SlItem *item, SlopeCaptionKind kind);

G_END_DECLS
