/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/vocabulary.h>

G_BEGIN_DECLS

/* A word of texts that are learned from, or of a vocabulary. */
typedef struct
{
  const char *word;  /* UTF-8 */
  guint64     count; /* in these texts */
  gboolean    known; /* the vocabulary has it */
} SlReviewedWord;

/**
 * SlWordReview:
 *
 * What a vocabulary knows of a project's texts: which words, and how much of the texts they are.  Special words stand
 * in every vocabulary and are left out.  Plain memory, of one owner.
 */
typedef struct
{
  SlTokenRules    rules;
  gsize           n_known;       /* words of the vocabulary, without the special ones */
  guint64         n_tokens;      /* words and marks of the texts that are learned from */
  double          unknown;       /* share of them that the vocabulary does not have, 0 … 1; NaN: there are none */
  double          unknown_valid; /* of the texts held back; NaN: there are none */
  SlReviewedWord *words;         /* the most frequent first, then by bytes */
  gsize           n;
  GStringChunk   *memory;        /* of the words */
} SlWordReview;

void          sl_word_review_free       (SlWordReview *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlWordReview, sl_word_review_free)
/* (transfer full): counts as @vocabulary sees them.  @train, @valid: (nullable): of the cache's texts, whether
 * they are learned from, held back */
SlWordReview *sl_word_review_new        (const SlVocabulary *vocabulary, const SlTokenCache *cache,
                                         const guint8 *train, const guint8 *valid);
/* (transfer full): of the words that are known now, as many of the most frequent as fit a vocabulary. */
SlVocabulary *sl_word_review_vocabulary (const SlWordReview *self);
/* Share of the texts that are learned from that is unknown, by the words that are known now; NaN: there are none. */
double        sl_word_review_unknown    (const SlWordReview *self);

G_END_DECLS
