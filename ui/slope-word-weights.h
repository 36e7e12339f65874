/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* A word of a text and what it weighed. */
typedef struct
{
  guint  begin, end;  /* characters of the text */
  int    class_index; /* that it speaks for; -1: against what was asked, for no class in particular */
  double share;       /* 0 … 1: of the heaviest word of the text */
} SlopeWordWeight;

/* Finds the words of @weights, which are lower case and without special ones, in the text they are of; those that
 * the tokeniser has changed are left out.  @asked: the class they were weighed for, of @n_classes: with two, what
 * speaks against the one speaks for the other.  (transfer full): of SlopeWordWeight, in their order */
GArray *slope_word_weights_place (const char *text, const SlWordWeights *weights, guint asked,
                                  guint n_classes);

/* Colours the words of @buffer, whose text they are of, in the colours of their classes, the heavier the
 * stronger; what was coloured before is not any more. */
void  slope_word_weights_show  (GtkTextBuffer *buffer, const SlopeWordWeight *words, gsize n);
void  slope_word_weights_clear (GtkTextBuffer *buffer);
/* The heaviest words by class, heaviest first, "For positive: wonderful, love · For negative: dull"; @asked: the class
 * that the others speak against.  (transfer full): "" without any */
char *slope_word_weights_say   (GtkTextBuffer *buffer, const SlopeWordWeight *words, gsize n,
                                const char *const *classes, const char *asked);

G_END_DECLS
