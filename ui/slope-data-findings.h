/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-data-filter.h"

G_BEGIN_DECLS

/**
 * SlopeDataFindings:
 *
 * What an audit of the pictures has found, as rows of a list box that belongs to somebody else, each with
 * the click that mends or shows it.  Signals: "changed": rows have come or gone; "show-class" (guint):
 * look at this class; "show-pairs" (GListModel of SlopePair): look at these.  Rows activate "data.split" and
 * "data.show-problems".
 */
#define SLOPE_TYPE_DATA_FINDINGS (slope_data_findings_get_type ())
G_DECLARE_FINAL_TYPE (SlopeDataFindings, slope_data_findings, SLOPE, DATA_FINDINGS, GObject)

/* (transfer full); @list must live as long. */
SlopeDataFindings *slope_data_findings_new         (GtkListBox *list);
void               slope_data_findings_set_project (SlopeDataFindings *self, SlProject *project,
                                                    SlopeDataFilter *filter); /* both or none */
/* Pictures have changed: they are looked at again in a while. */
void               slope_data_findings_update      (SlopeDataFindings *self);
gboolean           slope_data_findings_has_any     (SlopeDataFindings *self);

G_END_DECLS
