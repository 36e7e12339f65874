/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/slope.h>

G_BEGIN_DECLS

typedef enum
{
  SLOPE_REVIEW_WORST_FIRST,
  SLOPE_REVIEW_LEAST_SURE,
  SLOPE_REVIEW_BY_NAME
} SlopeReviewOrder;

/**
 * SlopeReviewList:
 *
 * The evaluated items of a project (#SlItem) in an order that stands still while one works: it is
 * taken when the list is told to, or when the order is changed, and not when an item changes.  What
 * is removed stays in its place until then.  Filters work on that snapshot; an item that was found by
 * a pair of classes stays in the list when it is relabelled.  Main thread.
 */
#define SLOPE_TYPE_REVIEW_LIST (slope_review_list_get_type ())
G_DECLARE_FINAL_TYPE (SlopeReviewList, slope_review_list, SLOPE, REVIEW_LIST, GObject)

SlopeReviewList *slope_review_list_new           (void);
/* Takes the items and their order anew; @project %NULL empties the list. */
void             slope_review_list_take          (SlopeReviewList *self, SlProject *project);
void             slope_review_list_set_order     (SlopeReviewList *self, SlopeReviewOrder order);
void             slope_review_list_set_split     (SlopeReviewList *self, int split); /* -1: all */
void             slope_review_list_set_hide_done (SlopeReviewList *self, gboolean hide);
/* Only label @actual taken for @predicted; only byte-equal files.  Each replaces the other. */
void             slope_review_list_set_pair      (SlopeReviewList *self, guint actual,
                                                  guint predicted);
void             slope_review_list_set_twin      (SlopeReviewList *self, guint64 twin);
/* Only pictures of which label @index was missed, or said in vain. */
void             slope_review_list_set_label     (SlopeReviewList *self, guint index,
                                                  gboolean missed);
/* Only pictures in whose mask class @index is, or was said to be. */
void             slope_review_list_set_seen      (SlopeReviewList *self, guint index);
/* What the filter finds now that the model says something else. */
void             slope_review_list_find_again    (SlopeReviewList *self);
void             slope_review_list_clear_filter  (SlopeReviewList *self);
gboolean         slope_review_list_has_filter    (SlopeReviewList *self);
/* Hides what has been done meanwhile, and shows what was undone. */
void             slope_review_list_refilter      (SlopeReviewList *self);
/* Items of the chosen split and filter, whether hidden or not, and how many are looked at. */
guint            slope_review_list_count         (SlopeReviewList *self, guint *n_done);
/* Position of @item, %GTK_INVALID_LIST_POSITION (G_MAXUINT) when it is not shown. */
guint            slope_review_list_find          (SlopeReviewList *self, SlItem *item);

G_END_DECLS
