/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include <slope/random.h>

static gboolean
overlap (const SlArenaBlock *a, const SlArenaBlock *b)
{
  return a->offset < b->offset + b->bytes && b->offset < a->offset + a->bytes;
}

static gboolean
together (const SlArenaBlock *a, const SlArenaBlock *b)
{
  return a->first <= b->last && b->first <= a->last;
}

static void
test_chain (void)
{
  /* Each lives until the next is there: two places are enough, however long the chain. */
  SlArenaBlock blocks[10];

  for (guint i = 0; i < 10; i++)
    blocks[i] = (SlArenaBlock){ 640, i, i + 1, 0 };
  g_assert_cmpuint (sl_arena_place (blocks, 10, TRUE), ==, 2 * 640);
  g_assert_cmpuint (sl_arena_place (blocks, 10, FALSE), ==, 10 * 640);
}

static void
test_hole (void)
{
  /* The small one finds its place between two larger ones that outlive it. */
  SlArenaBlock blocks[] = {
    { 1000, 0, 9, 0 }, { 900, 0, 2, 0 }, { 800, 0, 9, 0 }, { 300, 3, 5, 0 }, { 500, 4, 6, 0 },
  };

  g_assert_cmpuint (sl_arena_place (blocks, 5, TRUE), ==, 1024 + 960 + 832);
  g_assert_cmpuint (blocks[4].offset, ==, 1024);
  g_assert_cmpuint (blocks[3].offset, ==, 1024 + 512);
}

static void
test_random (void)
{
  SlRandom random;

  sl_random_init (&random, 3);
  for (guint round = 0; round < 50; round++)
    {
      SlArenaBlock blocks[60];
      gsize total, alive_most = 0, sum = 0;

      for (guint i = 0; i < 60; i++)
        {
          guint first = (guint)sl_random_below (&random, 100);

          blocks[i] = (SlArenaBlock){ sl_random_below (&random, 5000), first,
                                      first + (guint)sl_random_below (&random, 30), 0 };
          sum += blocks[i].bytes;
        }
      total = sl_arena_place (blocks, 60, TRUE);
      for (guint i = 0; i < 60; i++)
        {
          g_assert_cmpuint (blocks[i].offset % SL_ARENA_ALIGN, ==, 0);
          g_assert_cmpuint (blocks[i].offset + blocks[i].bytes, <=, total);
          for (guint j = 0; j < i; j++)
            g_assert_false (together (&blocks[i], &blocks[j]) && overlap (&blocks[i], &blocks[j]));
        }
      for (guint t = 0; t < 130; t++)
        {
          gsize alive = 0;

          for (guint i = 0; i < 60; i++)
            alive += blocks[i].first <= t && t <= blocks[i].last ? blocks[i].bytes : 0;
          alive_most = MAX (alive_most, alive);
        }
      g_assert_cmpuint (total, >=, alive_most);
      g_assert_cmpuint (total, <, sum);
    }
}

static void
test_corners (void)
{
  SlArenaBlock huge[] = { { G_MAXSIZE - 100, 0, 1, 0 }, { 200, 1, 2, 0 } };
  SlArenaBlock empty = { 0, 0, 5, 0 };

  g_assert_cmpuint (sl_arena_place (NULL, 0, TRUE), ==, 0);
  g_assert_cmpuint (sl_arena_place (&empty, 1, TRUE), ==, 0);
  g_assert_cmpuint (sl_arena_place (huge, 2, TRUE), ==, G_MAXSIZE);
}

static void
test_memory (void)
{
  guint8 *memory = sl_arena_map (3 << 20);

  g_assert_nonnull (memory);
  for (gsize i = 0; i < 3 << 20; i += 4096)
    g_assert_cmpint (memory[i], ==, 0);
  memory[(3 << 20) - 1] = 1;
  sl_arena_unmap (memory, 3 << 20);
  g_assert_null (sl_arena_map (G_MAXSIZE / 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/arena/chain", test_chain);
  g_test_add_func ("/engine/arena/hole", test_hole);
  g_test_add_func ("/engine/arena/random", test_random);
  g_test_add_func ("/engine/arena/corners", test_corners);
  g_test_add_func ("/engine/arena/memory", test_memory);
  return g_test_run ();
}
