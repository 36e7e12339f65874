/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-import-reader.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SlopeImportSplit:
 *
 * How the validation set is made: by chance, whole groups, the end of each folder, a folder, a list, a
 * column of the table, or not at all; with what that way needs to know.
 */
#define SLOPE_TYPE_IMPORT_SPLIT (slope_import_split_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportSplit, slope_import_split, SLOPE, IMPORT_SPLIT, AdwPreferencesGroup)

GtkWidget *slope_import_split_new        (void);
void       slope_import_split_set_reader (SlopeImportSplit *self, SlopeImportReader *reader); /* nullable */

G_END_DECLS
