/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/cache-file.h"

#include <string.h>

struct _SlTokenCache
{
  gatomicrefcount ref_count;
  GMappedFile *file;
  const SlCacheHeader *header; /* in the file, as all below */
  const guint32 *tokens;
  const guint64 *texts;
  const guint32 *words;
  const guint8 *bytes;
};

void
_sl_cache_checksum (const SlCacheHeader *header, const guint64 *texts, const guint32 *words,
                    const guint8 *bytes, guint8 *checksum)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = SL_CACHE_HASH_BYTES;

  g_checksum_update (sum, (const guchar *)header, G_STRUCT_OFFSET (SlCacheHeader, checksum));
  g_checksum_update (sum, (const guchar *)texts, (gssize)((header->n_texts + 1) * sizeof *texts));
  g_checksum_update (sum, (const guchar *)words, (gssize)((header->n_words + 1) * sizeof *words));
  g_checksum_update (sum, bytes, (gssize)header->n_bytes);
  g_checksum_get_digest (sum, checksum, &length);
}

/* ---- Opening */

/* Takes @n pieces of @size bytes from what is @left of the file at *@at; %NULL: it is too short. */
static gconstpointer
take (const guint8 **at, gsize *left, guint64 n, gsize size)
{
  const guint8 *begin = *at;

  if (n > *left / size)
    return NULL;
  *at += n * size;
  *left -= n * size;
  return begin;
}

static gboolean
lay_out (SlTokenCache *self)
{
  const guint8 *at = (const guint8 *)g_mapped_file_get_contents (self->file);
  gsize left = g_mapped_file_get_length (self->file);
  const SlCacheHeader *header = self->header = take (&at, &left, 1, sizeof *header);

  return header != NULL && header->n_texts < G_MAXINT64 && header->n_words < G_MAXINT32
         && header->n_tokens < G_MAXINT64
         && (self->tokens = take (&at, &left, header->n_tokens + header->n_tokens % 2,
                                  sizeof (guint32)))
                != NULL
         && (self->texts = take (&at, &left, header->n_texts + 1, sizeof (guint64))) != NULL
         && (self->words = take (&at, &left, header->n_words + 1, sizeof (guint32))) != NULL
         && header->n_bytes == left && (self->bytes = at) != NULL;
}

static gboolean
check_texts (const SlTokenCache *self)
{
  const SlCacheHeader *header = self->header;

  for (guint64 i = 0; i < header->n_texts; i++)
    if (self->texts[i] > self->texts[i + 1])
      return FALSE;
  return self->texts[0] == 0 && self->texts[header->n_texts] == header->n_tokens;
}

static gboolean
check_words (const SlTokenCache *self)
{
  const SlCacheHeader *header = self->header;

  if (header->n_words < SL_N_SPECIALS || self->words[0] != 0
      || self->words[header->n_words] != header->n_bytes)
    return FALSE;
  for (guint64 i = 0; i < header->n_words; i++)
    {
      guint32 begin = self->words[i], end = self->words[i + 1];

      if (begin >= end || end - begin > SL_MAX_TOKEN_BYTES || end > header->n_bytes
          || !g_utf8_validate_len ((const char *)self->bytes + begin, end - begin, NULL))
        return FALSE;
    }
  for (SlSpecial i = 0; i < SL_N_SPECIALS; i++)
    {
      const char *special = sl_special_token (i);

      if (self->words[i + 1] - self->words[i] != strlen (special)
          || memcmp (self->bytes + self->words[i], special, strlen (special)) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_tokens (const SlTokenCache *self)
{
  const SlCacheHeader *header = self->header;
  guint32 most = 0;

  for (guint64 i = 0; i < header->n_tokens; i++)
    most = MAX (most, self->tokens[i]);
  if (header->n_tokens % 2 == 1 && self->tokens[header->n_tokens] != 0)
    return FALSE;
  return most < header->n_words
         && _sl_cache_sum (SL_CACHE_SUM_BEGIN, self->tokens, header->n_tokens) == header->token_sum;
}

static gboolean
check_all (const SlTokenCache *self)
{
  guint8 checksum[SL_CACHE_HASH_BYTES];

  _sl_cache_checksum (self->header, self->texts, self->words, self->bytes, checksum);
  return memcmp (checksum, self->header->checksum, sizeof checksum) == 0 && check_texts (self)
         && check_words (self) && check_tokens (self);
}

static gboolean
is_for (const SlTokenCache *self, const char *key, SlTokenRules rules)
{
  char wanted[SL_CACHE_KEY_BYTES] = { 0 };

  memcpy (wanted, key, strlen (key));
  return self->header->version == SL_CACHE_VERSION && self->header->rules == rules
         && memcmp (self->header->key, wanted, sizeof wanted) == 0;
}

static gboolean
check_file (SlTokenCache *self, const char *key, SlTokenRules rules, const char *shown,
            GError **error)
{
  const char *begin = g_mapped_file_get_contents (self->file);
  gboolean whole = g_mapped_file_get_length (self->file) >= sizeof (SlCacheHeader)
                   && memcmp (begin, SL_CACHE_MAGIC, strlen (SL_CACHE_MAGIC)) == 0;

  if (whole && ((const SlCacheHeader *)(gconstpointer)begin)->version > SL_CACHE_VERSION)
    g_set_error (error, SL_ERROR, SL_ERROR_NEWER,
                 "%s was written by a newer Slope: build it anew, or use that one", shown);
  else if (!whole || !lay_out (self) || !check_all (self))
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "%s is damaged: build it anew", shown);
  else if (!is_for (self, key, rules))
    g_set_error (error, SL_ERROR, SL_ERROR_STATE, "%s is of other texts or rules: build it anew",
                 shown);
  else
    return TRUE;
  return FALSE;
}

SlTokenCache *
sl_token_cache_open (const char *path, const char *key, SlTokenRules rules, GError **error)
{
  g_autofree char *shown = g_filename_display_basename (path);
  g_autoptr (SlTokenCache) self = NULL;
  g_autoptr (GError) local = NULL;
  GMappedFile *file;

  g_return_val_if_fail (strlen (key) <= SL_CACHE_KEY_BYTES, NULL);

  file = g_mapped_file_new (path, FALSE, &local);
  if (file == NULL)
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "There is no %s: build it first", shown);
      else
        g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  self = g_new0 (SlTokenCache, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->file = file;
  return check_file (self, key, rules, shown, error) ? g_steal_pointer (&self) : NULL;
}

SlTokenCache *
sl_token_cache_ref (SlTokenCache *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_token_cache_unref (SlTokenCache *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mapped_file_unref (self->file);
  g_free (self);
}

/* ---- Reading */

SlTokenRules
sl_token_cache_get_rules (const SlTokenCache *self)
{
  return self->header->rules;
}

gsize
sl_token_cache_n_texts (const SlTokenCache *self)
{
  return self->header->n_texts;
}

guint64
sl_token_cache_n_tokens (const SlTokenCache *self)
{
  return self->header->n_tokens;
}

guint32
sl_token_cache_n_words (const SlTokenCache *self)
{
  return (guint32)self->header->n_words;
}

const char *
sl_token_cache_get_word (const SlTokenCache *self, guint32 word, gsize *length)
{
  g_return_val_if_fail (word < self->header->n_words, NULL);
  *length = self->words[word + 1] - self->words[word];
  return (const char *)self->bytes + self->words[word];
}

const guint32 *
sl_token_cache_get_text (const SlTokenCache *self, gsize i, gsize *n)
{
  g_return_val_if_fail (i < self->header->n_texts, NULL);
  *n = self->texts[i + 1] - self->texts[i];
  return self->tokens + self->texts[i];
}

guint64 *
sl_token_cache_count (const SlTokenCache *self, const guint8 *uses)
{
  guint64 *counts = g_new0 (guint64, self->header->n_words);

  for (guint64 i = 0; i < self->header->n_texts; i++)
    if (uses == NULL || uses[i])
      for (guint64 k = self->texts[i]; k < self->texts[i + 1]; k++)
        counts[self->tokens[k]]++;
  return counts;
}
