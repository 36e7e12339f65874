/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokens-fixture.h"

static const char *const some[] = { "The cat sat.", "A dog! The cat…", "", "cat\ncat" };
static const char *const many[] = { "The film wasn't good, it was GREAT: 10/10.",
                                    "I've seen better things on Mr. Fox's wall.",
                                    "so so so so so long<br /><br />and dull!!!!",
                                    "Ein Film über Straßen" };

/* ---- What is in it */

static void
test_contents (void)
{
  static const char *const expected[] = {
    "xxbos xxmaj the cat sat .",
    "xxbos a dog ! xxmaj the cat …",
    "xxbos",
    "xxbos cat \n cat",
  };
  g_auto (Texts) texts = { 0 };
  g_autoptr (SlTokenCache) cache = NULL;
  g_autofree guint64 *counts = NULL, *of_one = NULL;
  static const guint8 uses[] = { 0, 0, 0, 1 };
  gsize length;

  texts_init (&texts, some, G_N_ELEMENTS (some), G_N_ELEMENTS (some));
  cache = texts_cache (&texts, SL_TOKEN_COURSE);
  g_assert_cmpuint (sl_token_cache_n_texts (cache), ==, 4);
  g_assert_cmpuint (sl_token_cache_n_tokens (cache), ==, 6 + 8 + 1 + 4);
  g_assert_cmphex (sl_token_cache_get_rules (cache), ==, SL_TOKEN_COURSE);
  for (gsize i = 0; i < G_N_ELEMENTS (some); i++)
    {
      g_autofree char *line = texts_line (cache, i);

      g_assert_cmpstr (line, ==, expected[i]);
    }
  /* Behind the special ones, words stand as they first appeared. */
  g_assert_cmpmem (sl_token_cache_get_word (cache, SL_N_SPECIALS, &length), 3, "the", 3);
  g_assert_cmpuint (length, ==, 3);
  g_assert_cmpmem (sl_token_cache_get_word (cache, SL_N_SPECIALS + 1, &length), 3, "cat", 3);
  counts = sl_token_cache_count (cache, NULL);
  of_one = sl_token_cache_count (cache, uses);
  g_assert_cmpuint (counts[SL_SPECIAL_BEGIN], ==, 4);
  g_assert_cmpuint (counts[SL_N_SPECIALS + 1], ==, 4);
  g_assert_cmpuint (of_one[SL_SPECIAL_BEGIN], ==, 1);
  g_assert_cmpuint (of_one[SL_N_SPECIALS + 1], ==, 2);
}

/* More texts than a round has: every one is where it belongs, to the same bytes with any number of threads. */
static void
test_threads (void)
{
  g_autofree char *first = NULL;
  gsize first_length = 0;

  for (guint n_threads = 1; n_threads <= 3; n_threads++)
    {
      g_auto (Texts) texts = { 0 };
      g_autoptr (SlTokenCache) cache = NULL;
      g_autofree char *data = NULL, *line = NULL;
      gsize length;

      sl_parallel_set_threads (n_threads);
      texts_init (&texts, many, G_N_ELEMENTS (many), 5003);
      cache = texts_cache (&texts, SL_TOKEN_COURSE);
      line = texts_line (cache, 5001);
      g_assert_cmpstr (line, ==,
                       "xxbos i 've seen better things on xxmaj mr. xxmaj fox 's wall . w1799");
      g_assert_true (g_file_get_contents (texts.path, &data, &length, NULL));
      if (first == NULL)
        {
          first = g_steal_pointer (&data);
          first_length = length;
        }
      else
        g_assert_cmpmem (data, length, first, first_length);
    }
  sl_parallel_set_threads (0);
}

/* ---- What can go wrong */

static void
assert_opens_not (const Texts *texts, const char *key, SlTokenRules rules, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlTokenCache) cache = sl_token_cache_open (texts->path, key, rules, &error);

  g_assert_error (error, SL_ERROR, code);
  g_assert_null (cache);
  g_assert_nonnull (strchr (error->message, ':'));
}

static void
test_other_texts (void)
{
  g_auto (Texts) texts = { 0 };

  texts_init (&texts, some, G_N_ELEMENTS (some), G_N_ELEMENTS (some));
  assert_opens_not (&texts, texts.source.key, SL_TOKEN_COURSE, SL_ERROR_NOT_FOUND);
  sl_token_cache_unref (texts_cache (&texts, SL_TOKEN_COURSE));
  assert_opens_not (&texts, "another key", SL_TOKEN_COURSE, SL_ERROR_STATE);
  assert_opens_not (&texts, texts.source.key, SL_TOKEN_COURSE | SL_TOKEN_END, SL_ERROR_STATE);
}

/* A bit anywhere, or a byte too few or too many. */
static void
test_damage (void)
{
  g_auto (Texts) texts = { 0 };
  g_autofree char *data = NULL;
  gsize length;

  texts_init (&texts, some, G_N_ELEMENTS (some), G_N_ELEMENTS (some));
  sl_token_cache_unref (texts_cache (&texts, SL_TOKEN_COURSE));
  g_assert_true (g_file_get_contents (texts.path, &data, &length, NULL));
  for (gsize i = 0; i < length; i++)
    {
      gboolean version = i >= 8 && i < 12;

      data[i] ^= 4;
      g_assert_true (g_file_set_contents (texts.path, data, (gssize)length, NULL));
      assert_opens_not (&texts, texts.source.key, SL_TOKEN_COURSE,
                        version ? SL_ERROR_NEWER : SL_ERROR_FORMAT);
      data[i] ^= 4;
    }
  for (gsize n = 0; n < length; n += 7)
    {
      g_assert_true (g_file_set_contents (texts.path, data, (gssize)n, NULL));
      assert_opens_not (&texts, texts.source.key, SL_TOKEN_COURSE, SL_ERROR_FORMAT);
    }
  data = g_realloc (data, length + 1);
  data[length] = '\0';
  g_assert_true (g_file_set_contents (texts.path, data, (gssize)length + 1, NULL));
  assert_opens_not (&texts, texts.source.key, SL_TOKEN_COURSE, SL_ERROR_FORMAT);
}

static void
assert_builds_not (Texts *texts, GCancellable *cancellable, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_token_cache_build (texts->path, &texts->source, SL_TOKEN_COURSE, cancellable,
                                        NULL, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_false (g_file_test (texts->path, G_FILE_TEST_EXISTS));
}

static void
test_lost_text (void)
{
  g_auto (Texts) texts = { 0 };

  texts_init (&texts, many, G_N_ELEMENTS (many), 5003);
  texts.fails_at = 4000;
  assert_builds_not (&texts, NULL, SL_ERROR, SL_ERROR_NOT_FOUND);
  texts.source.n = 0;
  assert_builds_not (&texts, NULL, SL_ERROR, SL_ERROR_DATA);
}

static void
cancel_soon (gsize done, gsize total, const char *what, gpointer user_data)
{
  g_assert_cmpuint (done, <, total);
  g_cancellable_cancel (user_data);
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Texts) texts = { 0 };

  texts_init (&texts, many, G_N_ELEMENTS (many), 5003);
  g_assert_false (sl_token_cache_build (texts.path, &texts.source, SL_TOKEN_COURSE, cancellable,
                                        cancel_soon, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (texts.path, G_FILE_TEST_EXISTS));
}

static void
test_no_folder (void)
{
  g_auto (Texts) texts = { 0 };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  texts_init (&texts, some, G_N_ELEMENTS (some), G_N_ELEMENTS (some));
  path = g_build_filename (texts.folder, "none", "tokens", NULL);
  g_assert_false (
      sl_token_cache_build (path, &texts.source, SL_TOKEN_COURSE, NULL, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/token-cache/contents", test_contents);
  g_test_add_func ("/engine/token-cache/threads", test_threads);
  g_test_add_func ("/engine/token-cache/other-texts", test_other_texts);
  g_test_add_func ("/engine/token-cache/damage", test_damage);
  g_test_add_func ("/engine/token-cache/lost-text", test_lost_text);
  g_test_add_func ("/engine/token-cache/cancel", test_cancel);
  g_test_add_func ("/engine/token-cache/no-folder", test_no_folder);
  return g_test_run ();
}
