/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeWordsWindow:
 *
 * The words of a project's texts, the most frequent first: a person ticks those that the next network shall know.
 * Saving keeps them in the project.
 *
 * Signals: "saved" (char *vocabulary): as a recipe has it: a file of the project, or "auto".
 */
#define SLOPE_TYPE_WORDS_WINDOW (slope_words_window_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWordsWindow, slope_words_window, SLOPE, WORDS_WINDOW, AdwWindow)

/* @review: (transfer full).  @edited: they were chosen by a person: offers to have them chosen by Slope again. */
GtkWidget *slope_words_window_new (SlProject *project, SlWordReview *review, gboolean edited);

G_END_DECLS
