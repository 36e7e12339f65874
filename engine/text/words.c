/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/words.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

struct _SlWordCutter
{
  UBreakIterator *breaks;
  UText *text; /* reused, so that no text costs an allocation of ICU's */
};

SlWordCutter *
_sl_word_cutter_new (GError **error)
{
  UErrorCode status = U_ZERO_ERROR;
  /* The root locale's rules, whatever language the desktop speaks. */
  UBreakIterator *breaks = ubrk_open (UBRK_WORD, "", NULL, 0, &status);
  SlWordCutter *self;

  if (U_FAILURE (status))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "ICU cannot cut texts into words (%s): install its data (libicu)",
                   u_errorName (status));
      return NULL;
    }
  self = g_new0 (SlWordCutter, 1);
  self->breaks = breaks;
  return self;
}

void
_sl_word_cutter_free (SlWordCutter *self)
{
  ubrk_close (self->breaks);
  if (self->text != NULL)
    utext_close (self->text);
  g_free (self);
}

/* ---- Joining marks */

/* Faces that people type, when they stand by themselves. */
static const char *const faces[] = {
  ":-)", ":-(", ":-D", ":-P", ":-p", ":-|", ":-O", ";-)", ":')", ":'(", ":)", ":(",
  ":D",  ":P",  ":p",  ":|",  ":O",  ";)",  ";D",  "=)",  "=(",  "=D",  "<3", "^_^",
};

static gboolean
ends_word (const char *text, gsize at, gsize length)
{
  return at >= length || g_ascii_isspace (text[at]) || strchr (".,!?)", text[at]) != NULL;
}

/* Bytes of a face that begins at @at; 0: none. */
static gsize
find_face (const char *text, gsize at, gsize length)
{
  if (at > 0 && !g_ascii_isspace (text[at - 1]))
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (faces); i++)
    {
      gsize n = strlen (faces[i]);

      if (at + n <= length && memcmp (text + at, faces[i], n) == 0
          && ends_word (text, at + n, length))
        return n;
    }
  return 0;
}

static gboolean
all_digits (const char *text, SlPiece piece)
{
  for (guint32 i = piece.begin; i < piece.end; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return piece.end > piece.begin;
}

static gboolean
is_one (const char *text, SlPiece piece, char mark)
{
  return piece.end == piece.begin + 1 && text[piece.begin] == mark;
}

/* Of "..", "--", "''" and "``". */
static gboolean
is_same_mark (const char *text, SlPiece last, SlPiece next)
{
  char c = text[next.begin];

  return next.end == next.begin + 1 && strchr (".-'`", c) != NULL && text[last.begin] == c
         && text[last.end - 1] == c;
}

/* "10:" and "10:30". */
static gboolean
is_time (const char *text, SlPiece last, SlPiece next, char after)
{
  SlPiece hours = { last.begin, last.end - 1 };

  if (is_one (text, next, ':'))
    return all_digits (text, last) && g_ascii_isdigit (after);
  return text[last.end - 1] == ':' && all_digits (text, hours) && all_digits (text, next);
}

/* "me@example.org" and "@me": some versions of ICU divide them, some do not. */
static gboolean
is_address (const char *text, SlPiece last, SlPiece next, char after)
{
  if (is_one (text, next, '@'))
    return g_ascii_isalnum (text[last.end - 1]) && g_ascii_isalnum (after);
  return text[last.end - 1] == '@' && g_ascii_isalnum (text[next.begin]);
}

static gboolean
goes_on (const char *text, SlPiece last, SlPiece next, char after)
{
  return last.end == next.begin
         && (is_same_mark (text, last, next) || is_time (text, last, next, after)
             || is_address (text, last, next, after));
}

static void
add_piece (const char *text, gsize length, SlPiece piece, GArray *pieces)
{
  if (pieces->len > 0)
    {
      SlPiece *last = &g_array_index (pieces, SlPiece, pieces->len - 1);

      if (goes_on (text, *last, piece, piece.end < length ? text[piece.end] : '\0'))
        {
          last->end = piece.end;
          return;
        }
    }
  g_array_append_val (pieces, piece);
}

/* ---- Cutting */

/* "end.Next" is one word to Unicode, as "www.example.org" and "Ph.D" are, but was two sentences; and to some
 * versions of ICU "note:this" is one. */
static gboolean
divides (const char *text, guint32 at, guint32 end)
{
  if (text[at] == ':')
    return TRUE;
  return text[at] == '.' && g_ascii_islower (text[at - 1]) && g_ascii_isupper (text[at + 1])
         && at + 2 < end && g_ascii_isalpha (text[at + 2]);
}

static void
add_word (const char *text, gsize length, SlPiece piece, GArray *pieces)
{
  for (guint32 at = piece.begin + 1; at + 1 < piece.end; at++)
    if (divides (text, at, piece.end))
      {
        add_piece (text, length, (SlPiece){ piece.begin, at }, pieces);
        add_piece (text, length, (SlPiece){ at, at + 1 }, pieces);
        piece.begin = at + 1;
      }
  add_piece (text, length, piece, pieces);
}

/* Space is left out; Unicode keeps a line break apart from the spaces around it. */
static void
take (const char *text, gsize length, SlPiece piece, GArray *pieces)
{
  gunichar c = g_utf8_get_char (text + piece.begin);

  if (c == '\n' || (!u_isUWhiteSpace ((UChar32)c) && !u_iscntrl ((UChar32)c)))
    add_word (text, length, piece, pieces);
}

/* A face may end where Unicode sees no boundary. */
static gsize
next_boundary (SlWordCutter *self, gsize begin, gsize length)
{
  int32_t next = ubrk_current (self->breaks) == (int32_t)begin
                     ? ubrk_next (self->breaks)
                     : ubrk_following (self->breaks, (int32_t)begin);

  return next == UBRK_DONE ? length : (gsize)next;
}

void
_sl_word_cutter_cut (SlWordCutter *self, const char *text, gsize length, GArray *pieces)
{
  UErrorCode status = U_ZERO_ERROR;
  gsize begin = 0;

  g_return_if_fail (length <= G_MAXINT32);

  g_array_set_size (pieces, 0);
  self->text = utext_openUTF8 (self->text, text, (int64_t)length, &status);
  ubrk_setUText (self->breaks, self->text, &status);
  if (U_FAILURE (status))
    g_error ("ICU cannot read a text: %s", u_errorName (status)); /* no memory left */
  ubrk_first (self->breaks);
  while (begin < length)
    {
      gsize face = find_face (text, begin, length);
      gsize end = face > 0 ? begin + face : next_boundary (self, begin, length);
      SlPiece piece = { (guint32)begin, (guint32)end };

      if (face > 0)
        g_array_append_val (pieces, piece);
      else
        take (text, length, piece, pieces);
      begin = end;
    }
}
