/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Rows that the groups of "What Slope understood" are made of. */

/* @title: translated.  @changed: called with @data swapped, whoever chose. */
AdwComboRow   *slope_import_combo_row (const char *title, GCallback changed, gpointer data);
/* Puts @texts, %NULL-terminated, into the row unless it has them already, and chooses @selected. */
void           slope_import_combo_row_fill (AdwComboRow *row, const char *const *texts, guint selected);
/* A whole number.  *@row: what is to be shown and hidden. */
GtkSpinButton *slope_import_spin_row (const char *title, const char *subtitle, double low, double high,
                                      double step, GCallback changed, gpointer data, GtkWidget **row);
/* What went wrong, in place; hidden while there is no text. */
GtkWidget     *slope_import_error_row_new (void);
void           slope_import_error_row_set (GtkWidget *row, const char *text /* nullable */);
/* A widget in place of a title. */
GtkWidget     *slope_import_plain_row_new (GtkWidget *child);

G_END_DECLS
