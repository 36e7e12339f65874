/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From texts to a language model that has learnt them: tokens, streams, carried state, one-cycle, scores. */
#include "tokens-fixture.h"

#include <math.h>
#include <slope/language.h>
#include <slope/vocabulary.h>

#define BATCH 4
#define LENGTH 9
#define N_TEXTS 120

typedef struct
{
  Texts texts;
  SlTokenCache *cache;
  guint32 *map;
  SlTokenStreams *train;
  SlTokenStreams *valid;
  SlAwdLstm model;
  SlLanguageScore first; /* of the validation texts, after the first and the last epoch */
  SlLanguageScore last;
} Fixture;

/* What comes next is told by the animal's name, some words before. */
static const char *const sayings[] = {
  "The old cat sat there and said miaow.",
  "The old dog sat there and said woof.",
  "A small cow went away and said moo.",
  "A small bird went away and said tweet.",
};

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (SlVocabulary) vocabulary = NULL;
  guint8 uses[2][N_TEXTS];

  texts_init (&self->texts, sayings, G_N_ELEMENTS (sayings), N_TEXTS);
  self->cache = texts_cache (&self->texts, SL_TOKEN_COURSE);
  vocabulary = sl_vocabulary_choose (self->cache, NULL, SL_VOCABULARY_WORDS, 5);
  self->map = sl_vocabulary_map (vocabulary, self->cache);
  for (guint i = 0; i < N_TEXTS; i++)
    {
      uses[0][i] = i < N_TEXTS * 3 / 4;
      uses[1][i] = !uses[0][i];
    }
  self->train = sl_token_streams_new (self->cache, self->map, uses[0], BATCH, LENGTH, NULL);
  self->valid = sl_token_streams_new (self->cache, self->map, uses[1], BATCH, LENGTH, NULL);
  self->model = (SlAwdLstm){ .n_words = sl_vocabulary_n_words (vocabulary),
                             .n_features = 16,
                             .n_hidden = 24,
                             .n_layers = 2,
                             .drop_mult = 0.2,
                             .embedding_dropout = 0.02,
                             .input_dropout = 0.25,
                             .hidden_dropout = 0.15,
                             .output_dropout = 0.1,
                             .weight_dropout = 0.2,
                             .alpha = 0.02,
                             .beta = 0.01 };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sl_token_streams_free (self->train);
  sl_token_streams_free (self->valid);
  g_free (self->map);
  sl_token_cache_unref (self->cache);
  texts_clear (&self->texts);
}

static void
keep_scores (guint epoch, const SlLanguageScore *train, const SlLanguageScore *valid,
             gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpuint (train->n, >, valid->n);
  if (epoch == 0)
    self->first = *valid;
  self->last = *valid;
}

static SlParams *
train (Fixture *self, const SlLanguageRecipe *recipe)
{
  g_autoptr (GError) error = NULL;
  SlParams *params = sl_language_new_params (&self->model, 3, &error);

  g_assert_no_error (error);
  g_assert_true (sl_language_train (&self->model, params, self->train, self->valid, recipe, NULL,
                                    keep_scores, self, &error));
  g_assert_no_error (error);
  return params;
}

/* It comes to know all but which animal comes next and its number: of twelve words, hardly two are open. */
static void
test_learns (Fixture *self, gconstpointer data)
{
  SlLanguageRecipe recipe = SL_LANGUAGE_RECIPE_INIT (25, 2e-2);
  g_autoptr (SlParams) params = NULL;
  g_autoptr (GError) error = NULL;
  SlLanguageScore again;

  recipe.clip = 1;
  params = train (self, &recipe);
  g_test_message ("perplexity %.2f, then %.2f; accuracy %.3f", self->first.perplexity,
                  self->last.perplexity, self->last.accuracy);
  g_assert_cmpfloat (self->last.perplexity, <, 1.6);
  g_assert_cmpfloat (self->last.accuracy, >, 0.85);
  g_assert_cmpfloat (self->first.perplexity, >, 2 * self->last.perplexity);
  g_assert_cmpfloat_with_epsilon (self->last.perplexity, exp (self->last.loss), 1e-9);
  g_assert_cmpuint (sl_token_streams_n_left (self->valid), ==, 0);
  sl_token_streams_begin (self->valid, FALSE, 0);
  g_assert_cmpuint (sl_token_streams_n_left (self->valid), ==, self->last.n);
  g_assert_true (sl_language_evaluate (&self->model, params, self->valid, NULL, &again, &error));
  g_assert_cmpfloat (again.loss, ==, self->last.loss);
}

/* The same bits with one thread and two; others with another seed. */
static void
test_repeats (Fixture *self, gconstpointer data)
{
  SlLanguageRecipe recipe = SL_LANGUAGE_RECIPE_INIT (2, 1e-2);
  g_autoptr (SlParams) one = NULL, two = NULL, other = NULL;
  gsize n;

  sl_parallel_set_threads (1);
  one = train (self, &recipe);
  sl_parallel_set_threads (2);
  two = train (self, &recipe);
  sl_parallel_set_threads (0);
  recipe.seed = 1;
  other = train (self, &recipe);
  n = sl_params_n_elements (one) * sizeof (float);
  g_assert_cmpmem (sl_params_values (one), n, sl_params_values (two), n);
  g_assert_true (memcmp (sl_params_values (one), sl_params_values (other), n) != 0);
}

/* In bfloat16 it learns as well, but not the same bits. */
static void
test_learns_in_bf16 (Fixture *self, gconstpointer data)
{
  SlLanguageRecipe recipe = SL_LANGUAGE_RECIPE_INIT (25, 2e-2);
  g_autoptr (SlParams) full = NULL, half = NULL;
  double loss;
  gsize n;

  recipe.clip = 1;
  full = train (self, &recipe);
  loss = self->last.loss;
  recipe.precision = SL_PRECISION_BF16;
  half = train (self, &recipe);
  g_test_message ("perplexity %.3f, in float32 %.3f", self->last.perplexity, exp (loss));
  g_assert_cmpfloat_with_epsilon (self->last.loss, loss, 0.05);
  n = sl_params_n_elements (full) * sizeof (float);
  g_assert_true (memcmp (sl_params_values (full), sl_params_values (half), n) != 0);
}

/* A text read by rows of nine is scored as one read in a single row, and not as rows that forget. */
static void
test_carries_state (Fixture *self, gconstpointer data)
{
  static const guint8 only[N_TEXTS] = { 1, 1, 1, 1, 1, 1, 1, 1 };
  SlLanguageRecipe recipe = SL_LANGUAGE_RECIPE_INIT (5, 2e-2);
  g_autoptr (SlParams) params = train (self, &recipe);
  static const guint lengths[] = { 200, 7, 1 };
  double loss[G_N_ELEMENTS (lengths)];

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SlTokenStreams)
          streams = sl_token_streams_new (self->cache, self->map, only, 1, lengths[i], &error);
      SlLanguageScore score;

      g_assert_no_error (error);
      g_assert_true (sl_language_evaluate (&self->model, params, streams, NULL, &score, &error));
      loss[i] = score.loss;
    }
  g_assert_cmpfloat_with_epsilon (loss[1], loss[0], 1e-5);
  g_assert_cmpfloat_with_epsilon (loss[2], loss[0], 1e-5);
}

static void
test_goes_wrong (Fixture *self, gconstpointer data)
{
  SlLanguageRecipe recipe = SL_LANGUAGE_RECIPE_INIT (3, 1e30);
  g_autoptr (SlParams) params = sl_language_new_params (&self->model, 3, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_language_train (&self->model, params, self->train, NULL, &recipe, NULL, NULL,
                                     NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DIVERGED);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (sl_language_train (&self->model, params, self->train, NULL, &recipe, cancellable,
                                     NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/language/learns", Fixture, NULL, set_up, test_learns, tear_down);
  g_test_add ("/engine/language/learns-in-bf16", Fixture, NULL, set_up, test_learns_in_bf16,
              tear_down);
  g_test_add ("/engine/language/repeats", Fixture, NULL, set_up, test_repeats, tear_down);
  g_test_add ("/engine/language/carries-state", Fixture, NULL, set_up, test_carries_state,
              tear_down);
  g_test_add ("/engine/language/goes-wrong", Fixture, NULL, set_up, test_goes_wrong, tear_down);
  return g_test_run ();
}
