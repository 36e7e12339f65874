/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* A word in a list; lives as long as whoever shows it. */
#define SLOPE_TYPE_WORD (slope_word_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWord, slope_word, SLOPE, WORD, GObject)

const SlReviewedWord *slope_word_get (SlopeWord *self);
/* In the review, too. */
void                  slope_word_set_known (SlopeWord *self, gboolean known);

/**
 * SlopeWordList:
 *
 * The words of a review as a list of SlopeWord, which are made when asked for: a hundred thousand cost nothing.
 * Search shows those that contain a text, whatever its case.
 *
 * Signals: "changed": a word is known now that was not, or the other way round.
 */
#define SLOPE_TYPE_WORD_LIST (slope_word_list_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWordList, slope_word_list, SLOPE, WORD_LIST, GObject)

/* @review: (transfer full) */
SlopeWordList      *slope_word_list_new        (SlWordReview *review);
const SlWordReview *slope_word_list_get_review (SlopeWordList *self);
/* @text: (nullable): all */
void                slope_word_list_set_search (SlopeWordList *self, const char *text);

G_END_DECLS
