/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportPattern:
 *
 * A text that says where labels are: a regular expression on paths, with what it finds; or the
 * pattern of masks, with the mask of one picture and where the classes get their names.
 * Signals: "wish" (const char *labels): the person has typed another, and paused.
 */
#define SLOPE_TYPE_IMPORT_PATTERN (slope_import_pattern_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportPattern, slope_import_pattern, SLOPE, IMPORT_PATTERN,
                      AdwPreferencesGroup)

GtkWidget *slope_import_pattern_new  (void);
/* @way: "regex" or "masks".  Where @import was not read so, what was typed stays. */
void       slope_import_pattern_show (SlopeImportPattern *self, SlImport *import, const char *way);

G_END_DECLS
