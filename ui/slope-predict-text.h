/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopePredictText:
 *
 * A text that is typed, pasted or opened, what a model says of it while it is being typed, and how a language
 * model goes on with it.  Signal: "writer-changed": another language model writes, or none.
 */
#define SLOPE_TYPE_PREDICT_TEXT (slope_predict_text_get_type ())
G_DECLARE_FINAL_TYPE (SlopePredictText, slope_predict_text, SLOPE, PREDICT_TEXT, GtkWidget)

void   slope_predict_text_set_project (SlopePredictText *self, SlProject *project); /* nullable; of texts */
/* The model that answers from now on; 0: there is none for labels. */
void   slope_predict_text_set_run     (SlopePredictText *self, gint64 run_id);
gint64 slope_predict_text_get_writer  (SlopePredictText *self); /* the language model's run; 0: none */
/* Takes what is in the file at @path in place of the text at hand. */
void   slope_predict_text_open        (SlopePredictText *self, const char *path);

G_END_DECLS
