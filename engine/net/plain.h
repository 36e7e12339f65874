/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): what a server or a stranger's file says, fit for messages and terminals: UTF-8,
 * without control characters. */
char *_sl_plain_text (const char *text);

G_END_DECLS
