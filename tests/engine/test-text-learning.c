/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From texts of a small grammar to a classifier that has learnt them, its layers thawed one after the other. */
#include "tokens-fixture.h"

#include <slope/optim.h>
#include <slope/random.h>
#include <slope/text-classifier.h>
#include <slope/token-rows.h>
#include <slope/vocabulary.h>

#define N_TEXTS 480
#define N_TRAIN 400
#define CLASSES 2
#define N_DECIDING 3

static const char *const deciding[CLASSES][N_DECIDING] = { { "dull", "weak", "flat" },
                                                           { "warm", "fine", "bright" } };
static const char *const others[] = { "the",   "film", "a",       "story", "of",
                                      "night", "and",  "rain",    "with",  "music",
                                      "on",    "old",  "streets", "it",    "was" };

typedef struct
{
  char *strings[N_TEXTS];
  gint32 labels[N_TEXTS];
  Texts texts;
  SlTokenCache *cache;
  SlVocabulary *vocabulary;
  guint32 *map;
  SlTextClassifier model;
} Fixture;

/* One word decides, somewhere among up to twelve. */
static char *
make_text (guint i, gint32 label)
{
  GString *text = g_string_new (NULL);
  SlRandom random;
  guint n, place;

  sl_random_init (&random, sl_random_key (3, SL_PURPOSE_TEST, i, 0));
  n = 3 + (guint)sl_random_below (&random, 10);
  place = (guint)sl_random_below (&random, n);
  for (guint k = 0; k < n; k++)
    {
      const char *word = others[sl_random_below (&random, G_N_ELEMENTS (others))];

      if (k == place)
        word = deciding[label][sl_random_below (&random, N_DECIDING)];
      g_string_append_printf (text, "%s%s", k > 0 ? " " : "", word);
    }
  return g_string_free (text, FALSE);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  SlAwdLstm encoder = { .n_features = 16, .n_hidden = 24, .n_layers = 2, .drop_mult = 0.2 };

  for (guint i = 0; i < N_TEXTS; i++)
    {
      self->labels[i] = (gint32)(i % CLASSES);
      self->strings[i] = make_text (i, self->labels[i]);
    }
  texts_init (&self->texts, (const char *const *)self->strings, N_TEXTS, N_TEXTS);
  self->cache = texts_cache (&self->texts, SL_TOKEN_COURSE);
  self->vocabulary = sl_vocabulary_choose (self->cache, NULL, SL_VOCABULARY_WORDS, 1);
  self->map = sl_vocabulary_map (self->vocabulary, self->cache);
  encoder.n_words = sl_vocabulary_n_words (self->vocabulary);
  sl_text_classifier_init (&self->model, &encoder, CLASSES);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->map);
  sl_vocabulary_unref (self->vocabulary);
  sl_token_cache_unref (self->cache);
  texts_clear (&self->texts);
  for (guint i = 0; i < N_TEXTS; i++)
    g_free (self->strings[i]);
}

/* Texts @first … @end - 1. */
static SlTokenRows *
make_rows (Fixture *self, guint32 first, guint32 end)
{
  const SlTokenRowsOptions options = { 20, 1400, 16384, 1 };
  guint32 texts[N_TEXTS];

  for (guint32 i = first; i < end; i++)
    texts[i - first] = i;
  return sl_token_rows_new (self->cache, self->map, texts, end - first, &options);
}

/* ---- Passes */

static SlGraph *
make_graph (const SlTextClassifier *model, gsize n, gsize length)
{
  SlGraph *graph = sl_graph_new ();
  SlValue tokens = sl_graph_input (graph, "tokens", SL_DTYPE_I32, SL_SHAPE2 (n, length));
  SlValue starts = sl_graph_input (graph, "starts", SL_DTYPE_I32, SL_SHAPE1 (n));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE1 (n));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (n));
  SlValue logits, loss = SL_NO_VALUE, losses, probabilities;
  g_autoptr (GError) error = NULL;

  logits = sl_text_classifier_build (graph, model, tokens, starts, &error);
  sl_cross_entropy (graph, logits, targets, weights, 0, &loss, &losses, &probabilities, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "probabilities", probabilities);
  return graph;
}

static SlPlan *
open_batch (Fixture *self, SlParams *params, SlTokenRows *rows, const SlTokenBatch *batch,
            guint first, SlMode mode, SlPlanMemory *memory)
{
  g_autoptr (SlGraph) graph = make_graph (&self->model, batch->n_rows, batch->length);
  g_autoptr (GError) error = NULL;
  SlPlan *plan = sl_plan_new_in (graph, params, mode, SL_PLAN_BRIEF_GRADS, memory, &error);

  g_assert_no_error (error);
  sl_token_rows_fill (rows, batch, sl_plan_input_data (plan, "tokens"),
                      sl_plan_input_data (plan, "starts"));
  for (guint i = 0; i < batch->n_rows; i++)
    {
      ((gint32 *)sl_plan_input_data (plan, "targets"))[i] = self->labels[first + batch->items[i]];
      ((float *)sl_plan_input_data (plan, "weights"))[i] = 1;
    }
  return plan;
}

static void
train_epoch (Fixture *self, SlParams *params, SlTokenRows *rows, SlAdamW *adam, double rate,
             guint64 epoch)
{
  g_autoptr (SlPlanMemory) memory = sl_plan_memory_new ();
  double rates[] = { rate / 4, rate / 4, rate / 2, rate };
  SlTokenBatch batch;

  g_assert_cmpuint (sl_params_n_groups (params), ==, G_N_ELEMENTS (rates));
  sl_token_rows_begin (rows, TRUE, sl_random_key (1, SL_PURPOSE_SHUFFLE, epoch, 0));
  while (sl_token_rows_next (rows, &batch))
    {
      g_autoptr (SlPlan) plan = open_batch (self, params, rows, &batch, 0, SL_MODE_TRAIN, memory);

      sl_plan_forward (plan, sl_random_key (1, SL_PURPOSE_DROPOUT, epoch, adam->step));
      sl_adamw_backward (adam, plan, rates, 0.8);
    }
}

/* Head, then the last layer too, then all: as the course does, with more epochs for want of a language model. */
static SlParams *
train (Fixture *self)
{
  static const struct
  {
    guint from;
    guint n_epochs;
    double rate;
  } stages[] = { { 3, 1, 2e-2 }, { 2, 2, 1e-2 }, { 0, 8, 2e-2 } };
  g_autoptr (SlGraph) graph = make_graph (&self->model, 2, 2);
  g_autoptr (SlTokenRows) rows = make_rows (self, 0, N_TRAIN);
  SlParams *params = sl_params_new (graph, 5);
  guint64 epoch = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      SlAdamW adam = SL_ADAMW_INIT;

      sl_params_freeze_to (params, stages[i].from, FALSE);
      sl_params_reset_moments (params);
      for (guint k = 0; k < stages[i].n_epochs; k++)
        train_epoch (self, params, rows, &adam, stages[i].rate, epoch++);
    }
  return params;
}

static guint
count_right (Fixture *self, SlParams *params)
{
  g_autoptr (SlTokenRows) rows = make_rows (self, N_TRAIN, N_TEXTS);
  guint n_right = 0;
  SlTokenBatch batch;

  sl_token_rows_begin (rows, FALSE, 0);
  while (sl_token_rows_next (rows, &batch))
    {
      g_autoptr (SlPlan)
          plan = open_batch (self, params, rows, &batch, N_TRAIN, SL_MODE_EVAL, NULL);
      const float *probabilities;

      sl_plan_forward (plan, 0);
      probabilities = sl_plan_output (plan, "probabilities", NULL);
      for (guint i = 0; i < batch.n_rows; i++)
        n_right += probabilities[i * CLASSES + (guint)self->labels[N_TRAIN + batch.items[i]]] > 0.5;
    }
  return n_right;
}

static void
test_learns (Fixture *self, gconstpointer data)
{
  g_autoptr (SlParams) params = train (self);
  guint n_right = count_right (self, params);

  g_test_message ("%u of %d right", n_right, N_TEXTS - N_TRAIN);
  g_assert_cmpuint (n_right, >=, (N_TEXTS - N_TRAIN) * 95 / 100);
}

/* The same bits with one thread and two. */
static void
test_repeats (Fixture *self, gconstpointer data)
{
  g_autoptr (SlParams) one = NULL, two = NULL;
  gsize bytes;

  sl_parallel_set_threads (1);
  one = train (self);
  sl_parallel_set_threads (2);
  two = train (self);
  sl_parallel_set_threads (0);
  bytes = sl_params_n_elements (one) * sizeof (float);
  g_assert_cmpmem (sl_params_values (one), bytes, sl_params_values (two), bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/text-learning/learns", Fixture, NULL, set_up, test_learns, tear_down);
  g_test_add ("/engine/text-learning/repeats", Fixture, NULL, set_up, test_repeats, tear_down);
  return g_test_run ();
}
