/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeTextWriter:
 *
 * Continues a text with a language model of the project: its words appear as they come, can be stopped, and are put
 * at the end of the text when asked to.  Signal: "run-changed": another run writes, or none.
 */
#define SLOPE_TYPE_TEXT_WRITER (slope_text_writer_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTextWriter, slope_text_writer, SLOPE, TEXT_WRITER, GtkWidget)

void   slope_text_writer_set_project (SlopeTextWriter *self, SlProject *project); /* nullable */
/* What is continued; kept. */
void   slope_text_writer_set_buffer  (SlopeTextWriter *self, GtkTextBuffer *buffer);
gint64 slope_text_writer_get_run     (SlopeTextWriter *self); /* 0: there is no language model */

G_END_DECLS
