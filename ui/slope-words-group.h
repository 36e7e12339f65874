/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeWordsGroup:
 *
 * What a recipe for texts has beside others: the vocabulary, and how many tokens a language model is trained on at a
 * time.  Hidden where a recipe is for pictures.
 *
 * Signals: "changed": by the person; the recipe has it already.
 */
#define SLOPE_TYPE_WORDS_GROUP (slope_words_group_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWordsGroup, slope_words_group, SLOPE, WORDS_GROUP, AdwPreferencesGroup)

/* @recipe: changed in place; must outlive the next call.  @has_words: what the run begins with has a vocabulary, which
 * stays. */
void slope_words_group_set_recipe (SlopeWordsGroup *self, SlRecipe *recipe, gboolean has_words);

G_END_DECLS
