/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * SlopeTokenView:
 *
 * A text as the network reads it: its tokens, with spaces between, those with a meaning of their own (xxbos, xxmaj,
 * …) in a muted colour.  Can be selected and copied, not changed.  To be put into a scrolled window.
 */
#define SLOPE_TYPE_TOKEN_VIEW (slope_token_view_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTokenView, slope_token_view, SLOPE, TOKEN_VIEW, GtkTextView)

GtkWidget *slope_token_view_new        (void);
void       slope_token_view_set_tokens (SlopeTokenView *self, const char *const *tokens); /* NULL-terminated */
void       slope_token_view_set_text   (SlopeTokenView *self, const char *text); /* as it was written */

/* Whether @token is one of SlSpecial. */
gboolean   slope_token_is_special      (const char *token);

G_END_DECLS
