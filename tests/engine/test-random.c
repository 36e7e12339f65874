/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/random.h>
#include <math.h>

/* Known answers of Philox 4×32-10, from the authors' library Random123 (kat_vectors). */
static const struct
{
  guint32 counter[4], key[2], out[4];
} known_answers[] = {
  { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
  { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
    { 0xffffffff, 0xffffffff },
    { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
  { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
    { 0xa4093822, 0x299f31d0 },
    { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
};

static void
test_known_answers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_answers); i++)
    {
      SlRandom random = { 0 };

      memcpy (random.key, known_answers[i].key, sizeof random.key);
      memcpy (random.counter, known_answers[i].counter, sizeof random.counter);
      for (guint j = 0; j < 4; j++)
        g_assert_cmphex (sl_random_u32 (&random), ==, known_answers[i].out[j]);
    }
}

static void
test_block (void)
{
  guint64 key = sl_random_key (7, SL_PURPOSE_TEST, 1, 2);
  SlRandom random;

  sl_random_init (&random, key);
  for (guint64 i = 0; i < 5; i++)
    {
      guint32 out[4];

      sl_random_block (key, i, out);
      for (guint j = 0; j < 4; j++)
        g_assert_cmphex (sl_random_u32 (&random), ==, out[j]);
    }
}

static void
test_keys_differ (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint64 seed = 0; seed < 4; seed++)
    for (guint purpose = SL_PURPOSE_INIT; purpose <= SL_PURPOSE_TEST; purpose++)
      for (guint64 a = 0; a < 8; a++)
        for (guint64 b = 0; b < 8; b++)
          {
            guint64 key = sl_random_key (seed, purpose, a, b << 40);

            g_assert_true (g_hash_table_add (seen, g_memdup2 (&key, sizeof key)));
            g_assert_true (key == sl_random_key (seed, purpose, a, b << 40));
          }
}

static void
test_uniform (void)
{
  SlRandom random;
  double sum = 0, low = 1, high = 0;
  const guint n = 100000;

  sl_random_init (&random, 11);
  for (guint i = 0; i < n; i++)
    {
      double value = sl_random_uniform (&random, 0, 1);

      sum += value;
      low = MIN (low, value);
      high = MAX (high, value);
      g_assert_true (value >= 0 && value < 1);
    }
  /* Standard deviation of the mean: 0.0009. */
  g_assert_cmpfloat_with_epsilon (sum / n, 0.5, 0.005);
  g_assert_cmpfloat (low, <, 0.001);
  g_assert_cmpfloat (high, >, 0.999);
  g_assert_cmpfloat (sl_random_uniform (&random, 3, 3), ==, 3);
  /* A range of one unit in the last place: only the closed end is left. */
  for (guint i = 0; i < 100; i++)
    g_assert_cmpfloat (sl_random_uniform (&random, 1, nextafter (1, 2)), ==, 1);
}

static void
test_normal (void)
{
  SlRandom random;
  double sum = 0, squares = 0, fourths = 0;
  const guint n = 100000;

  sl_random_init (&random, 12);
  for (guint i = 0; i < n; i++)
    {
      double value = sl_random_normal (&random);

      sum += value;
      squares += value * value;
      fourths += value * value * value * value;
    }
  g_assert_cmpfloat_with_epsilon (sum / n, 0, 0.02);
  g_assert_cmpfloat_with_epsilon (squares / n, 1, 0.03);
  g_assert_cmpfloat_with_epsilon (fourths / n, 3, 0.25);
}

static void
test_below (void)
{
  SlRandom random;
  guint counts[7] = { 0 };
  const guint64 huge = G_GUINT64_CONSTANT (0x8000000000000001);

  sl_random_init (&random, 13);
  for (guint i = 0; i < 70000; i++)
    counts[sl_random_below (&random, 7)]++;
  for (guint i = 0; i < 7; i++)
    g_assert_cmpint (ABS ((gint)counts[i] - 10000), <, 500);
  for (guint i = 0; i < 1000; i++)
    {
      g_assert_true (sl_random_below (&random, huge) < huge);
      g_assert_cmpuint (sl_random_below (&random, 1), ==, 0);
    }
}

static void
test_shuffle (void)
{
  guint32 first[100], second[100];
  gboolean seen[100] = { FALSE };
  guint fixed = 0;
  SlRandom random;

  for (guint i = 0; i < 100; i++)
    first[i] = second[i] = i;
  sl_random_init (&random, 14);
  sl_random_shuffle (&random, first, 100);
  sl_random_init (&random, 14);
  sl_random_shuffle (&random, second, 100);
  g_assert_cmpmem (first, sizeof first, second, sizeof second);
  for (guint i = 0; i < 100; i++)
    {
      g_assert_false (seen[first[i]]);
      seen[first[i]] = TRUE;
      fixed += first[i] == i;
    }
  g_assert_cmpuint (fixed, <, 10);
  sl_random_shuffle (&random, first, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/random/known-answers", test_known_answers);
  g_test_add_func ("/engine/random/block", test_block);
  g_test_add_func ("/engine/random/keys-differ", test_keys_differ);
  g_test_add_func ("/engine/random/uniform", test_uniform);
  g_test_add_func ("/engine/random/normal", test_normal);
  g_test_add_func ("/engine/random/below", test_below);
  g_test_add_func ("/engine/random/shuffle", test_shuffle);
  return g_test_run ();
}
