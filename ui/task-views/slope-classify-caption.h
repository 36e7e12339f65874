/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-task-view.h"

G_BEGIN_DECLS

/**
 * SlopeClassifyCaption:
 *
 * "1 black → 2 grizzly": label and prediction of an item with one class each; "1 black was grizzly"
 * once it is relabelled; the label alone where the model agrees.
 */
#define SLOPE_TYPE_CLASSIFY_CAPTION (slope_classify_caption_get_type ())
G_DECLARE_FINAL_TYPE (SlopeClassifyCaption, slope_classify_caption, SLOPE, CLASSIFY_CAPTION, GtkWidget)

GtkWidget *slope_classify_caption_new (void);
void       slope_classify_caption_set (SlopeClassifyCaption *self, const char *const *classes,
                                       SlItem *item, SlopeCaptionKind kind);
/* A pair without an item, such as a row of the most confused classes, with the word between them. */
void       slope_classify_caption_set_pair (SlopeClassifyCaption *self, const char *const *classes,
                                            guint actual, guint predicted, const char *between);

/* Index of the class named @target, or -1. */
int        slope_class_index (const char *const *classes, const char *target);

G_END_DECLS
