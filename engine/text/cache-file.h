/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of a token cache, in the byte order of x86-64 and aarch64; on another machine it counts as damaged and
 * is built anew.
 *
 *   header    SlCacheHeader
 *   tokens    n_tokens numbers of words, guint32
 *   (4 bytes of 0 if n_tokens is odd)
 *   texts     n_texts + 1 numbers of tokens where each text begins, guint64
 *   words     n_words + 1 offsets into what follows, guint32
 *   spelling  n_bytes bytes
 */
#pragma once

#include <slope/token-cache.h>

G_BEGIN_DECLS

#define SL_CACHE_MAGIC "SlTokens"
#define SL_CACHE_VERSION 1u /* also of the rules: raised when the same text gives other tokens */
#define SL_CACHE_KEY_BYTES 64
#define SL_CACHE_HASH_BYTES 32

typedef struct
{
  char    magic[8];
  guint32 version;
  guint32 rules;
  guint64 n_texts;
  guint64 n_tokens;
  guint64 n_words;
  guint64 n_bytes;
  guint64 token_sum; /* of the tokens, by _sl_cache_sum() */
  char    key[SL_CACHE_KEY_BYTES];          /* filled up with 0 */
  guint8  checksum[SL_CACHE_HASH_BYTES];    /* SHA-256 of the above, texts, words and spelling */
} SlCacheHeader;

G_STATIC_ASSERT (sizeof (SlCacheHeader) == 8 + 2 * 4 + 5 * 8 + SL_CACHE_KEY_BYTES + SL_CACHE_HASH_BYTES);

/* Tokens are too many for SHA-256: FNV-1a, word by word. */
#define SL_CACHE_SUM_BEGIN 14695981039346656037u
static inline guint64
_sl_cache_sum (guint64 sum, const guint32 *tokens, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sum = (sum ^ tokens[i]) * 1099511628211u;
  return sum;
}

/* Fills the checksum of @header. */
void _sl_cache_checksum (const SlCacheHeader *header, const guint64 *texts, const guint32 *words,
                         const guint8 *bytes, guint8 *checksum);

G_END_DECLS
