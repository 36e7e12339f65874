/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a text begins, on one line: at most @max_chars characters, without line breaks, whether written as such or
 * as "<br />", and with one space where there are several.  (transfer full) */
char *slope_text_snippet     (const char *text, guint max_chars);
/* What spaces divide: as people count, and quick enough for all texts of a project.  Any thread. */
guint slope_text_count_words (const char *text);

G_END_DECLS
