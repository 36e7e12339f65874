/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeGuideList:
 *
 * What a sweep suggests: a row a rule, which says why, with a button that takes its rate.
 *
 * Signals: "taken" (double low, double high).
 */
#define SLOPE_TYPE_GUIDE_LIST (slope_guide_list_get_type ())
G_DECLARE_FINAL_TYPE (SlopeGuideList, slope_guide_list, SLOPE, GUIDE_LIST, AdwBin)

GtkWidget *slope_guide_list_new (void);
/* @low, @high: the rate that the stage has: its button is down. */
void       slope_guide_list_set (SlopeGuideList *self, const SlGuide *guides, guint n, double low,
                                 double high);

G_END_DECLS
