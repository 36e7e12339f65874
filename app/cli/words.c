/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <math.h>

static struct
{
  gint64 run;
  gint n;
  char *out;
  gboolean json;
} opt = { .n = 10 };

static const GOptionEntry options[] = {
  { "run", 0, 0, G_OPTION_ARG_INT64, &opt.run,
    N_ ("The words that this run’s model knows, in place of those that train would choose"),
    N_ ("RUN") },
  { "count", 'n', 0, G_OPTION_ARG_INT, &opt.n, N_ ("How many unknown words to show (10)"),
    N_ ("N") },
  { "out", 0, 0, G_OPTION_ARG_FILENAME, &opt.out,
    N_ ("Write the known words, a line each, for an editor and “train --vocabulary”"),
    N_ ("FILE") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object"), NULL },
  { NULL }
};

/* ---- Waiting */

typedef struct
{
  SlWordReview *review;
  GError *error;
  gboolean done;
} Answer;

static void
on_reviewed (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->review = sl_project_review_words_finish (SL_PROJECT (source), result, &answer->error);
  answer->done = TRUE;
}

static SlWordReview *
review (SlProject *project, const SlRecipe *recipe, GError **error)
{
  Answer answer = { 0 };

  sl_project_review_words_async (project, recipe, opt.run, NULL, on_reviewed, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.review;
}

/* ---- Saying */

static char *
format_share (double share)
{
  return isnan (share) ? g_strdup ("–") : g_strdup_printf ("%.2f %%", 100 * share);
}

static void
print_missing (const SlWordReview *review)
{
  g_autoptr (GString) words = g_string_new (NULL);
  gint left = opt.n;

  for (gsize i = 0; i < review->n && left > 0; i++)
    if (!review->words[i].known)
      {
        g_string_append_printf (words, "%s%s %" G_GUINT64_FORMAT, words->len > 0 ? ", " : "",
                                review->words[i].word, review->words[i].count);
        left--;
      }
  if (words->len > 0)
    g_print (_ ("Unknown words, the most frequent: %s\n"), words->str);
}

static void
print_review (const SlWordReview *review)
{
  g_autofree char *unknown = format_share (review->unknown),
                  *held_back = format_share (review->unknown_valid);
  g_autofree char *n_tokens = g_strdup_printf ("%" G_GUINT64_FORMAT, review->n_tokens);

  g_print (ngettext ("%u word is known\n", "%u words are known\n", (gulong)review->n_known),
           (guint)review->n_known);
  /* Translators: shares such as "3.1 %", and a number */
  g_print (_ ("Unknown is %s of the %s words and marks that are learned from, %s of those held "
              "back\n"),
           unknown, n_tokens, held_back);
  print_missing (review);
}

static void
print_json (const SlWordReview *review)
{
  JsonBuilder *builder = cli_json_begin ();
  gint left = opt.n;

  cli_json_int (builder, "known", (gint64)review->n_known);
  cli_json_int (builder, "tokens", (gint64)review->n_tokens);
  cli_json_double (builder, "unknown", review->unknown);
  cli_json_double (builder, "unknown_valid", review->unknown_valid);
  json_builder_set_member_name (builder, "missing");
  json_builder_begin_object (builder);
  for (gsize i = 0; i < review->n && left > 0; i++)
    if (!review->words[i].known)
      {
        cli_json_int (builder, review->words[i].word, (gint64)review->words[i].count);
        left--;
      }
  json_builder_end_object (builder);
  cli_json_end (builder);
}

/* ---- The verb */

static gboolean
write_words (const SlWordReview *review, GError **error)
{
  g_autoptr (SlVocabulary) vocabulary = sl_word_review_vocabulary (review);

  return sl_vocabulary_save (vocabulary, opt.out, error);
}

static int
run_words (char **args)
{
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlWordReview) found = NULL;
  g_autoptr (SlRecipe) recipe = NULL;
  GError *error = NULL;
  int code;

  if (opt.run < 0 || opt.n < 0)
    return cli_usage (cli_verb_words.name, "%s", _ ("a number of words or runs is not negative"));
  project = sl_project_open (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  if (!sl_project_get_task (project)->texts)
    return cli_usage (cli_verb_words.name, _ ("“%s” is a project of pictures"), args[0]);
  recipe = cli_recipe_from_options (cli_verb_words.name, project, &code);
  if (recipe == NULL)
    return code;
  found = review (project, recipe, &error);
  if (found == NULL || (opt.out != NULL && !write_words (found, &error)))
    return cli_fail (error);
  if (opt.json)
    print_json (found);
  else
    print_review (found);
  return CLI_DONE;
}

const CliVerb cli_verb_words = {
  "words", N_ ("PROJECT"), N_ ("Show which words of the texts a network knows"), options, TRUE, 1,
  1,       run_words,
};
