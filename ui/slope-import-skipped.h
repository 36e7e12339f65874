/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportSkipped:
 *
 * What cannot be used, each file and row of a table with its reason; all of them, however many.
 */
#define SLOPE_TYPE_IMPORT_SKIPPED (slope_import_skipped_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportSkipped, slope_import_skipped, SLOPE, IMPORT_SKIPPED,
                      AdwPreferencesGroup)

GtkWidget *slope_import_skipped_new  (void);
/* @import: (nullable): must be shown anew, or %NULL, once it has changed. */
void       slope_import_skipped_show (SlopeImportSkipped *self, SlImport *import);

G_END_DECLS
