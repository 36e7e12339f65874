/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokens-fixture.h"

#include <math.h>
#include <slope/vocabulary.h>

static const char *const some[] = { "b a a c", "a b \\ d\nd", "e c \n \\" };

static char *
words_of (const SlVocabulary *self)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = SL_N_SPECIALS; i < sl_vocabulary_n_words (self); i++)
    {
      gsize length;
      const char *word = sl_vocabulary_get_word (self, i, &length);

      g_string_append_printf (line, "%s%.*s", i > SL_N_SPECIALS ? " " : "", (int)length, word);
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
assert_words (const SlTokenCache *cache, const guint64 *counts, guint max_words, guint64 min_count,
              const char *expected)
{
  g_autoptr (SlVocabulary) vocabulary = sl_vocabulary_choose (cache, counts, max_words, min_count);
  g_autofree char *words = words_of (vocabulary);

  g_assert_cmpstr (words, ==, expected);
  for (SlSpecial i = 0; i < SL_N_SPECIALS; i++)
    {
      const char *special = sl_special_token (i);

      g_assert_cmpuint (sl_vocabulary_find (vocabulary, special, strlen (special)), ==, i);
    }
}

/* By frequency, then by first appearance: a 3, b c \ d ⏎ 2 each, e 1. */
static void
test_choice (void)
{
  static const guint8 last[] = { 0, 0, 1 };
  g_auto (Texts) texts = { 0 };
  g_autoptr (SlTokenCache) cache = NULL;
  g_autofree guint64 *counts = NULL;

  texts_init (&texts, some, G_N_ELEMENTS (some), G_N_ELEMENTS (some));
  cache = texts_cache (&texts, SL_TOKEN_COURSE);
  counts = sl_token_cache_count (cache, last);
  assert_words (cache, NULL, SL_VOCABULARY_WORDS, 1, "a b c \\ d \n e");
  assert_words (cache, NULL, SL_VOCABULARY_WORDS, 2, "a b c \\ d \n");
  assert_words (cache, NULL, SL_VOCABULARY_WORDS, 3, "a");
  assert_words (cache, NULL, SL_N_SPECIALS + 3, 2, "a b c");
  assert_words (cache, NULL, 0, 1, "");
  assert_words (cache, counts, SL_VOCABULARY_WORDS, 1, "c \\ \n e");
}

/* What another one knows comes behind, as far as there is room, and nothing comes twice. */
static void
test_extend (void)
{
  static const char *const own[] = { "cat", "dog" }, *const others[] = { "owl", "dog", "emu" };
  static const guint64 counts[] = { 5, 4, 3 };
  g_autoptr (SlVocabulary) self = sl_vocabulary_new (SL_TOKEN_LOWER, own, counts, 2);
  g_autoptr (SlVocabulary) other = sl_vocabulary_new (SL_TOKEN_COURSE, others, counts, 3);
  const struct
  {
    guint max_words;
    const char *words;
  } cases[] = { { SL_VOCABULARY_WORDS, "cat dog owl emu" },
                { SL_N_SPECIALS + 3, "cat dog owl" },
                { SL_N_SPECIALS, "cat dog" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SlVocabulary) both = sl_vocabulary_extend (self, other, cases[i].max_words);
      g_autofree char *words = words_of (both);

      g_assert_cmpstr (words, ==, cases[i].words);
      g_assert_cmpuint (sl_vocabulary_get_rules (both), ==, SL_TOKEN_LOWER);
      g_assert_cmpuint (sl_vocabulary_get_count (both, SL_N_SPECIALS + 1), ==, 4);
      if (sl_vocabulary_n_words (both) > SL_N_SPECIALS + 2)
        g_assert_cmpuint (sl_vocabulary_get_count (both, SL_N_SPECIALS + 2), ==, 0);
    }
}

static void
test_map (void)
{
  g_auto (Texts) texts = { 0 };
  g_autoptr (SlTokenCache) cache = NULL;
  g_autoptr (SlVocabulary) vocabulary = NULL;
  g_autofree guint64 *counts = NULL, *none = NULL;
  g_autofree guint32 *map = NULL;
  static const guint32 expected[] = { 2, 10, 9, 9, 0 }; /* xxbos b a a c */
  const guint32 *tokens;
  gsize n;

  texts_init (&texts, some, G_N_ELEMENTS (some), G_N_ELEMENTS (some));
  cache = texts_cache (&texts, SL_TOKEN_COURSE);
  vocabulary = sl_vocabulary_choose (cache, NULL, SL_N_SPECIALS + 2, 2);
  map = sl_vocabulary_map (vocabulary, cache);
  tokens = sl_token_cache_get_text (cache, 0, &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (map[tokens[i]], ==, expected[i]);
  counts = sl_token_cache_count (cache, NULL);
  none = g_new0 (guint64, sl_token_cache_n_words (cache));
  g_assert_cmpuint (counts[SL_SPECIAL_BEGIN], ==, 3);
  g_assert_cmpfloat_with_epsilon (sl_vocabulary_unknown (vocabulary, cache, counts), 9.0 / 17.0,
                                  1e-12);
  g_assert_true (isnan (sl_vocabulary_unknown (vocabulary, cache, none)));
}

/* ---- Files */

static void
test_file (void)
{
  g_auto (Texts) texts = { 0 };
  g_autoptr (SlTokenCache) cache = NULL;
  g_autoptr (SlVocabulary) vocabulary = NULL, again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;

  texts_init (&texts, some, G_N_ELEMENTS (some), G_N_ELEMENTS (some));
  cache = texts_cache (&texts, SL_TOKEN_COURSE);
  vocabulary = sl_vocabulary_choose (cache, NULL, SL_VOCABULARY_WORDS, 1);
  g_assert_true (sl_vocabulary_save (vocabulary, texts.path, &error));
  again = sl_vocabulary_load (texts.path, &error);
  g_assert_no_error (error);
  before = sl_vocabulary_to_text (vocabulary);
  after = sl_vocabulary_to_text (again);
  g_assert_cmpstr (before, ==, after);
  g_assert_nonnull (strstr (before, "\n2\t\\n\n"));
  g_assert_nonnull (strstr (before, "\n2\t\\\\\n"));
  g_assert_cmpuint (sl_vocabulary_get_count (again, SL_N_SPECIALS), ==, 3);
  g_assert_cmpuint (sl_vocabulary_find (again, "\n", 1), ==, SL_N_SPECIALS + 5);
  g_assert_cmpuint (sl_vocabulary_find (again, "zebra", 5), ==, SL_SPECIAL_UNKNOWN);
  g_assert_cmphex (sl_vocabulary_get_rules (again), ==, SL_TOKEN_COURSE);
}

#define BEGIN "slope-vocabulary 1 lower\n"
#define SPECIALS \
  "0\txxunk\n0\txxpad\n3\txxbos\n0\txxeos\n0\txxfld\n0\txxmaj\n0\txxup\n0\txxrep\n0\txxwrep\n"

/* As an editor on another system may leave it. */
static void
test_edited (void)
{
  static const char text[] =
      "slope-vocabulary 1 lower\r\n0\txxunk\r\n0\txxpad\r\n3\txxbos\r\n0\txxeos\r\n0\txxfld\r\n"
      "0\txxmaj\r\n0\txxup\r\n0\txxrep\r\n0\txxwrep\r\n7\tone\r\n0\ttwo";
  g_autoptr (GError) error = NULL;
  g_autoptr (SlVocabulary) vocabulary = sl_vocabulary_from_text (text, strlen (text), &error);
  g_autofree char *words = NULL;

  g_assert_no_error (error);
  words = words_of (vocabulary);
  g_assert_cmpstr (words, ==, "one two");
}

static void
test_bad_files (void)
{
  static const struct
  {
    const char *text;
    int code;
    const char *message; /* part of it */
  } cases[] = {
    { "", SL_ERROR_FORMAT, "Line 1 " },
    { "words\n", SL_ERROR_FORMAT, "Line 1 " },
    { "slope-vocabulary x lower\n" SPECIALS, SL_ERROR_FORMAT, "Line 1 " },
    { "slope-vocabulary 2 lower\n" SPECIALS, SL_ERROR_NEWER, "newer" },
    { "slope-vocabulary 1 shouting\n" SPECIALS, SL_ERROR_DATA, "“shouting”" },
    { BEGIN, SL_ERROR_FORMAT, "Line 2 " },
    { BEGIN "0\txxpad\n", SL_ERROR_FORMAT, "must have “xxunk”" },
    { BEGIN "0\txxunk\n0\txxpad\n", SL_ERROR_FORMAT, "Line 4 " },
    { BEGIN SPECIALS "1\ta\n1\ta\n", SL_ERROR_FORMAT, "Line 12 of the vocabulary has “a” again" },
    { BEGIN SPECIALS "a\n", SL_ERROR_FORMAT, "number and a tab" },
    { BEGIN SPECIALS "-1\ta\n", SL_ERROR_FORMAT, "number and a tab" },
    { BEGIN SPECIALS "99999999999999999999\ta\n", SL_ERROR_FORMAT, "number and a tab" },
    { BEGIN SPECIALS "1\t\n", SL_ERROR_FORMAT, "no word" },
    { BEGIN SPECIALS "1\ta\\\n", SL_ERROR_FORMAT, "backslash" },
    { BEGIN SPECIALS "1\ta\\t\n", SL_ERROR_FORMAT, "backslash" },
    { BEGIN SPECIALS "1\t\xff\n", SL_ERROR_FORMAT, "UTF-8" },
  };
  g_autofree char *long_word = g_strnfill (SL_MAX_TOKEN_BYTES + 1, 'a');
  g_autofree char *long_text = g_strconcat (BEGIN SPECIALS "1\t", long_word, "\n", NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) local = NULL;

      g_assert_null (sl_vocabulary_from_text (cases[i].text, strlen (cases[i].text), &local));
      g_assert_error (local, SL_ERROR, cases[i].code);
      g_assert_nonnull (strstr (local->message, cases[i].message));
    }
  g_assert_null (sl_vocabulary_from_text (long_text, strlen (long_text), &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
}

/* Carriage returns: an editor's at a line's end go, a word's own stay. */
static void
test_returns (void)
{
  static const char text[] = BEGIN SPECIALS "1\ta\\r\r\n2\t\\r\\r\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (SlVocabulary) self = sl_vocabulary_from_text (text, strlen (text), &error),
                           again = NULL;
  g_autofree char *written = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (sl_vocabulary_find (self, "a\r", 2), ==, SL_N_SPECIALS);
  g_assert_cmpuint (sl_vocabulary_find (self, "\r\r", 2), ==, SL_N_SPECIALS + 1);
  written = sl_vocabulary_to_text (self);
  again = sl_vocabulary_from_text (written, strlen (written), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_vocabulary_find (again, "\r\r", 2), ==, SL_N_SPECIALS + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/vocabulary/choice", test_choice);
  g_test_add_func ("/engine/vocabulary/extend", test_extend);
  g_test_add_func ("/engine/vocabulary/map", test_map);
  g_test_add_func ("/engine/vocabulary/file", test_file);
  g_test_add_func ("/engine/vocabulary/edited", test_edited);
  g_test_add_func ("/engine/vocabulary/bad-files", test_bad_files);
  g_test_add_func ("/engine/vocabulary/returns", test_returns);
  return g_test_run ();
}
