/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/vocabulary-private.h"

#include <math.h>
#include <string.h>

SlVocabulary *
_sl_vocabulary_new (SlTokenRules rules)
{
  SlVocabulary *self = g_new0 (SlVocabulary, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->rules = rules;
  self->words = _sl_lexicon_new ();
  self->counts = g_array_new (FALSE, FALSE, sizeof (guint64));
  return self;
}

SlVocabulary *
sl_vocabulary_ref (SlVocabulary *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_vocabulary_unref (SlVocabulary *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  _sl_lexicon_free (self->words);
  g_array_unref (self->counts);
  g_free (self);
}

SlVocabulary *
sl_vocabulary_new (SlTokenRules rules, const char *const *words, const guint64 *counts, gsize n)
{
  SlVocabulary *self = _sl_vocabulary_new (rules);
  const guint64 none = 0;

  for (SlSpecial i = 0; i < SL_N_SPECIALS; i++)
    {
      _sl_lexicon_add (self->words, sl_special_token (i), strlen (sl_special_token (i)));
      g_array_append_val (self->counts, none);
    }
  for (gsize i = 0; i < n; i++)
    {
      _sl_lexicon_add (self->words, words[i], strlen (words[i]));
      g_array_append_val (self->counts, counts[i]);
    }
  return self;
}

/* ---- Choosing */

typedef struct
{
  guint64 count;
  guint32 word;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;

  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return x->word < y->word ? -1 : x->word > y->word;
}

static void
add (SlVocabulary *self, const SlTokenCache *cache, guint32 number, guint64 count)
{
  gsize length;
  const char *word = sl_token_cache_get_word (cache, number, &length);

  _sl_lexicon_add (self->words, word, length);
  g_array_append_val (self->counts, count);
}

SlVocabulary *
sl_vocabulary_choose (const SlTokenCache *cache, const guint64 *counts, guint max_words,
                      guint64 min_count)
{
  SlVocabulary *self = _sl_vocabulary_new (sl_token_cache_get_rules (cache));
  g_autoptr (GArray) ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));
  g_autofree guint64 *all = counts == NULL ? sl_token_cache_count (cache, NULL) : NULL;
  guint32 n = sl_token_cache_n_words (cache);

  if (counts == NULL)
    counts = all;
  for (SlSpecial i = 0; i < SL_N_SPECIALS; i++)
    add (self, cache, i, counts[i]);
  for (guint32 i = SL_N_SPECIALS; i < n; i++)
    if (counts[i] >= MAX (min_count, 1))
      {
        Ranked one = { counts[i], i };

        g_array_append_val (ranked, one);
      }
  g_array_sort (ranked, compare_ranked);
  for (guint i = 0; i < ranked->len && self->words->n < max_words; i++)
    {
      Ranked one = g_array_index (ranked, Ranked, i);

      add (self, cache, one.word, one.count);
    }
  return self;
}

static void
add_from (SlVocabulary *self, const SlVocabulary *other, guint number, guint64 count)
{
  gsize length;
  const char *word = sl_vocabulary_get_word (other, number, &length);

  _sl_lexicon_add (self->words, word, length);
  g_array_append_val (self->counts, count);
}

SlVocabulary *
sl_vocabulary_extend (const SlVocabulary *self, const SlVocabulary *other, guint max_words)
{
  SlVocabulary *both = _sl_vocabulary_new (self->rules);

  for (guint i = 0; i < self->words->n; i++)
    add_from (both, self, i, sl_vocabulary_get_count (self, i));
  for (guint i = SL_N_SPECIALS; i < other->words->n && both->words->n < max_words; i++)
    {
      gsize length;
      const char *word = sl_vocabulary_get_word (other, i, &length);

      if (_sl_lexicon_find (self->words, word, length) == SL_NO_WORD)
        add_from (both, other, i, 0);
    }
  return both;
}

/* ---- Looking up */

SlTokenRules
sl_vocabulary_get_rules (const SlVocabulary *self)
{
  return self->rules;
}

guint
sl_vocabulary_n_words (const SlVocabulary *self)
{
  return self->words->n;
}

const char *
sl_vocabulary_get_word (const SlVocabulary *self, guint number, gsize *length)
{
  g_return_val_if_fail (number < self->words->n, NULL);
  return _sl_lexicon_word (self->words, number, length);
}

guint64
sl_vocabulary_get_count (const SlVocabulary *self, guint number)
{
  g_return_val_if_fail (number < self->words->n, 0);
  return g_array_index (self->counts, guint64, number);
}

guint
sl_vocabulary_find (const SlVocabulary *self, const char *word, gsize length)
{
  guint32 number = _sl_lexicon_find (self->words, word, length);

  return number != SL_NO_WORD ? number : SL_SPECIAL_UNKNOWN;
}

guint32 *
sl_vocabulary_map (const SlVocabulary *self, const SlTokenCache *cache)
{
  guint32 n = sl_token_cache_n_words (cache), *map = g_new (guint32, n);

  for (guint32 i = 0; i < n; i++)
    {
      gsize length;
      const char *word = sl_token_cache_get_word (cache, i, &length);

      map[i] = sl_vocabulary_find (self, word, length);
    }
  return map;
}

double
sl_vocabulary_unknown (const SlVocabulary *self, const SlTokenCache *cache, const guint64 *counts)
{
  g_autofree guint32 *map = sl_vocabulary_map (self, cache);
  guint64 n = 0, n_unknown = 0;

  for (guint32 i = 0; i < sl_token_cache_n_words (cache); i++)
    {
      n += counts[i];
      n_unknown += map[i] == SL_SPECIAL_UNKNOWN ? counts[i] : 0;
    }
  return n > 0 ? (double)n_unknown / (double)n : NAN;
}
