/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What can stand between cells or labels: the word for it in a text for the engine, static; and for
 * a person, which lives as long as the character is asked for. */
const char *slope_divider_word (char divider);
const char *slope_divider_name (char divider);

/**
 * SlopeTableForm:
 *
 * How a table is written: separator, encoding, header.  Closed, the row says it in one sentence.
 * Signals: "changed" (gboolean other_columns): by the person; the table now divides otherwise.
 */
#define SLOPE_TYPE_TABLE_FORM (slope_table_form_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTableForm, slope_table_form, SLOPE, TABLE_FORM, AdwExpanderRow)

GtkWidget *slope_table_form_new    (void);
void       slope_table_form_set    (SlopeTableForm *self, char separator, const char *encoding,
                                    gboolean has_bom, gboolean has_header);
/* What the person said, ",header=no,separator=tab": empty until something was changed.  (transfer full) */
char      *slope_table_form_spell  (SlopeTableForm *self);
/* Another table: what was said of the last one does not hold. */
void       slope_table_form_forget (SlopeTableForm *self);

G_END_DECLS
