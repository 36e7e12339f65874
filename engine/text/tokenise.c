/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/clean.h"
#include "text/words.h"

#include <string.h>
#include <unicode/uchar.h>

struct _SlTokeniser
{
  SlTokenRules rules;
  SlWordCutter *cutter;
  GString *text; /* as the rules on texts have left it */
  GString *spare;
  GString *token; /* in small letters */
  GArray *pieces; /* SlPiece */
  GArray *english;
};

/* Who receives the tokens. */
typedef struct
{
  SlTokeniser *self;
  SlTokenFunc func;
  gpointer user_data;
} Sink;

SlTokeniser *
sl_tokeniser_new (SlTokenRules rules, GError **error)
{
  SlWordCutter *cutter = _sl_word_cutter_new (error);
  SlTokeniser *self;

  if (cutter == NULL)
    return NULL;
  self = g_new0 (SlTokeniser, 1);
  self->rules = rules;
  self->cutter = cutter;
  self->text = g_string_new (NULL);
  self->spare = g_string_new (NULL);
  self->token = g_string_new (NULL);
  self->pieces = g_array_new (FALSE, FALSE, sizeof (SlPiece));
  self->english = g_array_new (FALSE, FALSE, sizeof (SlPiece));
  return self;
}

void
sl_tokeniser_free (SlTokeniser *self)
{
  _sl_word_cutter_free (self->cutter);
  g_string_free (self->text, TRUE);
  g_string_free (self->spare, TRUE);
  g_string_free (self->token, TRUE);
  g_array_unref (self->pieces);
  g_array_unref (self->english);
  g_free (self);
}

/* ---- Capitals */

typedef enum
{
  CASE_LOWER, /* or none: digits, Chinese */
  CASE_CAPITAL,
  CASE_UPPER,
  CASE_MIXED
} Case;

/* As Python's isupper() and islower() tell it, which the course asks. */
static Case
case_of (const char *token, gsize length)
{
  const char *end = token + length;
  guint n = 0, n_upper = 0, n_lower = 0;
  gboolean first = FALSE;

  for (const char *at = token; at < end; at = g_utf8_next_char (at), n++)
    {
      UChar32 c = (UChar32)g_utf8_get_char (at);
      gboolean upper = u_isUUppercase (c) || u_istitle (c);

      n_upper += upper;
      n_lower += u_isULowercase (c);
      first |= n == 0 && upper;
    }
  if (n_upper == 0)
    return CASE_LOWER;
  if (n > 1 && n_lower == 0)
    return CASE_UPPER;
  return n > 1 && first && n_upper == 1 ? CASE_CAPITAL : CASE_MIXED;
}

static void
send_special (const Sink *sink, SlSpecial special)
{
  const char *token = sl_special_token (special);

  sink->func (token, strlen (token), sink->user_data);
}

/* No token is longer than SL_MAX_TOKEN_BYTES: the rest follows as further ones. */
static void
send (const Sink *sink, const char *token, gsize length)
{
  while (length > SL_MAX_TOKEN_BYTES)
    {
      const char *cut = g_utf8_find_prev_char (token, token + SL_MAX_TOKEN_BYTES + 1);

      sink->func (token, (gsize)(cut - token), sink->user_data);
      length -= (gsize)(cut - token);
      token = cut;
    }
  sink->func (token, length, sink->user_data);
}

static void
send_lower (const Sink *sink, const char *token, gsize length)
{
  GString *lower = sink->self->token;

  g_string_truncate (lower, 0);
  for (const char *at = token; at < token + length; at = g_utf8_next_char (at))
    g_string_append_unichar (lower, (gunichar)u_tolower ((UChar32)g_utf8_get_char (at)));
  send (sink, lower->str, lower->len);
}

static void
send_word (const Sink *sink, const char *token, gsize length)
{
  SlTokenRules rules = sink->self->rules;
  Case letters = case_of (token, length);
  gboolean lower = (rules & SL_TOKEN_LOWER) != 0;

  if (letters == CASE_UPPER && rules & SL_TOKEN_UPPER)
    {
      send_special (sink, SL_SPECIAL_UPPER);
      lower = TRUE;
    }
  else if (letters == CASE_CAPITAL && rules & SL_TOKEN_CAPITAL)
    {
      send_special (sink, SL_SPECIAL_CAPITAL);
      lower = TRUE;
    }
  if (lower && letters != CASE_LOWER)
    send_lower (sink, token, length);
  else
    send (sink, token, length);
}

/* ---- Whole texts */

/* As Unix ends its lines. */
static void
append_lines (GString *to, const char *text, gsize length)
{
  const char *end = text + length;

  while (text < end)
    {
      const char *stop = memchr (text, '\r', (gsize)(end - text));

      g_string_append_len (to, text, (stop != NULL ? stop : end) - text);
      if (stop == NULL)
        return;
      g_string_append_c (to, '\n');
      text = stop + (stop + 1 < end && stop[1] == '\n' ? 2 : 1);
    }
}

static void
set_text (SlTokeniser *self, const char *text, gsize length)
{
  g_autofree char *valid = NULL;

  if (!g_utf8_validate_len (text, length, NULL))
    {
      valid = g_utf8_make_valid (text, (gssize)length);
      text = valid;
      length = strlen (valid);
    }
  g_string_truncate (self->text, 0);
  append_lines (self->text, text, length);
}

static void
run_field (const Sink *sink, const char *text, gsize length)
{
  SlTokeniser *self = sink->self;
  GArray *pieces = self->pieces;

  set_text (self, text, length);
  _sl_clean_text (self->rules, self->text, self->spare);
  _sl_word_cutter_cut (self->cutter, self->text->str, self->text->len, self->pieces);
  if (self->rules & SL_TOKEN_ENGLISH)
    {
      pieces = self->english;
      _sl_english_pieces (self->text->str, self->pieces, pieces);
    }
  for (guint i = 0; i < pieces->len; i++)
    {
      SlPiece piece = g_array_index (pieces, SlPiece, i);

      send_word (sink, self->text->str + piece.begin, piece.end - piece.begin);
    }
}

static void
mark_field (const Sink *sink, guint number)
{
  char text[16];

  if (!(sink->self->rules & SL_TOKEN_FIELDS))
    return;
  send_special (sink, SL_SPECIAL_FIELD);
  g_snprintf (text, sizeof text, "%u", number);
  sink->func (text, strlen (text), sink->user_data);
}

void
sl_tokeniser_run (SlTokeniser *self, const char *text, gssize length, SlTokenFunc func,
                  gpointer user_data)
{
  Sink sink = { self, func, user_data };

  g_return_if_fail (text != NULL && func != NULL);

  send_special (&sink, SL_SPECIAL_BEGIN);
  mark_field (&sink, 1);
  run_field (&sink, text, length < 0 ? strlen (text) : (gsize)length);
  if (self->rules & SL_TOKEN_END)
    send_special (&sink, SL_SPECIAL_END);
}

void
sl_tokeniser_run_fields (SlTokeniser *self, const char *const *fields, guint n, SlTokenFunc func,
                         gpointer user_data)
{
  Sink sink = { self, func, user_data };

  g_return_if_fail (func != NULL);

  send_special (&sink, SL_SPECIAL_BEGIN);
  for (guint i = 0; i < n; i++)
    {
      mark_field (&sink, i + 1);
      run_field (&sink, fields[i], strlen (fields[i]));
    }
  if (self->rules & SL_TOKEN_END)
    send_special (&sink, SL_SPECIAL_END);
}

static void
keep_token (const char *token, gsize length, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strndup (token, length));
}

char **
sl_tokeniser_split (SlTokeniser *self, const char *text)
{
  GPtrArray *tokens = g_ptr_array_new ();

  sl_tokeniser_run (self, text, -1, keep_token, tokens);
  g_ptr_array_add (tokens, NULL);
  return (char **)g_ptr_array_free (tokens, FALSE);
}
