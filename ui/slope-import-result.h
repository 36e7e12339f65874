/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportResult:
 *
 * What an import would make: the classes, points or numbers, how many pictures each has where that is
 * known, and some of the pictures with their labels.
 */
#define SLOPE_TYPE_IMPORT_RESULT (slope_import_result_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportResult, slope_import_result, SLOPE, IMPORT_RESULT, GtkWidget)

GtkWidget *slope_import_result_new  (void);
void       slope_import_result_show (SlopeImportResult *self, SlImport *import);

G_END_DECLS
