/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What this process can have now without swapping or being killed: what the kernel guesses for the
 * computer (MemAvailable), and no more than any control group that it is in leaves, where a
 * container or a service manager has set a limit.  G_MAXSIZE where nothing says.  Any thread. */
gsize sl_free_memory_bytes (void);

/* The same with @root in place of "/": for tests. */
gsize sl_free_memory_under (const char *root);
