/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportTable:
 *
 * How a table of labels was read, each part of it a row that changes it: file, columns, what divides
 * labels, how it is written; its first rows; and what became of all of them.
 * Signals: "wish" (const char *labels, gboolean guess_task): the person wants it read so; guess_task:
 *   what the labels are for follows from what was changed.
 */
#define SLOPE_TYPE_IMPORT_TABLE (slope_import_table_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportTable, slope_import_table, SLOPE, IMPORT_TABLE, AdwPreferencesGroup)

GtkWidget *slope_import_table_new  (void);
/* @way: "csv" or "points:csv".  Where @import was not read so, the beginning of its first table. */
void       slope_import_table_show (SlopeImportTable *self, SlImport *import, const char *way);
/* (transfer full): the labels of the columns that are shown; what divides them is to be guessed. */
char      *slope_import_table_dup_columns (SlopeImportTable *self);

G_END_DECLS
