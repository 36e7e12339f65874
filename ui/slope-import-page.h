/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportPage:
 *
 * From a folder or archive to a project: reads it, shows what Slope understood before anything is
 * written, and makes the project.  Signals: "cancelled" (), "created" (SlProject).
 */
#define SLOPE_TYPE_IMPORT_PAGE (slope_import_page_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportPage, slope_import_page, SLOPE, IMPORT_PAGE, AdwBin)

GtkWidget *slope_import_page_new (void);
void slope_import_page_scan (SlopeImportPage *self, const char *source);
/* Without asking: with the defaults, to the project folder @path. */
void slope_import_page_make (SlopeImportPage *self, const char *source, const char *path);

G_END_DECLS
