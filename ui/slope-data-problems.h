/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-data-filter.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SlopeDataProblems:
 *
 * What is wrong with the pictures, one row a kind, each with the click that mends or shows it.
 * Hidden while there is nothing.  Signals: "show-class" (guint): look at this class; "show-pairs"
 * (GListModel of SlopePair): look at these; "found": the filter has other problems than before.
 */
#define SLOPE_TYPE_DATA_PROBLEMS (slope_data_problems_get_type ())
G_DECLARE_FINAL_TYPE (SlopeDataProblems, slope_data_problems, SLOPE, DATA_PROBLEMS, AdwBin)

GtkWidget *slope_data_problems_new (void);
void slope_data_problems_set_filter (SlopeDataProblems *self, SlProject *project,
                                     SlopeDataFilter *filter); /* both or none */
/* Counts have changed. */
void slope_data_problems_update (SlopeDataProblems *self);

G_END_DECLS
