/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/token-streams.h>

#include <slope/random.h>

/* Where a stream stands in the texts. */
typedef struct
{
  gsize text;   /* in order */
  gsize offset; /* tokens of it that were read */
} Cursor;

struct _SlTokenStreams
{
  SlTokenCache *cache;
  const guint32 *map;
  guint32 *order; /* texts, as they are read in this epoch */
  gsize n_texts;
  guint n_streams;
  guint length;
  guint64 stream_tokens; /* of each stream */
  guint64 read;          /* tokens that each row has had */
  Cursor *cursors;       /* one a stream */
};

static void
find_texts (SlTokenStreams *self, const guint8 *uses, guint64 *n_tokens)
{
  gsize n = sl_token_cache_n_texts (self->cache);

  self->order = g_new (guint32, n);
  *n_tokens = 0;
  for (gsize i = 0; i < n; i++)
    if (uses == NULL || uses[i])
      {
        gsize length;

        sl_token_cache_get_text (self->cache, i, &length);
        *n_tokens += length;
        self->order[self->n_texts++] = (guint32)i;
      }
}

SlTokenStreams *
sl_token_streams_new (SlTokenCache *cache, const guint32 *map, const guint8 *uses, guint n_streams,
                      guint length, GError **error)
{
  g_autoptr (SlTokenStreams) self = g_new0 (SlTokenStreams, 1);
  guint64 n_tokens;

  g_return_val_if_fail (n_streams > 0 && length > 0, NULL);
  g_return_val_if_fail (sl_token_cache_n_texts (cache) <= G_MAXUINT32, NULL);

  self->cache = sl_token_cache_ref (cache);
  self->map = map;
  self->n_streams = n_streams;
  self->length = length;
  self->cursors = g_new (Cursor, n_streams);
  find_texts (self, uses, &n_tokens);
  self->stream_tokens = n_tokens / n_streams;
  if (self->stream_tokens < 2)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The texts have %" G_GUINT64_FORMAT
                   " words and marks, too few for %u rows: use a "
                   "smaller batch, or more texts",
                   n_tokens, n_streams);
      return NULL;
    }
  sl_token_streams_begin (self, FALSE, 0);
  return g_steal_pointer (&self);
}

void
sl_token_streams_free (SlTokenStreams *self)
{
  sl_token_cache_unref (self->cache);
  g_free (self->order);
  g_free (self->cursors);
  g_free (self);
}

guint
sl_token_streams_n_streams (const SlTokenStreams *self)
{
  return self->n_streams;
}

guint
sl_token_streams_length (const SlTokenStreams *self)
{
  return self->length;
}

guint64
sl_token_streams_n_left (const SlTokenStreams *self)
{
  return (self->stream_tokens - 1 - self->read) * self->n_streams;
}

gsize
sl_token_streams_n_batches (const SlTokenStreams *self)
{
  return (gsize)((self->stream_tokens - 1 + self->length - 1) / self->length);
}

/* ---- Reading */

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

  return x < y ? -1 : x > y;
}

/* Stream i begins i · stream_tokens behind the first. */
static void
place_cursors (SlTokenStreams *self)
{
  guint64 before = 0; /* tokens of the texts in front of @text */
  gsize text = 0;

  for (guint i = 0; i < self->n_streams; i++)
    {
      guint64 begin = i * self->stream_tokens;
      gsize length;

      while (sl_token_cache_get_text (self->cache, self->order[text], &length),
             before + length <= begin)
        {
          before += length;
          text++;
        }
      self->cursors[i] = (Cursor){ text, (gsize)(begin - before) };
    }
}

void
sl_token_streams_begin (SlTokenStreams *self, gboolean shuffle, guint64 key)
{
  /* From the same order always: an epoch is the same, whichever was before it. */
  qsort (self->order, self->n_texts, sizeof *self->order, compare_texts);
  if (shuffle)
    {
      SlRandom random;

      sl_random_init (&random, key);
      sl_random_shuffle (&random, self->order, self->n_texts);
    }
  place_cursors (self);
  self->read = 0;
}

static gint32
next_token (SlTokenStreams *self, Cursor *cursor)
{
  gsize n;
  const guint32 *tokens = sl_token_cache_get_text (self->cache, self->order[cursor->text], &n);

  while (cursor->offset >= n)
    {
      cursor->text++;
      cursor->offset = 0;
      tokens = sl_token_cache_get_text (self->cache, self->order[cursor->text], &n);
    }
  return (gint32)self->map[tokens[cursor->offset++]];
}

static void
fill_row (SlTokenStreams *self, guint row, gsize n, gint32 *tokens, gint32 *targets, float *weights)
{
  Cursor *cursor = &self->cursors[row], ahead = *cursor;
  gint32 token = next_token (self, cursor);

  for (gsize i = 0; i < self->length; i++)
    {
      gboolean counts = i < n;

      if (i + 1 == n) /* the last target is the first token of the next batch */
        ahead = *cursor;
      tokens[i] = counts ? token : SL_SPECIAL_PADDING;
      targets[i] = token = counts ? next_token (self, cursor) : SL_SPECIAL_PADDING;
      weights[i] = counts;
    }
  *cursor = ahead;
}

gboolean
sl_token_streams_next (SlTokenStreams *self, gint32 *tokens, gint32 *targets, float *weights)
{
  guint64 left = self->stream_tokens - 1 - self->read;
  gsize n = (gsize)MIN (left, self->length);

  if (n == 0)
    return FALSE;
  for (guint row = 0; row < self->n_streams; row++)
    {
      gsize at = (gsize)row * self->length;

      fill_row (self, row, n, tokens + at, targets + at, weights + at);
    }
  self->read += n;
  return TRUE;
}

void
sl_token_streams_skip (SlTokenStreams *self, gsize n_batches)
{
  const gsize n = (gsize)self->n_streams * self->length;
  g_autofree gint32 *tokens = g_new (gint32, n), *targets = g_new (gint32, n);
  g_autofree float *weights = g_new (float, n);

  for (gsize i = 0; i < n_batches; i++)
    if (!sl_token_streams_next (self, tokens, targets, weights))
      return;
}
