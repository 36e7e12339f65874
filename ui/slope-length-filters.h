/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-data-filter.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SlopeLengthFilters:
 *
 * How long the texts of a project are, as bars that filter; hidden where that is not known.
 */
#define SLOPE_TYPE_LENGTH_FILTERS (slope_length_filters_get_type ())
G_DECLARE_FINAL_TYPE (SlopeLengthFilters, slope_length_filters, SLOPE, LENGTH_FILTERS, AdwBin)

void slope_length_filters_set_filter (SlopeLengthFilters *self, SlopeDataFilter *filter); /* nullable */
void slope_length_filters_update     (SlopeLengthFilters *self); /* counts may be others */
void slope_length_filters_clear      (SlopeLengthFilters *self); /* none is on */

G_END_DECLS
