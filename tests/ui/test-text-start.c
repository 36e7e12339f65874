/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows, of a recipe for texts, from what it starts from. */
#include "text-project.h"
#include "ui-test.h"

#include "slope-text-start.h"
#include "slope-words-group.h"

#include <string.h>

#define N_TEXTS 100

/* Of words that the public weights know, so that these are suggested.  @n_sentences: of each text, of 15 tokens each */
static SlProject *
create_more (TextProject *self, guint n_texts, guint n_sentences)
{
  text_project_begin (self, TRUE);
  for (guint i = 0; i < n_texts; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint k = 0; k < n_sentences; k++)
        g_string_append (
            text, i % 2 ? "We went to the house and everything that we saw there was good. "
                        : "We went to the school and everything that we saw there was wrong. ");
      text_project_add (self, i % 2 ? "plus" : "minus", text->str, i < n_texts / 5);
    }
  return text_project_create (self, "texts");
}

static SlProject *
create (TextProject *self)
{
  return create_more (self, N_TEXTS, 1);
}

static char *
dup_stages (const SlRecipe *recipe)
{
  return sl_recipe_stages_to_json (recipe);
}

/* Sizes, dropout and stages follow, and come back. */
static void
test_follow (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = create (&fixture);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_to_learn (project, SL_LEARN_TASK);
  g_autoptr (SlRecipe) scratch = sl_project_suggest_from_scratch (project, SL_LEARN_TASK);
  g_autofree char *before = dup_stages (recipe), *wanted = dup_stages (scratch), *now = NULL,
                  *after = NULL;
  const double dropout = recipe->dropout;

  g_assert_cmpstr (recipe->pretrained, ==, "auto");
  g_assert_cmpuint (scratch->hidden, >, 0);
  g_assert_cmpuint (scratch->hidden, <, 100);
  slope_text_start_follow (project, recipe, TRUE);
  now = dup_stages (recipe);
  g_assert_cmpstr (now, ==, wanted);
  g_assert_cmpuint (recipe->embedding, ==, scratch->embedding);
  g_assert_cmpuint (recipe->hidden, ==, scratch->hidden);
  g_assert_cmpfloat (recipe->dropout, ==, scratch->dropout);
  slope_text_start_follow (project, recipe, FALSE);
  after = dup_stages (recipe);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpuint (recipe->hidden, ==, 0);
  g_assert_cmpfloat (recipe->dropout, ==, dropout);
  g_clear_object (&project);
  text_project_clear (&fixture);
}

/* Parts of long texts, and the batch that goes with them, are for what knows words already. */
static void
test_parts (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = create_more (&fixture, 5 * N_TEXTS, 12);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_to_learn (project, SL_LEARN_TASK);
  const double part = recipe->part;
  const guint batch = recipe->batch;

  g_assert_cmpfloat (part, <, 1);
  g_assert_cmpuint (batch, >, 0);
  slope_text_start_follow (project, recipe, TRUE);
  g_assert_cmpfloat (recipe->part, ==, 1);
  g_assert_cmpuint (recipe->batch, ==, 0);
  slope_text_start_follow (project, recipe, FALSE);
  g_assert_cmpfloat (recipe->part, ==, part);
  g_assert_cmpuint (recipe->batch, ==, batch);
  recipe->part = 0.7;
  recipe->batch = 8;
  slope_text_start_follow (project, recipe, TRUE);
  g_assert_cmpfloat (recipe->part, ==, 0.7);
  g_assert_cmpuint (recipe->batch, ==, 8);
  g_clear_object (&project);
  text_project_clear (&fixture);
}

/* A language model's large rate and the limit that goes with it are for what knows words already, too. */
static void
test_language (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = create (&fixture);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_to_learn (project, SL_LEARN_LANGUAGE);
  g_autoptr (SlRecipe) scratch = sl_project_suggest_from_scratch (project, SL_LEARN_LANGUAGE);
  const double clip = recipe->clip;

  g_assert_cmpstr (recipe->pretrained, ==, "auto");
  g_assert_cmpfloat (clip, >, 0);
  slope_text_start_follow (project, recipe, TRUE);
  g_assert_cmpfloat (recipe->clip, ==, scratch->clip);
  g_assert_cmpuint (recipe->stages[0].epochs, ==, scratch->stages[0].epochs);
  slope_text_start_follow (project, recipe, FALSE);
  g_assert_cmpfloat (recipe->clip, ==, clip);
  g_clear_object (&project);
  text_project_clear (&fixture);
}

/* What a person has set stays, and a network that is larger by choice keeps its own sizes. */
static void
test_own (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = create (&fixture);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_to_learn (project, SL_LEARN_TASK);
  g_autofree char *mine = NULL, *now = NULL;

  recipe->stages[0].epochs = 17;
  recipe->dropout = 0.23;
  recipe->hidden = 77;
  mine = dup_stages (recipe);
  slope_text_start_follow (project, recipe, TRUE);
  now = dup_stages (recipe);
  g_assert_cmpstr (now, ==, mine);
  g_assert_cmpfloat (recipe->dropout, ==, 0.23);
  g_assert_cmpuint (recipe->hidden, ==, 77);
  g_free (recipe->arch);
  recipe->arch = g_strdup ("awd-lstm");
  slope_text_start_size (project, recipe);
  g_assert_cmpuint (recipe->hidden, ==, 0);
  g_free (recipe->arch);
  recipe->arch = g_strdup ("awd-lstm-small");
  slope_text_start_size (project, recipe);
  g_assert_cmpuint (recipe->hidden, >, 0);
  g_clear_object (&project);
  text_project_clear (&fixture);
}

/* The window says why the network is so small. */
static void
test_said (void)
{
  TextProject fixture = { 0 };
  SlProject *project = create (&fixture);
  g_autoptr (SlRecipe) recipe = sl_project_suggest_from_scratch (project, SL_LEARN_TASK);
  GtkWidget *group = g_object_ref_sink (g_object_new (SLOPE_TYPE_WORDS_GROUP, NULL));
  const char *said = "Numbers that stand for each word: as many as this much text can teach";

  slope_words_group_set_recipe (SLOPE_WORDS_GROUP (group), project, recipe, 0);
  g_assert_nonnull (ui_test_find (group, ui_test_has_text, said));
  recipe->embedding += 10;
  slope_words_group_set_recipe (SLOPE_WORDS_GROUP (group), project, recipe, 0);
  g_assert_null (ui_test_find (group, ui_test_has_text, said));
  g_object_unref (group);
  ui_test_finalize (project);
  text_project_clear (&fixture);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/text-start/follow", test_follow);
  g_test_add_func ("/ui/text-start/parts", test_parts);
  g_test_add_func ("/ui/text-start/language", test_language);
  g_test_add_func ("/ui/text-start/own", test_own);
  g_test_add_func ("/ui/text-start/said", test_said);
  return g_test_run ();
}
