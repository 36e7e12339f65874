/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches of texts by length: all items once, none alone, within bounds, the same for the same key. */
#include "tokens-fixture.h"

#include <slope/token-rows.h>
#include <slope/vocabulary.h>
#include <math.h>

typedef struct
{
  Texts texts;
  SlTokenCache *cache;
  guint32 *map;
} Fixture;

static const char *const sayings[] = {
  "one",
  "two words",
  "now this is a text that has some more words",
  "and here are many many many words, which go on and on, until at last there are no more of them",
  "three words more",
};

static void
set_up (Fixture *self, gconstpointer n_texts)
{
  g_autoptr (SlVocabulary) vocabulary = NULL;

  texts_init (&self->texts, sayings, G_N_ELEMENTS (sayings), GPOINTER_TO_SIZE (n_texts));
  self->cache = texts_cache (&self->texts, SL_TOKEN_COURSE);
  vocabulary = sl_vocabulary_choose (self->cache, NULL, SL_VOCABULARY_WORDS, 1);
  self->map = sl_vocabulary_map (vocabulary, self->cache);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->map);
  sl_token_cache_unref (self->cache);
  texts_clear (&self->texts);
}

/* The first @n texts, last one first. */
static SlTokenRows *
make_rows (Fixture *self, guint n, const SlTokenRowsOptions *options)
{
  g_autofree guint32 *texts = g_new (guint32, n);

  for (guint i = 0; i < n; i++)
    texts[i] = n - 1 - i;
  return sl_token_rows_new (self->cache, self->map, texts, n, options);
}

static gsize
tokens_of (Fixture *self, guint n, guint32 item, const SlTokenRowsOptions *options)
{
  gsize length;

  sl_token_cache_get_text (self->cache, n - 1 - item, &length);
  return MIN (length, options->max_tokens);
}

/* One epoch; returns its items in order. */
static GArray *
check_epoch (Fixture *self, SlTokenRows *rows, guint n, const SlTokenRowsOptions *options,
             gsize n_batches, gboolean shuffled)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree guint8 *seen = g_new0 (guint8, n);
  gsize longest = 0, n_larger = 0, first = 0, before = G_MAXSIZE;
  SlTokenBatch batch;

  for (gsize b = 0; b < n_batches; b++)
    {
      gsize most = 0;

      g_assert_true (sl_token_rows_next (rows, &batch));
      if (batch.n_rows > options->n_rows
          || (gsize)batch.n_rows * batch.length > options->max_places)
        {
          g_assert_true (shuffled && batch.n_rows == 3);
          g_assert_cmpuint (n_larger++, ==, 0);
        }
      if (shuffled && n > 1)
        g_assert_cmpuint (batch.n_rows, >, 1);
      for (guint i = 0; i < batch.n_rows; i++)
        {
          gsize length = tokens_of (self, n, batch.items[i], options);

          g_assert_cmpuint (seen[batch.items[i]]++, ==, 0);
          g_array_append_val (items, batch.items[i]);
          g_assert_cmpuint (length, <=, i == 0 ? G_MAXSIZE : most);
          most = i == 0 ? length : most;
        }
      g_assert_cmpuint (batch.length, ==, most);
      longest = MAX (longest, most);
      first = b == 0 ? most : first;
      if (!shuffled)
        g_assert_cmpuint (most, <=, before);
      before = most;
    }
  g_assert_false (sl_token_rows_next (rows, &batch));
  g_assert_cmpuint (first, ==, longest);
  g_assert_cmpuint (items->len, ==, n);
  return items;
}

static gboolean
same (const GArray *a, const GArray *b)
{
  return a->len == b->len && memcmp (a->data, b->data, a->len * sizeof (guint32)) == 0;
}

static void
test_epochs (Fixture *self, gconstpointer data)
{
  static const SlTokenRowsOptions options[] = { { 2, 400, 800, 1 },
                                                { 8, 400, 4000, 1 },
                                                { 8, 10, 30, 1 },
                                                { 32, 1400, 16384, 1 },
                                                { 3, 20, 40, 1 } };
  guint n_texts = (guint)GPOINTER_TO_SIZE (data);

  for (gsize k = 0; k < G_N_ELEMENTS (options); k++)
    for (guint n = n_texts; n + 40 > n_texts && n > 0; n--)
      {
        g_autoptr (SlTokenRows) rows = make_rows (self, n, &options[k]);
        gsize n_batches = sl_token_rows_begin (rows, FALSE, 0);
        g_autoptr (GArray) in_order = check_epoch (self, rows, n, &options[k], n_batches, FALSE);
        g_autoptr (GArray) one = NULL, other = NULL, again = NULL;

        n_batches = sl_token_rows_begin (rows, TRUE, 5);
        one = check_epoch (self, rows, n, &options[k], n_batches, TRUE);
        n_batches = sl_token_rows_begin (rows, TRUE, 6);
        other = check_epoch (self, rows, n, &options[k], n_batches, TRUE);
        n_batches = sl_token_rows_begin (rows, TRUE, 5);
        again = check_epoch (self, rows, n, &options[k], n_batches, TRUE);
        g_assert_true (same (one, again));
        if (n > 40)
          g_assert_false (same (one, other));
      }
}

/* By hand: lengths of five texts, two rows a batch. */
static void
test_by_hand (Fixture *self, gconstpointer data)
{
  const SlTokenRowsOptions options = { 2, 6, 12, 1 };
  const guint32 texts[] = { 3, 0, 1, 0, 2 };
  const gint32 padding = SL_SPECIAL_PADDING;
  g_autoptr (SlTokenRows)
      rows = sl_token_rows_new (self->cache, self->map, texts, G_N_ELEMENTS (texts), &options);
  gint32 tokens[12], starts[2];
  const guint32 *words;
  SlTokenBatch batch;
  gsize n;

  g_assert_cmpuint (sl_token_rows_begin (rows, FALSE, 0), ==, 3);
  g_assert_true (sl_token_rows_next (rows, &batch));
  g_assert_cmpuint (batch.n_rows, ==, 2);
  g_assert_cmpuint (batch.length, ==, 6);
  g_assert_cmpuint (batch.items[0], ==, 0);
  g_assert_cmpuint (batch.items[1], ==, 4);
  sl_token_rows_fill (rows, &batch, tokens, starts);
  /* Of a text that is too long, the end. */
  words = sl_token_cache_get_text (self->cache, 3, &n);
  g_assert_cmpuint (n, >, 6);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpint (tokens[i], ==, (gint32)self->map[words[n - 6 + i]]);
  g_assert_cmpint (starts[0], ==, 0);

  g_assert_true (sl_token_rows_next (rows, &batch));
  g_assert_cmpuint (batch.length, ==, 3);
  g_assert_cmpuint (batch.items[0], ==, 2);
  g_assert_cmpuint (batch.items[1], ==, 1);
  sl_token_rows_fill (rows, &batch, tokens, starts);
  words = sl_token_cache_get_text (self->cache, 0, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (tokens[3], ==, padding);
  g_assert_cmpint (tokens[4], ==, SL_SPECIAL_BEGIN);
  g_assert_cmpint (tokens[5], ==, (gint32)self->map[words[1]]);
  g_assert_cmpint (starts[0], ==, 0);
  g_assert_cmpint (starts[1], ==, 1);

  g_assert_true (sl_token_rows_next (rows, &batch));
  g_assert_cmpuint (batch.n_rows, ==, 1);
  g_assert_cmpuint (batch.items[0], ==, 3);
  g_assert_false (sl_token_rows_next (rows, &batch));
}

/* Where chunks meet, no batch is left short. */
static void
test_chunks (Fixture *self, gconstpointer data)
{
  const SlTokenRowsOptions options = { 8, 1400, 16384, 1 };
  guint n = (guint)GPOINTER_TO_SIZE (data), n_short = 0;
  g_autoptr (SlTokenRows) rows = make_rows (self, n, &options);
  SlTokenBatch batch;

  g_assert_cmpuint (sl_token_rows_begin (rows, TRUE, 1), ==, (n + 7) / 8);
  while (sl_token_rows_next (rows, &batch))
    n_short += batch.n_rows < 8;
  g_assert_cmpuint (n_short, <=, 2);
}

/* ---- Parts of texts */

#define MOST_TOKENS 60
#define LEAST_SHARE 0.4
#define N_LONG 200

static const SlTokenRowsOptions of_parts = { 8, MOST_TOKENS, 16 * MOST_TOKENS, LEAST_SHARE };

/* Where a text is read. */
typedef struct
{
  gsize first, n;
} Run;

/* Text i has 3·i/4 words, no two of them alike. */
static void
set_up_long (Fixture *self, gconstpointer data)
{
  g_autoptr (SlVocabulary) vocabulary = NULL;
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_LONG; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint k = 0; k < 3 * i / 4; k++)
        g_string_append_printf (text, "%c%c%c ", 'a' + (int)(k % 26), 'b' + (int)(k / 26), 'k');
      g_ptr_array_add (texts, g_string_free (g_steal_pointer (&text), FALSE));
    }
  texts_init (&self->texts, (const char *const *)texts->pdata, N_LONG, N_LONG);
  self->cache = texts_cache (&self->texts, SL_TOKEN_COURSE);
  vocabulary = sl_vocabulary_choose (self->cache, NULL, SL_VOCABULARY_WORDS, 1);
  self->map = sl_vocabulary_map (vocabulary, self->cache);
}

/* Finds what was read in the words of the text: they stand there one behind the other. */
static Run
find_run (Fixture *self, guint32 text, const gint32 *tokens, gsize n_read)
{
  gsize n, first = 0;
  const guint32 *words = sl_token_cache_get_text (self->cache, text, &n);

  g_assert_cmpuint (n_read, <=, n);
  while (first < n && (gint32)self->map[words[first]] != tokens[0])
    first++;
  g_assert_cmpuint (first + n_read, <=, n);
  for (gsize i = 0; i < n_read; i++)
    g_assert_cmpint (tokens[i], ==, (gint32)self->map[words[first + i]]);
  return (Run){ first, n_read };
}

/* Of each text the run that an epoch reads; whole texts where it is not shuffled. */
static void
read_epoch (Fixture *self, SlTokenRows *rows, gboolean shuffle, guint64 key, Run *runs)
{
  g_autofree gint32 *tokens = g_new (gint32, of_parts.max_places + MOST_TOKENS);
  gint32 starts[9];
  guint n_read = 0;
  SlTokenBatch batch;

  sl_token_rows_begin (rows, shuffle, key);
  while (sl_token_rows_next (rows, &batch))
    {
      sl_token_rows_fill (rows, &batch, tokens, starts);
      g_assert_cmpint (starts[0], ==, 0); /* the longest comes first */
      for (guint i = 0; i < batch.n_rows; i++, n_read++)
        {
          const guint32 text = N_LONG - 1 - batch.items[i];
          const gint32 *row = tokens + (gsize)i * batch.length;

          for (gint32 t = 0; t < starts[i]; t++)
            g_assert_cmpint (row[t], ==, SL_SPECIAL_PADDING);
          runs[text] = find_run (self, text, row + starts[i], batch.length - (gsize)starts[i]);
        }
    }
  g_assert_cmpuint (n_read, ==, N_LONG);
}

static void
assert_bounds (gsize n, const Run *run)
{
  const gsize least = (gsize)ceil (LEAST_SHARE * (double)n);

  g_assert_cmpuint (run->n, <=, MOST_TOKENS);
  g_assert_cmpuint (run->n, >=, MIN (MAX (least, MIN (n, 20)), MOST_TOKENS));
}

static void
test_parts (Fixture *self, gconstpointer data)
{
  g_autoptr (SlTokenRows) rows = make_rows (self, N_LONG, &of_parts);
  Run one[N_LONG], other[N_LONG], again[N_LONG], whole[N_LONG];
  guint n_differ = 0, n_first = 0, n_last = 0, n_all = 0;

  read_epoch (self, rows, TRUE, 5, one);
  read_epoch (self, rows, FALSE, 0, whole);
  read_epoch (self, rows, TRUE, 6, other);
  read_epoch (self, rows, TRUE, 5, again);
  for (guint i = 0; i < N_LONG; i++)
    {
      gsize n;

      sl_token_cache_get_text (self->cache, i, &n);
      g_assert_cmpuint (whole[i].n, ==, MIN (n, MOST_TOKENS));
      g_assert_cmpuint (whole[i].first + whole[i].n, ==, n); /* the end */
      g_assert_cmpuint (one[i].first, ==, again[i].first);
      g_assert_cmpuint (one[i].n, ==, again[i].n);
      assert_bounds (n, &one[i]);
      assert_bounds (n, &other[i]);
      n_differ += one[i].first != other[i].first || one[i].n != other[i].n;
      n_first += one[i].first == 0;
      n_last += one[i].first + one[i].n == n;
      n_all += one[i].n == n;
    }
  /* Those of 20 tokens and less are whole, and of the others hardly one is. */
  g_assert_cmpuint (n_all, >=, 20);
  g_assert_cmpuint (n_all, <, 60);
  g_assert_cmpuint (n_differ, >, N_LONG * 3 / 4);
  /* Neither the beginning nor the end is always there. */
  g_assert_cmpuint (n_first, <, N_LONG / 2);
  g_assert_cmpuint (n_last, <, N_LONG / 2);
}

/* Lengths are drawn evenly from the share on: of 60 tokens from 24 to 60. */
static void
test_shares (Fixture *self, gconstpointer data)
{
  g_autoptr (SlTokenRows) rows = make_rows (self, N_LONG, &of_parts);
  Run runs[N_LONG];
  gsize sum = 0, least = G_MAXSIZE, most = 0, n;
  guint text = 0;

  while (sl_token_cache_get_text (self->cache, text, &n), n != MOST_TOKENS)
    text++;
  for (guint epoch = 0; epoch < 300; epoch++)
    {
      read_epoch (self, rows, TRUE, epoch, runs);
      sum += runs[text].n;
      least = MIN (least, runs[text].n);
      most = MAX (most, runs[text].n);
    }
  g_assert_cmpuint (least, <=, 26);
  g_assert_cmpuint (least, >=, 24);
  g_assert_cmpuint (most, >=, 58);
  g_assert_cmpuint (sum, >, 300 * 40);
  g_assert_cmpuint (sum, <, 300 * 45);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/token-rows/epochs", Fixture, GSIZE_TO_POINTER (900), set_up, test_epochs,
              tear_down);
  g_test_add ("/engine/token-rows/few", Fixture, GSIZE_TO_POINTER (G_N_ELEMENTS (sayings)), set_up,
              test_epochs, tear_down);
  g_test_add ("/engine/token-rows/by-hand", Fixture, GSIZE_TO_POINTER (G_N_ELEMENTS (sayings)),
              set_up, test_by_hand, tear_down);
  g_test_add ("/engine/token-rows/chunks", Fixture, GSIZE_TO_POINTER (4997), set_up, test_chunks,
              tear_down);
  g_test_add ("/engine/token-rows/parts", Fixture, NULL, set_up_long, test_parts, tear_down);
  g_test_add ("/engine/token-rows/shares", Fixture, NULL, set_up_long, test_shares, tear_down);
  return g_test_run ();
}
