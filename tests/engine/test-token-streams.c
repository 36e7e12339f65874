/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokens-fixture.h"

#include <slope/random.h>
#include <slope/token-streams.h>
#include <slope/vocabulary.h>

#define MAX_CELLS 4096

static const char *const texts_of_words[] = {
  "a b c", "", "d e f g h i", "j", "k l m n o p q r s t", "u v"
};

typedef struct
{
  Texts texts;
  SlTokenCache *cache;
  guint32 *map;
  gint32 tokens[MAX_CELLS];
  gint32 targets[MAX_CELLS];
  float weights[MAX_CELLS];
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (SlVocabulary) vocabulary = NULL;

  texts_init (&self->texts, texts_of_words, G_N_ELEMENTS (texts_of_words),
              G_N_ELEMENTS (texts_of_words));
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

/* All tokens of the texts of @order, one after the other, as the vocabulary's numbers. */
static GArray *
join_texts (const Fixture *self, const guint32 *order, gsize n)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (gint32));

  for (gsize i = 0; i < n; i++)
    {
      gsize length;
      const guint32 *tokens = sl_token_cache_get_text (self->cache, order[i], &length);

      for (gsize k = 0; k < length; k++)
        {
          gint32 number = (gint32)self->map[tokens[k]];

          g_array_append_val (all, number);
        }
    }
  return all;
}

/* An epoch of @streams is @all, cut into rows. */
static void
check_epoch (Fixture *self, SlTokenStreams *streams, const GArray *all, guint n_streams,
             guint length)
{
  gsize each = all->len / n_streams, n_batches = 0;
  gsize seen = 0;

  while (sl_token_streams_next (streams, self->tokens, self->targets, self->weights))
    {
      for (guint row = 0; row < n_streams; row++)
        for (guint i = 0; i < length; i++)
          {
            gsize cell = row * length + i, place = n_batches * length + i;
            gboolean counts = place + 1 < each;

            g_assert_cmpfloat (self->weights[cell], ==, counts ? 1 : 0);
            g_assert_cmpint (self->tokens[cell], ==,
                             counts ? g_array_index (all, gint32, row * each + place)
                                    : SL_SPECIAL_PADDING);
            g_assert_cmpint (self->targets[cell], ==,
                             counts ? g_array_index (all, gint32, row * each + place + 1)
                                    : SL_SPECIAL_PADDING);
            seen += counts;
          }
      n_batches++;
    }
  g_assert_cmpuint (n_batches, ==, sl_token_streams_n_batches (streams));
  g_assert_cmpuint (seen, ==, n_streams * (each - 1));
}

static void
test_in_order (Fixture *self, gconstpointer data)
{
  static const guint32 order[] = { 0, 1, 2, 3, 4, 5 };
  static const guint shapes[][2] = {
    { 1, 5 }, { 1, 100 }, { 2, 3 }, { 3, 7 }, { 4, 1 }, { 13, 4 }
  };
  g_autoptr (GArray) all = join_texts (self, order, G_N_ELEMENTS (order));

  g_assert_cmpuint (all->len, ==, 28); /* 22 words and 6 beginnings */
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SlTokenStreams) streams = sl_token_streams_new (
          self->cache, self->map, NULL, shapes[i][0], shapes[i][1], &error);

      g_assert_no_error (error);
      check_epoch (self, streams, all, shapes[i][0], shapes[i][1]);
      sl_token_streams_begin (streams, FALSE, 0);
      check_epoch (self, streams, all, shapes[i][0], shapes[i][1]);
    }
}

/* Every epoch has another order, the same for the same key, whatever was read before. */
static void
test_shuffled (Fixture *self, gconstpointer data)
{
  static const guint8 uses[] = { 1, 0, 1, 1, 1, 1 };
  guint32 order[2][5];
  gboolean differ = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlTokenStreams)
      streams = sl_token_streams_new (self->cache, self->map, uses, 2, 3, &error);

  g_assert_no_error (error);
  for (guint repeat = 0; repeat < 2; repeat++)
    for (guint64 epoch = 0; epoch < 2; epoch++)
      {
        static const guint32 used[] = { 0, 2, 3, 4, 5 };
        g_autoptr (GArray) all = NULL;
        SlRandom random;

        memcpy (order[epoch], used, sizeof used);
        sl_random_init (&random, 70 + epoch);
        sl_random_shuffle (&random, order[epoch], G_N_ELEMENTS (used));
        all = join_texts (self, order[epoch], G_N_ELEMENTS (used));
        sl_token_streams_begin (streams, TRUE, 70 + epoch);
        check_epoch (self, streams, all, 2, 3);
      }
  for (guint i = 0; i < 5; i++)
    differ |= order[0][i] != order[1][i];
  g_assert_true (differ);
}

static void
test_too_few (Fixture *self, gconstpointer data)
{
  static const guint8 none[G_N_ELEMENTS (texts_of_words)] = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_token_streams_new (self->cache, self->map, NULL, 15, 4, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_clear_error (&error);
  g_assert_null (sl_token_streams_new (self->cache, self->map, none, 1, 4, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/token-streams/in-order", Fixture, NULL, set_up, test_in_order, tear_down);
  g_test_add ("/engine/token-streams/shuffled", Fixture, NULL, set_up, test_shuffled, tear_down);
  g_test_add ("/engine/token-streams/too-few", Fixture, NULL, set_up, test_too_few, tear_down);
  return g_test_run ();
}
