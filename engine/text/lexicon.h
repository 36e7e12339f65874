/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>

G_BEGIN_DECLS

#define SL_NO_WORD G_MAXUINT32

/* Words with a number each, by the order in which they first came.  One thread writes; many may read. */
typedef struct
{
  GByteArray *bytes;   /* all words, one after the other */
  GArray     *offsets; /* guint32: where each begins in bytes, and the end */
  guint32    *slots;   /* numbers, by hash; SL_NO_WORD: free */
  guint32     n_slots; /* a power of 2, more than twice the words */
  guint32     n;
} SlLexicon;

SlLexicon *_sl_lexicon_new   (void);
void       _sl_lexicon_free  (SlLexicon *self);
void       _sl_lexicon_clear (SlLexicon *self); /* no words; keeps its memory */
/* The number of @word, which is added if it is new; %SL_NO_WORD: 4 GiB of words are full. */
guint32    _sl_lexicon_add   (SlLexicon *self, const char *word, gsize length);
/* %SL_NO_WORD: not there. */
guint32    _sl_lexicon_find  (const SlLexicon *self, const char *word, gsize length);
/* (transfer none): not 0-terminated. */
const char *_sl_lexicon_word (const SlLexicon *self, guint32 number, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlLexicon, _sl_lexicon_free)

G_END_DECLS
