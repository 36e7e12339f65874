/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-data-filter.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SlopeDataFilters:
 *
 * The left panel of the Data page: search, views with their counts, class bars that filter, Split….
 * Writes into the #SlopeDataFilter that it is given.
 */
#define SLOPE_TYPE_DATA_FILTERS (slope_data_filters_get_type ())
G_DECLARE_FINAL_TYPE (SlopeDataFilters, slope_data_filters, SLOPE, DATA_FILTERS, AdwBin)

GtkWidget *slope_data_filters_new (void);
void slope_data_filters_set_filter (SlopeDataFilters *self, SlProject *project,
                                    SlopeDataFilter *filter); /* both or none */
/* Counts have changed. */
void slope_data_filters_update (SlopeDataFilters *self);
void slope_data_filters_focus_search (SlopeDataFilters *self);
/* All pictures, all classes, no text. */
void slope_data_filters_clear (SlopeDataFilters *self);
void slope_data_filters_show (SlopeDataFilters *self, SlopeDataView view);
/* Only this class. */
void slope_data_filters_show_class (SlopeDataFilters *self, guint index);

G_END_DECLS
