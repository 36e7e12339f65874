/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#define SL_ARENA_ALIGN 64 /* bytes */

/* Something that needs memory from one moment to another, both included. */
typedef struct
{
  gsize bytes;
  guint first, last;
  gsize offset; /* found by sl_arena_place(): bytes, multiple of SL_ARENA_ALIGN */
} SlArenaBlock;

/* Gives each block an offset such that blocks alive at the same moment do not overlap: largest
 * first, at the lowest free place.  Without @reuse, no two blocks overlap at all.
 * Returns: bytes of the arena; G_MAXSIZE if that overflows */
gsize sl_arena_place (SlArenaBlock *blocks, guint n, gboolean reuse);

/* Memory straight from the system, zeroed, in large pages where it can: for blocks of many
 * megabytes.  NULL when there is not so much. */
gpointer sl_arena_map (gsize bytes);
void sl_arena_unmap (gpointer memory, gsize bytes);
