/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-task-view.h"

G_BEGIN_DECLS

/**
 * SlopeLabelsCaption:
 *
 * The labels of a picture as chips in one line; what finds no room is counted: "+3".  In Clean
 * those that the model does not say are struck through, those it says in vain have a plus, and both
 * come first.  It draws them itself: there are hundreds of captions; its accessible name says them all.
 */
#define SLOPE_TYPE_LABELS_CAPTION (slope_labels_caption_get_type ())
G_DECLARE_FINAL_TYPE (SlopeLabelsCaption, slope_labels_caption, SLOPE, LABELS_CAPTION, GtkWidget)

GtkWidget *slope_labels_caption_new (void);
void       slope_labels_caption_set (SlopeLabelsCaption *self, const char *const *classes,
                                     SlItem *item, SlopeCaptionKind kind);
/* The labels of a text alone, as a kind of problem with several writes them. */
void       slope_labels_caption_set_target (SlopeLabelsCaption *self, const char *const *classes,
                                            const char *target);
/* How many of the labels found room. */
guint      slope_labels_caption_get_n_shown (SlopeLabelsCaption *self);

G_END_DECLS
