/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* Which pictures of the project are looked at. */
typedef enum
{
  SLOPE_VIEW_ALL, /* all but the removed */
  SLOPE_VIEW_TRAIN,
  SLOPE_VIEW_VALID,
  SLOPE_VIEW_TEST,
  SLOPE_VIEW_PROBLEMS, /* unreadable, with a twin on the other side of the split, or found by an audit */
  SLOPE_VIEW_REMOVED,
  SLOPE_N_VIEWS
} SlopeDataView;

/* Words of a text, in steps that double. */
#define SLOPE_N_LENGTHS 7
/* "Under 25 words", "25 to 49 words", …  (transfer full) */
char *slope_length_label (guint length);

/**
 * SlopeDataFilter:
 *
 * A cheap test of an #SlItem by view, classes and text: a hundred thousand items are sifted within
 * a frame or two.  What texts say is searched on a thread, and until it is found they stay as they are sifted.
 *
 * Signal: "scanned" (): a search has begun or ended, or the lengths of texts are known.
 */
#define SLOPE_TYPE_DATA_FILTER (slope_data_filter_get_type ())
G_DECLARE_FINAL_TYPE (SlopeDataFilter, slope_data_filter, SLOPE, DATA_FILTER, GtkFilter)

SlopeDataFilter *slope_data_filter_new (SlProject *project); /* (transfer full) */
SlopeDataView slope_data_filter_get_view (SlopeDataFilter *self);
void slope_data_filter_set_view (SlopeDataFilter *self, SlopeDataView view);
/* Items of any class that is on; none on: all classes. */
void slope_data_filter_set_class (SlopeDataFilter *self, guint index, gboolean on);
gboolean slope_data_filter_get_class (SlopeDataFilter *self, guint index);
/* Part of a name, path or label, in any case; of texts, of what they say too. */
void slope_data_filter_set_search (SlopeDataFilter *self, const char *text);
gboolean slope_data_filter_is_searching (SlopeDataFilter *self);
/* Texts of any length that is on; none on: all.  @counts: present texts of each; %FALSE: not known yet, or of pictures. */
void slope_data_filter_set_length (SlopeDataFilter *self, guint length, gboolean on);
gboolean slope_data_filter_count_lengths (SlopeDataFilter *self, gsize counts[SLOPE_N_LENGTHS]);
/* No class, no length and no text. */
gboolean slope_data_filter_is_wide_open (SlopeDataFilter *self);
/* Counts, twins and states are looked at again. */
void slope_data_filter_refresh (SlopeDataFilter *self);
/* Present items with a byte-equal copy on the other side of the split. */
gboolean slope_data_filter_has_far_twin (SlopeDataFilter *self, SlItem *item);
gsize slope_data_filter_n_far_twins (SlopeDataFilter *self);
/* Items that are a problem for another reason, in place of those told before. */
void slope_data_filter_set_found (SlopeDataFilter *self, const gint64 *ids, gsize n);
gsize slope_data_filter_n_problems (SlopeDataFilter *self);
gsize slope_data_filter_n_unreadable (SlopeDataFilter *self);

G_END_DECLS
