/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts are taken in blocks, some of them at a time.  The blocks of a round become tokens on all cores, each with a
 * lexicon of its own; then they are joined in their order, so that numbers do not depend on who was first. */
#include "text/cache-file.h"
#include "text/lexicon.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <slope/parallel.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROUND_BLOCKS 16
#define BLOCK_TEXTS 128
#define BLOCK_BYTES (1 << 20)

typedef struct
{
  gsize first; /* text */
  gsize n;
  SlLexicon *words; /* of this block alone */
  GArray *tokens;   /* guint32: numbers in words */
  GArray *ends;     /* gsize: in tokens, of each text */
  GError *error;
} Block;

typedef struct
{
  const SlTextSource *source;
  GCancellable *cancellable;
  SlTokeniser **tokenisers; /* one a thread */
  guint n_threads;
  Block blocks[ROUND_BLOCKS];
  guint n_blocks;
  SlLexicon *words; /* of all */
  GArray *texts;    /* guint64 */
  GArray *map;      /* guint32: from a block's words to all */
  SlCacheHeader header;
  char *path; /* of the file beside the one to be written */
  FILE *file;
} Build;

static void
build_clear (Build *self)
{
  for (guint i = 0; i < ROUND_BLOCKS; i++)
    {
      Block *block = &self->blocks[i];

      g_clear_pointer (&block->words, _sl_lexicon_free);
      g_clear_pointer (&block->tokens, g_array_unref);
      g_clear_pointer (&block->ends, g_array_unref);
      g_clear_error (&block->error);
    }
  for (guint i = 0; i < self->n_threads; i++)
    g_clear_pointer (&self->tokenisers[i], sl_tokeniser_free);
  g_free (self->tokenisers);
  g_clear_pointer (&self->words, _sl_lexicon_free);
  g_clear_pointer (&self->texts, g_array_unref);
  g_clear_pointer (&self->map, g_array_unref);
  g_clear_pointer (&self->file, fclose);
  if (self->path != NULL)
    g_unlink (self->path); /* renamed by now, if all went well */
  g_free (self->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Build, build_clear)

static gboolean
build_init (Build *self, const char *path, const SlTextSource *source, SlTokenRules rules,
            GError **error)
{
  self->n_threads = sl_parallel_get_threads ();
  self->tokenisers = g_new0 (SlTokeniser *, self->n_threads);
  for (guint i = 0; i < self->n_threads; i++)
    if ((self->tokenisers[i] = sl_tokeniser_new (rules, error)) == NULL)
      return FALSE;
  for (guint i = 0; i < ROUND_BLOCKS; i++)
    {
      self->blocks[i].words = _sl_lexicon_new ();
      self->blocks[i].tokens = g_array_new (FALSE, FALSE, sizeof (guint32));
      self->blocks[i].ends = g_array_new (FALSE, FALSE, sizeof (gsize));
    }
  self->words = _sl_lexicon_new ();
  for (SlSpecial i = 0; i < SL_N_SPECIALS; i++)
    _sl_lexicon_add (self->words, sl_special_token (i), strlen (sl_special_token (i)));
  self->texts = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->map = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->source = source;
  memcpy (self->header.magic, SL_CACHE_MAGIC, sizeof self->header.magic);
  memcpy (self->header.key, source->key, strlen (source->key));
  self->header.version = SL_CACHE_VERSION;
  self->header.rules = rules;
  self->header.n_texts = source->n;
  self->header.token_sum = SL_CACHE_SUM_BEGIN;
  self->path = g_strconcat (path, ".part", NULL);
  self->file = fopen (self->path, "wb");
  if (self->file == NULL)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                 "%s cannot be written (%s): free some space, or check its permissions", self->path,
                 g_strerror (errno));
  return self->file != NULL;
}

/* ---- Blocks */

/* Up to BLOCK_TEXTS texts and about BLOCK_BYTES bytes, from @first. */
static void
begin_block (Build *self, gsize first, Block *block)
{
  const SlTextSource *source = self->source;
  gsize bytes = 0;

  block->first = first;
  block->n = 0;
  while (first + block->n < source->n && block->n < BLOCK_TEXTS && bytes < BLOCK_BYTES)
    bytes += source->bytes (first + block->n++, source->data);
  _sl_lexicon_clear (block->words);
  g_array_set_size (block->tokens, 0);
  g_array_set_size (block->ends, 0);
}

static void
take_token (const char *token, gsize length, gpointer user_data)
{
  Block *block = user_data;
  guint32 number = _sl_lexicon_add (block->words, token, length);

  g_array_append_val (block->tokens, number);
}

static void
run_block (Build *self, Block *block, SlTokeniser *tokeniser)
{
  const SlTextSource *source = self->source;

  for (gsize i = 0; i < block->n; i++)
    {
      g_autofree char *text = NULL;
      gsize length, end;

      if (g_cancellable_set_error_if_cancelled (self->cancellable, &block->error))
        return;
      text = source->read (block->first + i, &length, source->data, &block->error);
      if (text == NULL)
        return;
      sl_tokeniser_run (tokeniser, text, (gssize)length, take_token, block);
      end = block->tokens->len;
      g_array_append_val (block->ends, end);
    }
}

/* ---- Joining */

static gboolean
write_bytes (Build *self, gconstpointer data, gsize bytes, GError **error)
{
  if (fwrite (data, 1, bytes, self->file) == bytes)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
               "%s cannot be written (%s): free some space", self->path, g_strerror (errno));
  return FALSE;
}

static gboolean
map_words (Build *self, const Block *block, GError **error)
{
  g_array_set_size (self->map, block->words->n);
  for (guint32 i = 0; i < block->words->n; i++)
    {
      gsize length;
      const char *word = _sl_lexicon_word (block->words, i, &length);
      guint32 number = _sl_lexicon_add (self->words, word, length);

      if (number == SL_NO_WORD)
        {
          g_set_error (
              error, SL_ERROR, SL_ERROR_DATA,
              "These texts have more than a thousand million different words: choose fewer");
          return FALSE;
        }
      g_array_index (self->map, guint32, i) = number;
    }
  return TRUE;
}

static gboolean
join_block (Build *self, Block *block, GError **error)
{
  guint32 *tokens = (guint32 *)(gpointer)block->tokens->data;
  gsize n = block->tokens->len;

  if (block->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&block->error));
      return FALSE;
    }
  if (!map_words (self, block, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    tokens[i] = g_array_index (self->map, guint32, tokens[i]);
  for (guint i = 0; i < block->ends->len; i++)
    {
      guint64 end = self->header.n_tokens + g_array_index (block->ends, gsize, i);

      g_array_append_val (self->texts, end);
    }
  self->header.token_sum = _sl_cache_sum (self->header.token_sum, tokens, n);
  self->header.n_tokens += n;
  return write_bytes (self, tokens, n * sizeof *tokens, error);
}

/* The next blocks from text @first on; sets @next behind them. */
static gboolean
run_round (Build *self, gsize first, gsize *next, GError **error)
{
  self->n_blocks = 0;
  while (self->n_blocks < ROUND_BLOCKS && first < self->source->n)
    {
      begin_block (self, first, &self->blocks[self->n_blocks]);
      first += self->blocks[self->n_blocks++].n;
    }
  *next = first;
#pragma omp parallel num_threads(self->n_threads)
  {
    SlTokeniser *tokeniser = NULL;

#pragma omp critical
    for (guint i = 0; i < self->n_threads && tokeniser == NULL; i++)
      tokeniser = g_steal_pointer (&self->tokenisers[i]);
#pragma omp for schedule(dynamic, 1)
    for (guint i = 0; i < self->n_blocks; i++)
      run_block (self, &self->blocks[i], tokeniser);
#pragma omp critical
    for (guint i = 0; i < self->n_threads && tokeniser != NULL; i++)
      if (self->tokenisers[i] == NULL)
        self->tokenisers[i] = g_steal_pointer (&tokeniser);
  }
  for (guint i = 0; i < self->n_blocks; i++)
    if (!join_block (self, &self->blocks[i], error))
      return FALSE;
  return TRUE;
}

/* ---- The file */

static gboolean
write_tables (Build *self, GError **error)
{
  static const guint32 zero;
  SlCacheHeader *header = &self->header;
  const guint64 *texts = (const guint64 *)(gpointer)self->texts->data;
  const guint32 *words = (const guint32 *)(gpointer)self->words->offsets->data;

  header->n_words = self->words->n;
  header->n_bytes = self->words->bytes->len;
  _sl_cache_checksum (header, texts, words, self->words->bytes->data, header->checksum);
  return write_bytes (self, &zero, header->n_tokens % 2 * sizeof zero, error)
         && write_bytes (self, texts, (header->n_texts + 1) * sizeof *texts, error)
         && write_bytes (self, words, (header->n_words + 1) * sizeof *words, error)
         && write_bytes (self, self->words->bytes->data, header->n_bytes, error);
}

/* The header, whose place was kept, comes last. */
static gboolean
finish_file (Build *self, const char *path, GError **error)
{
  gboolean ok = fflush (self->file) == 0
                && pwrite (fileno (self->file), &self->header, sizeof self->header, 0)
                       == sizeof self->header
                && fsync (fileno (self->file)) == 0;

  ok = fclose (g_steal_pointer (&self->file)) == 0 && ok && g_rename (self->path, path) == 0;
  if (!ok)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                 "%s cannot be written (%s): free some space", path, g_strerror (errno));
  return ok;
}

gboolean
sl_token_cache_build (const char *path, const SlTextSource *source, SlTokenRules rules,
                      GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                      GError **error)
{
  g_auto (Build) self = { .cancellable = cancellable };
  guint64 zero = 0;

  g_return_val_if_fail (strlen (source->key) <= SL_CACHE_KEY_BYTES, FALSE);

  if (source->n == 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA, "There are no texts: choose another source");
      return FALSE;
    }
  if (!build_init (&self, path, source, rules, error)
      || !write_bytes (&self, &self.header, sizeof self.header, error))
    return FALSE;
  g_array_append_val (self.texts, zero);
  for (gsize next = 0; next < source->n;)
    {
      if (!run_round (&self, next, &next, error))
        return FALSE;
      if (progress != NULL)
        progress (next, source->n, NULL, user_data);
    }
  return write_tables (&self, error) && finish_file (&self, path, error);
}
