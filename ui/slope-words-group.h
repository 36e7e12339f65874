/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeWordsGroup:
 *
 * What a recipe for texts has beside others: the vocabulary, what it leaves unknown, and how many tokens a language model
 * is trained on at a time.  Hidden where a recipe is for pictures.
 *
 * Signals: "changed": by the person; the recipe has it already.
 */
#define SLOPE_TYPE_WORDS_GROUP (slope_words_group_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWordsGroup, slope_words_group, SLOPE, WORDS_GROUP, AdwPreferencesGroup)

/* @project: (nullable).  @recipe: changed in place; must outlive the next call.  @from_run: whose vocabulary the network
 * keeps; 0: none */
void slope_words_group_set_recipe (SlopeWordsGroup *self, SlProject *project, SlRecipe *recipe,
                                   gint64 from_run);

G_END_DECLS
