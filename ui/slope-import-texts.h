/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportTexts:
 *
 * How texts were read: of a table, its file, its first rows, the columns of texts and labels and how it is written, each
 * a row that changes it; and what was noticed: encodings, empty texts, how they were divided.
 * Signals: "wish" (const char *labels): the person wants it read so.
 */
#define SLOPE_TYPE_IMPORT_TEXTS (slope_import_texts_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportTexts, slope_import_texts, SLOPE, IMPORT_TEXTS, AdwPreferencesGroup)

GtkWidget *slope_import_texts_new  (void);
/* @way: "csv", or another one, which has no columns */
void       slope_import_texts_show (SlopeImportTexts *self, SlImport *import, const char *way);

G_END_DECLS
