/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-import-reader.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SlopeImportLabels:
 *
 * The kind of problem and where labels come from, with what belongs to that way of reading them; each a
 * row that changes it.
 */
#define SLOPE_TYPE_IMPORT_LABELS (slope_import_labels_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportLabels, slope_import_labels, SLOPE, IMPORT_LABELS, AdwBin)

GtkWidget *slope_import_labels_new        (void);
void       slope_import_labels_set_reader (SlopeImportLabels *self, SlopeImportReader *reader); /* nullable */

G_END_DECLS
