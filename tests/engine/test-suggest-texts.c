/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a first click on Train does with texts: what it learns, what it begins with, and that it learns it. */
#include "text-project.h"
#include "train/recipe-texts.h"
#include <time.h>

#define N_VALID 40
#define N_TRAIN 100

/* Two pages of a language: what every text says, and what decides on its label. */
typedef struct
{
  const char *sentence; /* with two %s: anything, and the word that decides */
  const char *nouns[3];
  const char *words[2][3];
} Language;

static const Language english = {
  "We went to the %s and everything that we saw there was %s. ",
  { "house", "school", "place" },
  { { "wrong", "terrible", "weak" }, { "great", "strong", "good" } },
};
static const Language unknown = {
  "Xi qua ferto %s limbo ek zumba, ozo kel %s. ",
  { "bex", "drimo", "gluk" },
  { { "mala", "trusta", "pexa" }, { "bona", "gaia", "luma" } },
};

/* (transfer full) */
static SlProject *
create (TextProject *self, const Language *language, gboolean labelled)
{
  text_project_begin (self, labelled);
  for (guint i = 0; i < N_TRAIN + N_VALID; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      SlRandom random;

      sl_random_init (&random, sl_random_key (11, SL_PURPOSE_TEST, i, 0));
      for (guint n = 1 + (guint)sl_random_below (&random, 3); n > 0; n--)
        {
          const char *noun = language->nouns[sl_random_below (&random, 3)];
          const char *word = language->words[i % 2][sl_random_below (&random, 3)];
          g_auto (GStrv) parts = g_strsplit (language->sentence, "%s", 3);

          g_string_append_printf (text, "%s%s%s%s%s", parts[0], noun, parts[1], word, parts[2]);
        }
      text_project_add (self, i % 2 ? "plus" : "minus", text->str, i < N_VALID);
    }
  return text_project_create (self, "texts");
}

/* ---- Recipes */

static void
test_recipes (void)
{
  const guint64 tokens[] = { 0, 5000, 150000, 1000000, 100000000 };
  guint before = 0;

  for (guint learn = 0; learn < 2; learn++)
    for (guint start = 0; start < 3; start++)
      for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++)
        {
          g_autoptr (SlRecipe) recipe = sl_recipe_suggest_for_texts (
              (SlLearn)learn, (SlTextStart)start, tokens[i] / 40, tokens[i]);
          g_autoptr (GError) error = NULL;

          g_assert_true (sl_recipe_check (recipe, &error));
          g_assert_no_error (error);
          g_assert_cmpint (recipe->learn, ==, learn);
          g_assert_cmpstr (recipe->pretrained, ==, start == SL_TEXT_START_PUBLIC ? "auto" : "none");
          /* What it begins with has sizes of its own. */
          if (start != SL_TEXT_START_RANDOM)
            g_assert_cmpuint (recipe->embedding, ==, 0);
          /* The last stage trains everything. */
          g_assert_cmpuint (recipe->stages[recipe->n_stages - 1].freeze_to, ==, 0);
        }
  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autoptr (SlRecipe) recipe = sl_recipe_suggest_for_texts (
          SL_LEARN_TASK, SL_TEXT_START_RANDOM, tokens[i] / 40, tokens[i]);
      const guint hidden = recipe->hidden > 0 ? recipe->hidden : 600;

      g_assert_cmpuint (hidden, >=, before);
      before = hidden;
    }
  g_assert_cmpuint (before, ==, 600);
}

/* A language model from random weights is small where there is little text, too, and learns at the rate that suits that. */
static void
test_language_sizes (void)
{
  g_autoptr (SlRecipe)
      few = sl_recipe_suggest_for_texts (SL_LEARN_LANGUAGE, SL_TEXT_START_RANDOM, 800, 60000);
  g_autoptr (SlRecipe)
      many = sl_recipe_suggest_for_texts (SL_LEARN_LANGUAGE, SL_TEXT_START_RANDOM, 50000, 10000000);

  g_assert_cmpuint (few->embedding, ==, 64);
  g_assert_cmpuint (few->hidden, ==, 96);
  g_assert_cmpuint (many->embedding, ==, 0);
  g_assert_cmpuint (many->hidden, ==, 0);
  g_assert_cmpfloat (few->stages[0].lr_high, >, many->stages[0].lr_high);
  g_assert_cmpfloat (few->dropout, <, many->dropout);
}

/* Behind an encoder some hundreds of long texts are read in parts, and more often; short ones, more or fewer, whole. */
static void
test_parts (void)
{
  const struct
  {
    SlLearn learn;
    SlTextStart start;
    gsize n_train;
    guint64 n_tokens;
    gboolean parts;
  } rows[] = {
    { SL_LEARN_TASK, SL_TEXT_START_RUN, 800, 240000, TRUE },
    { SL_LEARN_TASK, SL_TEXT_START_PUBLIC, 300, 90000, TRUE },
    { SL_LEARN_TASK, SL_TEXT_START_PUBLIC, 720, 43000, FALSE },
    { SL_LEARN_TASK, SL_TEXT_START_RUN, 0, 0, FALSE },
    { SL_LEARN_TASK, SL_TEXT_START_RUN, 299, 90000, FALSE },
    { SL_LEARN_TASK, SL_TEXT_START_RUN, 2000, 600000, FALSE },
    { SL_LEARN_TASK, SL_TEXT_START_RANDOM, 800, 240000, FALSE },
    { SL_LEARN_LANGUAGE, SL_TEXT_START_PUBLIC, 800, 240000, FALSE },
  };
  guint whole = 0;

  for (gsize i = G_N_ELEMENTS (rows); i-- > 0;)
    {
      g_autoptr (SlRecipe) recipe = sl_recipe_suggest_for_texts (rows[i].learn, rows[i].start,
                                                                 rows[i].n_train, rows[i].n_tokens);

      g_assert_cmpint (recipe->part < 1, ==, rows[i].parts);
      g_assert_cmpint (recipe->batch > 0, ==, rows[i].parts);
      if (rows[i].parts)
        g_assert_cmpuint (sl_recipe_n_epochs (recipe), >, whole);
      else if (rows[i].n_train == 720)
        whole = sl_recipe_n_epochs (recipe);
    }
  g_assert_cmpuint (whole, >, 0);
}

/* What is chosen by hand is what would be suggested if nothing else were to be had. */
static void
test_from_scratch (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = create (&fixture, &english, TRUE);

  for (guint learn = 0; learn < 2; learn++)
    {
      g_autoptr (SlRecipe) recipe = sl_project_suggest_from_scratch (project, (SlLearn)learn);

      g_assert_cmpint (recipe->learn, ==, learn);
      g_assert_cmpstr (recipe->pretrained, ==, "none");
      g_assert_cmpuint (recipe->hidden, ==, learn == SL_LEARN_LANGUAGE ? 96 : 32);
    }
  text_project_clear (&fixture);
}

/* ---- Projects */

static void
test_english (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = create (&fixture, &english, TRUE);
  clock_t began = clock ();
  g_autoptr (SlRecipe) labels = sl_project_dup_recipe (project);
  g_autoptr (SlRecipe) language = NULL;

  g_test_message ("found out in %d ms", (int)((clock () - began) * 1000 / CLOCKS_PER_SEC));
  g_assert_cmpint (labels->learn, ==, SL_LEARN_TASK);
  g_assert_cmpstr (labels->pretrained, ==, "auto");
  language = sl_project_suggest_to_learn (project, SL_LEARN_LANGUAGE);
  g_assert_cmpstr (language->pretrained, ==, "auto");
  text_project_clear (&fixture);
}

static void
test_unlabelled (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = create (&fixture, &english, FALSE);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_recipe (project);

  g_assert_cmpint (recipe->learn, ==, SL_LEARN_LANGUAGE);
  g_assert_cmpstr (recipe->pretrained, ==, "auto");
  text_project_clear (&fixture);
}

/* A hundred texts of a language that nobody knows are learned without an option; labels then begin with a language
 * model of theirs, once there is one. */
static void
test_unknown (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = create (&fixture, &unknown, TRUE);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_recipe (project);
  g_autoptr (SlRecipe) language = sl_project_suggest_to_learn (project, SL_LEARN_LANGUAGE);
  g_autoptr (SlRecipe) again = NULL;
  g_autoptr (SlRun) run = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (recipe->learn, ==, SL_LEARN_TASK);
  g_assert_cmpstr (recipe->pretrained, ==, "none");
  g_assert_cmpstr (language->pretrained, ==, "none");
  g_assert_true (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  run = g_list_model_get_item (sl_project_get_runs (project), 0);
  g_assert_cmpfloat (sl_run_get_metric (run, 0), >, 0.9);

  language->embedding = 8;
  language->hidden = 12;
  language->batch = 4;
  language->stages[0].epochs = 1;
  g_assert_true (sl_project_train (project, language, 0, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  again = sl_project_suggest_recipe (project);
  g_assert_cmpint (again->learn, ==, SL_LEARN_TASK);
  g_assert_cmpuint (again->embedding, ==, 0);
  g_assert_cmpuint (again->n_stages, ==, 2);
  text_project_clear (&fixture);
}

/* The preset trains a small network of words as what is suggested does, a large one at a smaller rate; neither at that
 * of pictures. */
static void
test_preset (void)
{
  g_autoptr (SlRecipe)
      small = sl_recipe_suggest_for_texts (SL_LEARN_LANGUAGE, SL_TEXT_START_RANDOM, 96, 2000);
  g_autoptr (SlRecipe) large = sl_recipe_new_for_texts (SL_LEARN_TASK, 96);
  const SlStage suggested = small->stages[0];
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_recipe_use_preset (small, "from-scratch", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (small->n_stages, ==, 1);
  g_assert_cmpfloat (small->stages[0].lr_high, ==, suggested.lr_high);
  g_assert_cmpuint (small->stages[0].epochs, ==, suggested.epochs);
  g_assert_true (sl_recipe_use_preset (large, "from-scratch", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (large->n_stages, ==, 1);
  g_assert_cmpfloat (large->stages[0].lr_high, ==, 5e-3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/suggest-texts/recipes", test_recipes);
  g_test_add_func ("/suggest-texts/language-sizes", test_language_sizes);
  g_test_add_func ("/suggest-texts/parts", test_parts);
  g_test_add_func ("/suggest-texts/from-scratch", test_from_scratch);
  g_test_add_func ("/suggest-texts/preset", test_preset);
  g_test_add_func ("/suggest-texts/english", test_english);
  g_test_add_func ("/suggest-texts/unlabelled", test_unlabelled);
  g_test_add_func ("/suggest-texts/unknown", test_unknown);
  return g_test_run ();
}
