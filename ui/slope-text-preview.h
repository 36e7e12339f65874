/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeTextPreview:
 *
 * The whole of a text, as its tokens or as it was written, and the rules that make tokens: each can be switched for
 * the next language model, and says what it does to this text.
 */
#define SLOPE_TYPE_TEXT_PREVIEW (slope_text_preview_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTextPreview, slope_text_preview, SLOPE, TEXT_PREVIEW, AdwBin)

GtkWidget *slope_text_preview_new (void);
/* @item: (nullable): shows nothing.  @project: (nullable) then, too */
void       slope_text_preview_set (SlopeTextPreview *self, SlProject *project, SlItem *item);

G_END_DECLS
