/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "core/arena.h"
#include <sys/mman.h>

static gint
compare_blocks (gconstpointer a, gconstpointer b, gpointer data)
{
  const SlArenaBlock *blocks = data;
  guint i = *(const guint *)a, j = *(const guint *)b;

  if (blocks[i].bytes != blocks[j].bytes)
    return blocks[i].bytes > blocks[j].bytes ? -1 : 1;
  return i < j ? -1 : 1;
}

static gboolean
block_end (const SlArenaBlock *block, gsize *end)
{
  gsize padded;

  return g_size_checked_add (&padded, block->bytes, SL_ARENA_ALIGN - 1)
         && g_size_checked_add (end, block->offset, padded & ~(gsize)(SL_ARENA_ALIGN - 1));
}

/* Where @block, moved up past every neighbour that it hits, ends up.  @placed is sorted by
 * offset, so that one walk is enough. */
static gsize
lowest_place (const SlArenaBlock *block, SlArenaBlock *const *placed, guint n, gboolean reuse)
{
  SlArenaBlock probe = *block;
  gsize end = 0;

  probe.offset = 0;
  for (guint i = 0; i < n; i++)
    {
      const SlArenaBlock *other = placed[i];
      gboolean together = !reuse || (other->first <= probe.last && probe.first <= other->last);

      if (!together)
        continue;
      if (!block_end (&probe, &end) || end <= other->offset)
        break;
      block_end (other, &end);
      probe.offset = MAX (probe.offset, end);
    }
  return probe.offset;
}

gsize
sl_arena_place (SlArenaBlock *blocks, guint n, gboolean reuse)
{
  g_autofree guint *order = g_new (guint, MAX (n, 1));
  g_autofree SlArenaBlock **placed = g_new (SlArenaBlock *, MAX (n, 1));
  gsize total = 0;

  for (guint i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, n, sizeof *order, compare_blocks, blocks);

  for (guint i = 0; i < n; i++)
    {
      SlArenaBlock *block = &blocks[order[i]];
      guint at = i;
      gsize end;

      block->offset = lowest_place (block, placed, i, reuse);
      if (!block_end (block, &end))
        return G_MAXSIZE;
      total = MAX (total, end);
      for (; at > 0 && placed[at - 1]->offset > block->offset; at--)
        placed[at] = placed[at - 1];
      placed[at] = block;
    }
  return total;
}

gpointer
sl_arena_map (gsize bytes)
{
  gpointer memory = mmap (NULL, MAX (bytes, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                          -1, 0);

  if (memory == MAP_FAILED)
    return NULL;
  /* Advice only: the result is the same without. */
  (void)madvise (memory, MAX (bytes, 1), MADV_HUGEPAGE);
  return memory;
}

void
sl_arena_unmap (gpointer memory, gsize bytes)
{
  if (memory != NULL)
    munmap (memory, MAX (bytes, 1));
}
