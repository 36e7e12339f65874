/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens back to text.  Capitals and repetitions stand in the tokens; where spaces were does not, so that marks are
 * set as is usual: what was "well - made" becomes "well-made".  The text has the same tokens again
 * (tests/engine/test-detokenise.c), but for what a model makes up against the rules, such as "xxrep the". */
#include <slope/text.h>

#include <string.h>

/* More repetitions than that are no person's, but a model's that has lost count. */
#define MAX_REPEATS 99

/* What stands between a token and the one before it, and the one behind it. */
typedef enum
{
  SPACED = 0,
  CLOSES = 1 << 0, /* nothing before it */
  OPENS = 1 << 1,  /* nothing behind it */
  JOINS = CLOSES | OPENS
} Setting;

static const struct
{
  const char *token;
  Setting setting;
} settings[] = {
  { ".", CLOSES },   { ",", CLOSES },   { ";", CLOSES },   { ":", CLOSES },  { "!", CLOSES },
  { "?", CLOSES },   { "…", CLOSES },   { "..", CLOSES },  { "%", CLOSES },  { ")", CLOSES },
  { "]", CLOSES },   { "}", CLOSES },   { "”", CLOSES },   { "’", CLOSES },  { "''", CLOSES },
  { "...", CLOSES }, { "n't", CLOSES }, { "n’t", CLOSES }, { "nt", CLOSES }, { "(", OPENS },
  { "[", OPENS },    { "{", OPENS },    { "“", OPENS },    { "‘", OPENS },   { "``", OPENS },
  { "#", OPENS },    { "$", OPENS },    { "£", OPENS },    { "€", OPENS },   { "-", JOINS },
  { "–", JOINS },    { "—", JOINS },    { "/", JOINS },    { "\n", JOINS },
};

/* Of an apostrophe and these. */
static const char *const clitics[] = { "s", "ll", "ve", "re", "m", "d" };

/* Words that the tokeniser divides though nothing stands between their halves. */
static const char *const divided[][2] = { { "can", "not" }, { "gon", "na" }, { "got", "ta" } };

typedef enum
{
  AS_IT_IS,
  CAPITAL,
  UPPER
} Letters;

struct _SlDetokeniser
{
  gboolean begun;        /* something was written */
  gboolean glued;        /* nothing before the next token */
  gboolean sentence;     /* a sentence begins */
  gboolean in_quotes[2]; /* of " and ' */
  Letters letters;       /* of the next word */
  guint repeats;         /* of what comes next; 0: not repeated */
  SlSpecial special;     /* whose number comes next; 0: none */
  char last[8];          /* the last word, if it is as short */
};

SlDetokeniser *
sl_detokeniser_new (void)
{
  SlDetokeniser *self = g_new0 (SlDetokeniser, 1);

  self->glued = self->sentence = TRUE;
  return self;
}

void
sl_detokeniser_free (SlDetokeniser *self)
{
  g_free (self);
}

static gboolean
is_token (const char *token, gsize length, const char *text)
{
  return strlen (text) == length && memcmp (token, text, length) == 0;
}

/* ---- Marks */

static gboolean
is_clitic (const char *token, gsize length)
{
  gsize apostrophe = length > 1 && token[0] == '\''              ? 1
                     : length > 3 && memcmp (token, "’", 3) == 0 ? 3
                                                                 : 0;

  for (gsize i = 0; apostrophe > 0 && i < G_N_ELEMENTS (clitics); i++)
    if (is_token (token + apostrophe, length - apostrophe, clitics[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_second_half (const SlDetokeniser *self, const char *token, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (divided); i++)
    if (g_str_equal (self->last, divided[i][0]) && is_token (token, length, divided[i][1]))
      return TRUE;
  return FALSE;
}

static Setting
find_setting (SlDetokeniser *self, const char *token, gsize length)
{
  if (length == 1 && (*token == '"' || *token == '\''))
    {
      gboolean *inside = &self->in_quotes[*token == '\''];

      *inside = !*inside;
      return *inside ? OPENS : CLOSES;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (is_token (token, length, settings[i].token))
      return settings[i].setting;
  return is_clitic (token, length) || is_second_half (self, token, length) ? CLOSES : SPACED;
}

/* ---- Words */

/* In letters of no particular language, whatever the desktop speaks. */
static void
append_letters (GString *text, const char *token, gsize length, Letters letters)
{
  const char *end = token + length;

  for (const char *at = token; at < end; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (letters == UPPER)
        c = g_unichar_toupper (c);
      else if (letters == CAPITAL && at == token)
        c = g_unichar_totitle (c);
      g_string_append_unichar (text, c);
    }
}

/* A single letter has no xxmaj: "I", and "A" where a sentence begins. */
static Letters
find_letters (const SlDetokeniser *self, const char *token, gsize length)
{
  if (self->letters == AS_IT_IS && length == 1
      && (*token == 'i' || (*token == 'a' && self->sentence)))
    return CAPITAL;
  return self->letters;
}

static void
note_sentence (SlDetokeniser *self, const char *token, gsize length)
{
  if (length == 1 && strchr (".!?\n", *token) != NULL)
    self->sentence = TRUE;
  else if (g_unichar_isalnum (g_utf8_get_char (token)))
    self->sentence = FALSE;
}

static void
append_word (SlDetokeniser *self, const char *token, gsize length, GString *text)
{
  Setting setting = find_setting (self, token, length);
  Letters letters = find_letters (self, token, length);

  if (!self->glued && !(setting & CLOSES))
    g_string_append_c (text, ' ');
  append_letters (text, token, length, letters);
  self->glued = (setting & OPENS) != 0;
  if (*token == '\n')
    self->in_quotes[0] = self->in_quotes[1] = FALSE;
  note_sentence (self, token, length);
  g_strlcpy (self->last, "", sizeof self->last);
  if (length < sizeof self->last)
    {
      memcpy (self->last, token, length);
      self->last[length] = '\0';
    }
  self->letters = AS_IT_IS;
  self->begun = TRUE;
}

/* "xxrep 4 !" stands behind its word, "xxrep 4 o" almost always in one. */
static void
append_characters (SlDetokeniser *self, const char *token, gsize length, GString *text)
{
  gboolean letter = g_unichar_isalnum (g_utf8_get_char (token));
  gboolean closes = letter || (find_setting (self, token, length) & CLOSES);

  if (!self->glued && !closes)
    g_string_append_c (text, ' ');
  for (guint i = 0; i < self->repeats; i++)
    append_letters (text, token, length, self->letters);
  self->glued = FALSE;
  note_sentence (self, token, length);
  self->last[0] = '\0';
  self->letters = AS_IT_IS;
  self->begun = TRUE;
}

/* ---- Special tokens */

/* 0: no number that a repetition may have. */
static guint
read_repeats (const char *token, gsize length)
{
  guint n = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (token[i]) || n > MAX_REPEATS)
        return 0;
      n = n * 10 + (guint)(token[i] - '0');
    }
  return n <= MAX_REPEATS ? n : 0;
}

static SlSpecial
find_special (const char *token, gsize length)
{
  for (SlSpecial i = 0; i < SL_N_SPECIALS; i++)
    if (is_token (token, length, sl_special_token (i)))
      return i;
  return SL_N_SPECIALS;
}

static void
begin_line (SlDetokeniser *self, GString *text)
{
  if (self->begun)
    g_string_append (text, "\n\n");
  self->glued = self->sentence = TRUE;
  self->in_quotes[0] = self->in_quotes[1] = FALSE;
  self->letters = AS_IT_IS;
  self->last[0] = '\0';
}

static void
add_special (SlDetokeniser *self, SlSpecial special, GString *text)
{
  static const char unknown[] = "[?]";

  self->special = 0;
  self->repeats = 0;
  switch (special)
    {
    case SL_SPECIAL_UNKNOWN:
      self->letters = AS_IT_IS;
      append_word (self, unknown, strlen (unknown), text);
      break;
    case SL_SPECIAL_BEGIN:
      begin_line (self, text);
      break;
    case SL_SPECIAL_CAPITAL:
      self->letters = CAPITAL;
      break;
    case SL_SPECIAL_UPPER:
      self->letters = UPPER;
      break;
    case SL_SPECIAL_FIELD:
    case SL_SPECIAL_REPEAT:
    case SL_SPECIAL_WORD_REPEAT:
      self->special = special;
      break;
    case SL_SPECIAL_PADDING:
    case SL_SPECIAL_END:
    case SL_N_SPECIALS:
      break;
    }
}

/* The number behind xxfld, xxrep and xxwrep.  FALSE: it is none, and a word as any other. */
static gboolean
add_number (SlDetokeniser *self, const char *token, gsize length, GString *text)
{
  guint n = read_repeats (token, length);

  if (n == 0)
    return FALSE;
  if (self->special != SL_SPECIAL_FIELD)
    self->repeats = n;
  else if (n > 1)
    begin_line (self, text);
  return TRUE;
}

void
sl_detokeniser_add (SlDetokeniser *self, const char *token, gsize length, GString *text)
{
  SlSpecial special = find_special (token, length), waiting = self->special;
  guint repeats = self->repeats;

  g_return_if_fail (length > 0);
  if (special < SL_N_SPECIALS)
    {
      add_special (self, special, text);
      return;
    }
  if (repeats == 0 && waiting != 0 && add_number (self, token, length, text))
    {
      if (waiting == SL_SPECIAL_FIELD)
        self->special = 0;
      return;
    }
  if (repeats > 0 && waiting == SL_SPECIAL_REPEAT)
    append_characters (self, token, length, text);
  else
    for (guint i = 0; i < MAX (repeats, 1); i++)
      append_word (self, token, length, text);
  self->special = 0;
  self->repeats = 0;
}

char *
sl_tokens_to_text (const char *const *tokens)
{
  g_autoptr (SlDetokeniser) self = sl_detokeniser_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; tokens[i] != NULL; i++)
    sl_detokeniser_add (self, tokens[i], strlen (tokens[i]), text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
