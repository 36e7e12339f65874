/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A language model that has learnt four sayings writes these and nothing else. */
#include "tokens-fixture.h"

#include <math.h>
#include <slope/generate.h>
#include <slope/language.h>

#define N_TEXTS 120
#define N_DRAWS 40

static const char *const sayings[] = {
  "The old cat doesn't say: miaow!",
  "The old dog doesn't say: woof!",
  "A SMALL cow (far away) says moo.",
  "A SMALL bird (far away) says tweet.",
};

/* What all tests write with; never changed once it has learnt. */
static struct
{
  SlAwdLstm model;
  SlVocabulary *vocabulary;
  SlParams *params;
} world;

static void
learn (void)
{
  const char *many[N_TEXTS];
  g_auto (Texts) texts = { 0 };
  g_autoptr (SlTokenCache) cache = NULL;
  g_autoptr (SlTokenStreams) streams = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree guint32 *map = NULL;
  SlLanguageRecipe recipe = SL_LANGUAGE_RECIPE_INIT (400, 1e-2);

  for (guint i = 0; i < N_TEXTS; i++)
    many[i] = sayings[i % G_N_ELEMENTS (sayings)];
  texts_init (&texts, many, N_TEXTS, N_TEXTS);
  cache = texts_cache (&texts, SL_TOKEN_COURSE);
  world.vocabulary = sl_vocabulary_choose (cache, NULL, SL_VOCABULARY_WORDS, 1);
  map = sl_vocabulary_map (world.vocabulary, cache);
  streams = sl_token_streams_new (cache, map, NULL, 4, 40, &error);
  g_assert_no_error (error);
  sl_awd_lstm_preset ("small", sl_vocabulary_n_words (world.vocabulary), &world.model);
  world.model.n_features = 16;
  world.model.n_hidden = 32;
  world.model.n_layers = 2;
  world.model.drop_mult = 0;
  world.model.alpha = world.model.beta = 0;
  recipe.clip = 1;
  world.params = sl_language_new_params (&world.model, 1, &error);
  g_assert_no_error (error);
  g_assert_true (sl_language_train (&world.model, world.params, streams, NULL, &recipe, NULL, NULL,
                                    NULL, &error));
  g_assert_no_error (error);
}

static SlGenerator *
make (void)
{
  g_autoptr (GError) error = NULL;
  SlGenerator *self = sl_generator_new (&world.model, world.params, world.vocabulary, &error);

  g_assert_no_error (error);
  return self;
}

static char *
run (SlGenerator *self, const char *prompt, const SlGenerateOptions *options)
{
  g_autoptr (GError) error = NULL;
  char *text = sl_generator_run (self, prompt, options, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return text;
}

static guint
which_saying (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (sayings); i++)
    if (g_str_equal (sayings[i], text))
      return i;
  g_error ("“%s” is none of the sayings", text);
}

/* ---- Texts */

/* Without a prompt: whole sayings, each of them at one time or another. */
static void
test_sayings (void)
{
  g_autoptr (SlGenerator) self = make ();
  SlGenerateOptions options = SL_GENERATE_OPTIONS_INIT;
  guint n[G_N_ELEMENTS (sayings)] = { 0 };

  options.whole_text = TRUE;
  options.min_probability = 0.05;
  for (guint i = 0; i < N_DRAWS; i++)
    {
      g_autofree char *text = NULL;

      options.seed = i;
      text = run (self, "", &options);
      n[which_saying (text)]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (n); i++)
    g_assert_cmpuint (n[i], >, 0);
}

/* The last word is told by the third one, some words before: the state is carried. */
static void
test_prompts (void)
{
  static const struct
  {
    const char *prompt;
    guint saying;
  } cases[] = { { "The old cat", 0 },
                { "The old dog doesn't", 1 },
                { "A SMALL cow ", 2 },
                { "A SMALL bird (", 3 } };
  g_autoptr (SlGenerator) self = make ();
  SlGenerateOptions likeliest = SL_GENERATE_OPTIONS_INIT, first = SL_GENERATE_OPTIONS_INIT;
  SlGenerateOptions sure = SL_GENERATE_OPTIONS_INIT;

  likeliest.whole_text = first.whole_text = sure.whole_text = TRUE;
  likeliest.temperature = 0;
  first.temperature = 100;
  first.top_k = 1;
  sure.temperature = 100;
  sure.min_probability = 1;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *a = run (self, cases[i].prompt, &likeliest);
      g_autofree char *b = run (self, cases[i].prompt, &first);
      g_autofree char *c = run (self, cases[i].prompt, &sure);

      g_assert_cmpstr (a, ==, sayings[cases[i].saying]);
      g_assert_cmpstr (b, ==, a);
      g_assert_cmpstr (c, ==, a);
    }
}

/* The model's shares at the end of @prompt, by drawing: how often the text goes on with @word. */
static double
share_of (SlGenerator *self, const char *prompt, const char *word, double temperature, guint top_k)
{
  SlGenerateOptions options = SL_GENERATE_OPTIONS_INIT;
  guint n = 0;

  options.n_tokens = 1;
  options.temperature = temperature;
  options.top_k = top_k;
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *text = NULL;

      options.seed = i;
      text = run (self, prompt, &options);
      n += g_str_equal (text + strlen (prompt), word);
    }
  return n / 400.0;
}

static void
test_temperature (void)
{
  g_autoptr (SlGenerator) self = make ();
  double as_it_is = share_of (self, "The old", " cat", 1, 0);
  double hot = share_of (self, "The old", " cat", 100, 0);

  g_assert_cmpfloat (as_it_is, >, 0.25); /* it, or the dog */
  g_assert_cmpfloat (as_it_is, <, 0.75);
  g_assert_cmpfloat (hot, <, 0.15);
  /* All are equal, but only two may be chosen. */
  g_assert_cmpfloat_with_epsilon (share_of (self, "The old", " cat", 100, 2), 0.5, 0.1);
}

static void
collect (const char *piece, gpointer user_data)
{
  g_string_append (user_data, piece);
}

static void
test_pieces (void)
{
  g_autoptr (SlGenerator) self = make ();
  SlGenerateOptions options = SL_GENERATE_OPTIONS_INIT, other = SL_GENERATE_OPTIONS_INIT;
  const char *prompt = "  The old";
  g_autoptr (GString) pieces = g_string_new (prompt);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *again = NULL, *others = NULL, *none = NULL;

  options.n_tokens = 60; /* on and on: it may not end */
  text = sl_generator_run (self, prompt, &options, collect, pieces, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, pieces->str);
  g_assert_null (strstr (text, "xx"));
  g_assert_cmpuint (strlen (text), >, 100);
  again = run (self, prompt, &options);
  g_assert_cmpstr (again, ==, text);
  other.n_tokens = 60;
  other.seed = 1;
  others = run (self, prompt, &other);
  g_assert_cmpstr (others, !=, text);
  other.n_tokens = 0;
  none = run (self, prompt, &other);
  g_assert_cmpstr (none, ==, prompt);
}

/* A prompt that is far too long is read from its end. */
static void
test_long_prompt (void)
{
  g_autoptr (SlGenerator) self = make ();
  SlGenerateOptions options = SL_GENERATE_OPTIONS_INIT;
  g_autoptr (GString) prompt = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < 2000; i++)
    g_string_append (prompt, "unheard of words ");
  g_string_append (prompt, sayings[2]);
  g_string_append (prompt, " The old dog");
  options.temperature = 0;
  options.n_tokens = 6;
  text = run (self, prompt->str, &options);
  g_assert_true (g_str_has_prefix (text, prompt->str));
}

/* ---- What goes wrong */

static void
test_bad_options (void)
{
  g_autoptr (SlGenerator) self = make ();
  SlGenerateOptions bad[] = { SL_GENERATE_OPTIONS_INIT, SL_GENERATE_OPTIONS_INIT,
                              SL_GENERATE_OPTIONS_INIT, SL_GENERATE_OPTIONS_INIT };

  bad[0].temperature = -1;
  bad[1].temperature = NAN;
  bad[2].min_probability = 1.5;
  bad[3].n_tokens = SL_GENERATE_MAX_TOKENS + 1;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_generator_run (self, "", &bad[i], NULL, NULL, NULL, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
    }
}

static void
test_bad_model (void)
{
  g_autoptr (GError) error = NULL, lost = NULL;
  SlAwdLstm other = world.model;
  SlGenerateOptions options = SL_GENERATE_OPTIONS_INIT;
  g_autoptr (SlParams) params = sl_language_new_params (&world.model, 1, NULL);
  g_autoptr (SlGenerator) self = NULL;

  other.n_words++;
  g_assert_null (sl_generator_new (&other, world.params, world.vocabulary, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);

  self = sl_generator_new (&world.model, params, world.vocabulary, NULL);
  for (gsize i = 0; i < sl_params_n_elements (params); i++)
    sl_params_values (params)[i] = NAN;
  g_assert_null (sl_generator_run (self, "", &options, NULL, NULL, NULL, &lost));
  g_assert_error (lost, SL_ERROR, SL_ERROR_DIVERGED);
}

typedef struct
{
  GCancellable *cancellable;
  guint n;
} Stop;

static void
stop_at_third (const char *piece, gpointer user_data)
{
  Stop *stop = user_data;

  if (++stop->n == 3)
    g_cancellable_cancel (stop->cancellable);
}

static void
test_cancel (void)
{
  g_autoptr (SlGenerator) self = make ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, again = NULL;
  SlGenerateOptions options = SL_GENERATE_OPTIONS_INIT;
  Stop stop = { cancellable, 0 };

  g_assert_null (sl_generator_run (self, "", &options, stop_at_third, &stop, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (stop.n, ==, 3);
  g_assert_null (
      sl_generator_run (self, "The", &options, stop_at_third, &stop, cancellable, &again));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (stop.n, ==, 3);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  learn ();
  g_test_add_func ("/generate/sayings", test_sayings);
  g_test_add_func ("/generate/prompts", test_prompts);
  g_test_add_func ("/generate/temperature", test_temperature);
  g_test_add_func ("/generate/pieces", test_pieces);
  g_test_add_func ("/generate/long-prompt", test_long_prompt);
  g_test_add_func ("/generate/bad-options", test_bad_options);
  g_test_add_func ("/generate/bad-model", test_bad_model);
  g_test_add_func ("/generate/cancel", test_cancel);
  status = g_test_run ();
  sl_params_unref (world.params);
  sl_vocabulary_unref (world.vocabulary);
  return status;
}
