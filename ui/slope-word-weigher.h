/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeWordWeigher:
 *
 * Asks a model what the words of a text view weighed, colours them there and names the heaviest in a label, which is
 * hidden until then; both say so to screen readers too.  Main thread.
 */
#define SLOPE_TYPE_WORD_WEIGHER (slope_word_weigher_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWordWeigher, slope_word_weigher, SLOPE, WORD_WEIGHER, GObject)

/* Both are kept. */
SlopeWordWeigher *slope_word_weigher_new (GtkTextView *view, GtkLabel *words);
/* Of the view's text as it is now, for @class_name; what was asked before is given up and what is shown goes.  @run_id 0:
 * nothing is asked. */
void              slope_word_weigher_ask (SlopeWordWeigher *self, SlProject *project, gint64 run_id,
                                          const char *class_name);

G_END_DECLS
