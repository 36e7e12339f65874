/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeVocabularyRow:
 *
 * How many words a network of texts will know, and how much of the texts that leaves unknown; counted while the row is
 * seen.  A button opens the words themselves, where a person may choose others.
 *
 * Signals: "chosen" (char *vocabulary): by the person, as a recipe has it.
 */
#define SLOPE_TYPE_VOCABULARY_ROW (slope_vocabulary_row_get_type ())
G_DECLARE_FINAL_TYPE (SlopeVocabularyRow, slope_vocabulary_row, SLOPE, VOCABULARY_ROW, AdwActionRow)

/* @project: (nullable) of texts.  @from_run: whose words the network keeps; 0: none */
void slope_vocabulary_row_set (SlopeVocabularyRow *self, SlProject *project, const SlRecipe *recipe,
                               gint64 from_run);

G_END_DECLS
