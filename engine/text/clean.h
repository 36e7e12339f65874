/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/text.h>

G_BEGIN_DECLS

/* What the rules on whole texts make of @text (valid UTF-8, no 0 inside), in the order of the course: HTML,
 * repeated characters, repeated words, marks, spaces.  @spare: any; both are overwritten, and the result
 * lies in @text. */
void _sl_clean_text (SlTokenRules rules, GString *text, GString *spare);

/* Appends the character that an HTML entity stands for ("&eacute;", "&#233;", "&#xe9;") and returns the
 * bytes it takes of @text, which begins with "&"; 0: none is there. */
gsize _sl_read_entity (const char *text, const char *end, GString *out);

G_END_DECLS
