/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

#define SLOPE_TYPE_CLEAN_PAGE (slope_clean_page_get_type ())
G_DECLARE_FINAL_TYPE (SlopeCleanPage, slope_clean_page, SLOPE, CLEAN_PAGE, AdwBin)

GtkWidget *slope_clean_page_new (void);
void       slope_clean_page_set_project (SlopeCleanPage *self, SlProject *project); /* nullable */

G_END_DECLS
