/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

#define SLOPE_TYPE_DATA_PAGE (slope_data_page_get_type ())
G_DECLARE_FINAL_TYPE (SlopeDataPage, slope_data_page, SLOPE, DATA_PAGE, AdwBin)

GtkWidget *slope_data_page_new (void);
void slope_data_page_set_project (SlopeDataPage *self, SlProject *project); /* nullable */

G_END_DECLS
