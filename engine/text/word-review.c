/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/word-review.h>

#include <math.h>
#include <string.h>

void
sl_word_review_free (SlWordReview *self)
{
  if (self == NULL)
    return;
  g_string_chunk_free (self->memory);
  g_free (self->words);
  g_free (self);
}

/* ---- Collecting */

static int
compare_words (gconstpointer a, gconstpointer b)
{
  const SlReviewedWord *x = a, *y = b;

  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return strcmp (x->word, y->word);
}

static void
add (GArray *words, SlWordReview *self, const char *word, gsize length, guint64 count,
     gboolean known)
{
  const SlReviewedWord one = {
    .word = g_string_chunk_insert_len (self->memory, word, (gssize)length),
    .count = count,
    .known = known,
  };

  g_array_append_val (words, one);
}

/* Words of the texts, whether the vocabulary has them or not. */
static void
add_read (GArray *words, SlWordReview *self, const SlVocabulary *vocabulary,
          const SlTokenCache *cache, const guint64 *counts, guint8 *seen)
{
  for (guint32 i = SL_N_SPECIALS; i < sl_token_cache_n_words (cache); i++)
    {
      gsize length;
      const char *word = sl_token_cache_get_word (cache, i, &length);
      guint number = sl_vocabulary_find (vocabulary, word, length);

      if (counts[i] == 0)
        continue;
      add (words, self, word, length, counts[i], number != SL_SPECIAL_UNKNOWN);
      seen[number] = TRUE;
    }
}

/* Words that only the vocabulary has. */
static void
add_others (GArray *words, SlWordReview *self, const SlVocabulary *vocabulary, const guint8 *seen)
{
  for (guint i = SL_N_SPECIALS; i < sl_vocabulary_n_words (vocabulary); i++)
    {
      gsize length;
      const char *word = sl_vocabulary_get_word (vocabulary, i, &length);

      if (!seen[i])
        add (words, self, word, length, 0, TRUE);
    }
}

SlWordReview *
sl_word_review_new (const SlVocabulary *vocabulary, const SlTokenCache *cache, const guint8 *train,
                    const guint8 *valid)
{
  SlWordReview *self = g_new0 (SlWordReview, 1);
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (SlReviewedWord));
  g_autofree guint8 *seen = g_new0 (guint8, sl_vocabulary_n_words (vocabulary));
  g_autofree guint64 *counts = sl_token_cache_count (cache, train);
  g_autofree guint64 *held_back = valid != NULL ? sl_token_cache_count (cache, valid) : NULL;

  self->memory = g_string_chunk_new (1 << 16);
  self->rules = sl_vocabulary_get_rules (vocabulary);
  self->n_known = sl_vocabulary_n_words (vocabulary) - SL_N_SPECIALS;
  for (guint32 i = 0; i < sl_token_cache_n_words (cache); i++)
    self->n_tokens += counts[i];
  self->unknown = sl_vocabulary_unknown (vocabulary, cache, counts);
  self->unknown_valid = held_back != NULL ? sl_vocabulary_unknown (vocabulary, cache, held_back)
                                          : NAN;
  add_read (words, self, vocabulary, cache, counts, seen);
  add_others (words, self, vocabulary, seen);
  g_array_sort (words, compare_words);
  self->words = (SlReviewedWord *)g_array_steal (words, &self->n);
  return self;
}

/* ---- After words were chosen */

SlVocabulary *
sl_word_review_vocabulary (const SlWordReview *self)
{
  const gsize most = MIN (self->n, SL_VOCABULARY_MAX_WORDS - SL_N_SPECIALS);
  g_autofree const char **words = g_new (const char *, most + 1);
  g_autofree guint64 *counts = g_new (guint64, most + 1);
  gsize n = 0;

  for (gsize i = 0; i < self->n && n < most; i++)
    if (self->words[i].known)
      {
        words[n] = self->words[i].word;
        counts[n++] = self->words[i].count;
      }
  return sl_vocabulary_new (self->rules, words, counts, n);
}

double
sl_word_review_unknown (const SlWordReview *self)
{
  guint64 unknown = 0;

  for (gsize i = 0; i < self->n; i++)
    unknown += self->words[i].known ? 0 : self->words[i].count;
  return self->n_tokens > 0 ? (double)unknown / (double)self->n_tokens : NAN;
}
