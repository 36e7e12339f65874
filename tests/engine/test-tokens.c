/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words and tokens: sentences with what is expected of them (texts/sentences.txt), pieces that the course
 * printed (texts/course.txt), each rule by itself, and bytes that are no text. */
#include <slope/text.h>
#include <string.h>

#define ARROW " → "

static SlTokeniser *
make (SlTokenRules rules)
{
  g_autoptr (GError) error = NULL;
  SlTokeniser *self = sl_tokeniser_new (rules, &error);

  g_assert_no_error (error);
  return self;
}

/* (transfer full): the tokens with spaces between them, a line break as ⏎. */
static char *
tokens_of (SlTokenRules rules, const char *text)
{
  g_autoptr (SlTokeniser) tokeniser = make (rules);
  g_auto (GStrv) tokens = sl_tokeniser_split (tokeniser, text);
  g_autofree char *line = g_strjoinv (" ", tokens);
  g_auto (GStrv) parts = g_strsplit (line, "\n", -1);

  return g_strjoinv ("⏎", parts);
}

static char *
with_breaks (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "⏎", -1);

  return g_strjoinv ("\n", parts);
}

/* Calls @check for each "TEXT → TOKENS" of a file beside this one; returns how many there were. */
static guint
each_line (const char *name, void (*check) (const char *text, const char *tokens))
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "engine", "texts", name, NULL);
  g_autofree char *data = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_file_get_contents (path, &data, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (data, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *arrow = strstr (lines[i], ARROW);
      g_autofree char *text = NULL;

      if (lines[i][0] == '\0' || g_str_has_prefix (lines[i], "## "))
        continue;
      g_assert_nonnull (arrow);
      text = g_strndup (lines[i], (gsize)(arrow - lines[i]));
      check (text, arrow + strlen (ARROW));
      n++;
    }
  return n;
}

/* ---- Sentences */

static void
check_sentence (const char *line, const char *expected)
{
  g_autofree char *text = with_breaks (line);
  g_autofree char *tokens = tokens_of (SL_TOKEN_COURSE, text);

  g_assert_true (g_str_has_prefix (tokens, "xxbos "));
  g_assert_cmpstr (tokens + strlen ("xxbos "), ==, expected);
}

static void
test_sentences (void)
{
  g_assert_cmpuint (each_line ("sentences.txt", check_sentence), >=, 200);
}

/* Words outside of the course's vocabulary were printed as xxunk, and its first version marked no capitals. */
static void
check_course (const char *line, const char *expected)
{
  g_autofree char *text = with_breaks (line);
  SlTokenRules capitals = strstr (expected, "xxmaj ") != NULL ? 0
                                                              : SL_TOKEN_UPPER | SL_TOKEN_CAPITAL;
  g_autofree char *printed = tokens_of (SL_TOKEN_COURSE & ~capitals, text);
  g_auto (GStrv) tokens = g_strsplit (printed, " ", -1);
  g_auto (GStrv) wanted = g_strsplit (expected, " ", -1);
  guint n = g_strv_length (wanted);

  g_assert_cmpuint (g_strv_length (tokens), ==, n + 1);
  for (guint i = 0; i < n; i++)
    if (!g_str_equal (wanted[i], "xxunk"))
      g_assert_cmpstr (tokens[i + 1], ==, wanted[i]);
}

static void
test_course (void)
{
  g_assert_cmpuint (each_line ("course.txt", check_course), ==, 8);
}

/* ---- Rules */

static void
test_each_rule (void)
{
  guint n;
  const SlTokenRuleInfo *rules = sl_token_rules_list (&n);

  g_assert_cmpuint (n, ==, 11);
  for (guint i = 0; i < n; i++)
    {
      SlTokenRules others = SL_TOKEN_COURSE & ~rules[i].rule;
      g_autofree char *with = tokens_of (others | rules[i].rule, rules[i].example);
      g_autofree char *without = tokens_of (others, rules[i].example);

      if (rules[i].rule
          == SL_TOKEN_SPACES) /* words are the same; it matters to what comes after it */
        g_assert_cmpstr (with, ==, without);
      else
        g_assert_cmpstr (with, !=, without);
    }
}

static void
test_no_rule (void)
{
  g_autofree char *tokens = tokens_of (0, "He DIDN'T say &amp; a  /b soooo!!!! Mr. X");

  g_assert_cmpstr (tokens, ==, "xxbos He DIDN'T say & amp ; a / b soooo ! ! ! ! Mr . X");
}

static void
append_token (const char *token, gsize length, gpointer user_data)
{
  GString *line = user_data;

  g_string_append_printf (line, "%s%.*s", line->len > 0 ? " " : "", (int)length, token);
}

static void
test_fields (void)
{
  static const char *const fields[] = { "A title", "and text" };
  static const struct
  {
    SlTokenRules rules;
    const char *expected;
  } cases[] = {
    { SL_TOKEN_LOWER, "xxbos a title and text" },
    { SL_TOKEN_LOWER | SL_TOKEN_FIELDS, "xxbos xxfld 1 a title xxfld 2 and text" },
    { SL_TOKEN_LOWER | SL_TOKEN_FIELDS | SL_TOKEN_END,
      "xxbos xxfld 1 a title xxfld 2 and text xxeos" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SlTokeniser) tokeniser = make (cases[i].rules);
      g_autoptr (GString) line = g_string_new (NULL);

      sl_tokeniser_run_fields (tokeniser, fields, G_N_ELEMENTS (fields), append_token, line);
      g_assert_cmpstr (line->str, ==, cases[i].expected);
    }
}

static void
test_rules_as_text (void)
{
  g_autofree char *course = sl_token_rules_to_string (SL_TOKEN_COURSE);
  g_autofree char *none = sl_token_rules_to_string (0);
  SlTokenRules rules = SL_TOKEN_END;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (course, ==, "html,characters,words,marks,spaces,english,upper,capital,lower");
  g_assert_cmpstr (none, ==, "none");
  g_assert_true (sl_token_rules_parse (course, &rules, &error));
  g_assert_cmphex (rules, ==, SL_TOKEN_COURSE);
  g_assert_true (sl_token_rules_parse ("none", &rules, &error));
  g_assert_cmphex (rules, ==, 0);
  g_assert_false (sl_token_rules_parse ("html,shouting", &rules, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "“shouting”"));
  g_assert_cmphex (rules, ==, 0);
}

/* ---- Bad input */

static void
check_token (const char *token, gsize length, gpointer user_data)
{
  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (length, <=, SL_MAX_TOKEN_BYTES);
  g_assert_true (g_utf8_validate_len (token, length, NULL));
  (*(guint *)user_data)++;
}

static void
test_bad_bytes (void)
{
  static const char *const texts[] = { "",
                                       " ",
                                       "\n\n",
                                       "\xff\xfe",
                                       "abc\xe2\x80",
                                       "\xc0\x80 x",
                                       "'",
                                       "’s",
                                       "n't",
                                       "&;",
                                       "&#;",
                                       "&#x;",
                                       "&#99999999999999999999;",
                                       "<br",
                                       "a\x80\x80\x80\x80\x80" };
  g_autoptr (SlTokeniser) tokeniser = make (SL_TOKEN_COURSE);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      guint n = 0;

      sl_tokeniser_run (tokeniser, texts[i], -1, check_token, &n);
      g_assert_cmpuint (n, >=, 1);
      n = 0;
      sl_tokeniser_run (tokeniser, "zero\0inside", 11, check_token, &n);
      g_assert_cmpuint (n, >=, 2);
    }
}

static void
test_long_words (void)
{
  g_autoptr (SlTokeniser) tokeniser = make (0);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, i % 2 ? "é" : "b");
  sl_tokeniser_run (tokeniser, text->str, (gssize)text->len, check_token, &n);
  g_assert_cmpuint (n, ==, 1 + 7); /* xxbos and 1500 bytes, none of whose letters is cut in two */
}

/* Junk takes no longer than text: twice the length, about twice the steps, which the time limit of the test sees. */
static void
test_repetitive (void)
{
  static const char *const units[] = { "ab ", "a",   "no, ", "!",  "'",  "/",
                                       "&",   "a.B", "\\",   ":)", "é’s" };
  g_autoptr (SlTokeniser) tokeniser = make (SL_TOKEN_COURSE);

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint n = 0;

      for (guint k = 0; k < 100000; k++)
        g_string_append (text, units[i]);
      sl_tokeniser_run (tokeniser, text->str, (gssize)text->len, check_token, &n);
      g_assert_cmpuint (n, >=, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/tokens/sentences", test_sentences);
  g_test_add_func ("/engine/tokens/course", test_course);
  g_test_add_func ("/engine/tokens/each-rule", test_each_rule);
  g_test_add_func ("/engine/tokens/no-rule", test_no_rule);
  g_test_add_func ("/engine/tokens/fields", test_fields);
  g_test_add_func ("/engine/tokens/rules-as-text", test_rules_as_text);
  g_test_add_func ("/engine/tokens/bad-bytes", test_bad_bytes);
  g_test_add_func ("/engine/tokens/long-words", test_long_words);
  g_test_add_func ("/engine/tokens/repetitive", test_repetitive);
  return g_test_run ();
}
