/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  SLOPE_NOTE_INFO,
  SLOPE_NOTE_SUCCESS,
  SLOPE_NOTE_WARNING,
  SLOPE_NOTE_ERROR
} SlopeNoteKind;

/**
 * SlopeNote:
 *
 * A coloured card: icon, heading, evidence, at most one button, and a close button if closable.
 * Signals: "activated" (the button), "closed".  Style classes note and info/success/warning/error.
 */
#define SLOPE_TYPE_NOTE (slope_note_get_type ())
G_DECLARE_FINAL_TYPE (SlopeNote, slope_note, SLOPE, NOTE, GtkWidget)

GtkWidget *slope_note_new (void);
void       slope_note_set (SlopeNote *self, SlopeNoteKind kind, const char *heading, const char *text,
                           const char *button /* nullable */, gboolean closable);

G_END_DECLS
