/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/token-rows.h>

#include <slope/random.h>
#include <math.h>

#define CHUNK_BATCHES 50 /* the course's */
#define LEAST_TOKENS \
  20 /* of a part: a sentence or so, as a few words more rarely tell a text's label */

typedef struct
{
  guint32 item;
  guint32 skip;   /* tokens before those that are read */
  guint32 length; /* tokens that are read; 1 of a text without any, its padding */
} Row;

/* A batch in @rows. */
typedef struct
{
  gsize first;
  guint n;
  guint length;
} Span;

struct _SlTokenRows
{
  SlTokenCache *cache;
  const guint32 *map;
  SlTokenRowsOptions options;
  guint32 *texts;
  gsize n_items;
  Row *rows;      /* of this epoch, each batch's together */
  guint32 *items; /* their items */
  GArray *spans;  /* in the order of the epoch */
  guint next;
};

SlTokenRows *
sl_token_rows_new (SlTokenCache *cache, const guint32 *map, const guint32 *texts, gsize n_items,
                   const SlTokenRowsOptions *options)
{
  SlTokenRows *self;

  g_return_val_if_fail (n_items > 0 && n_items <= G_MAXUINT32, NULL);
  g_return_val_if_fail (options->n_rows >= 2 && options->max_tokens > 0, NULL);
  g_return_val_if_fail (options->max_places / 2 >= options->max_tokens, NULL);
  g_return_val_if_fail (options->least_part > 0 && options->least_part <= 1, NULL);

  self = g_new0 (SlTokenRows, 1);
  self->cache = sl_token_cache_ref (cache);
  self->map = map;
  self->options = *options;
  self->texts = g_memdup2 (texts, n_items * sizeof *texts);
  self->n_items = n_items;
  self->rows = g_new (Row, n_items);
  self->items = g_new (guint32, n_items);
  self->spans = g_array_new (FALSE, FALSE, sizeof (Span));
  sl_token_rows_begin (self, FALSE, 0);
  return self;
}

void
sl_token_rows_free (SlTokenRows *self)
{
  sl_token_cache_unref (self->cache);
  g_array_unref (self->spans);
  g_free (self->texts);
  g_free (self->rows);
  g_free (self->items);
  g_free (self);
}

/* ---- From items to batches */

/* Rows of a batch whose longest text has @length. */
static gsize
rows_of (const SlTokenRows *self, guint length)
{
  return MIN (self->options.n_rows, self->options.max_places / length);
}

/* What is read of text @item: its end, or with @random, where parts are wanted, a run of any of its tokens. */
static Row
choose_part (const SlTokenRows *self, guint32 item, SlRandom *random)
{
  const gsize most = self->options.max_tokens;
  const double least = self->options.least_part;
  gsize n, length;

  sl_token_cache_get_text (self->cache, self->texts[item], &n);
  if (random == NULL || least == 1 || n == 0)
    {
      length = CLAMP (n, 1, most);
      return (Row){ item, (guint32)(MAX (n, 1) - length), (guint32)length };
    }
  length = (gsize)ceil (sl_random_uniform (random, least, 1) * (double)n);
  length = MIN (MAX (length, MIN (n, LEAST_TOKENS)), most);
  return (Row){ item, (guint32)sl_random_below (random, n - length + 1), (guint32)length };
}

/* @random: (nullable): in random order, and parts where these are wanted */
static void
list_rows (SlTokenRows *self, SlRandom *random)
{
  for (gsize i = 0; i < self->n_items; i++)
    self->items[i] = (guint32)i;
  if (random != NULL)
    sl_random_shuffle (random, self->items, self->n_items);
  for (gsize i = 0; i < self->n_items; i++)
    self->rows[i] = choose_part (self, self->items[i], random);
}

/* Longest first; of equal ones the lower item. */
static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const Row *x = a, *y = b;

  if (x->length != y->length)
    return x->length > y->length ? -1 : 1;
  return x->item < y->item ? -1 : x->item > y->item;
}

static void
add_span (SlTokenRows *self, gsize first, gsize n)
{
  Span span = { first, (guint)n, self->rows[first].length };

  g_array_append_val (self->spans, span);
}

/* Cuts sorted rows into batches; without @to_end, what does not fill one is left.  Returns: the first row that is. */
static gsize
cut (SlTokenRows *self, gsize first, gsize end, gboolean to_end)
{
  while (first < end)
    {
      gsize n = rows_of (self, self->rows[first].length);

      if (n > end - first && !to_end)
        break;
      n = MIN (n, end - first);
      add_span (self, first, n);
      first += n;
    }
  return first;
}

/* A last batch that is single, or less than half of the one before, shares evenly with it, both being of one chunk. */
static void
share_last (SlTokenRows *self, guint first_of_chunk)
{
  guint n = self->spans->len;
  const Span *span = &g_array_index (self->spans, Span, 0);
  gsize first, both, half;

  if (n < first_of_chunk + 2 || (span[n - 1].n > 1 && 2 * span[n - 1].n >= span[n - 2].n))
    return;
  first = span[n - 2].first;
  both = span[n - 2].n + span[n - 1].n;
  half = both > 3 ? both / 2 : 0;
  g_array_set_size (self->spans, n - 2);
  add_span (self, first, both - half);
  if (half > 0)
    add_span (self, first + both - half, half);
}

static void
cut_chunks (SlTokenRows *self)
{
  gsize chunk = (gsize)CHUNK_BATCHES * self->options.n_rows, first = 0;
  gsize n_chunks = MAX (self->n_items / chunk, 1);
  guint n_before = 0;

  for (gsize i = 1; i <= n_chunks; i++)
    {
      gsize end = i < n_chunks ? i * chunk : self->n_items;

      /* What the chunk before has left goes with this one. */
      qsort (self->rows + first, end - first, sizeof (Row), compare_rows);
      n_before = self->spans->len;
      first = cut (self, first, end, i == n_chunks);
    }
  share_last (self, n_before);
}

static void
shuffle_spans (SlTokenRows *self, SlRandom *random)
{
  Span *span = &g_array_index (self->spans, Span, 0);
  guint longest = 0;

  for (guint i = self->spans->len; i > 1; i--)
    {
      guint j = (guint)sl_random_below (random, i);
      Span one = span[i - 1];

      span[i - 1] = span[j];
      span[j] = one;
    }
  for (guint i = 1; i < self->spans->len; i++)
    if (self->rows[span[i].first].length > self->rows[span[longest].first].length)
      longest = i;
  if (longest > 0)
    {
      Span one = span[0];

      span[0] = span[longest];
      span[longest] = one;
    }
}

gsize
sl_token_rows_begin (SlTokenRows *self, gboolean shuffle, guint64 key)
{
  SlRandom random;

  g_array_set_size (self->spans, 0);
  self->next = 0;
  if (shuffle)
    {
      sl_random_init (&random, key);
      list_rows (self, &random);
      cut_chunks (self);
      shuffle_spans (self, &random);
    }
  else
    {
      list_rows (self, NULL);
      qsort (self->rows, self->n_items, sizeof (Row), compare_rows);
      cut (self, 0, self->n_items, TRUE);
    }
  for (gsize i = 0; i < self->n_items; i++)
    self->items[i] = self->rows[i].item;
  return self->spans->len;
}

/* ---- Reading */

gboolean
sl_token_rows_next (SlTokenRows *self, SlTokenBatch *batch)
{
  const Span *span;

  if (self->next == self->spans->len)
    return FALSE;
  span = &g_array_index (self->spans, Span, self->next++);
  *batch = (SlTokenBatch){ span->n, span->length, self->items + span->first };
  return TRUE;
}

static gsize
fill_row (const SlTokenRows *self, const Row *row, gsize length, gint32 *tokens)
{
  const gsize start = length - row->length;
  gsize n;
  const guint32 *words = sl_token_cache_get_text (self->cache, self->texts[row->item], &n);

  /* A text without anything is one padding: there must be something to pool. */
  for (gsize t = 0; t < length; t++)
    tokens[t] = t >= start && n > 0 ? (gint32)self->map[words[row->skip + t - start]]
                                    : SL_SPECIAL_PADDING;
  return start;
}

void
sl_token_rows_fill (const SlTokenRows *self, const SlTokenBatch *batch, gint32 *tokens,
                    gint32 *starts)
{
  const Row *rows = self->rows + (batch->items - self->items);

  for (guint i = 0; i < batch->n_rows; i++)
    starts[i] = (gint32)fill_row (self, &rows[i], batch->length, tokens + (gsize)i * batch->length);
}
