/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/text.h>

G_BEGIN_DECLS

/* Texts to be read one by one, each as often as needed. */
typedef struct
{
  gsize       n;
  const char *key; /* what the texts are, in at most 64 bytes: another key, other texts */
  /* About how many bytes text @i has; for dividing the work. */
  gsize     (*bytes) (gsize i, gpointer data);
  /* (transfer full): text @i and its length.  Threads: several at the same time. */
  char     *(*read)  (gsize i, gsize *length, gpointer data, GError **error);
  gpointer    data;
} SlTextSource;

/**
 * SlTokenCache:
 *
 * The tokens of many texts as numbers, in a file that is mapped into memory.  Its words are all that occur, numbered
 * by their first appearance behind the special ones, so that it depends on texts and rules alone: a vocabulary is
 * a choice among these words (sl_vocabulary_map()), and changing it, or who is trained on, makes no text be
 * read again.  Immutable; atomic reference count; any thread.
 */
typedef struct _SlTokenCache SlTokenCache;

/**
 * sl_token_cache_build:
 * @path: of the file; written aside, synced, renamed
 * @error: what the source says of a text; %SL_ERROR_DATA: no text; %G_FILE_ERROR; %G_IO_ERROR_CANCELLED
 *
 * Cuts all texts into tokens, on all cores (sl_parallel_get_threads()); the bytes of the file do not depend on how
 * many.  Memory: the different words and some megabytes a core.  @progress counts texts.  Threads: any.
 */
gboolean sl_token_cache_build (const char *path, const SlTextSource *source, SlTokenRules rules,
                               GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                               GError **error);
/**
 * sl_token_cache_open:
 * @key: what the source's key must have been
 * @error: %SL_ERROR_NOT_FOUND: no such file; %SL_ERROR_STATE: of other texts or rules, to be built anew;
 *   %SL_ERROR_NEWER; %SL_ERROR_FORMAT: damaged, likewise
 *
 * Checks every byte before it is used.  Threads: any.
 */
SlTokenCache *sl_token_cache_open  (const char *path, const char *key, SlTokenRules rules, GError **error);
SlTokenCache *sl_token_cache_ref   (SlTokenCache *self);
void          sl_token_cache_unref (SlTokenCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTokenCache, sl_token_cache_unref)

SlTokenRules   sl_token_cache_get_rules (const SlTokenCache *self);
gsize          sl_token_cache_n_texts   (const SlTokenCache *self);
guint64        sl_token_cache_n_tokens  (const SlTokenCache *self); /* of all texts */
guint32        sl_token_cache_n_words   (const SlTokenCache *self); /* different ones, SL_N_SPECIALS first */
/* (transfer none): UTF-8, @length bytes, not 0-terminated. */
const char    *sl_token_cache_get_word  (const SlTokenCache *self, guint32 word, gsize *length);
/* (transfer none): numbers of words, @n of them, of text @i. */
const guint32 *sl_token_cache_get_text  (const SlTokenCache *self, gsize i, gsize *n);
/* (transfer full): how often each word occurs in the texts whose @uses is not 0; %NULL: in all. */
guint64       *sl_token_cache_count     (const SlTokenCache *self, const guint8 *uses);

G_END_DECLS
