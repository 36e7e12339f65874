/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens back to text: sentences that come back to the letter, all of texts/ that come back to the same tokens, and
 * what only a model writes. */
#include <slope/text.h>
#include <string.h>

static char *
to_text (const char *line)
{
  g_auto (GStrv) tokens = g_strsplit (line, " ", -1);

  for (guint i = 0; tokens[i] != NULL; i++)
    if (g_str_equal (tokens[i], "⏎"))
      strcpy (tokens[i], "\n");
  return sl_tokens_to_text ((const char *const *)tokens);
}

static char **
split (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlTokeniser) tokeniser = sl_tokeniser_new (SL_TOKEN_COURSE, &error);

  g_assert_no_error (error);
  return sl_tokeniser_split (tokeniser, text);
}

/* ---- There and back */

static const char *const sentences[] = {
  "I don't think it's Mr. Fox, do you?",
  "\"Well,\" he said, \"you can't win.\" She wasn't sure (nor was I).",
  "A well-made film: 50% of $5.99, or 10/10; and/or the U.S. army…",
  "THE END! That was GREAT.\n\nA new paragraph, isn't it?",
  "The years 1939-1945 were hard!!!!! I cannot say it… She's gonna win.",
  "They said 'yes' to it -- and #1 was mine. [See note 3.]",
  "What?! It's 'good'. “Curly” quotes—and ‘single’ ones—don’t hurt, it’s true.",
};

static void
test_to_the_letter (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_auto (GStrv) tokens = split (sentences[i]);
      g_autofree char *text = sl_tokens_to_text ((const char *const *)tokens);

      g_assert_cmpstr (text, ==, sentences[i]);
    }
}

/* Calls for each line of texts/@name with what stands behind its arrow; returns how many came back otherwise. */
static guint
check_file (const char *name, guint *n)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "engine", "texts", name, NULL);
  g_autofree char *data = NULL;
  g_auto (GStrv) lines = NULL;
  guint others = 0;

  g_assert_true (g_file_get_contents (path, &data, NULL, NULL));
  lines = g_strsplit (data, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *arrow = strstr (lines[i], " → ");
      g_autofree char *original = NULL, *text = NULL;
      g_auto (GStrv) wanted = NULL, parts = NULL, found = NULL;

      if (arrow == NULL || g_str_has_prefix (lines[i], "## "))
        continue;
      parts = g_strsplit (lines[i], "⏎", -1);
      original = g_strjoinv ("\n", parts);
      *strstr (original, " → ") = '\0';
      wanted = split (original);
      text = sl_tokens_to_text ((const char *const *)wanted);
      found = split (text);
      if (!g_strv_equal ((const char *const *)found, (const char *const *)wanted))
        {
          g_test_message ("%s: %s", original, text);
          others++;
        }
      ++*n;
    }
  return others;
}

/* Five do not: two with xxunk, two where a capital or none is usual ("C'm on", "A a a a"), and one that has xxmaj for a
 * word. */
static void
test_same_tokens (void)
{
  guint n = 0, others = check_file ("sentences.txt", &n) + check_file ("course.txt", &n);

  g_test_message ("%u of %u texts have other tokens", others, n);
  g_assert_cmpuint (n, >, 200);
  g_assert_cmpuint (others, <=, 5);
}

/* ---- What models write */

static void
test_models (void)
{
  static const struct
  {
    const char *tokens;
    const char *text;
  } cases[] = {
    { "xxbos xxmaj hello", "Hello" },
    { "xxbos one xxbos xxmaj two .", "one\n\nTwo." },
    { "xxfld 1 title xxfld 2 the text", "title\n\nthe text" },
    { "xxup xxmaj word", "Word" },
    { "xxmaj xxunk thing", "[?] thing" },
    { "xxmaj", "" },
    { "", "" },
    { "g xxrep 5 o d", "gooooo d" },
    { "wow xxrep 4 ! now", "wow!!!! now" },
    { "xxwrep 4 very good", "very very very very good" },
    { "xxmaj xxwrep 2 no", "No no" },
    { "so xxrep the end", "so the end" },
    { "xxrep 4000000000 !", "4000000000!" },
    { "xxrep 99999999999999999999 a", "99999999999999999999 a" },
    { "xxrep 100 a", "100 a" },
    { "xxrep 0 a", "0 a" },
    { "xxrep xxmaj 4", "4" },
    { "xxpad xxpad end xxeos", "end" },
    { "xxup über", "ÜBER" },
    { "xxmaj élan xxup été", "Élan ÉTÉ" },
    { "i 'm i 've", "I'm I've" },
    { "a film . a dog", "A film. A dog" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = cases[i].tokens[0] != '\0'
                                  ? to_text (cases[i].tokens)
                                  : sl_tokens_to_text ((const char *[]){ NULL });

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* Token by token it is the same text. */
static void
test_pieces (void)
{
  g_autoptr (SlDetokeniser) self = sl_detokeniser_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  static const struct
  {
    const char *token;
    const char *adds;
  } steps[] = {
    { "xxbos", "" }, { "xxmaj", "" }, { "she", "She" }, { "is", " is" }, { "n't", "n't" },
    { "(", " (" },   { "xxup", "" },  { "ok", "OK" },   { ")", ")" },    { ".", "." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gsize before = text->len;

      sl_detokeniser_add (self, steps[i].token, strlen (steps[i].token), text);
      g_assert_cmpstr (text->str + before, ==, steps[i].adds);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/detokenise/to-the-letter", test_to_the_letter);
  g_test_add_func ("/detokenise/same-tokens", test_same_tokens);
  g_test_add_func ("/detokenise/models", test_models);
  g_test_add_func ("/detokenise/pieces", test_pieces);
  return g_test_run ();
}
