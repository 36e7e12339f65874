/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Whether objects and arrays in @text lie at most @max deep.  json-glib's parser calls itself for
 * each level: a file of brackets alone would exhaust the stack. */
gboolean _sl_json_is_shallow (const char *text, gsize length, gint max);
