/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/token-cache.h>

G_BEGIN_DECLS

/* What the course takes, and as many as a file may hold. */
#define SL_VOCABULARY_WORDS 60000
#define SL_VOCABULARY_MIN_COUNT 2
#define SL_VOCABULARY_MAX_WORDS 1000000
/* In a recipe: no file. */
#define SL_VOCABULARY_AUTO "auto"

/**
 * SlVocabulary:
 *
 * The words that a model knows, numbered: the special ones first, in the order of SlSpecial, then by how often they
 * occurred.  Goes with the model wherever it goes.  Immutable; atomic reference count; any thread.
 */
typedef struct _SlVocabulary SlVocabulary;

/**
 * sl_vocabulary_choose:
 * @counts: (nullable): of the cache's words, by sl_token_cache_count(); %NULL: in all texts
 * @max_words: with the special ones
 * @min_count: rarer words are left out
 *
 * The most frequent words; of two that are as frequent, the one that came first in the texts.  Unlike the course, no
 * "xxfake" fills up to a multiple of 8, which only its graphics cards gained by.
 */
SlVocabulary *sl_vocabulary_choose (const SlTokenCache *cache, const guint64 *counts, guint max_words,
                                    guint64 min_count);
/* The special words, then these, in this order; none of them special, none twice.  @counts: (n): how often each occurs,
 * for who reads it. */
SlVocabulary *sl_vocabulary_new    (SlTokenRules rules, const char *const *words, const guint64 *counts,
                                    gsize n);
/* (transfer full): @self, then the words of @other that it lacks, in their order, which count 0, up to @max_words
 * with the special ones; the rules are those of @self. */
SlVocabulary *sl_vocabulary_extend (const SlVocabulary *self, const SlVocabulary *other, guint max_words);
SlVocabulary *sl_vocabulary_ref    (SlVocabulary *self);
void          sl_vocabulary_unref  (SlVocabulary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlVocabulary, sl_vocabulary_unref)

guint       sl_vocabulary_n_words   (const SlVocabulary *self);
/* (transfer none): UTF-8, not 0-terminated. */
const char *sl_vocabulary_get_word  (const SlVocabulary *self, guint number, gsize *length);
guint64     sl_vocabulary_get_count (const SlVocabulary *self, guint number); /* 0: not known */
/* The word's number; %SL_SPECIAL_UNKNOWN: it has none. */
guint       sl_vocabulary_find      (const SlVocabulary *self, const char *word, gsize length);
/* (transfer full): the number of each word of the cache, %SL_SPECIAL_UNKNOWN for those that are not in it:
 * what turns the cache's texts into this vocabulary's. */
guint32    *sl_vocabulary_map       (const SlVocabulary *self, const SlTokenCache *cache);
/* How much of the texts it does not know, 0 … 1, by @counts of the cache's words; NaN: there are none. */
double      sl_vocabulary_unknown   (const SlVocabulary *self, const SlTokenCache *cache,
                                     const guint64 *counts);

/**
 * sl_vocabulary_to_text:
 *
 * A line "slope-vocabulary 1 RULES", then one a word: its count, a tab, and the word, with \n for a line break, \r
 * for a carriage return, which a word may end in, and \\ for a backslash.  It can be read and edited: after an editor, words may be missing, added or in another order.
 *
 * Returns: (transfer full): UTF-8.
 */
char         *sl_vocabulary_to_text   (const SlVocabulary *self);
/* @error: %SL_ERROR_FORMAT, naming the line: no vocabulary, no number, no word, a word twice, special words missing
 *   at its beginning, more than %SL_VOCABULARY_MAX_WORDS; %SL_ERROR_DATA: an unknown rule; %SL_ERROR_NEWER */
SlVocabulary *sl_vocabulary_from_text (const char *text, gsize length, GError **error);
gboolean      sl_vocabulary_save      (const SlVocabulary *self, const char *path, GError **error);
SlVocabulary *sl_vocabulary_load      (const char *path, GError **error);
/* The rules that its words came by. */
SlTokenRules  sl_vocabulary_get_rules (const SlVocabulary *self);

G_END_DECLS
