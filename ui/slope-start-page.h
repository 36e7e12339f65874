/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

#define SLOPE_TYPE_START_PAGE (slope_start_page_get_type ())
G_DECLARE_FINAL_TYPE (SlopeStartPage, slope_start_page, SLOPE, START_PAGE, AdwBin)

GtkWidget *slope_start_page_new (void);

G_END_DECLS
