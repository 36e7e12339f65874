/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words of texts a vocabulary has, and one that a person has chosen. */
#include "tokens-fixture.h"

#include <math.h>
#include <slope/word-review.h>

/* Beside xxbos: a 3, b 2, c 2 in the first two; d alone in the third. */
static const char *const some[] = { "b a a c", "a b c", "d a" };
static const guint8 first_two[] = { 1, 1, 0 }, third[] = { 0, 0, 1 }, none[] = { 0, 0, 0 };

static char *
to_string (const SlWordReview *self)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (gsize i = 0; i < self->n; i++)
    g_string_append_printf (line, "%s%s%" G_GUINT64_FORMAT "%s", i > 0 ? " " : "",
                            self->words[i].word, self->words[i].count,
                            self->words[i].known ? "" : "?");
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static SlTokenCache *
open_texts (Texts *texts)
{
  texts_init (texts, some, G_N_ELEMENTS (some), G_N_ELEMENTS (some));
  return texts_cache (texts, SL_TOKEN_COURSE);
}

/* The words known are those of all texts that occur twice: a, b, c. */
static void
test_counts (void)
{
  g_auto (Texts) texts = { 0 };
  g_autoptr (SlTokenCache) cache = open_texts (&texts);
  g_autoptr (SlVocabulary) vocabulary = sl_vocabulary_choose (cache, NULL, SL_VOCABULARY_WORDS, 2);
  g_autoptr (SlWordReview) review = sl_word_review_new (vocabulary, cache, first_two, third);
  g_autoptr (SlWordReview) other = sl_word_review_new (vocabulary, cache, third, NULL);
  g_autoptr (SlWordReview) empty = sl_word_review_new (vocabulary, cache, none, none);
  g_autofree char *words = to_string (review), *others = to_string (other),
                  *of_none = to_string (empty);

  g_assert_cmpstr (words, ==, "a3 b2 c2");
  g_assert_cmpuint (review->n_known, ==, 3);
  g_assert_cmpuint (review->n_tokens, ==, 9);
  g_assert_cmpfloat (review->unknown, ==, 0);
  g_assert_cmpfloat_with_epsilon (review->unknown_valid, 1.0 / 3.0, 1e-12);
  g_assert_cmpstr (others, ==, "a1 d1? b0 c0");
  g_assert_true (isnan (other->unknown_valid));
  g_assert_cmpstr (of_none, ==, "a0 b0 c0");
  g_assert_true (isnan (empty->unknown) && isnan (sl_word_review_unknown (empty)));
}

static void
test_chosen (void)
{
  g_auto (Texts) texts = { 0 };
  g_autoptr (SlTokenCache) cache = open_texts (&texts);
  g_autoptr (SlVocabulary) vocabulary = sl_vocabulary_choose (cache, NULL, SL_VOCABULARY_WORDS, 2);
  g_autoptr (SlWordReview) review = sl_word_review_new (vocabulary, cache, NULL, NULL),
                           again = NULL;
  g_autoptr (SlVocabulary) chosen = NULL;
  g_autofree char *before = to_string (review), *after = NULL;

  g_assert_cmpstr (before, ==, "a4 b2 c2 d1?");
  g_assert_cmpfloat_with_epsilon (sl_word_review_unknown (review), 1.0 / 12.0, 1e-12);
  review->words[0].known = FALSE;
  review->words[3].known = TRUE;
  g_assert_cmpfloat_with_epsilon (sl_word_review_unknown (review), 4.0 / 12.0, 1e-12);
  chosen = sl_word_review_vocabulary (review);
  g_assert_cmpuint (sl_vocabulary_n_words (chosen), ==, SL_N_SPECIALS + 3);
  g_assert_cmpuint (sl_vocabulary_find (chosen, "xxbos", 5), ==, SL_SPECIAL_BEGIN);
  g_assert_cmpuint (sl_vocabulary_find (chosen, "a", 1), ==, SL_SPECIAL_UNKNOWN);
  g_assert_cmpuint (sl_vocabulary_find (chosen, "b", 1), ==, SL_N_SPECIALS);
  g_assert_cmpuint (sl_vocabulary_get_count (chosen, SL_N_SPECIALS), ==, 2);
  again = sl_word_review_new (chosen, cache, NULL, NULL);
  after = to_string (again);
  g_assert_cmpstr (after, ==, "a4? b2 c2 d1");
  g_assert_cmpfloat_with_epsilon (again->unknown, 4.0 / 12.0, 1e-12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/word-review/counts", test_counts);
  g_test_add_func ("/engine/word-review/chosen", test_chosen);
  return g_test_run ();
}
