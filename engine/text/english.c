/* SPDX-License-Identifier: GPL-3.0-or-later */
/* English divides some words ("do n't", "it 's") and keeps some marks ("Mr.", "U.S.") as the course's tokeniser
 * did.  What the languages of the world share is in words.c. */
#include "text/words.h"

#include <string.h>

/* What follows a word behind an apostrophe; the longest first. */
static const char *const clitics[] = { "n't", "'ll", "'ve", "'re", "'s", "'m", "'d" };

/* Words that are divided by themselves, and words where an apostrophe was forgotten. */
static const char *const divided[] = {
  "can|not", "gon|na",   "got|ta",   "c'm|on",  "y'|all",    "ai|nt",  "are|nt",
  "ca|nt",   "could|nt", "did|nt",   "does|nt", "do|nt",     "had|nt", "has|nt",
  "have|nt", "is|nt",    "might|nt", "must|nt", "should|nt", "was|nt", "were|nt",
  "wo|nt",   "would|nt", "i|m",      "i|ve",    "you|re",    "you|ve", "they|re",
  "they|ve", "we|ve",    "he|s",     "she|s",   "that|s",    "what|s", "there|s",
};

/* Words that begin or end with an apostrophe. */
static const char *const clipped[] = {
  "'em",   "'cause", "'cos",  "'coz",   "'cuz",   "'bout",   "'nuff",   "'til",      "'tis",
  "'twas", "doin'",  "goin'", "havin'", "lovin'", "nothin'", "nuthin'", "somethin'", "ol'",
};

/* Words that end with a full stop. */
static const char *const abbreviations[] = {
  "adm",  "apr", "aug", "bros", "capt",   "co",  "corp", "dec", "dr",  "feb", "gen", "gov",
  "inc",  "jan", "jr",  "ltd",  "messrs", "mr",  "mrs",  "ms",  "mt",  "nov", "oct", "ph.d",
  "prof", "rep", "rev", "sen",  "sept",   "sgt", "sr",   "st",  "v.s", "vs",
};

#define MAX_FORM 12 /* bytes of the longest of these words, and a 0 */

/* The word in small letters with plain apostrophes, if it is as short as those above; the bytes of each
 * letter are remembered, since ’ has three. */
typedef struct
{
  char text[MAX_FORM];
  guint8 n;
  guint8 offset[MAX_FORM]; /* of each character in the word, and its end */
} Form;

static gboolean
make_form (const char *text, SlPiece piece, Form *form)
{
  guint32 at = piece.begin;

  form->n = 0;
  while (at < piece.end)
    {
      gunichar c = g_utf8_get_char (text + at);

      if (form->n + 1 >= MAX_FORM || (c >= 0x80 && c != 0x2019))
        return FALSE;
      form->text[form->n] = c == 0x2019 ? '\'' : g_ascii_tolower ((char)c);
      form->offset[form->n++] = (guint8)(at - piece.begin);
      at += (guint32)(g_utf8_next_char (text + at) - (text + at));
    }
  form->text[form->n] = '\0';
  form->offset[form->n] = (guint8)(piece.end - piece.begin);
  return TRUE;
}

static gboolean
is_in (const char *const *words, gsize n, const char *word)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (words[i], word))
      return TRUE;
  return FALSE;
}

static gboolean
is_form (const char *text, SlPiece piece, const char *const *words, gsize n)
{
  Form form;

  return make_form (text, piece, &form) && is_in (words, n, form.text);
}

static gboolean
is_apostrophe (const char *text, SlPiece piece)
{
  return (piece.end == piece.begin + 1 && text[piece.begin] == '\'')
         || (piece.end == piece.begin + 3 && memcmp (text + piece.begin, "’", 3) == 0);
}

/* ---- Joining */

/* "J." and "U.S.": single letters with full stops between them, before the last one. */
static gboolean
is_initials (const char *text, SlPiece piece)
{
  guint32 n = piece.end - piece.begin;

  for (guint32 i = 0; i < n; i++)
    if (i % 2 == 0 ? !g_ascii_isalpha (text[piece.begin + i]) : text[piece.begin + i] != '.')
      return FALSE;
  if (n == 1) /* no sentence ends with J, many do with I */
    return g_ascii_isupper (text[piece.begin]) && text[piece.begin] != 'I';
  return n % 2 == 1;
}

static gboolean
takes_stop (const char *text, SlPiece word)
{
  return is_initials (text, word)
         || is_form (text, word, abbreviations, G_N_ELEMENTS (abbreviations));
}

/* Whether pieces @i and @i + 1, which touch, are one word. */
static gboolean
are_one (const char *text, const GArray *pieces, guint i)
{
  SlPiece first = g_array_index (pieces, SlPiece, i), next = g_array_index (pieces, SlPiece, i + 1);
  SlPiece both = { first.begin, next.end };

  if (next.end == next.begin + 1 && text[next.begin] == '.')
    return takes_stop (text, first);
  if (is_apostrophe (text, first)) /* the 's of "90's", of "(Smith)'s", of "film 's" */
    return is_form (text, both, clitics, G_N_ELEMENTS (clitics))
           || (!_sl_piece_touches (pieces, i)
               && is_form (text, both, clipped, G_N_ELEMENTS (clipped)));
  return is_apostrophe (text, next) && is_form (text, both, clipped, G_N_ELEMENTS (clipped));
}

/* ---- Dividing */

static void
add (GArray *out, guint32 begin, guint32 end)
{
  SlPiece piece = { begin, end };

  if (begin < end)
    g_array_append_val (out, piece);
}

static gboolean
divide_known (const Form *form, SlPiece piece, GArray *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (divided); i++)
    {
      gsize cut = (gsize)(strchr (divided[i], '|') - divided[i]);

      if (divided[i][0] == form->text[0] && form->n + 1u == strlen (divided[i])
          && memcmp (form->text, divided[i], cut) == 0
          && strcmp (form->text + cut, divided[i] + cut + 1) == 0)
        {
          add (out, piece.begin, piece.begin + form->offset[cut]);
          add (out, piece.begin + form->offset[cut], piece.end);
          return TRUE;
        }
    }
  return FALSE;
}

/* "10am". */
static gboolean
divide_time (const Form *form, SlPiece piece, GArray *out)
{
  guint digits = (guint)strspn (form->text, "0123456789");

  if (digits == 0 || digits > 2
      || (!g_str_equal (form->text + digits, "am") && !g_str_equal (form->text + digits, "pm")))
    return FALSE;
  add (out, piece.begin, piece.begin + digits);
  add (out, piece.begin + digits, piece.end);
  return TRUE;
}

/* Bytes of the clitic that a word ends with, behind a letter. */
static guint32
find_clitic (const char *text, SlPiece word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (clitics); i++)
    {
      const char *at = text + word.end;
      gsize k = strlen (clitics[i]);

      while (k > 0 && at > text + word.begin)
        {
          const char *before = g_utf8_find_prev_char (text + word.begin, at);
          gunichar c = g_utf8_get_char (before);

          if ((c == 0x2019 ? (gunichar)'\'' : g_unichar_tolower (c)) != (gunichar)clitics[i][k - 1])
            break;
          at = before;
          k--;
        }
      if (k == 0 && at > text + word.begin)
        return (guint32)(text + word.end - at);
    }
  return 0;
}

/* "couldn't've" → could n't 've: from the end, then in the right order. */
static void
divide_clitics (const char *text, SlPiece piece, GArray *out)
{
  SlPiece tails[4];
  guint n = 0;

  while (n < G_N_ELEMENTS (tails))
    {
      guint32 length = find_clitic (text, piece);

      if (length == 0)
        break;
      tails[n++] = (SlPiece){ piece.end - length, piece.end };
      piece.end -= length;
    }
  add (out, piece.begin, piece.end);
  while (n > 0)
    {
      n--;
      add (out, tails[n].begin, tails[n].end);
    }
}

/* ’ begins with byte 0xE2; most words have neither. */
static gboolean
may_have_clitic (const char *text, SlPiece piece)
{
  gsize n = piece.end - piece.begin;

  return memchr (text + piece.begin, '\'', n) != NULL
         || memchr (text + piece.begin, 0xE2, n) != NULL;
}

static void
divide (const char *text, SlPiece piece, GArray *out)
{
  Form form;

  if (make_form (text, piece, &form)
      && (divide_known (&form, piece, out) || divide_time (&form, piece, out)))
    return;
  if (may_have_clitic (text, piece))
    divide_clitics (text, piece, out);
  else
    add (out, piece.begin, piece.end);
}

void
_sl_english_pieces (const char *text, const GArray *pieces, GArray *out)
{
  g_array_set_size (out, 0);
  for (guint i = 0; i < pieces->len; i++)
    {
      SlPiece piece = g_array_index (pieces, SlPiece, i);

      if (_sl_piece_touches (pieces, i + 1) && are_one (text, pieces, i))
        {
          i++;
          add (out, piece.begin, g_array_index (pieces, SlPiece, i).end);
        }
      else
        divide (text, piece, out);
    }
}
