/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportSummary:
 *
 * "What Slope understood": each decision a row that changes it, the result beside it.
 * Signals: "changed" (): anything that decides whether the import can go ahead.
 */
#define SLOPE_TYPE_IMPORT_SUMMARY (slope_import_summary_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportSummary, slope_import_summary, SLOPE, IMPORT_SUMMARY, GtkWidget)

GtkWidget *slope_import_summary_new (void);
void slope_import_summary_set_import (SlopeImportSummary *self, SlImport *import); /* nullable */
/* (transfer full) (nullable): folder of the project to make; %NULL: the name is not usable, or the import
 * is not, or not yet, what is wished for. */
char *slope_import_summary_dup_path (SlopeImportSummary *self);
gboolean slope_import_summary_get_copy (SlopeImportSummary *self);
/* Whether the labels are being read in another way. */
gboolean slope_import_summary_is_busy (SlopeImportSummary *self);

G_END_DECLS
