/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a first click on Train does with texts: what it learns, what it begins with, and that it learns it. */
#include "train/recipe-texts.h"
#include <slope/slope.h>

#include <glib/gstdio.h>
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
static char *
write_texts (const Language *language, gboolean labelled)
{
  g_autoptr (GString) csv = g_string_new (labelled ? "label,text,is_valid\n" : "text,is_valid\n");
  char *folder = g_dir_make_tmp ("slope-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "texts.csv", NULL);

  for (guint i = 0; i < N_TRAIN + N_VALID; i++)
    {
      SlRandom random;

      sl_random_init (&random, sl_random_key (11, SL_PURPOSE_TEST, i, 0));
      g_string_append (csv, labelled ? i % 2 ? "plus,\"" : "minus,\"" : "\"");
      for (guint n = 1 + (guint)sl_random_below (&random, 3); n > 0; n--)
        {
          const char *noun = language->nouns[sl_random_below (&random, 3)];
          const char *word = language->words[i % 2][sl_random_below (&random, 3)];
          g_auto (GStrv) parts = g_strsplit (language->sentence, "%s", 3);

          g_string_append_printf (csv, "%s%s%s%s%s", parts[0], noun, parts[1], word, parts[2]);
        }
      g_string_append_printf (csv, "\",%s\n", i < N_VALID ? "True" : "False");
    }
  g_assert_true (g_file_set_contents (file, csv->str, (gssize)csv->len, NULL));
  return folder;
}

static SlProject *
create (const char *folder)
{
  g_autofree char *file = g_build_filename (folder, "texts.csv", NULL);
  g_autofree char *path = g_build_filename (folder, "texts.slope", NULL);
  const SlImportOptions options = { .task = &sl_task_text };
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) import = sl_import_scan (file, &options, NULL, NULL, NULL, &error);
  SlProject *project;

  g_assert_no_error (error);
  project = sl_project_create (path, import, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return project;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      remove_tree (inside);
    }
  g_remove (path);
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

/* ---- Projects */

static void
test_english (void)
{
  g_autofree char *folder = write_texts (&english, TRUE);
  g_autoptr (SlProject) project = create (folder);
  clock_t began = clock ();
  g_autoptr (SlRecipe) labels = sl_project_dup_recipe (project);
  g_autoptr (SlRecipe) language = NULL;

  g_test_message ("found out in %d ms", (int)((clock () - began) * 1000 / CLOCKS_PER_SEC));
  g_assert_cmpint (labels->learn, ==, SL_LEARN_TASK);
  g_assert_cmpstr (labels->pretrained, ==, "auto");
  language = sl_project_suggest_to_learn (project, SL_LEARN_LANGUAGE);
  g_assert_cmpstr (language->pretrained, ==, "auto");
  remove_tree (folder);
}

static void
test_unlabelled (void)
{
  g_autofree char *folder = write_texts (&english, FALSE);
  g_autoptr (SlProject) project = create (folder);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_recipe (project);

  g_assert_cmpint (recipe->learn, ==, SL_LEARN_LANGUAGE);
  g_assert_cmpstr (recipe->pretrained, ==, "auto");
  remove_tree (folder);
}

/* A hundred texts of a language that nobody knows are learned without an option; labels then begin with a language
 * model of theirs, once there is one. */
static void
test_unknown (void)
{
  g_autofree char *folder = write_texts (&unknown, TRUE);
  g_autoptr (SlProject) project = create (folder);
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
  remove_tree (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/suggest-texts/recipes", test_recipes);
  g_test_add_func ("/suggest-texts/english", test_english);
  g_test_add_func ("/suggest-texts/unlabelled", test_unlabelled);
  g_test_add_func ("/suggest-texts/unknown", test_unknown);
  return g_test_run ();
}
