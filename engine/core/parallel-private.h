/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/parallel.h>

/* Between these, sl_parallel_get_threads() keeps its answer for the calling thread, whatever
 * others set: scratch memory was sized for it.  Returns: that answer.  Not nested. */
guint sl_parallel_pin (void);
void sl_parallel_unpin (void);
