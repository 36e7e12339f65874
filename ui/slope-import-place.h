/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportPlace:
 *
 * What the project will be called, where it will be, and whether pictures are copied into it.
 * Signals: "changed" (): its path may be another.
 */
#define SLOPE_TYPE_IMPORT_PLACE (slope_import_place_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportPlace, slope_import_place, SLOPE, IMPORT_PLACE, AdwPreferencesGroup)

GtkWidget *slope_import_place_new      (void);
/* Proposes what suits @import. */
void       slope_import_place_suggest  (SlopeImportPlace *self, SlImport *import);
/* (transfer full) (nullable): folder of the project to make; %NULL: the name is not usable. */
char      *slope_import_place_dup_path (SlopeImportPlace *self);
gboolean   slope_import_place_get_copy (SlopeImportPlace *self);

G_END_DECLS
