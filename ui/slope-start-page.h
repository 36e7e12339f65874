/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeStartPage:
 *
 * Recent projects, samples, and a place to drop a folder or an archive.  What is chosen goes to the
 * #SlopeWindow that it stands in.
 */
#define SLOPE_TYPE_START_PAGE (slope_start_page_get_type ())
G_DECLARE_FINAL_TYPE (SlopeStartPage, slope_start_page, SLOPE, START_PAGE, AdwBin)

GtkWidget *slope_start_page_new (void);
/* A red note at the top; plain text. */
void slope_start_page_show_error (SlopeStartPage *self, const char *heading, const char *text);
void slope_start_page_clear_error (SlopeStartPage *self);
/* While a project is being opened nothing else can be chosen. */
void slope_start_page_set_busy (SlopeStartPage *self, gboolean busy);

G_END_DECLS
