/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

#define SLOPE_TYPE_PREDICT_PAGE (slope_predict_page_get_type ())
G_DECLARE_FINAL_TYPE (SlopePredictPage, slope_predict_page, SLOPE, PREDICT_PAGE, AdwBin)

GtkWidget *slope_predict_page_new (void);
void       slope_predict_page_set_project (SlopePredictPage *self, SlProject *project); /* nullable */

G_END_DECLS
